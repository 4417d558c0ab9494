"""Finds the names of what a flow's definition names by ids only."""

from functools import partial

from klaviyo_admin.areas.flows.steps import named_by_id
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.errors import NotFound
from klaviyo_admin.klaviyo.values import Item, Json

MOST = 20  # things whose names are read for one flow


def names(reader: Reader, definition: Json) -> dict[str, str]:
    """{id: name} of lists, segments and metrics, read side by side, as far as Klaviyo tells them."""
    wanted = named_by_id(definition)[:MOST]
    found = reader.gather(*(partial(_read, reader, kind, ident) for kind, ident in wanted))
    return {item.id: str(item.get("name")) for item in found if isinstance(item, Item) and item.get("name")}


def _read(reader: Reader, kind: str, ident: str) -> Item:
    """The metric, list or segment: of a group nothing but the id says which of the two it is. Raises KlaviyoError."""
    if kind == "metric":
        return reader.item("get_metric", {"id": ident})
    try:
        return reader.item("get_list", {"id": ident})
    except NotFound:
        return reader.item("get_segment", {"id": ident})
