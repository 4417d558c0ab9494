"""How metrics, their properties and the figures made of them look in tables."""

from klaviyo_admin.areas.base import Column
from klaviyo_admin.areas.words import name
from klaviyo_admin.klaviyo.values import Item

# What Klaviyo's own reports take from an account's metrics, by the id of the mapping.
FIGURES = {
    "added_to_cart": "Added to cart",
    "cancelled_sales": "Cancelled sales",
    "ordered_product": "Ordered product",
    "refunded_sales": "Refunded sales",
    "revenue": "Revenue",
    "started_checkout": "Started checkout",
    "viewed_product": "Viewed product",
}
METHODS = {"count": "Number of events", "value": "Sum of values"}


def figure(mapping: Item) -> str:
    """What a mapped metric stands for, in words."""
    return FIGURES.get(mapping.id, mapping.id)


def stands_for(mapping: Item) -> str | None:
    """The name of the metric, or custom metric, that is taken for the figure; None for none."""
    return next((name(one) for kind in ("metric", "custom-metric") for one in mapping.ones(kind)), None)


def made_of(custom: Item) -> str:
    """The names of the metrics that a custom metric adds up."""
    return ", ".join(name(one) for one in custom.ones("metrics"))


def property_name(found: Item) -> str:
    return str(found.get("label") or found.get("property") or found.id)


NAME = Column("name", "Name", name)
INTEGRATION = Column("integration", "Comes from", lambda m: m.get("integration.name"))
METHOD = Column("method", "Counts", lambda m: METHODS.get(m.get("definition.aggregation_method")), as_="badge")
PROPERTY = Column("label", "Property", property_name)
KIND = Column("inferred_type", "Kind", lambda p: p.get("inferred_type"), as_="badge")
ID = Column("id", "ID", lambda m: m.id, as_="id")
CREATED = Column("created", "Created", lambda m: m.get("created"), as_="moment")
UPDATED = Column("updated", "Updated", lambda m: m.get("updated"), as_="moment")

METRIC = (NAME, INTEGRATION)
