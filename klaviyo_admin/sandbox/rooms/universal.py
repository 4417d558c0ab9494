"""The room of universal content: blocks that many templates share."""

from collections.abc import Mapping
from typing import Any

from klaviyo_admin.sandbox import ids, things
from klaviyo_admin.sandbox.asking import Ask, Json, Reply
from klaviyo_admin.sandbox.documents import single
from klaviyo_admin.sandbox.moments import whole
from klaviyo_admin.sandbox.refusals import invalid
from klaviyo_admin.sandbox.rooms.reading import Room, all_of, one_of, owner
from klaviyo_admin.sandbox.shelves import Extras, Row, Shelf

KIND = "template-universal-content"


def _show(row: Row, extras: Extras) -> dict[str, Any]:
    return {
        "name": row["name"],
        "definition": things.content(row)["definition"],
        "created": whole(row["created"]),
        "updated": whole(row["updated"]),
        "screenshot_status": "never_generated",
        "screenshot_url": "",
    }


CONTENTS: Shelf = things.shelf(
    KIND,
    "/api/template-universal-content",
    _show,
    columns={
        "definition.content_type": "thing.data ->> '$.definition.content_type'",
        "definition.type": "thing.data ->> '$.definition.type'",
    },
)


def _proper(given: Json) -> str | None:
    name: str | None = given.get("name")
    if name is not None and not name.strip():
        raise invalid("The name may not be blank.", "/data/attributes/name")
    return name


def create_universal_content(ask: Ask) -> Reply:
    given = ask.attributes
    kept = {"definition": given["definition"]}
    row = things.add(things.ledger(ask), KIND, ids.ulid(ask.now, ask.chance), kept, name=_proper(given) or "")
    return Reply(single(ask, CONTENTS, row))


def update_universal_content(ask: Ask) -> Reply:
    row, given = owner(ask, CONTENTS), ask.attributes
    ask.must_match()
    kept = {"definition": given["definition"]} if given.get("definition") else None
    return Reply(single(ask, CONTENTS, things.change(things.ledger(ask), row, data=kept, name=_proper(given))))


def delete_universal_content(ask: Ask) -> Reply:
    things.remove(ask.db, owner(ask, CONTENTS))
    return Reply()


ROOM: Mapping[str, Room] = {
    "get_all_universal_content": all_of(CONTENTS),
    "get_universal_content": one_of(CONTENTS),
    "create_universal_content": create_universal_content,
    "update_universal_content": update_universal_content,
    "delete_universal_content": delete_universal_content,
}
