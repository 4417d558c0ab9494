"""The room of campaigns: made, changed, cloned and deleted."""

from collections.abc import Mapping
from typing import Any

from klaviyo_admin.sandbox import ids, moments, sending, things
from klaviyo_admin.sandbox.asking import Ask, Json, Reply
from klaviyo_admin.sandbox.documents import single
from klaviyo_admin.sandbox.refusals import invalid
from klaviyo_admin.sandbox.rooms import campaign_messages, templates
from klaviyo_admin.sandbox.rooms.campaign_shelves import CAMPAIGNS, IMAGE_OF, MESSAGES, TEMPLATE_OF
from klaviyo_admin.sandbox.rooms.reading import Room, all_of, one_of, owner, related
from klaviyo_admin.sandbox.rooms.tagging import tag_rooms
from klaviyo_admin.sandbox.sending import CAMPAIGN, MESSAGE
from klaviyo_admin.sandbox.shelves import Row

_HERE = "/data/attributes"
_KEPT = ("audiences", "send_strategy", "send_options", "tracking_options")


def create_campaign(ask: Ask) -> Reply:
    given = ask.attributes
    messages = given["campaign-messages"]["data"]
    channels = {message["attributes"]["definition"]["channel"] for message in messages}
    if len(channels) != 1:
        raise invalid("A campaign needs messages, all of one channel.", f"{_HERE}/campaign-messages/data")
    if not given["audiences"]["included"]:
        raise invalid("At least one list or segment must be included.", f"{_HERE}/audiences/included")
    kept = _blank(channels == {"email"})
    _put(ask, kept, given)
    row = _add(ask, _named(given["name"]), kept)
    for place, message in enumerate(messages):
        campaign_messages.add(ask, row, message, f"{_HERE}/campaign-messages/data/{place}")
    return Reply(single(ask, CAMPAIGNS, row))


def _blank(mail: bool) -> dict[str, Any]:
    tracking: Json = {"add_tracking_params": False, "custom_tracking_params": []}
    return {
        "audiences": {"included": [], "excluded": []},
        "send_strategy": {"method": "immediate"},
        "send_options": {"use_smart_sending": True},
        "tracking_options": tracking | ({"is_tracking_clicks": True, "is_tracking_opens": True} if mail else {}),
        **{"archived": False, "scheduled_at": None, "send_time": None},
    }


def _add(ask: Ask, name: str, kept: Json) -> Row:
    ident = ids.ulid(ask.now, ask.chance)
    return things.add(things.ledger(ask), CAMPAIGN, ident, kept, name=name, status=sending.DRAFT)


def _named(name: str) -> str:
    if not name.strip():
        raise invalid("The name may not be blank.", f"{_HERE}/name")
    return name


def _put(ask: Ask, kept: dict[str, Any], given: Json) -> None:
    """Overwrites what is kept with what is given, null meaning nothing given. Raises Refusal for what cannot be."""
    for name in _KEPT:
        value = {k: v for k, v in (given.get(name) or {}).items() if v is not None}
        if value:
            kept[name] = value if name == "send_strategy" else {**kept[name], **value}
    for key in ("included", "excluded"):
        for place, ident in enumerate(kept["audiences"][key]):
            if not _known(ask, ident):
                detail = f"A list or segment with id {ident} does not exist."
                raise invalid(detail, f"{_HERE}/audiences/{key}/{place}")
    _check_strategy(kept["send_strategy"])
    names = {parameter["name"] for parameter in kept["tracking_options"].get("custom_tracking_params") or ()}
    if names and not {"utm_source", "utm_medium"} <= names:
        detail = "Custom tracking parameters must contain utm_source and utm_medium."
        raise invalid(detail, f"{_HERE}/tracking_options/custom_tracking_params")


def _known(ask: Ask, ident: str) -> bool:
    sql = "SELECT 1 FROM circle WHERE account = ? AND id = ?"
    return ask.db.execute(sql, (ask.account, ident)).fetchone() is not None


def _check_strategy(strategy: Json) -> None:
    for key in ("datetime", "date"):
        if key in strategy:
            try:
                moments.read(strategy[key])
            except ValueError as fault:
                raise invalid(f"'{key}' is not a valid date.", f"{_HERE}/send_strategy/{key}") from fault


def update_campaign(ask: Ask) -> Reply:
    row, given = owner(ask, CAMPAIGNS), ask.attributes
    ask.must_match()
    must_be_draft(row)
    kept = {name: things.content(row)[name] for name in _KEPT}
    _put(ask, kept, given)
    name = None if given.get("name") is None else _named(given["name"])
    return Reply(single(ask, CAMPAIGNS, things.change(things.ledger(ask), row, data=kept, name=name)))


def must_be_draft(row: Row) -> None:
    if row["status"] != sending.DRAFT:
        raise invalid(f"The campaign is {row['status']}; only a draft can be changed.")


def delete_campaign(ask: Ask) -> Reply:
    row = owner(ask, CAMPAIGNS)
    if row["status"] in (sending.SENDING, sending.SENT):
        raise invalid(f"The campaign is {row['status']} and can no longer be deleted.")
    things.remove(ask.db, row)
    return Reply()


def create_campaign_clone(ask: Ask) -> Reply:
    """A draft with copies of the messages and of their templates, whatever state the original is in."""
    source = things.named(ask, CAMPAIGNS, ask.document["data"]["id"])
    name = (ask.document["data"].get("attributes") or {}).get("new_name") or f"Clone of {source['name']}"
    kept = {k: v for k, v in things.content(source).items() if k in _KEPT}
    row = _add(ask, name, {**kept, "archived": False, "scheduled_at": None, "send_time": None})
    where = things.ledger(ask)
    for message in ask.db.execute(
        "SELECT * FROM thing WHERE parent = ? AND kind = ? ORDER BY n", (source["n"], MESSAGE)
    ).fetchall():
        definition = {"definition": things.content(message)["definition"]}
        copy = things.add(where, MESSAGE, ids.ulid(ask.now, ask.chance), definition, parent=row["n"])
        for image in things.held_rows(ask.db, IMAGE_OF, message):
            things.tie(ask.db, IMAGE_OF, copy["n"], [image["n"]])
        for template in things.held_rows(ask.db, TEMPLATE_OF, message):
            things.tie(ask.db, TEMPLATE_OF, copy["n"], [templates.owned(ask, template, CAMPAIGN)["n"]])
    return Reply(single(ask, CAMPAIGNS, row))


_MESSAGES, _MESSAGE_IDS = related(CAMPAIGNS, MESSAGES, things.children(MESSAGE))
_TAGS, _TAG_IDS = tag_rooms(CAMPAIGNS)
ROOM: Mapping[str, Room] = {
    "get_campaigns": all_of(CAMPAIGNS),
    "get_campaign": one_of(CAMPAIGNS),
    "create_campaign": create_campaign,
    "update_campaign": update_campaign,
    "delete_campaign": delete_campaign,
    "create_campaign_clone": create_campaign_clone,
    "get_messages_for_campaign": _MESSAGES,
    "get_message_ids_for_campaign": _MESSAGE_IDS,
    "get_tags_for_campaign": _TAGS,
    "get_tag_ids_for_campaign": _TAG_IDS,
}
