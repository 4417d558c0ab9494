"""Reads of metrics."""

from klaviyo_admin.areas.base import Asked
from klaviyo_admin.areas.events.service import page as events_page
from klaviyo_admin.klaviyo import filters
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.values import Item, Page, Query


def name(item: Item) -> str:
    return str(item.get("name", item.id))


def page(reader: Reader, asked: Asked) -> Page:
    """Metrics come 200 to a page; the operation takes neither a page size nor a sort."""
    return reader.page("get_metrics", query=Query(filter=asked.filter, cursor=asked.cursor))


def item(reader: Reader, ident: str) -> Item:
    return reader.item("get_metric", path={"id": ident})


def events(reader: Reader, ident: str, asked: Asked) -> Page:
    """The metric's latest events."""
    mine = filters.for_operation(operation("get_events"), "metric_id", "equals", ident)
    return events_page(reader, Asked(filter=mine, sort=asked.sort, cursor=asked.cursor, size=asked.size or 20))
