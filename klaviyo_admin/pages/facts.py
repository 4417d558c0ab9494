"""Turns one item into facts that people read: its columns first, then every other attribute that has a value."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from klaviyo_admin.areas.base import Column, Resource
from klaviyo_admin.klaviyo.values import Item

Fact = tuple[str, Any, str]  # label, value, how it is drawn (areas.base.Column.as_)
PROPERTIES = "properties"
SHORT_FORMS = {
    "id": "ID",
    "url": "URL",
    "sms": "SMS",
    "ip": "IP",
    "utm": "UTM",
    "html": "HTML",
    "uuid": "UUID",
    "os": "OS",
    "sdk": "SDK",
}
_NUMBERED = re.compile(r"([a-z])(\d)")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


@dataclass(frozen=True, slots=True)
class Group:
    """Facts from an attribute that is an object itself, in parts: (the name of the inner object or "", its facts)."""

    label: str
    parts: tuple[tuple[str, tuple[Fact, ...]], ...]


def facts(resource: Resource, item: Item) -> list[Fact]:
    """All columns, then the plain attributes that no column shows."""
    shown = {key for column in resource.columns for key in (column.key, *column.covers)}
    extra = [
        (label(key), value, look(value))
        for key, value in item.attributes.items()
        if key not in shown and not isinstance(value, Mapping) and value not in (None, "", [])
    ]
    return [*of_columns(resource.columns, item), *extra]


def of_columns(columns: Sequence[Column], item: Item) -> list[Fact]:
    return [(column.label, column.show(item), column.as_) for column in columns]


def groups(resource: Resource, item: Item) -> list[Group]:
    """One group per attribute that is an object and that no column covers, custom properties left out; empty parts do not
    show."""
    covered = {key for column in resource.columns for key in column.covers}
    found = (
        Group(label(key), tuple(parts(value)))
        for key, value in item.attributes.items()
        if isinstance(value, Mapping) and key != PROPERTIES and key not in covered
    )
    return [group for group in found if group.parts]


def parts(value: Mapping[str, Any], name: str = "") -> Iterator[tuple[str, tuple[Fact, ...]]]:
    """An object's own plain values, then those of the objects in it, however deep."""
    own = [(label(key), inner, look(inner, key)) for key, inner in value.items() if not isinstance(inner, Mapping)]
    if said := tuple(fact for fact in own if fact[1] not in (None, "", [])):
        yield name, said
    for key, inner in value.items():
        if isinstance(inner, Mapping):
            yield from parts(inner, f"{name}, {label(key).lower()}" if name else label(key))


def properties(item: Item) -> list[Fact]:
    """The custom properties by name; names stay as they are, because people type them into segments."""
    kept = item.attributes.get(PROPERTIES)
    if not isinstance(kept, Mapping):
        return []
    return [
        (str(key), value, look(value)) for key, value in sorted(kept.items(), key=lambda pair: str(pair[0]).lower())
    ]


def label(key: str) -> str:
    """An attribute's name as words: "opt_in_process" -> "Opt in process"."""
    plain = _NUMBERED.sub(r"\1 \2", str(key).strip("$").replace("-", "_"))
    words = [SHORT_FORMS.get(word, word) for word in plain.split("_") if word]
    said = " ".join(words)
    return said[:1].upper() + said[1:]


def look(value: Any, key: str = "") -> str:
    """How a value of unknown meaning is drawn."""
    if key == "consent":
        return "badge"
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str) and _MOMENT.match(value):
        return "moment"
    return "text"
