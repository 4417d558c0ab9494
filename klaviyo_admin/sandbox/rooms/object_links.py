"""The room of how schemas relate: to one another, and to profiles. A pair may be linked more than once, by several names."""

from collections.abc import Mapping

from klaviyo_admin.sandbox import ids, things
from klaviyo_admin.sandbox.asking import Ask, Json, Reply
from klaviyo_admin.sandbox.documents import identifiers
from klaviyo_admin.sandbox.paging import Found
from klaviyo_admin.sandbox.refusals import Problem, Refusal, invalid
from klaviyo_admin.sandbox.rooms.object_shelves import DRAFT, LINK, SCHEMAS, TO_PROFILE, TO_SCHEMA, TYPES
from klaviyo_admin.sandbox.rooms.reading import Room, owner
from klaviyo_admin.sandbox.shelves import Row, Shelf


def _draft(ask: Ask) -> Row:
    row = owner(ask, SCHEMAS)
    if row["status"] != DRAFT:
        raise invalid(f"The schema is {row['status']}; only a draft can be changed.")
    return row


def _create(to: str) -> Room:
    def room(ask: Ask) -> Reply:
        schema = _draft(ask)
        for place, item in enumerate(ask.document["data"]):
            if to == TO_SCHEMA:
                things.named(ask, SCHEMAS, item["id"], f"/data/{place}/id")
            meta, ident = item.get("meta") or {}, ids.ulid(ask.now, ask.chance)
            kept = {"to": to, "target": item["id"], "relationship_id": ident}
            kept |= {"name": meta.get("name") or "", "description": meta.get("description") or ""}
            things.add(things.ledger(ask), LINK, ident, kept, parent=schema["n"])
        return Reply()

    return room


def _update(to: str) -> Room:
    def room(ask: Ask) -> Reply:
        schema, item = _draft(ask), ask.document["data"]
        meta = item.get("meta") or {}
        for link in _meant(ask, schema, to, item, "/data"):
            given = {name: meta[name] for name in ("name", "description") if meta.get(name) is not None}
            things.change(things.ledger(ask), link, data=given)
        return Reply()

    return room


def _delete(to: str) -> Room:
    def room(ask: Ask) -> Reply:
        schema = _draft(ask)
        for place, item in enumerate(ask.document["data"]):
            for link in _meant(ask, schema, to, item, f"/data/{place}"):
                things.remove(ask.db, link)
        return Reply()

    return room


def _meant(ask: Ask, schema: Row, to: str, item: Json, pointer: str) -> list[Row]:
    """The link of that relationship id, or without one all links to that target. Raises Refusal if there is none."""
    wanted = (item.get("meta") or {}).get("relationship_id")
    rows = ask.db.execute(
        "SELECT * FROM thing WHERE parent = ? AND kind = ? AND data ->> '$.to' = ? AND data ->> '$.target' = ? "
        "AND id = ifnull(?, id)",
        (schema["n"], LINK, to, item["id"], wanted),
    ).fetchall()
    if not rows:
        raise Refusal(Problem("not_found", f"There is no such relationship to {item['id']}.", f"{pointer}/id"))
    return rows


def _ids(of: Shelf, relationship: str) -> Room:
    """What the relationship of that name leads to, as ids."""
    relation = next(r for r in of.relations if r.name == relationship)

    def room(ask: Ask) -> Reply:
        row = owner(ask, of)
        rows = [other for _, other in relation.load(ask.db, [row])] if relation.load else []
        shelf = relation.shelf() if relation.shelf else of
        return Reply(identifiers(ask, shelf, Found(rows, None, None)))

    return room


ROOM: Mapping[str, Room] = {
    "get_object_schema_relationships": _ids(SCHEMAS, "object-schemas"),
    "create_object_schema_relationship": _create(TO_SCHEMA),
    "update_object_schema_relationship": _update(TO_SCHEMA),
    "delete_object_schema_relationship": _delete(TO_SCHEMA),
    "get_profile_schema_relationships": _ids(SCHEMAS, "profile-object-schemas"),
    "create_profile_schema_relationship": _create(TO_PROFILE),
    "update_profile_schema_relationship": _update(TO_PROFILE),
    "delete_profile_schema_relationship": _delete(TO_PROFILE),
    "get_object_type_relationships": _ids(TYPES, "object-types"),
    "get_profile_type_relationships": _ids(TYPES, "profile-object-types"),
}
