"""Turns one item into facts that people read: its columns first, then every other attribute that has a value."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from klaviyo_admin.areas.base import Column, Resource
from klaviyo_admin.klaviyo.values import Item

Fact = tuple[str, Any, str]  # label, value, how it is drawn (areas.base.Column.as_)
PROPERTIES = "properties"
SHORT_FORMS = {"id": "ID", "url": "URL", "sms": "SMS", "ip": "IP", "utm": "UTM", "html": "HTML", "uuid": "UUID"}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


@dataclass(frozen=True, slots=True)
class Group:
    """Facts under one heading, from an attribute that is an object itself."""

    label: str
    facts: tuple[Fact, ...]


def facts(resource: Resource, item: Item) -> list[Fact]:
    """All columns, then the plain attributes that no column shows."""
    shown = {column.key for column in resource.columns}
    extra = [
        (label(key), value, look(value))
        for key, value in item.attributes.items()
        if key not in shown and not isinstance(value, Mapping) and value not in (None, "", [])
    ]
    return [*of_columns(resource.columns, item), *extra]


def of_columns(columns: Sequence[Column], item: Item) -> list[Fact]:
    return [(column.label, column.show(item), column.as_) for column in columns]


def groups(item: Item) -> list[Group]:
    """One group per attribute that is an object, custom properties left out; empty parts do not show."""
    found = (
        Group(label(key), tuple(leaves(value)))
        for key, value in item.attributes.items()
        if isinstance(value, Mapping) and key != PROPERTIES
    )
    return [group for group in found if group.facts]


def properties(item: Item) -> list[Fact]:
    """The custom properties by name; names stay as they are, because people type them into segments."""
    kept = item.attributes.get(PROPERTIES)
    if not isinstance(kept, Mapping):
        return []
    return [
        (str(key), value, look(value)) for key, value in sorted(kept.items(), key=lambda pair: str(pair[0]).lower())
    ]


def leaves(value: Mapping[str, Any], above: str = "") -> Iterator[Fact]:
    for key, inner in value.items():
        name = f"{above} · {label(key)}" if above else label(key)
        if isinstance(inner, Mapping):
            yield from leaves(inner, name)
        elif inner not in (None, "", []):
            yield name, inner, look(inner)


def label(key: str) -> str:
    """An attribute's name as words: "opt_in_process" -> "Opt in process"."""
    words = [SHORT_FORMS.get(word, word) for word in str(key).strip("$").replace("-", "_").split("_") if word]
    said = " ".join(words)
    return said[:1].upper() + said[1:]


def look(value: Any) -> str:
    """How a value of unknown meaning is drawn."""
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str) and _MOMENT.match(value):
        return "moment"
    return "text"
