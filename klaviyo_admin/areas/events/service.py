"""Reads of events by what they belong to."""

from klaviyo_admin.areas.base import Asked
from klaviyo_admin.klaviyo import filters
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.values import Page, Query


def of_profile(reader: Reader, ident: str, asked: Asked) -> Page:
    """The profile's events, newest first, with their metric."""
    return _latest(reader, "profile_id", ident, asked, ("metric",))


def of_metric(reader: Reader, ident: str, asked: Asked) -> Page:
    """The metric's events, newest first, with their profile."""
    return _latest(reader, "metric_id", ident, asked, ("metric", "profile"))


def _latest(reader: Reader, field: str, ident: str, asked: Asked, include: tuple[str, ...]) -> Page:
    mine = filters.for_operation(operation("get_events"), field, "equals", ident)
    query = Query(mine, asked.sort or "-datetime", asked.size or 20, asked.cursor, include)
    return reader.page("get_events", query=query)
