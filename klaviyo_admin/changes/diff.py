"""How what a request overwrites reads to a person: one row for each value, before and after and, if known, now."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from klaviyo_admin.changes.models import Step
from klaviyo_admin.changes.staleness import at, same
from klaviyo_admin.klaviyo.values import Item, Json

EMPTY = "empty"
_UNREAD: Any = object()


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

    `now` is read from `item`, else from what a stale step saw.
    """
    seen = step.seen if step.seen is not None else [_UNREAD] * len(step.fields)
    found: list[Row] = []
    for field, then in zip(step.fields, seen, strict=True):
        now = at(item, field) if item else then
        found += _rows(field["label"], field["before"], field["after"], now)
    return tuple(found)


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
            return "; ".join(f"{key}: {spoken(part)}" for key, part in value.items()) or EMPTY
        case _:
            return str(value)


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
            yield from _rows(f"{label} · {key}", parts[0].get(key), parts[1].get(key), present)


def _row(label: str, before: Json, after: Json, now: Json) -> Row:
    values = [before, after] if now is _UNREAD else [before, after, now]
    # The text "1" and the number 1 read the same to a person, and are not the same to Klaviyo.
    alike = any(spoken(a) == spoken(b) and not same(a, b) for a in values for b in values)
    words = [json.dumps(value, ensure_ascii=False) if alike else spoken(value) for value in values]
    if now is _UNREAD:
        return Row(label, words[0], words[1])
    verdict = "after" if same(now, after) else "before" if same(now, before) else "other"
    return Row(label, words[0], words[1], words[2], verdict)
