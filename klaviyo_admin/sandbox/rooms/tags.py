"""The room of tags: kept in groups, of which an exclusive one gives each resource one tag at most."""

import uuid
from collections.abc import Callable, Mapping

from klaviyo_admin.sandbox import things
from klaviyo_admin.sandbox.asking import Ask, Reply
from klaviyo_admin.sandbox.documents import single
from klaviyo_admin.sandbox.refusals import Refusal, invalid
from klaviyo_admin.sandbox.rooms.circles import proper_name
from klaviyo_admin.sandbox.rooms.reading import Room, all_of, one_of, owner, related, related_one
from klaviyo_admin.sandbox.rooms.tagging import CARRIERS, GROUP, GROUPS, TAG, TAGS
from klaviyo_admin.sandbox.shelves import Row, Rows, Shelf, shelf_of

_MOST_TAGS, _MOST_GROUPS, _MOST_CARRIED = 500, 50, 100
_GROUP_OF = "/data/relationships/tag-group/data/id"


def create_tag(ask: Ask) -> Reply:
    where, name = things.ledger(ask), proper_name(ask.attributes["name"])
    given = ((ask.document["data"].get("relationships") or {}).get(GROUP) or {}).get("data")
    group = things.named(ask, GROUPS, given["id"], _GROUP_OF) if given else _default(ask)
    if things.count(where, TAG) >= _MOST_TAGS:
        raise invalid(f"An account may have at most {_MOST_TAGS} tags.")
    row = things.add(where, TAG, _uuid(ask), {}, name=name, parent=group["n"])
    return Reply(single(ask, TAGS, row))


def update_tag(ask: Ask) -> Reply:
    row = owner(ask, TAGS)
    ask.must_match()
    things.change(things.ledger(ask), row, name=proper_name(ask.attributes["name"]))
    return Reply()


def delete_tag(ask: Ask) -> Reply:
    _remove(ask, owner(ask, TAGS))
    return Reply()


def create_tag_group(ask: Ask) -> Reply:
    where, name = things.ledger(ask), proper_name(ask.attributes["name"])
    if things.count(where, GROUP) >= _MOST_GROUPS:
        raise invalid(f"An account may have at most {_MOST_GROUPS} tag groups.")
    data = {"exclusive": bool(ask.attributes.get("exclusive")), "default": False}
    return Reply(single(ask, GROUPS, things.add(where, GROUP, _uuid(ask), data, name=name)))


def update_tag_group(ask: Ask) -> Reply:
    row = owner(ask, GROUPS)
    ask.must_match()
    things.change(things.ledger(ask), row, name=proper_name(ask.attributes["name"]))
    return Reply()


def delete_tag_group(ask: Ask) -> Reply:
    """With its tags; the default group stays."""
    row = owner(ask, GROUPS)
    if things.content(row)["default"]:
        raise invalid("The default tag group cannot be deleted.", "/data/id")
    for tag in ask.db.execute("SELECT * FROM thing WHERE parent = ? AND kind = ?", (row["n"], TAG)).fetchall():
        _remove(ask, tag)
    things.remove(ask.db, row)
    return Reply()


def _remove(ask: Ask, tag: Row) -> None:
    ask.db.execute("DELETE FROM tagging WHERE tag = ?", (tag["n"],))
    things.remove(ask.db, tag)


def _default(ask: Ask) -> Row:
    row: Row = ask.db.execute(
        "SELECT * FROM thing WHERE account = ? AND kind = ? AND data ->> '$.default'", (ask.account, GROUP)
    ).fetchone()
    return row


def _uuid(ask: Ask) -> str:
    return str(uuid.UUID(int=ask.chance.getrandbits(128), version=4))


def _tag_all(shelf: Callable[[], Shelf]) -> Room:
    """Tags every resource that the body names, or none."""

    def room(ask: Ask) -> Reply:
        tag, kind = owner(ask, TAGS), shelf().type
        for place, item in enumerate(ask.document["data"]):
            things.named(ask, shelf(), item["id"], f"/data/{place}/id")
            _must_take(ask, tag, kind, item["id"], f"/data/{place}")
            ask.db.execute("INSERT OR IGNORE INTO tagging VALUES (?, ?, ?)", (tag["n"], kind, item["id"]))
        return Reply()

    return room


def _must_take(ask: Ask, tag: Row, kind: str, ident: str, pointer: str) -> None:
    """Raises Refusal for a resource that has too many tags, or another one of an exclusive group."""
    carried = ask.db.execute(
        "SELECT thing.* FROM tagging JOIN thing ON thing.n = tagging.tag WHERE tagging.kind = ? AND tagging.object = ? "
        "AND thing.n <> ?",
        (kind, ident, tag["n"]),
    ).fetchall()
    if len(carried) >= _MOST_CARRIED:
        raise invalid(f"A {kind} may have at most {_MOST_CARRIED} tags.", pointer)
    if any(other["parent"] == tag["parent"] for other in carried):
        group = things.row_of(ask.db, tag["parent"])
        if things.content(group)["exclusive"]:
            raise _exclusive(kind, group, pointer)


def _exclusive(kind: str, group: Row, pointer: str) -> Refusal:
    return invalid(f"A {kind} may have one tag of the exclusive tag group '{group['name']}' only.", pointer)


def _untag_all(shelf: Callable[[], Shelf]) -> Room:
    def room(ask: Ask) -> Reply:
        tag, kind = owner(ask, TAGS), shelf().type
        for place, item in enumerate(ask.document["data"]):
            things.named(ask, shelf(), item["id"], f"/data/{place}/id")
            key = (tag["n"], kind, item["id"])
            ask.db.execute("DELETE FROM tagging WHERE tag = ? AND kind = ? AND object = ?", key)
        return Reply()

    return room


def _carriers(shelf: Callable[[], Shelf]) -> Room:
    """The ids of what has the tag."""

    def room(ask: Ask) -> Reply:
        return related(TAGS, shelf(), lambda ask, tag: _tagged(ask, shelf(), tag))[1](ask)

    return room


def _tagged(ask: Ask, shelf: Shelf, tag: Row) -> Rows:
    table = f"tagging JOIN {shelf.table} ON {shelf.table}.id = tagging.object AND {shelf.only}"
    where = f"tagging.tag = ? AND tagging.kind = ? AND {shelf.table}.account = ?"
    return Rows(table, where, (tag["n"], shelf.type, ask.account), sort="id")


_GROUP, _GROUP_ID = related_one(TAGS, GROUPS, things.parent)
_TAGS, _TAG_IDS = related(GROUPS, TAGS, things.children(TAG))
ROOM: Mapping[str, Room] = {
    "get_tags": all_of(TAGS),
    "get_tag": one_of(TAGS),
    "create_tag": create_tag,
    "update_tag": update_tag,
    "delete_tag": delete_tag,
    "get_tag_groups": all_of(GROUPS),
    "get_tag_group": one_of(GROUPS),
    "create_tag_group": create_tag_group,
    "update_tag_group": update_tag_group,
    "delete_tag_group": delete_tag_group,
    "get_tag_group_for_tag": _GROUP,
    "get_tag_group_id_for_tag": _GROUP_ID,
    "get_tags_for_tag_group": _TAGS,
    "get_tag_ids_for_tag_group": _TAG_IDS,
    **{f"tag_{kind}s": _tag_all(shelf_of(kind)) for kind in CARRIERS},
    **{f"remove_tag_from_{kind}s": _untag_all(shelf_of(kind)) for kind in CARRIERS},
    **{f"get_{kind}_ids_for_tag": _carriers(shelf_of(kind)) for kind in CARRIERS},
}
