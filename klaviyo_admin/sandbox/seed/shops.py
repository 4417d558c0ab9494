"""The two shops: who they are, what they sell, and which lists, segments and metrics they keep."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Definition = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Circle:
    """A list: a `share` of those `among` the profiles join it: "all", "reachable" by e-mail, "buyers", "texts"."""

    name: str
    share: float
    among: str = "all"
    opt_in: str = "single_opt_in"


@dataclass(frozen=True, slots=True)
class Shop:
    id: str
    name: str
    site: str
    industry: str
    address: Mapping[str, str]
    timezone: str
    currency: str
    locale: str
    products: tuple[tuple[str, str, float], ...]  # name, category, price
    lists: tuple[Circle, ...]
    plans: tuple[str, ...]

    def attributes(self) -> dict[str, Any]:
        return {
            "test_account": True,
            "contact_information": {
                "default_sender_name": self.name,
                "default_sender_email": "hello@example.com",
                "website_url": self.site,
                "organization_name": self.name,
                "street_address": dict(self.address),
            },
            "industry": self.industry,
            "timezone": self.timezone,
            "preferred_currency": self.currency,
            "public_api_key": self.id,
            "locale": self.locale,
        }


_SHOP = {
    "object": "integration",
    "id": "SBXsho",
    "key": "sandbox_shop",
    "name": "Sandbox Shop",
    "category": "eCommerce",
}
_OWN = {"object": "integration", "id": "SBXkla", "key": "klaviyo", "name": "Klaviyo", "category": "Internal"}
_API = {"object": "integration", "id": "0eMvjm", "key": "api", "name": "API", "category": "API"}
METRICS: tuple[tuple[str, dict[str, str]], ...] = (
    ("Placed Order", _SHOP),
    ("Ordered Product", _SHOP),
    ("Fulfilled Order", _SHOP),
    ("Refunded Order", _SHOP),
    ("Started Checkout", _SHOP),
    ("Added to Cart", _API),
    ("Viewed Product", _API),
    ("Active on Site", _API),
    ("Received Email", _OWN),
    ("Opened Email", _OWN),
    ("Clicked Email", _OWN),
    ("Subscribed to List", _OWN),
    ("Unsubscribed", _OWN),
)
CAMPAIGNS = (
    "Spring restock 🌱",
    "Slow Sunday letter",
    "The long weekend",
    "Back in the workshop",
    "Winter lights ✨",
    "A thank-you, early",
)

SHOPS = (
    Shop(
        id="SBXJP1",
        name="Juniper & Pine",
        site="https://juniper-and-pine.example.com",
        industry="Home & Garden",
        address={
            "address1": "14 Larch Lane",
            "city": "Portland",
            "region": "Oregon",
            "country": "United States",
            "zip": "97205",
        },
        timezone="America/Los_Angeles",
        currency="USD",
        locale="en-US",
        products=(
            ("Beeswax Pillar Candle", "Candles", 18.0),
            ("Cedar & Smoke Candle", "Candles", 32.0),
            ("Enamel Camp Mug", "Outdoor", 16.5),
            ("Folding Pruning Saw", "Garden", 44.0),
            ("Hand-thrown Planter, large", "Garden", 68.0),
            ("Heirloom Tomato Seeds", "Garden", 4.5),
            ("Lambswool Throw “Fjord”", "Textiles", 129.0),
            ("Linen Apron", "Textiles", 54.0),
            ("Oak Serving Board", "Kitchen", 72.0),
            ("Picnic Blanket, waxed", "Outdoor", 89.0),
            ("Rain Chain, copper", "Garden", 115.0),
            ("Stoneware Teapot", "Kitchen", 58.0),
        ),
        lists=(
            Circle("Newsletter", 0.85, "reachable", "double_opt_in"),
            Circle("Customers", 1.0, "buyers"),
            Circle("VIP – Evergreen Circle", 0.2, "buyers"),
            Circle("Spring workshop 2026: wait list", 0.04),
            Circle("Garden tips", 0.22, "reachable"),
            Circle("Giveaway entrants 🎁", 0.12),
            Circle("Loyalty members", 0.7, "buyers"),
            Circle("SMS subscribers", 1.0, "texts"),
            Circle("Wholesale enquiries", 0.01),
            Circle(
                "Imported from the old shop system in the great migration of last autumn – people who bought at least once, never "
                "opened a letter since, and whom nobody should write to before the data team has looked at every one of them",
                0.07,
            ),
            Circle(
                "Prévente: bougies d’hiver & Weihnachtsmarkt (nur für Stammkundinnen und Stammkunden) 🕯️",
                0.05,
                "reachable",
            ),
            Circle("Internal seeds", 0.002),
        ),
        plans=("Seedling", "Sapling", "Evergreen"),
    ),
    Shop(
        id="SBXHC2",
        name="Harbour Coffee",
        site="https://harbour-coffee.example.com",
        industry="Food & Beverage",
        address={
            "address1": "3 Quay Street",
            "city": "Bristol",
            "region": "England",
            "country": "United Kingdom",
            "zip": "BS1 4ST",
        },
        timezone="Europe/London",
        currency="GBP",
        locale="en-GB",
        products=(
            ("Breakwater Blend, 250 g", "Coffee", 9.5),
            ("Decaf Lantern, 250 g", "Coffee", 10.0),
            ("Filter Papers, 100", "Tools", 5.5),
            ("Hand Grinder", "Tools", 64.0),
            ("Lighthouse Espresso, 1 kg", "Coffee", 29.0),
            ("Monthly Box", "Subscription", 24.0),
        ),
        lists=(
            Circle("Newsletter", 0.9, "reachable", "double_opt_in"),
            Circle("Customers", 1.0, "buyers"),
            Circle("Monthly Box", 0.4, "buyers"),
            Circle("Café regulars", 0.1),
        ),
        plans=("Taster", "Regular", "Captain"),
    ),
)


def segments(metric: Mapping[str, str], circle: Mapping[str, str], top: str) -> tuple[tuple[str, Definition], ...]:
    """Names and definitions; `metric` and `circle` give the ids of metrics and lists, `top` the best plan."""
    newsletter, orders = circle["Newsletter"], metric["Placed Order"]
    return (
        ("Bought at least twice", _all([_did(orders, "count", "greater-than-or-equal", 2)])),
        ("Big spenders (over 250)", _all([_did(orders, "sum", "greater-than", 250)])),
        (
            "Engaged in the last 90 days",
            _all([_did(metric[m], "count", "greater-than", 0, 90) for m in ("Opened Email", "Clicked Email")]),
        ),
        (
            "Window shoppers",
            _all([_did(metric["Viewed Product"], "count", "greater-than", 0)], [_did(orders, "count", "equals", 0)]),
        ),
        (f"{top} members", _all([_has("properties['plan']", {"type": "string", "operator": "equals", "value": top})])),
        (
            "Loyal: 1,000 points and more",
            _all(
                [
                    _has(
                        "properties['loyalty_points']",
                        {"type": "numeric", "operator": "greater-than-or-equal", "value": 1000},
                    )
                ]
            ),
        ),
        ("In the European Union", _all([{"type": "profile-region", "in_region": True, "region": "european_union"}])),
        (
            "Newsletter, can be e-mailed, has not bought in a year – win them back before winter",
            _all(
                [{"type": "profile-group-membership", "is_member": True, "group_ids": [newsletter]}],
                [
                    {
                        "type": "profile-marketing-consent",
                        "consent": {
                            "channel": "email",
                            "can_receive_marketing": True,
                            "consent_status": {"subscription": "any"},
                        },
                    }
                ],
                [_did(orders, "count", "equals", 0, 365)],
            ),
        ),
    )


def _all(*groups: list[Definition]) -> Definition:
    return {"condition_groups": [{"conditions": list(group)} for group in groups]}


def _did(metric: str, measurement: str, operator: str, value: int, days: int | None = None) -> Definition:
    when: Definition = {"type": "date", "operator": "alltime"}
    if days is not None:
        when = {"type": "date", "operator": "in-the-last", "unit": "day", "quantity": days}
    return {
        "type": "profile-metric",
        "metric_id": metric,
        "measurement": measurement,
        "measurement_filter": {"type": "numeric", "operator": operator, "value": value},
        "timeframe_filter": when,
        "metric_filters": None,
    }


def _has(name: str, bound: Definition) -> Definition:
    return {"type": "profile-property", "property": name, "filter": bound}
