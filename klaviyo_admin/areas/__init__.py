"""AREAS: the menu of the dashboard, in order."""

from dataclasses import dataclass

from klaviyo_admin.areas.account_info.resources import ACCOUNT_INFO
from klaviyo_admin.areas.base import Resource
from klaviyo_admin.areas.campaigns.resources import CAMPAIGN_MESSAGES, CAMPAIGNS
from klaviyo_admin.areas.catalogs.categories import CATEGORIES
from klaviyo_admin.areas.catalogs.jobs import JOBS as CATALOG_JOBS
from klaviyo_admin.areas.catalogs.products import PRODUCTS
from klaviyo_admin.areas.catalogs.variants import VARIANTS
from klaviyo_admin.areas.conversations.resources import CONVERSATIONS
from klaviyo_admin.areas.coupons.resources import CODES as COUPON_CODES
from klaviyo_admin.areas.coupons.resources import COUPONS
from klaviyo_admin.areas.coupons.resources import JOBS as COUPON_JOBS
from klaviyo_admin.areas.custom_objects.resources import DATA_SOURCES, OBJECT_RECORDS
from klaviyo_admin.areas.custom_objects.schemas import OBJECT_SCHEMAS, SOURCE_MAPPINGS
from klaviyo_admin.areas.custom_objects.types import OBJECT_TYPES
from klaviyo_admin.areas.data_privacy.resources import DATA_PRIVACY
from klaviyo_admin.areas.email_templates.resources import TEMPLATES, UNIVERSAL
from klaviyo_admin.areas.events.resources import EVENTS
from klaviyo_admin.areas.flows.resources import FLOW_ACTIONS, FLOW_MESSAGES, FLOWS
from klaviyo_admin.areas.images.resources import IMAGES
from klaviyo_admin.areas.lists.resources import LISTS
from klaviyo_admin.areas.metrics.resources import CUSTOM_METRICS, MAPPED_METRICS, METRIC_PROPERTIES, METRICS
from klaviyo_admin.areas.onsite.resources import ONSITE
from klaviyo_admin.areas.profiles.devices import PUSH_TOKENS
from klaviyo_admin.areas.profiles.jobs import IMPORT_JOBS, SUPPRESS_JOBS, UNSUPPRESS_JOBS
from klaviyo_admin.areas.profiles.resources import PROFILES
from klaviyo_admin.areas.reporting.reports import REPORTS
from klaviyo_admin.areas.reviews.resources import REVIEWS
from klaviyo_admin.areas.segments.resources import SEGMENTS
from klaviyo_admin.areas.signup_forms.resources import FORM_VERSIONS, FORMS
from klaviyo_admin.areas.tags.resources import TAG_GROUPS, TAGS
from klaviyo_admin.areas.tracking_settings.resources import TRACKING_SETTINGS
from klaviyo_admin.areas.web_feeds.resources import WEB_FEEDS
from klaviyo_admin.areas.webhooks.resources import WEBHOOK_TOPICS, WEBHOOKS


@dataclass(frozen=True, slots=True)
class Place:
    """A page of an area's own beside its resources: what the tab says, the name of its address (which takes the
    account), the operations that it asks or proposes, and the right that it takes: "read" or "propose"."""

    label: str
    url_name: str
    operations: tuple[str, ...] = ()
    right: str = "read"


@dataclass(frozen=True, slots=True)
class Area:
    """One entry of the menu: its key, its label, the name of its icon, the heading it stands under, and what it shows.
    The first resource (else the first place) is where the menu leads."""

    key: str
    label: str
    icon: str
    group: str
    resources: tuple[Resource, ...] = ()
    places: tuple[Place, ...] = ()

    def operations(self) -> frozenset[str]:
        """Every operation of Klaviyo's API that can be reached on the area's pages."""
        named = {name for place in self.places for name in place.operations}
        return frozenset(named.union(*(resource.operations() for resource in self.resources)))


AUDIENCE, MESSAGES, SHOP, INSIGHT, SETUP = "Audience", "Messages", "Shop", "Insight", "Set-up"

