"""Reads of events."""

from klaviyo_admin.areas.base import Asked
from klaviyo_admin.areas.events.columns import metric_name
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.values import Item, Page, Query


def name(item: Item) -> str:
    return metric_name(item)


def page(reader: Reader, asked: Asked) -> Page:
    """Events, newest first unless asked otherwise, each with its metric and profile."""
    query = Query(
        filter=asked.filter,
        sort=asked.sort or "-datetime",
        cursor=asked.cursor,
        size=asked.size or 50,
        include=("metric", "profile"),
    )
    return reader.page("get_events", query=query)


def item(reader: Reader, ident: str) -> Item:
    return reader.item("get_event", path={"id": ident}, query=Query(include=("metric", "profile")))
