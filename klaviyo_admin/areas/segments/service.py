"""The pure builders of changes to segments, and the definition of one as rows to read."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from klaviyo_admin.areas import building
from klaviyo_admin.areas.base import Answers, Asked
from klaviyo_admin.areas.building import Noun, patched, posted
from klaviyo_admin.areas.definitions import mentioned, sentences
from klaviyo_admin.areas.words import name
from klaviyo_admin.intents import Intent
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.errors import NotFound
from klaviyo_admin.klaviyo.values import Item, Page

LABELS = {"name": "Name", "definition": "Who is in it", "is_starred": "Starred", "is_active": "Active"}
SEGMENT = Noun("segment", "segments", "segment", "get_segment", name, LABELS)

delete = building.deleting("segments.delete", "delete_segment", SEGMENT)
edit = building.editing("segments.edit", "update_segment", SEGMENT)


def start_edit(items: Sequence[Item]) -> dict[str, Any]:
    (segment,) = items
    return {key: segment.get(key) for key in ("name", "definition", "is_starred")}


def start_switch(items: Sequence[Item]) -> dict[str, Any]:
    (segment,) = items
    return {"is_active": "no" if segment.get("is_active") else "yes"}


def create(items: Sequence[Item], answers: Answers) -> Intent:
    """One POST of a new segment with its definition."""
    target = SEGMENT.new(answers["name"])
    given = {key: answers[key] for key in ("name", "definition")}
    fields = SEGMENT.changes(given | ({"is_starred": True} if answers.get("is_starred") else {}))
    return Intent(
        "segments.create", "Create the segment “{target}”.", (posted("create_segment", target, fields),), target
    )


def switch(items: Sequence[Item], answers: Answers) -> Intent:
    """One PATCH that stops a segment being worked out, or begins it again; nothing else may go with it."""
    (segment,) = items
    fields = SEGMENT.changes({"is_active": answers["is_active"]}, segment)
    verb = "Work the segment “{target}” out again." if answers["is_active"] else "Switch the segment “{target}” off."
    return Intent(
        "segments.switch", verb, (patched("update_segment", SEGMENT, segment, fields),), SEGMENT.target(segment)
    )


def definition(reader: Reader, ident: str, asked: Asked) -> Page:
    """The conditions of a segment as rows of `joint` and `text`, with the names of what they speak of."""
    segment = reader.item("get_segment", path={"id": ident})
    return Page(conditions(segment, _names(reader, segment.get("definition") or {})), datetime.now(UTC))


def conditions(segment: Item, names: Mapping[str, str]) -> tuple[Item, ...]:
    """The conditions of a segment, each with `joint` ("", "and", "or") and `text`; what has no name is called by its id."""
    return tuple(
        Item(
            "condition",
            "",
            {"joint": "or" if place else "and" if number else "", "text": f"{text[:1].upper()}{text[1:]}."},
        )
        for number, group in enumerate(sentences(segment.get("definition") or {}, names))
        for place, text in enumerate(group)
    )


def _names(reader: Reader, found: Mapping[str, Any]) -> dict[str, str]:
    """What the metrics, lists and segments of a definition are called; what cannot be read keeps its id."""
    calls = [
        partial(_circle, reader, ident) if kind == "group" else partial(reader.item, "get_metric", {"id": ident})
        for kind, ident in mentioned(found)
    ]
    return {item.id: name(item) for item in reader.gather(*calls) if isinstance(item, Item)}


def _circle(reader: Reader, ident: str) -> Item:
    """The list of this id, or else the segment."""
    try:
        return reader.item("get_list", {"id": ident})
    except NotFound:
        return reader.item("get_segment", {"id": ident})
