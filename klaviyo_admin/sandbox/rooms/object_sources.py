"""The room of data sources, and of the mappings that say which part of a source becomes which property."""

from collections.abc import Mapping

from klaviyo_admin.sandbox import ids, things
from klaviyo_admin.sandbox.asking import Ask, Json, Reply
from klaviyo_admin.sandbox.documents import single
from klaviyo_admin.sandbox.refusals import invalid
from klaviyo_admin.sandbox.rooms.object_shelves import DRAFT, MAPPING, MAPPINGS, SCHEMAS, SOURCE, SOURCES
from klaviyo_admin.sandbox.rooms.reading import Room, all_of, one_of, owner, related_one
from klaviyo_admin.sandbox.shelves import Row

_HERE = "/data/attributes"


def create_data_source(ask: Ask) -> Reply:
    given = ask.attributes
    if not given["title"].strip():
        raise invalid("The title may not be blank.", f"{_HERE}/title")
    kept = {
        "visibility": given.get("visibility") or "private",
        "description": given.get("description") or "",
        "namespace": given.get("namespace") or "custom-objects",
    }
    ident = ids.ulid(ask.now, ask.chance)
    return Reply(single(ask, SOURCES, things.add(things.ledger(ask), SOURCE, ident, kept, name=given["title"])))


def delete_data_source(ask: Ask) -> Reply:
    things.remove(ask.db, owner(ask, SOURCES))
    return Reply()


def add_mapping(ask: Ask, schema: Row, given: Json, pointer: str) -> Row:
    """The mapping of a new schema, empty if nothing is given; `pointer` is its place in the body."""
    kept = {name: given.get(name) or [] for name in ("property_mappings", "relationship_mappings")}
    _check(ask, schema, kept, pointer)
    return things.add(things.ledger(ask), MAPPING, ids.ulid(ask.now, ask.chance), kept, parent=schema["n"])


def _check(ask: Ask, schema: Row, given: Json, pointer: str) -> None:
    known = {entry["id"] for entry in things.content(schema)["properties"]}
    for place, entry in enumerate(given.get("property_mappings") or ()):
        at = f"{pointer}/property_mappings/{place}"
        if entry["id"] not in known:
            raise invalid(f"The schema has no property with id {entry['id']}.", f"{at}/id")
        _check_source(ask, entry.get("source"), f"{at}/source/source_id")
    for place, entry in enumerate(given.get("relationship_mappings") or ()):
        _check_source(ask, entry.get("source"), f"{pointer}/relationship_mappings/{place}/source/source_id")


def _check_source(ask: Ask, source: Json, pointer: str) -> None:
    if source and not things.find(things.ledger(ask), SOURCE, source["source_id"]):
        raise invalid(f"A data source with id {source['source_id']} does not exist.", pointer)


def update_source_mapping(ask: Ask) -> Reply:
    row = owner(ask, MAPPINGS)
    ask.must_match()
    schema = things.row_of(ask.db, row["parent"])
    if schema["status"] != DRAFT:
        raise invalid(f"The schema is {schema['status']}; only a draft can be changed.")
    given = {name: value for name, value in ask.attributes.items() if value is not None}
    _check(ask, schema, given, _HERE)
    return Reply(single(ask, MAPPINGS, things.change(things.ledger(ask), row, data=given)))


_MAPPING, _MAPPING_ID = related_one(SCHEMAS, MAPPINGS, things.children(MAPPING))
ROOM: Mapping[str, Room] = {
    "get_data_sources": all_of(SOURCES),
    "get_data_source": one_of(SOURCES),
    "create_data_source": create_data_source,
    "delete_data_source": delete_data_source,
    "get_source_mapping": one_of(MAPPINGS),
    "update_source_mapping": update_source_mapping,
    "get_source_mapping_for_object_schema": _MAPPING,
    "get_source_mapping_id_for_object_schema": _MAPPING_ID,
}
