"""How what a request overwrites reads to a person: one row for each value, before and after and, if known, now."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from klaviyo_admin.changes.models import Step
from klaviyo_admin.changes.showing import straight
from klaviyo_admin.changes.staleness import MEMBERS, Field, at, compared, differs, gone, same
from klaviyo_admin.intents import MERGED
from klaviyo_admin.klaviyo.values import Item, Json

EMPTY = "empty"
SHORT = 300  # characters of a value that is compared but not overwritten
_UNREAD: Any = object()
_SOMETHING = Item("", "something", {})


@dataclass(frozen=True, slots=True)
class Row:
    """One value in words. `now` is None if nobody looked. `verdict` says how it stands: "before" (still as before),
    "after" (already as wanted), "other" (something else), "" (nobody looked)."""

    label: str
    before: str
    after: str
    now: str | None = None
    verdict: str = ""


def rows(step: Step, item: Item | None = None) -> tuple[Row, ...]:
    """A row for each field that a step overwrites, and for each key where a field is an object.

    `now` is read from `item`, else from what a stale step saw. What is only compared is shown where it has moved.
    """
    fields = compared(step)
    seen = step.seen if step.seen is not None else [_UNREAD] * len(fields)
    found: list[Row] = []
    for field, then in zip(fields, seen, strict=True):
        now = at(item, field) if item else then
        if "names" in field:
            found.append(_members(field, _UNREAD if now is None else now))
        elif not field.get("beside"):
            # Of whom it is not known who belonged, nobody asks who does.
            asked = field["path"][0] not in (MEMBERS, MERGED)
            found += _rows(field["label"], field["before"], field["after"], now if asked else _UNREAD)
        elif now is not _UNREAD and not gone(item or _SOMETHING) and differs(field, now):
            found += (_shortened(row) for row in _rows(field["label"], field["before"], None, now))
    return tuple(found)


def who(field: Field, ids: Collection[str]) -> str:
    """Of those whom a request names the ones with these ids, by name."""
    names = field["names"]
    found = [straight(str(names[ident])) for ident in names if ident in ids]
    return ", ".join(found) if found else "none of them" if len(names) > 1 else "no"


def _members(field: Field, now: Any) -> Row:
    """Who of those named belonged, is to belong, and belongs."""
    row = Row(field["label"], who(field, field["before"]), who(field, field["after"]))
    if now is _UNREAD:
        return row
    inside = {ident for ident in now if ident in field["names"]}
    verdict = "after" if inside == set(field["after"]) else "before" if inside == set(field["before"]) else "other"
    return replace(row, now=who(field, inside), verdict=verdict)


def _shortened(row: Row) -> Row:
    """A row of a thing that is shown elsewhere: the beginnings of its values."""
    return replace(row, before=_short(row.before), after=_short(row.after), now=_short(row.now or ""))


def _short(words: str) -> str:
    return words if len(words) <= SHORT else f"{words[:SHORT]}…"


def spoken(value: Json) -> str:
    """A JSON value as a person would write it."""
    match value:
        case None:
            return EMPTY
        case True:
            return "yes"
        case False:
            return "no"
        case "":
            return "blank"
        case list():
            return ", ".join(map(spoken, value)) or "empty list"
        case dict():
            return "; ".join(f"{straight(key)}: {spoken(part)}" for key, part in value.items()) or EMPTY
        case _:
            return straight(str(value))


def _rows(label: str, before: Json, after: Json, now: Json) -> Iterator[Row]:
    objects = all(value is None or value is _UNREAD or isinstance(value, dict) for value in (before, after, now))
    if not objects or not (before or after):
        yield _row(label, before, after, now)
        return
    parts = [value if isinstance(value, dict) else {} for value in (before, after, now)]
    keys = dict.fromkeys(key for part in parts for key in part)
    for key in keys:
        present = _UNREAD if now is _UNREAD else parts[2].get(key)
        moved = present is not _UNREAD and not same(parts[0].get(key), present)
        if moved or not same(parts[0].get(key), parts[1].get(key)):
            yield from _rows(f"{label} · {straight(key)}", parts[0].get(key), parts[1].get(key), present)


def _row(label: str, before: Json, after: Json, now: Json) -> Row:
    values = [before, after] if now is _UNREAD else [before, after, now]
    # The text "1" and the number 1 read the same to a person, and are not the same to Klaviyo.
    alike = any(spoken(a) == spoken(b) and not same(a, b) for a in values for b in values)
    words = [straight(json.dumps(value, ensure_ascii=False)) if alike else spoken(value) for value in values]
    if now is _UNREAD:
        return Row(label, words[0], words[1])
    verdict = "after" if same(now, after) else "before" if same(now, before) else "other"
    return Row(label, words[0], words[1], words[2], verdict)
