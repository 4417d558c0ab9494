"""How the exact bytes of a request or an answer are shown: indented without touching a digit, or as a short table."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from klaviyo_admin.changes.showing import straight
from klaviyo_admin.klaviyo import secrets

Place = tuple[int, ...]
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
LONGEST = 64 * 1024  # bytes; what is longer is shown as a table, or downloaded
ROWS = 20
COLUMNS = 6


@dataclass(frozen=True, slots=True)
class Bulk:
    """The first things of a bulk body: the names of their attributes, and rows of values; `total` counts all."""

    total: int
    heads: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    more_columns: int


def indented(body: bytes) -> str:
    """JSON with line breaks and spaces added outside its strings, every other character as stored, but secrets and what
    turns text around."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return f"{len(body):,} bytes that are no text."
    if not text.lstrip().startswith(("{", "[")):
        return text
    text = straight(secrets.masked(text))
    out: list[str] = []
    depth = 0
    before = ""
    for piece in _PIECE.findall(text):
        if piece in "}]":
            depth -= 1
            out.append("" if before in "{[" else "\n" + "  " * depth)
        elif before and before in "{[,":
            out.append("\n" + "  " * depth)
        out.append(": " if piece == ":" else piece)
        depth += piece in "{["
        before = piece
    return "".join(out)


def bulk(body: bytes) -> Bulk | None:
    """The things of a bulk body as a table; None if the body is about one thing only."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    found = things(document)
    if len(found) < 2:
        return None
    first = [flat(thing) for thing in found[:ROWS]]
    heads = list(dict.fromkeys(key for thing in first for key in thing))
    shown = tuple(heads[:COLUMNS])
    rows = tuple(tuple(thing.get(head) for head in shown) for thing in first)
    names = tuple(head.removeprefix("properties.") for head in shown)
    return Bulk(len(found), names, rows, len(heads) - len(shown))


def things(document: Any) -> list[Any]:
    """The longest of the lists that hold what a body is about; nothing if it is about one thing only."""
    return [thing for _, thing in placed(document)]


def placed(document: Any) -> list[tuple[Place, Any]]:
    """The same, each with the numbers by which a pointer finds it. Events, which a body holds by people, are things of
    their own that say whose they are."""
    found = max(_lists(document), key=len, default=[])
    whole = [((n,), thing) for n, thing in enumerate(found)]
    return [each for place, thing in whole for each in (_events(place, thing) or [(place, thing)])]


def _events(place: Place, thing: Any) -> list[tuple[Place, Any]]:
    """The events of one person, with the person's own address beside the attributes of each; none for anything else."""
    told = thing.get("attributes") if isinstance(thing, Mapping) and thing.get("type") == "event-bulk-create" else None
    if not isinstance(told, Mapping):
        return []
    (theirs,), whose = _lists({"data": {"attributes": {"events": told.get("events")}}}) or [[]], told.get("profile")
    who = flat((whose or {}).get("data")) if isinstance(whose, Mapping) else {}
    return [((*place, n), {"type": "event", "attributes": who | _event(each)}) for n, each in enumerate(theirs)]


def _event(event: Any) -> dict[str, Any]:
    """The attributes of an event, its metric by name alone."""
    said = {k: v for k, v in (event.get("attributes") or {}).items() if v != {}} if isinstance(event, Mapping) else {}
    metric = flat((said.get("metric") or {}).get("data")) if isinstance(said.get("metric"), Mapping) else {}
    return {**said, "metric": metric.get("name")} if metric else said


def _lists(document: Any) -> list[list[Any]]:
    """Lists named "data": of the document itself, or of one of its attributes."""
    data = document.get("data") if isinstance(document, Mapping) else None
    if isinstance(data, list):
        return [data]
    attributes = data.get("attributes") if isinstance(data, Mapping) else None
    parts = attributes.values() if isinstance(attributes, Mapping) else ()
    return [part["data"] for part in parts if isinstance(part, Mapping) and isinstance(part.get("data"), list)]


def flat(thing: Any, before: str = "") -> dict[str, Any]:
    """The values of a thing by the names of its attributes, with dots between a name and the one around it."""
    if not isinstance(thing, Mapping):
        return {before or "value": thing}
    inside = thing.get("attributes") if not before and "attributes" in thing else thing
    found: dict[str, Any] = {"id": thing["id"]} if not before and "attributes" in thing and "id" in thing else {}
    for key, value in (inside or {}).items():
        name = f"{before}{key}"
        found |= flat(value, f"{name}.") if isinstance(value, Mapping) and value else {name: value}
    return found
