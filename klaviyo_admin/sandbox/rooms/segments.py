"""The room of segments: their members follow from their definitions."""

import json
from collections.abc import Mapping

from klaviyo_admin.sandbox import ids, membership
from klaviyo_admin.sandbox.asking import Ask, Json, Reply
from klaviyo_admin.sandbox.definitions import condition
from klaviyo_admin.sandbox.refusals import invalid
from klaviyo_admin.sandbox.rooms import circles
from klaviyo_admin.sandbox.rooms.reading import Room, all_of, owner, related
from klaviyo_admin.sandbox.rooms.shelving import PROFILES, SEGMENTS
from klaviyo_admin.sandbox.rooms.tagging import tag_rooms
from klaviyo_admin.sandbox.shelves import Row, Rows


def get_segment(ask: Ask) -> Reply:
    membership.settle(ask)
    return circles.get_one(ask, SEGMENTS)


def create_segment(ask: Ask) -> Reply:
    given, ident = ask.attributes, ids.six(ask.chance)
    ask.db.execute(
        "INSERT INTO circle (account, kind, id, name, created, updated, definition, starred) "
        "VALUES (?, 'segment', ?, ?, ?, ?, ?, ?)",
        (
            *(ask.account, ident, circles.proper_name(given["name"]), ask.now, ask.now),
            *(_proper(ask, given["definition"]), bool(given.get("is_starred"))),
        ),
    )
    return circles.shown(ask, SEGMENTS, ident)


def _proper(ask: Ask, definition: Json) -> str:
    """The definition as text. Raises Refusal for one that cannot be judged."""
    try:
        condition(definition, ask.account, ask.now)
    except ValueError as fault:
        raise invalid(f"The definition cannot be read: {fault}.", "/data/attributes/definition") from fault
    return json.dumps(definition)


def update_segment(ask: Ask) -> Reply:
    row, given = owner(ask, SEGMENTS), ask.attributes
    ask.must_match()
    name, definition = given.get("name"), given.get("definition")
    active, starred = given.get("is_active"), given.get("is_starred")
    ask.db.execute(
        "UPDATE circle SET name = ?, definition = ?, active = ?, starred = ?, updated = ?, counted_at = ? WHERE n = ?",
        (
            row["name"] if name is None else circles.proper_name(name),
            row["definition"] if definition is None else _proper(ask, definition),
            row["active"] if active is None else active,
            row["starred"] if starred is None else starred,
            ask.now,
            row["counted_at"] if definition is None else None,
            row["n"],
        ),
    )
    return circles.shown(ask, SEGMENTS, row["id"])


def _members(ask: Ask, segment: Row) -> Rows:
    membership.settle(ask)
    return circles.members(ask, segment)


_PROFILES, _PROFILE_IDS = related(SEGMENTS, PROFILES, _members)
_TAGS, _TAG_IDS = tag_rooms(SEGMENTS)
ROOM: Mapping[str, Room] = {
    "get_segments": all_of(SEGMENTS),
    "get_segment": get_segment,
    "create_segment": create_segment,
    "update_segment": update_segment,
    "delete_segment": lambda ask: circles.erase(ask, SEGMENTS),
    "get_profiles_for_segment": _PROFILES,
    "get_profile_ids_for_segment": _PROFILE_IDS,
    "get_tags_for_segment": _TAGS,
    "get_tag_ids_for_segment": _TAG_IDS,
}
