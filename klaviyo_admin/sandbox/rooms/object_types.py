"""The room of object types and their schemas, which are drafts until they are published."""

from collections.abc import Callable, Mapping
from typing import Any

from klaviyo_admin.sandbox import ids, things
from klaviyo_admin.sandbox.asking import Ask, Json, Reply
from klaviyo_admin.sandbox.documents import single
from klaviyo_admin.sandbox.moments import SECOND
from klaviyo_admin.sandbox.refusals import Problem, Refusal, invalid
from klaviyo_admin.sandbox.rooms import object_sources
from klaviyo_admin.sandbox.rooms.object_shelves import ACTIVE, DRAFT, PUBLISHING, SCHEMA, SCHEMAS, TYPE, TYPES
from klaviyo_admin.sandbox.rooms.reading import Room, all_of, one_of, owner, related, related_one
from klaviyo_admin.sandbox.shelves import Row, Rows

_HERE = "/data/attributes"
_PUBLISHES = 2.0  # seconds
_NAMESPACE = "custom-objects"


def create_object_type(ask: Ask) -> Reply:
    given = ask.attributes
    kept = {
        "description": given.get("description") or "",
        "visibility": given.get("visibility") or "private",
        "namespace": given.get("namespace") or _NAMESPACE,
    }
    ident = ids.ulid(ask.now, ask.chance)
    row = things.add(things.ledger(ask), TYPE, ident, kept, name=_title(given["title"]), status=DRAFT)
    schema = (given.get("object-schema") or {}).get("data")
    if schema:
        add_schema(
            ask, row, {"title": given["title"], **schema["attributes"]}, f"{_HERE}/object-schema/data/attributes"
        )
    return Reply(single(ask, TYPES, things.named(ask, TYPES, ident)))


def _title(text: str) -> str:
    if not text.strip():
        raise invalid("The title may not be blank.", f"{_HERE}/title")
    return text


def delete_object_type(ask: Ask) -> Reply:
    """With its schemas, records and logs."""
    things.remove(ask.db, owner(ask, TYPES))
    return Reply()


def create_object_schema(ask: Ask) -> Reply:
    given = ((ask.document["data"].get("relationships") or {}).get(TYPE) or {}).get("data")
    pointer = f"/data/relationships/{TYPE}/data"
    if not given:
        raise invalid("A schema belongs to an object type.", pointer)
    row = add_schema(ask, things.named(ask, TYPES, given["id"], f"{pointer}/id"), ask.attributes, _HERE)
    return Reply(single(ask, SCHEMAS, row))


def add_schema(ask: Ask, kind: Row, given: Json, pointer: str) -> Row:
    """A schema with its mapping; a type has one at most that is not published yet. `pointer` is the place in the body."""
    sql = "SELECT 1 FROM thing WHERE parent = ? AND kind = ? AND status IN (?, ?)"
    if ask.db.execute(sql, (kind["n"], SCHEMA, DRAFT, PUBLISHING)).fetchone():
        raise Refusal(Problem("conflict", "The object type has a draft schema already."))
    properties, required = given.get("properties") or [], given.get("required") or []
    _check(properties, required, pointer)
    kept = {
        "description": given.get("description") or "",
        "properties": _described(properties),
        "required": required,
        "published_at": None,
        "visibility": things.content(kind)["visibility"],
    }
    ident = ids.ulid(ask.now, ask.chance)
    where = things.ledger(ask)
    row = things.add(where, SCHEMA, ident, kept, name=_title(given["title"]), status=DRAFT, parent=kind["n"])
    mapping = ((given.get("source-mapping") or {}).get("data") or {}).get("attributes") or {}
    object_sources.add_mapping(ask, row, mapping, f"{pointer}/source-mapping/data/attributes")
    return _publish(ask, row) if given.get("status") == ACTIVE else row


def _described(properties: list[Json]) -> list[Json]:
    return [{**entry, "description": entry.get("description") or ""} for entry in properties]


def _check(properties: list[Json], required: list[str], pointer: str) -> None:
    for key in ("id", "name"):
        values = [entry[key] for entry in properties]
        for place, value in enumerate(values):
            if values.index(value) != place:
                raise invalid(f"'{key}' {value!r} is used twice.", f"{pointer}/properties/{place}/{key}")
    names = {entry["name"] for entry in properties}
    for place, name in enumerate(required):
        if name not in names:
            raise invalid(f"There is no property '{name}'.", f"{pointer}/required/{place}")


def _publish(ask: Ask, schema: Row) -> Row:
    due = ask.now + int(_PUBLISHES * SECOND / ask.speed)
    return things.change(things.ledger(ask), schema, data={"due": due}, status=PUBLISHING)


def update_object_schema(ask: Ask) -> Reply:
    """Only a draft can be changed; giving it the status "active" publishes it."""
    row, given = owner(ask, SCHEMAS), {k: v for k, v in ask.attributes.items() if v is not None}
    ask.must_match()
    if row["status"] != DRAFT:
        raise invalid(f"The schema is {row['status']}; only a draft can be changed.")
    before = things.content(row)
    kept: dict[str, Any] = {name: given.get(name, before[name]) for name in ("description", "properties", "required")}
    _check(kept["properties"], kept["required"], _HERE)
    kept["properties"] = _described(kept["properties"])
    name = _title(given["title"]) if "title" in given else None
    row = things.change(things.ledger(ask), row, data=kept, name=name)
    return Reply(single(ask, SCHEMAS, _publish(ask, row) if given.get("status") == ACTIVE else row))


def _in_state(*states: str) -> Callable[[Ask, Row], Rows]:
    marks = ",".join("?" * len(states))
    where = f"thing.parent = ? AND thing.kind = ? AND thing.status IN ({marks})"
    return lambda ask, row: Rows("thing", where, (row["n"], SCHEMA, *states))


_CURRENT, _CURRENT_ID = related_one(TYPES, SCHEMAS, _in_state(ACTIVE))
_DRAFT, _DRAFT_ID = related_one(TYPES, SCHEMAS, _in_state(DRAFT, PUBLISHING))
_VERSIONS, _VERSION_IDS = related(TYPES, SCHEMAS, things.children(SCHEMA))
ROOM: Mapping[str, Room] = {
    "get_object_types": all_of(TYPES),
    "get_object_type": one_of(TYPES),
    "create_object_type": create_object_type,
    "delete_object_type": delete_object_type,
    "get_object_schema": one_of(SCHEMAS),
    "create_object_schema": create_object_schema,
    "update_object_schema": update_object_schema,
    "get_current_schema_for_object_type": _CURRENT,
    "get_current_schema_id_for_object_type": _CURRENT_ID,
    "get_draft_schema_for_object_type": _DRAFT,
    "get_draft_schema_id_for_object_type": _DRAFT_ID,
    "get_schema_versions_for_object_type": _VERSIONS,
    "get_schema_version_ids_for_object_type": _VERSION_IDS,
}
