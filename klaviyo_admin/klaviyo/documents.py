"""Reads JSON:API documents into values, leniently: the live service adds, omits and varies what its own document says."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import orjson

from klaviyo_admin.klaviyo.answers import fitted
from klaviyo_admin.klaviyo.errors import Problem
from klaviyo_admin.klaviyo.values import Item, Json, Kind, Page

_CURSORS = ("page[cursor]", "page_cursor")
_NULL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")


class Unreadable(ValueError):
    """Bytes that are no JSON, or JSON that holds no resource where one must be."""


def parse(body: bytes) -> Json:
    """The document of an answer; None for an empty one. A null character in it, which PostgreSQL does not keep, is shown
    as a damaged one. Raises Unreadable."""
    if not body.strip():
        return None
    if b"\\u0000" in body:
        body = _NULL.sub(rb"\1\\ufffd", body)
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Unreadable(f"The answer is no JSON ({error}).") from None


def item(document: Json) -> Item | None:
    """The one resource of a document, of many the first; None where there is none (an empty relationship).

    Raises Unreadable where there is no `data` at all.
    """
    data = _data(document)
    if isinstance(data, list):
        data = data[0] if data else None
    return _item(data, _included(document)) if isinstance(data, dict) else None


def attributes(document: Json) -> Mapping[str, Json]:
    """The attributes of the one thing of an answer, such as a report; none where there is no such thing."""
    found = item(document) if "data" in _members(document) else None
    return found.attributes if found else {}


def page(document: Json, as_of: datetime) -> Page:
    """The resources of a document, one or many. Raises Unreadable where there is no `data` at all."""
    data = _data(document)
    rows = data if isinstance(data, list) else [data]
    included = _included(document)
    links = _members(_members(document).get("links"))
    following = links.get("next")
    following = following if isinstance(following, str) and following else None
    return Page(
        items=tuple(_item(row, included) for row in rows if isinstance(row, dict)),
        as_of=as_of,
        next=following,
        next_cursor=_cursor(following),
        previous_cursor=_cursor(links.get("prev")),
    )


def problems(body: bytes) -> tuple[Problem, ...]:
    """The errors of an answer, as far as they can be read; empty where it holds none."""
    try:
        errors = _members(parse(body)).get("errors")
    except Unreadable:
        return ()
    return tuple(_problem(error) for error in errors if isinstance(error, dict)) if isinstance(errors, list) else ()


def _data(document: Json) -> Json:
    if "data" not in _members(document):
        raise Unreadable("The answer holds no data.")
    return document["data"]


def _problem(error: Mapping[str, Json]) -> Problem:
    source = _members(error.get("source"))
    return Problem(
        code=_text(error.get("code")),
        title=_text(error.get("title")),
        detail=_text(error.get("detail")),
        pointer=_text(source.get("pointer")),
        parameter=_text(source.get("parameter")),
        duplicate_id=_text(_members(error.get("meta")).get("duplicate_profile_id")),
    )


def _item(data: Mapping[str, Json], included: Mapping[Kind, tuple[Item, ...]]) -> Item:
    kind = _kind(data)
    related = dict(_related(data))
    came = _members(data.get("attributes"))
    taken = fitted(kind.type, came)
    return Item(kind.type, kind.id, taken, related, included, None if taken is came else came)


def _included(document: Json) -> dict[Kind, tuple[Item, ...]]:
    rows = _members(document).get("included")
    found: dict[Kind, tuple[Item, ...]] = {}
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict):
            one = _item(row, {})
            before = found.get(kind := Kind(one.type, one.id), ())
            found[kind] = before if one in before else (*before, one)
    return found


def _related(data: Mapping[str, Json]) -> Iterator[tuple[str, tuple[Kind, ...]]]:
    """The relationships whose `data` came along; links alone say nothing about what is there."""
    for name, relationship in _members(data.get("relationships")).items():
        if "data" in _members(relationship):
            rows = relationship["data"]
            rows = rows if isinstance(rows, list) else [rows]
            yield name, tuple(_kind(row) for row in rows if isinstance(row, dict))


def _kind(data: Mapping[str, Json]) -> Kind:
    return Kind(_text(data.get("type")), _text(data.get("id")))


def _members(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _text(value: Json) -> str:
    return "" if value is None else value if isinstance(value, str) else str(value)


def _cursor(link: Json) -> str | None:
    """The cursor in a link; None for anything that is no address with one (live answers have put other text there)."""
    if not isinstance(link, str):
        return None
    try:
        parts = urlsplit(link)
        asked = parse_qs(parts.query)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    return next((asked[name][0] for name in _CURSORS if name in asked), None)
