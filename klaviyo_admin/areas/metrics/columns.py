"""How metrics, their properties and the figures made of them look in tables."""

from collections.abc import Mapping
from typing import Any

from klaviyo_admin.areas.base import Column
from klaviyo_admin.areas.words import name
from klaviyo_admin.klaviyo.values import Item, Json

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
VALUE = "$value"  # what Klaviyo calls an event's own value among its properties
METHODS = {"count": "Number of events", "value": "Sum of values"}
# Which events of a metric count, by what their property is.
CONDITIONS = (
    ("", "Every event counts"),
    ("numeric.greater-than", "is a number greater than"),
    ("numeric.greater-than-or-equal", "is a number of at least"),
    ("numeric.less-than", "is a number less than"),
    ("numeric.less-than-or-equal", "is a number of at most"),
    ("numeric.equals", "is the number"),
    ("string.equals", "is the text"),
    ("string.not-equals", "is not the text"),
    ("string.contains", "contains the text"),
    ("string.starts-with", "begins with the text"),
    ("existence.is-set", "has any value"),
    ("existence.not-set", "has no value"),
)


def figure(mapping: Item) -> str:
    """What a mapped metric stands for, in words."""
    return FIGURES.get(mapping.id, mapping.id)


def stands_for(mapping: Item) -> str | None:
    """The name of the metric, or custom metric, that is taken for the figure; None for none."""
    return next((name(one) for kind in ("metric", "custom-metric") for one in mapping.ones(kind)), None)


def made_of(custom: Item) -> str:
    """The names of the metrics that a custom metric adds up, and which of their events count."""
    names = {one.id: name(one) for one in custom.ones("metrics")}
    groups = custom.get("definition.metric_groups") or ()
    return "; ".join(_narrowed(group, names) for group in groups) or ", ".join(names.values())


def sentences(definition: Json, names: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    """The definition of a custom metric line by line, each in a group of its own as those of segments are: what it
    counts, then the events of each metric. Empty for what is no such definition."""
    groups = definition.get("metric_groups") if isinstance(definition, Mapping) else None
    if not isinstance(groups, list):
        return ()
    method = str(definition.get("aggregation_method"))
    counts = METHODS.get(method, f"Counted by “{method}”")
    try:
        return ((counts,), *((_narrowed(group, names),) for group in groups))
    except (AttributeError, TypeError):  # parts of it are of a kind that has no words
        return ()


def _narrowed(group: Mapping[str, Any], names: Mapping[str, str]) -> str:
    conditions = [_condition(each) for each in group.get("metric_filters") or ()]
    called = names.get(known := str(group.get("metric_id") or "?"), known)
    if (added := group.get("value_property") or VALUE) != VALUE:
        called = f"{added} of {called}"
    return f"{called} where {' and '.join(conditions)}" if conditions else called


def _condition(said: Mapping[str, Any]) -> str:
    compared = said.get("filter") or {}
    kind = f"{compared.get('type')}.{compared.get('operator')}"
    words = dict(CONDITIONS).get(kind, f"{kind.replace('.', ': ')}")
    value = "" if compared.get("value") is None else f" {compared['value']}"
    return f"{'the value' if said.get('property') == VALUE else said.get('property')} {words}{value}"


def property_name(found: Item) -> str:
    return str(found.get("label") or found.get("property") or found.id)


NAME = Column("name", "Name", name)
INTEGRATION = Column("integration", "Comes from", lambda m: m.get("integration.name"), covers=("integration",))
METHOD = Column("method", "Counts", lambda m: METHODS.get(m.get("definition.aggregation_method")), as_="badge")
PROPERTY = Column("label", "Property", property_name)
KIND = Column("inferred_type", "Kind", lambda p: p.get("inferred_type"), as_="badge")
ID = Column("id", "ID", lambda m: m.id, as_="id")
CREATED = Column("created", "Created", lambda m: m.get("created"), as_="moment")
UPDATED = Column("updated", "Updated", lambda m: m.get("updated"), as_="moment")

METRIC = (NAME, INTEGRATION)
