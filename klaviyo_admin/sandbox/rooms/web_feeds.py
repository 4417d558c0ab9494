"""The room of web feeds."""

import re
from collections.abc import Mapping
from typing import Any

from klaviyo_admin.sandbox import ids, things
from klaviyo_admin.sandbox.asking import Ask, Json, Reply
from klaviyo_admin.sandbox.documents import single
from klaviyo_admin.sandbox.moments import whole
from klaviyo_admin.sandbox.refusals import invalid
from klaviyo_admin.sandbox.rooms.reading import Room, all_of, one_of, owner
from klaviyo_admin.sandbox.shelves import Extras, Row, Shelf

KIND = "web-feed"
_NAME = re.compile(r"^[0-9_A-z]+$")
_HERE = "/data/attributes"


def _show(row: Row, extras: Extras) -> dict[str, Any]:
    return {
        "name": row["name"],
        **things.content(row),
        "created": whole(row["created"]),
        "updated": whole(row["updated"]),
        "status": row["status"] or None,
    }


FEEDS: Shelf = things.shelf(KIND, "/api/web-feeds", _show, sort="name")


def _check(given: Json) -> None:
    name, address = given.get("name"), given.get("url")
    if name is not None and not _NAME.match(name):
        raise invalid(f"'name' must match regex '{_NAME.pattern}' ('{name}' doesn't)", f"{_HERE}/name")
    if address is not None and not re.match(r"^https?://[^/\s]+", address):
        raise invalid("'url' must be an http or https address.", f"{_HERE}/url")


def create_web_feed(ask: Ask) -> Reply:
    given = ask.attributes
    _check(given)
    kept = {name: given[name] for name in ("url", "request_method", "content_type")}
    ident = ids.ulid(ask.now, ask.chance)
    return Reply(single(ask, FEEDS, things.add(things.ledger(ask), KIND, ident, kept, name=given["name"])))


def update_web_feed(ask: Ask) -> Reply:
    row, given = owner(ask, FEEDS), {k: v for k, v in ask.attributes.items() if v is not None}
    ask.must_match()
    _check(given)
    name = given.pop("name", None)
    return Reply(single(ask, FEEDS, things.change(things.ledger(ask), row, data=given, name=name)))


def delete_web_feed(ask: Ask) -> Reply:
    things.remove(ask.db, owner(ask, FEEDS))
    return Reply()


ROOM: Mapping[str, Room] = {
    "get_web_feeds": all_of(FEEDS),
    "get_web_feed": one_of(FEEDS),
    "create_web_feed": create_web_feed,
    "update_web_feed": update_web_feed,
    "delete_web_feed": delete_web_feed,
}
