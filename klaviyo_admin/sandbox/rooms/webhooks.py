"""The room of webhooks and the topics they can be about."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from klaviyo_admin.sandbox import deliveries, ids, loopback, things
from klaviyo_admin.sandbox.asking import Ask, Json, Reply
from klaviyo_admin.sandbox.deliveries import ENABLED, KIND
from klaviyo_admin.sandbox.documents import single
from klaviyo_admin.sandbox.moments import exact
from klaviyo_admin.sandbox.refusals import invalid
from klaviyo_admin.sandbox.rooms.reading import Room, all_of, one_of, owner
from klaviyo_admin.sandbox.shelves import Extras, Relation, Row, Shelf, loader, shelf_of

_SHORTEST = 16  # characters of a secret
_DISABLED = "disabled"
_HERE, _TOPICS = "/data/attributes", "/data/relationships/webhook-topics/data"


def _show(row: Row, extras: Extras) -> dict[str, Any]:
    kept = things.content(row)
    address = urlsplit(kept["endpoint_url"])
    return {
        "name": row["name"],
        "description": kept["description"],
        "endpoint_url": f"{address.scheme}://{address.netloc.rpartition('@')[2]}/*****",
        "enabled": row["status"] == ENABLED,
        "created_at": exact(row["created"]),
        "updated_at": exact(row["updated"]),
    }


TOPICS = Shelf("webhook-topic", "/api/webhook-topics", "topic", {"id": "topic.id"}, lambda row, extras: {})
WEBHOOKS: Shelf = things.shelf(
    KIND,
    "/api/webhooks",
    _show,
    relations=(
        Relation(
            "webhook-topics",
            shelf_of("webhook-topic"),
            loader(
                "SELECT thing.n AS owner, topic.* FROM thing JOIN json_each(thing.data, '$.topics') wanted "
                "JOIN topic ON topic.account = thing.account AND topic.id = wanted.value "
                "WHERE thing.n IN ({}) ORDER BY topic.id"
            ),
            always=True,
        ),
    ),
)


def create_webhook(ask: Ask) -> Reply:
    given = ask.attributes
    _check(given)
    kept = {
        "description": given.get("description"),
        "endpoint_url": given["endpoint_url"],
        "secret_key": given["secret_key"],
        "topics": _topics(ask, ask.document["data"]["relationships"]["webhook-topics"].get("data") or []),
        "here": ask.here,
        "seen": deliveries.newest(ask.db),
    }
    ident = ids.ulid(ask.now, ask.chance)
    row = things.add(things.ledger(ask), KIND, ident, kept, name=given["name"], status=ENABLED)
    return Reply(single(ask, WEBHOOKS, row))


def _check(given: Json) -> None:
    """Raises Refusal for an address or secret that cannot be. Plain http is for receivers on this machine."""
    name, address, secret = given.get("name"), given.get("endpoint_url"), given.get("secret_key")
    if name is not None and not name.strip():
        raise invalid("The name may not be blank.", f"{_HERE}/name")
    if address is not None and not _proper(address):
        raise invalid("'endpoint_url' must be an https address.", f"{_HERE}/endpoint_url")
    if secret is not None and len(secret) < _SHORTEST:
        raise invalid(f"'secret_key' must have at least {_SHORTEST} characters.", f"{_HERE}/secret_key")


def _proper(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return loopback.is_near(address) or (parts.scheme == "https" and bool(parts.hostname))
    except ValueError:
        return False


def _topics(ask: Ask, given: list[Json]) -> list[str]:
    if not given:
        raise invalid("At least one topic is needed.", _TOPICS)
    for place, item in enumerate(given):
        things.named(ask, TOPICS, item["id"], f"{_TOPICS}/{place}/id")
    return [item["id"] for item in given]


def update_webhook(ask: Ask) -> Reply:
    row, given = owner(ask, WEBHOOKS), {k: v for k, v in ask.attributes.items() if v is not None}
    ask.must_match()
    _check(given)
    kept: dict[str, Any] = {
        name: given[name] for name in ("description", "endpoint_url", "secret_key") if name in given
    }
    topics = ((ask.document["data"].get("relationships") or {}).get("webhook-topics") or {}).get("data")
    if topics is not None:
        kept["topics"] = _topics(ask, topics)
    status = ENABLED if given.get("enabled", row["status"] == ENABLED) else _DISABLED
    if row["status"] == _DISABLED:  # what happened while it was off is not told later
        kept["seen"] = deliveries.newest(ask.db)
    changed = things.change(things.ledger(ask), row, data=kept, name=given.get("name"), status=status)
    return Reply(single(ask, WEBHOOKS, changed))


def delete_webhook(ask: Ask) -> Reply:
    things.remove(ask.db, owner(ask, WEBHOOKS))
    return Reply()


ROOM: Mapping[str, Room] = {
    "get_webhooks": all_of(WEBHOOKS),
    "get_webhook": one_of(WEBHOOKS),
    "create_webhook": create_webhook,
    "update_webhook": update_webhook,
    "delete_webhook": delete_webhook,
    "get_webhook_topics": all_of(TOPICS),
    "get_webhook_topic": one_of(TOPICS),
}
