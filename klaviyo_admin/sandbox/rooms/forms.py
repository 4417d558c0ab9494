"""The room of sign-up forms and their versions."""

import random
from collections.abc import Mapping
from typing import Any

from klaviyo_admin.sandbox import ids, things
from klaviyo_admin.sandbox.asking import Ask, Json, Reply
from klaviyo_admin.sandbox.documents import single
from klaviyo_admin.sandbox.moments import whole
from klaviyo_admin.sandbox.refusals import invalid
from klaviyo_admin.sandbox.rooms.reading import Room, all_of, one_of, owner, related, related_one
from klaviyo_admin.sandbox.shelves import Extras, Relation, Row, Shelf, shelf_of

FORM, VERSION = "form", "form-version"
_FIRST = 3_000_001  # version ids are numbers, counted up through both accounts
_PARTS = frozenset({"steps", "columns", "rows", "blocks", "teasers", "triggers"})  # lists whose members have ids
_SHOWN_TYPES = {"full_screen": "full_page"}  # a version is shown under another word than its definition uses
_HERE = "/data/attributes"


def _form(row: Row, extras: Extras) -> dict[str, Any]:
    return {
        "name": row["name"],
        "status": row["status"],
        "ab_test": things.content(row)["ab_test"],
        "created_at": whole(row["created"]),
        "updated_at": whole(row["updated"]),
    }


def _version(row: Row, extras: Extras) -> dict[str, Any]:
    kept = things.content(row)
    shown = {
        "form_type": kept["form_type"],
        "variation_name": row["name"],
        "status": row["status"],
        "created_at": whole(row["created"]),
        "updated_at": whole(row["updated"]),
    }
    return shown | ({"ab_test": {"variation_name": row["name"]}} if kept["ab_test"] else {})


FORMS: Shelf = things.shelf(
    FORM,
    "/api/forms",
    _form,
    columns={"ab_test": "thing.data ->> '$.ab_test'"},
    relations=(Relation("form-versions", shelf_of(VERSION), things.loading_children(VERSION), always=True),),
    sort="-updated_at",
)
VERSIONS: Shelf = things.shelf(
    VERSION,
    "/api/form-versions",
    _version,
    columns={"form_type": "thing.data ->> '$.form_type'"},
    relations=(Relation("form", lambda: FORMS, things.LOADING_PARENT, many=False, always=True),),
    sort="-updated_at",
)


def create_form(ask: Ask) -> Reply:
    given = ask.attributes
    versions = given["definition"]["versions"]
    if not given["name"].strip():
        raise invalid("The name may not be blank.", f"{_HERE}/name")
    if not versions:
        raise invalid("A form needs at least one version.", f"{_HERE}/definition/versions")
    for place, version in enumerate(versions):
        pointer = f"{_HERE}/definition/versions/{place}"
        if version.get("id") is not None:
            raise invalid("Ids cannot be chosen.", f"{pointer}/id")
        if len(version["steps"]) < 2:
            raise invalid("Versions must have at least two steps", f"{pointer}/steps")
    row = plant(ask.chance, things.ledger(ask), ids.six(ask.chance), given)
    return Reply(_whole(ask, row))


def plant(chance: random.Random, where: things.Ledger, ident: str, given: Json) -> Row:
    """Keeps a form and its versions, and gives an id to each of their parts."""
    number = int(
        where.db.execute(
            "SELECT ifnull(max(CAST(id AS INTEGER)) + 1, ?) FROM thing WHERE kind = ?", (_FIRST, VERSION)
        ).fetchone()[0]
    )
    versions = [
        {**_numbered(version, chance, where), "id": number + place}
        for place, version in enumerate(given["definition"]["versions"])
    ]
    kept = {"ab_test": given["ab_test"], "definition": {**given["definition"], "versions": versions}}
    row = things.add(where, FORM, ident, kept, name=given["name"], status=given["status"])
    for place, version in enumerate(versions):
        shape = version.get("type") or "popup"
        about = {"form_type": _SHOWN_TYPES.get(shape, shape), "ab_test": bool(version.get("ab_test"))}
        name, status = version.get("name") or f"Variation {place + 1}", version.get("status") or given["status"]
        things.add(where, VERSION, str(version["id"]), about, name=name, status=status, parent=row["n"])
    return row


def _numbered(value: Any, chance: random.Random, where: things.Ledger) -> Any:
    """The same with an id for each member of the lists that have them."""
    if isinstance(value, list):
        return [_numbered(inner, chance, where) for inner in value]
    if not isinstance(value, dict):
        return value
    found = {}
    for key, inner in value.items():
        found[key] = _numbered(inner, chance, where)
        if key in _PARTS and isinstance(inner, list):
            found[key] = [{**part, "id": part.get("id") or ids.ulid(where.now, chance)} for part in found[key]]
    return found


def get_form(ask: Ask) -> Reply:
    return Reply(_whole(ask, owner(ask, FORMS)))


def _whole(ask: Ask, row: Row) -> Json:
    """The document of a form with its definition, which only a form by itself shows."""
    document = single(ask, FORMS, row)
    wanted = ask.query.fields.get(FORM)
    if wanted is None or any(name.partition(".")[0] == "definition" for name in wanted):
        document["data"]["attributes"]["definition"] = things.content(row)["definition"]
    del document["data"]["relationships"]
    return document


def delete_form(ask: Ask) -> Reply:
    things.remove(ask.db, owner(ask, FORMS))
    return Reply()


_VERSIONS, _VERSION_IDS = related(FORMS, VERSIONS, things.children(VERSION))
_FORM, _FORM_ID = related_one(VERSIONS, FORMS, things.parent)
ROOM: Mapping[str, Room] = {
    "get_forms": all_of(FORMS),
    "get_form": get_form,
    "create_form": create_form,
    "delete_form": delete_form,
    "get_versions_for_form": _VERSIONS,
    "get_version_ids_for_form": _VERSION_IDS,
    "get_form_version": one_of(VERSIONS),
    "get_form_for_form_version": _FORM,
    "get_form_id_for_form_version": _FORM_ID,
}
