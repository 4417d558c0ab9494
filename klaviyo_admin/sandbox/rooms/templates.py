"""The room of templates: made, changed, cloned, rendered and deleted."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from klaviyo_admin.sandbox import ids, things
from klaviyo_admin.sandbox.asking import Ask, Json, Reply, absent
from klaviyo_admin.sandbox.documents import collection, single
from klaviyo_admin.sandbox.moments import SECOND, whole
from klaviyo_admin.sandbox.paging import page
from klaviyo_admin.sandbox.refusals import invalid, refused
from klaviyo_admin.sandbox.rendering import BadTemplate, render
from klaviyo_admin.sandbox.rooms import drawing
from klaviyo_admin.sandbox.rooms.reading import Room, one_of, owner
from klaviyo_admin.sandbox.shelves import Extras, Row, Rows, Shelf

MOST = 1000  # templates in an account
KIND = "template"
_HERE = "/data/attributes"
_LIBRARY = ""  # the status of templates that belong to no message
_FLOW = "flow"  # the status of the copies that messages of flows have
_SYSTEM = "SYSTEM_DRAGGABLE"
_TYPES = ("CODE", "USER_DRAGGABLE", _SYSTEM)


def _show(row: Row, extras: Extras) -> dict[str, Any]:
    kept = things.content(row)
    shown = {
        "name": row["name"],
        "editor_type": kept["editor_type"],
        "html": kept["html"],
        "text": kept.get("text"),
        "amp": kept.get("amp"),
        "created": whole(row["created"]),
        "updated": whole(row["updated"]),
    }
    asked = "definition" in extras and "definition" in kept
    return shown | ({"definition": kept["definition"]} if asked else {})


TEMPLATES: Shelf = things.shelf(KIND, "/api/templates", _show)


def get_templates(ask: Ask) -> Reply:
    own = Rows("thing", "thing.account = ? AND thing.kind = ? AND thing.status = ?", (ask.account, KIND, _LIBRARY))
    return Reply(collection(ask, TEMPLATES, page(ask, TEMPLATES, own)))


def create_template(ask: Ask) -> Reply:
    given = ask.attributes
    if given["editor_type"] not in _TYPES:
        raise invalid(f"'editor_type' must be one of {', '.join(_TYPES)}.", f"{_HERE}/editor_type")
    kept = {"editor_type": given["editor_type"], **_content(given, given["editor_type"], new=True)}
    return _shown(ask, _add(ask, given["name"], kept))


def _add(ask: Ask, name: str, kept: Json) -> Row:
    """Raises Refusal when the account is full."""
    where = things.ledger(ask)
    if things.count(where, KIND, _LIBRARY) >= MOST:
        raise invalid(f"An account may have at most {MOST} templates.")
    if not name.strip():
        raise invalid("The name may not be blank.", f"{_HERE}/name")
    return things.add(where, KIND, ids.six(ask.chance), kept, name=name)


def owned(ask: Ask, row: Row, owner: str) -> Row:
    """A copy for a message of a campaign or flow: found by its id, but not among the account's templates."""
    ident = ids.six(ask.chance)
    return things.add(things.ledger(ask), KIND, ident, things.content(row), name=row["name"], status=owner)


def _content(given: Json, editor: str, *, new: bool) -> dict[str, Any]:
    """What is given of the content. Raises Refusal for parts that this kind of editor does not take."""
    kept = {name: given[name] for name in ("html", "text", "amp", "definition") if given.get(name) is not None}
    if editor != _SYSTEM:
        if "definition" in kept:
            raise invalid("'definition' is only allowed for SYSTEM_DRAGGABLE templates.", f"{_HERE}/definition")
        if new and "html" not in kept:
            raise invalid("'html' is required for this editor type.", f"{_HERE}/html")
        return kept
    for name in ("html", "amp"):
        if name in kept:
            raise invalid(f"'{name}' is not allowed for SYSTEM_DRAGGABLE templates.", f"{_HERE}/{name}")
    if "definition" not in kept:
        if new:
            raise invalid("'definition' is required for SYSTEM_DRAGGABLE templates.", f"{_HERE}/definition")
        return kept
    if not kept["definition"]["body"].get("sections"):
        raise invalid("The body needs at least one section.", f"{_HERE}/definition/body/sections")
    return {**kept, "html": drawing.html_of(kept["definition"])}


def update_template(ask: Ask) -> Reply:
    row, given = owner(ask, TEMPLATES), ask.attributes
    ask.must_match()
    if row["status"] == _FLOW:
        raise absent(ask, KIND)  # such a copy can be read, yet not be changed
    name = given.get("name")
    if name is not None and not name.strip():
        raise invalid("The name may not be blank.", f"{_HERE}/name")
    kept = _content(given, things.content(row)["editor_type"], new=False)
    return _shown(ask, things.change(things.ledger(ask), row, data=kept, name=name))


def delete_template(ask: Ask) -> Reply:
    row = owner(ask, TEMPLATES)
    if row["status"] == _FLOW:
        raise refused("conflict", "The template belongs to a flow.", "/data")
    things.remove(ask.db, row)
    return Reply(status=200)  # the document promises 204; the live service was seen to answer 200


def clone_template(ask: Ask) -> Reply:
    row = things.named(ask, TEMPLATES, ask.document["data"]["id"])
    name = (ask.document["data"].get("attributes") or {}).get("name")
    return _shown(ask, _add(ask, name or f"{row['name']} (clone)", things.content(row)), 200)


def render_template(ask: Ask) -> Reply:
    row = things.named(ask, TEMPLATES, ask.document["data"]["id"])
    kept, context = things.content(row), ask.attributes["context"]
    now = datetime.fromtimestamp(ask.now // SECOND, UTC)
    document = single(ask, TEMPLATES, row)
    for part in ("html", "text", "amp"):
        if kept.get(part):
            try:
                document["data"]["attributes"][part] = render(kept[part], context, now)
            except BadTemplate as fault:
                raise invalid(f"The {part} of the template could not be rendered: {fault}", "/data/id") from fault
    return Reply(document, 200)


def _shown(ask: Ask, row: Row, status: int = 0) -> Reply:
    return Reply(single(ask, TEMPLATES, row), status)


ROOM: Mapping[str, Room] = {
    "get_templates": get_templates,
    "get_template": one_of(TEMPLATES),
    "create_template": create_template,
    "update_template": update_template,
    "delete_template": delete_template,
    "clone_template": clone_template,
    "render_template": render_template,
}