AREAS = (
    Area(
        "profiles",
        "Profiles",
        "person",
        AUDIENCE,
        (PROFILES, PUSH_TOKENS, IMPORT_JOBS, SUPPRESS_JOBS, UNSUPPRESS_JOBS),
        (Place("Import a file", "imports", ("bulk_import_profiles",), "propose"),),
    ),
    Area("lists", "Lists", "list", AUDIENCE, (LISTS,)),
    Area("segments", "Segments", "segment", AUDIENCE, (SEGMENTS,)),
    Area("campaigns", "Campaigns", "campaign", MESSAGES, (CAMPAIGNS, CAMPAIGN_MESSAGES)),
    Area("flows", "Flows", "flow", MESSAGES, (FLOWS, FLOW_ACTIONS, FLOW_MESSAGES)),
    Area(
        "templates",
        "Templates",
        "mail",
        MESSAGES,
        (TEMPLATES, UNIVERSAL),
        (Place("Preview", "template-preview", ("render_template",)),),
    ),
    Area("forms", "Sign-up forms", "form", MESSAGES, (FORMS, FORM_VERSIONS)),
    Area("images", "Images", "image", MESSAGES, (IMAGES,)),
    Area("conversations", "Conversations", "chat", MESSAGES, (CONVERSATIONS,)),
    Area("catalogs", "Catalogue", "product", SHOP, (PRODUCTS, VARIANTS, CATEGORIES, *CATALOG_JOBS)),
    Area(
        "coupons",
        "Coupons",
        "coupon",
        SHOP,
        (COUPONS, COUPON_CODES, COUPON_JOBS),
        (Place("Codes", "coupon-codes", ("get_coupon_codes",)),),
    ),
    Area("reviews", "Reviews", "star", SHOP, (REVIEWS,)),
    Area(
        "custom-objects",
        "Custom objects",
        "cube",
        SHOP,
        (OBJECT_TYPES, DATA_SOURCES, OBJECT_SCHEMAS, SOURCE_MAPPINGS, OBJECT_RECORDS),
    ),
    Area(
        "reporting",
        "Reports",
        "report",
        INSIGHT,
        (),
        tuple(Place(each.many, f"report-{each.key}", each.operations) for each in REPORTS),
    ),
    Area(
        "metrics",
        "Metrics",
        "metric",
        INSIGHT,
        (METRICS, CUSTOM_METRICS, MAPPED_METRICS, METRIC_PROPERTIES),
        (Place("Chart", "metric-chart", ("query_metric_aggregates",)),),
    ),
    Area("events", "Events", "event", INSIGHT, (EVENTS,)),
    Area("tags", "Tags", "tag", SETUP, (TAGS, TAG_GROUPS)),
    Area("webhooks", "Webhooks", "hook", SETUP, (WEBHOOKS, WEBHOOK_TOPICS)),
    Area("web-feeds", "Web feeds", "feed", SETUP, (WEB_FEEDS,)),
    Area("tracking-settings", "Link tracking", "link", SETUP, (TRACKING_SETTINGS,)),
    Area(
        "onsite",
        "Website and app",
        "globe",
        SETUP,
        (ONSITE,),
        (
            Place("Reviews", "onsite-reviews", ("get_client_reviews",)),
            Place("Ratings", "onsite-ratings", ("get_client_review_values_reports",)),
            Place("Places", "onsite-places", ("get_client_geofences",)),
            Place("Addresses to let in", "onsite-addresses", ("get_client_ip_allowlist",)),
        ),
    ),
    Area("data-privacy", "Data privacy", "erase", SETUP, (DATA_PRIVACY,)),
    Area("account-info", "Klaviyo account", "info", SETUP, (ACCOUNT_INFO,)),
)

_RESOURCES = {resource.key: (area, resource) for area in AREAS for resource in area.resources}
_BY_TYPE = {resource.type: resource for _, resource in reversed(_RESOURCES.values())}


def find(key: str) -> Resource | None:
    """The resource of this key in a URL; None for a key that no resource has."""
    found = _RESOURCES.get(key)
    return found[1] if found else None


def area_of(key: str) -> Area | None:
    """The area that the resource of this key belongs to."""
    found = _RESOURCES.get(key)
    return found[0] if found else None


def of_type(kind: str) -> Resource | None:
    """The resource whose things have this JSON:API type; None where no page shows them."""
    return _BY_TYPE.get(kind)
