"""What a website or an app reads from Klaviyo, as tables: how each is asked for and what its columns are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django import forms

from klaviyo_admin.areas.base import Column
from klaviyo_admin.areas.onsite.forms import REVIEWS
from klaviyo_admin.klaviyo import filters
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.errors import KlaviyoError
from klaviyo_admin.klaviyo.values import Item, Page, Query

ALLOWLIST = "integration-egress"  # the one list of addresses that Klaviyo publishes
FIGURES = {
    "average_rating": "Average rating",
    "total_ratings": "Ratings",
    "total_reviews": "Reviews",
    "total_questions": "Questions",
    "average_store_rating": "Average rating of the shop",
    "total_store_reviews": "Reviews of the shop",
}
SPANS = (
    ("all_time", "Since the beginning"),
    ("last_365_days", "Last 365 days"),
    ("last_90_days", "Last 90 days"),
    ("last_30_days", "Last 30 days"),
)
Said = Mapping[str, Any]


class NoChoice(forms.Form):
    """For a table that can be asked for in one way only."""


class OfReviews(forms.Form):
    kind = forms.ChoiceField(label="Kind", choices=(("", "Any"), *REVIEWS), required=False)
    least = forms.ChoiceField(
        label="Stars, at least", choices=(("", "Any"), *((str(n), str(n)) for n in range(1, 6))), required=False
    )
    order = forms.ChoiceField(
        label="Order",
        choices=(
            ("-created", "Newest first"),
            ("created", "Oldest first"),
            ("-rating", "Best first"),
            ("rating", "Worst first"),
        ),
        required=False,
    )


class OfRatings(forms.Form):
    by = forms.ChoiceField(
        label="For each", choices=(("product_id", "Product"), ("company_id", "Shop as a whole")), required=False
    )
    span = forms.ChoiceField(label="Time", choices=SPANS, required=False)


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its title, a sentence, the questions above it, how it is read with the account's public id, what was
    said and a cursor, its columns, and what stands there if it is empty."""

    title: str
    text: str
    operation: str
    form: type[forms.Form]
    read: Callable[[Reader, str, Said, str], Page]
    columns: tuple[Column, ...]
    empty: str


def reviews(reader: Reader, company: str, said: Said, cursor: str) -> Page:
    """What visitors can see; Raises KlaviyoError."""
    found = operation("get_client_reviews")
    wanted = []
    if said.get("kind"):
        wanted.append(filters.for_operation(found, "review_type", "equals", said["kind"]))
    if said.get("least"):
        wanted.append(filters.for_operation(found, "rating", "greater-or-equal", int(said["least"])))
    query = Query(",".join(wanted), said.get("order") or "-created", cursor=cursor, others={"company_id": company})
    return reader.page(found.id, query=query)


def ratings(reader: Reader, company: str, said: Said, cursor: str) -> Page:
    """One row for each group of a report, the figures as its attributes beside the product's name. Raises KlaviyoError."""
    asked = {
        "company_id": company,
        "group_by": said.get("by") or "product_id",
        "timeframe": said.get("span") or "all_time",
        "statistics": ",".join(FIGURES),
    }
    latest = Query(sort="-created", size=operation("get_client_reviews").page_max, others={"company_id": company})
    page, known = reader.gather(
        partial(reader.page, "get_client_review_values_reports", query=Query(cursor=cursor, others=asked)),
        partial(reader.page, "get_client_reviews", query=latest),
    )
    if isinstance(page, KlaviyoError):
        raise page
    names = _products(known) if isinstance(known, Page) else {}
    rows = [row for report in page.items for row in report.get("results", ())]
    groups = ((_group(row.get("groupings") or {}), row.get("statistics") or {}) for row in rows)
    items = tuple(Item("row", ident, {**figures, "name": names.get(ident)}) for ident, figures in groups)
    return Page(items, page.as_of, page.next, page.next_cursor, page.previous_cursor)


def _group(groupings: Mapping[str, str]) -> str:
    return str(next(iter(groupings.values()), ""))


def _products(reviews: Page) -> Mapping[str, str]:
    """What the reviewed products are called, by the id in the shop by which the report knows them."""
    return {review.get("product.external_id"): review.get("product.name") for review in reviews.items}


def places(reader: Reader, company: str, said: Said, cursor: str) -> Page:
    return reader.page("get_client_geofences", query=Query(cursor=cursor, others={"company_id": company}))


def addresses(reader: Reader, company: str, said: Said, cursor: str) -> Page:
    """One row for each range of addresses. Raises KlaviyoError."""
    query = Query(others={"company_id": company})
    found = reader.item("get_client_ip_allowlist", {"id": ALLOWLIST}, query)
    rows = (Item("row", str(prefix), {"since": found.get("created")}) for prefix in found.get("prefixes", ()))
    return Page(tuple(rows), datetime.now(UTC))


def _figure(key: str, label: str) -> Column:
    return Column(key, label, lambda row: row.get(key), as_="number")


TABLES: Mapping[str, Table] = {
    "onsite-reviews": Table(
        "Reviews that visitors see",
        "The published reviews, as your website gets them.",
        "get_client_reviews",
        OfReviews,
        reviews,
        (
            Column("author", "By", lambda r: r.get("author")),
            Column("rating", "Stars", lambda r: r.get("rating"), as_="number"),
            Column("title", "Title", lambda r: r.get("title")),
            Column("content", "Text", lambda r: r.get("content")),
            Column("product", "Product", lambda r: r.get("product.name")),
            Column("kind", "Kind", lambda r: dict(REVIEWS).get(r.get("review_type"), r.get("review_type"))),
            Column("created", "Written", lambda r: r.get("created"), as_="moment"),
        ),
        "No review fits.",
    ),
    "onsite-ratings": Table(
        "Ratings",
        "The figures that your website shows beside its products.",
        "get_client_review_values_reports",
        OfRatings,
        ratings,
        (
            Column("group", "Product or shop", lambda r: r.get("name") or r.id),
            *(_figure(key, label) for key, label in FIGURES.items()),
        ),
        "Nothing was rated in this time.",
    ),
    "onsite-places": Table(
        "Places",
        "The circles on the map at which an app tells Klaviyo that somebody comes or goes.",
        "get_client_geofences",
        NoChoice,
        places,
        (
            Column("id", "Place", lambda g: g.id, as_="id"),
            Column("latitude", "Latitude", lambda g: g.get("latitude"), as_="number"),
            Column("longitude", "Longitude", lambda g: g.get("longitude"), as_="number"),
            Column("radius", "Radius in metres", lambda g: g.get("radius"), as_="number"),
        ),
        "The account has no places.",
    ),
    "onsite-addresses": Table(
        "Addresses to let in",
        "Klaviyo calls your systems from these networks: web feeds, webhooks and integrations. Firewalls have to let them in.",
        "get_client_ip_allowlist",
        NoChoice,
        addresses,
        (
            Column("prefix", "Network", lambda row: row.id),
            Column("since", "Published", lambda row: row.get("since"), as_="moment"),
        ),
        "Klaviyo names no addresses.",
    ),
}
