"""Reads of segments."""

from klaviyo_admin.areas.base import Asked
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.values import Item, Page, Query


def name(item: Item) -> str:
    return str(item.get("name", item.id))


def page(reader: Reader, asked: Asked) -> Page:
    return reader.page("get_segments", query=Query(asked.filter, asked.sort, asked.size, asked.cursor))


def item(reader: Reader, ident: str) -> Item:
    return reader.item("get_segment", path={"id": ident})


def members(reader: Reader, ident: str, asked: Asked) -> Page:
    """The profiles in the segment, those that joined last first."""
    query = Query(sort=asked.sort or "-joined_group_at", size=asked.size or 20, cursor=asked.cursor)
    return reader.page("get_profiles_for_segment", path={"id": ident}, query=query)
