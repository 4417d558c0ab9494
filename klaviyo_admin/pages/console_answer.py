"""An answer of Klaviyo's for people: its rows as tables, one thing as facts, the limits it spoke of, and its very text."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse

from klaviyo_admin.accounts.models import Account
from klaviyo_admin.areas import of_type
from klaviyo_admin.klaviyo import documents
from klaviyo_admin.klaviyo.client import Heard
from klaviyo_admin.klaviyo.errors import KlaviyoError, Problem, Refused
from klaviyo_admin.klaviyo.values import Json
from klaviyo_admin.pages import console_words, facts
from klaviyo_admin.pages.render import Trouble, trouble
from klaviyo_admin.pages.tables import Cell, Head, Row

WIDEST = 12  # columns of a table
LONGEST = 128 * 1024  # characters of the raw text that a page shows
ROWS = 200


@dataclass(frozen=True, slots=True)
class Table:
    caption: str
    heads: Sequence[Head]
    rows: Sequence[Row]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the page shows of an answer; of a failed one the `trouble` with the places that Klaviyo named."""

    status: int = 0
    seconds: float = 0.0
    attempts: int = 1
    as_of: datetime | None = None
    limits: Sequence[str] = ()
    facts: Sequence[tuple[str, Any, str]] = ()
    tables: Sequence[Table] = ()
    raw: str = ""
    raw_cut: bool = False
    next_cursor: str = ""
    trouble: Trouble | None = None
    problems: Sequence[Problem] = ()
    kinds: Mapping[str, Sequence[str]] = field(default_factory=dict)


def heard(account: Account, told: Heard) -> Answer:
    document = told.document
    raw = console_words.pretty(document)
    return Answer(
        status=told.answer.status,
        seconds=told.seconds,
        attempts=told.attempts,
        as_of=told.as_of,
        limits=list(_limits(told.answer.headers)),
        facts=list(_facts(account, document)),
        tables=list(_tables(account, document)),
        raw=raw[:LONGEST],
        raw_cut=len(raw) > LONGEST,
        next_cursor=_next(document, told.as_of),
        kinds=_kinds(document),
    )


def failed(error: KlaviyoError) -> Answer:
    raw = error.body[:LONGEST].decode("utf-8", "replace")
    problems = error.problems if isinstance(error, Refused) else ()
    return Answer(status=error.status, raw=raw, trouble=trouble(error), problems=problems)


def _limits(headers: Mapping[str, str]) -> Iterator[str]:
    """What the answer says of its limits: "75 a second", "74 left"."""
    words = {"1": "a second", "60": "a minute", "86400": "a day"}
    for policy in headers.get("ratelimit-limit", "").split(",")[1:]:
        number, _, window = policy.strip().partition(";w=")
        yield f"{number} {words.get(window, f'in {window} seconds')}"
    if left := headers.get("ratelimit-remaining"):
        yield f"{left} left"


def _facts(account: Account, document: Json) -> Iterator[tuple[str, Any, str]]:
    """The attributes of one thing, without those that are tables of their own."""
    data = document.get("data") if isinstance(document, Mapping) else None
    if not isinstance(data, Mapping):
        return
    yield "Type", data.get("type"), "text"
    yield "ID", data.get("id"), "id"
    for name, value in _flat(data.get("attributes")).items():
        if not _rows_in(value):
            yield facts.label(name.replace(".", " · ")), value, facts.look(value)


def _tables(account: Account, document: Json) -> Iterator[Table]:
    if not isinstance(document, Mapping):
        return
    data = document.get("data")
    if isinstance(data, list):
        yield _table(account, f"{len(data)} thing{'' if len(data) == 1 else 's'}", data)
    elif isinstance(data, Mapping):
        for name, value in _flat(data.get("attributes")).items():
            if _rows_in(value):
                yield _table(account, facts.label(name), value)
    included: dict[str, list[Json]] = {}
    for one in document.get("included") or ():
        if isinstance(one, Mapping):
            included.setdefault(str(one.get("type")), []).append(one)
    for kind, things in included.items():
        yield _table(account, f"Included: {kind}", things)


def _table(account: Account, caption: str, things: Sequence[Json]) -> Table:
    flat = [_row_of(thing) for thing in things[:ROWS]]
    names = list(dict.fromkeys(name for row in flat for name, value in row.items() if value not in (None, "", [], {})))
    shown = names[:WIDEST]
    heads = [Head("ID" if name == "id" else facts.label(name.replace(".", " · "))) for name in shown]
    rows = [
        Row(str(row.get("id", "")), str(row.get("id", "")), tuple(_cell(account, thing, row, name) for name in shown))
        for thing, row in zip(things, flat, strict=False)
    ]
    return Table(caption, heads, rows, len(names) - len(shown))


def _cell(account: Account, thing: Json, row: Mapping[str, Any], name: str) -> Cell:
    value = row.get(name)
    if name == "id" and isinstance(thing, Mapping):
        return Cell(value, "text" if (url := _url(account, thing)) else "id", url)
    return Cell(value, facts.look(value))


def _url(account: Account, thing: Mapping[str, Any]) -> str:
    """The thing's own page, where an area has one."""
    kind, ident = thing.get("type"), thing.get("id")
    resource = of_type(kind) if isinstance(kind, str) else None
    return reverse("resource-item", args=[account.pk, resource.key, ident]) if resource and ident else ""


def _row_of(thing: Json) -> dict[str, Any]:
    if not isinstance(thing, Mapping):
        return {"value": thing}
    own = {"id": thing["id"]} if "id" in thing else {}
    return own | _flat(thing["attributes"] if "attributes" in thing else {k: v for k, v in thing.items() if k != "id"})


def _flat(attributes: Json, before: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in attributes.items() if isinstance(attributes, Mapping) else ():
        if isinstance(value, Mapping) and value:
            found |= _flat(value, f"{before}{name}.")
        else:
            found[f"{before}{name}"] = value
    return found


def _rows_in(value: Json) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, Mapping) for one in value)


def _kinds(document: Json) -> dict[str, list[str]]:
    """The ids that came, by type."""
    found: dict[str, list[str]] = {}
    if not isinstance(document, Mapping):
        return found
    data = document.get("data")
    for one in [*(data if isinstance(data, list) else [data]), *(document.get("included") or ())]:
        if isinstance(one, Mapping):
            found.setdefault(str(one.get("type", "")), []).append(str(one.get("id", "")))
    return found


def _next(document: Json, as_of: datetime) -> str:
    try:
        return documents.page(document, as_of).next_cursor or ""
    except documents.Unreadable:
        return ""
