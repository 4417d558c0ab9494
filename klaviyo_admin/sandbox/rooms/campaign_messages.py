"""The room of campaign messages: their content, and the template and image each is given."""

from collections.abc import Mapping
from typing import Any

from klaviyo_admin.sandbox import ids, sending, things
from klaviyo_admin.sandbox.asking import Ask, Json, Reply
from klaviyo_admin.sandbox.documents import single
from klaviyo_admin.sandbox.moments import exact
from klaviyo_admin.sandbox.refusals import invalid
from klaviyo_admin.sandbox.rooms import templates
from klaviyo_admin.sandbox.rooms.campaign_shelves import CAMPAIGNS, IMAGE_OF, MESSAGES, TEMPLATE_OF
from klaviyo_admin.sandbox.rooms.images import IMAGES
from klaviyo_admin.sandbox.rooms.reading import Room, one_of, owner, related_one
from klaviyo_admin.sandbox.rooms.templates import TEMPLATES
from klaviyo_admin.sandbox.sending import CAMPAIGN, MESSAGE
from klaviyo_admin.sandbox.shelves import Row

_MAIL = ("subject", "preview_text", "from_email", "from_label", "reply_to_email", "cc_email", "bcc_email")
_TEXT = {"shorten_links": True, "add_org_prefix": True, "add_info_link": True, "add_opt_out_language": False}


def add(ask: Ask, campaign: Row, given: Json, pointer: str) -> Row:
    """A message of a new campaign; `pointer` is its place in the body."""
    kept = {"definition": _filled({}, given["attributes"]["definition"])}
    row = things.add(things.ledger(ask), MESSAGE, ids.ulid(ask.now, ask.chance), kept, parent=campaign["n"])
    image = ((given.get("relationships") or {}).get("image") or {}).get("data")
    if image:
        _give_image(ask, row, image["id"], f"{pointer}/relationships/image/data/id")
    return row


def _filled(before: Json, given: Json) -> dict[str, Any]:
    """A definition with all its fields: those given over those before over those that a new message has."""
    channel = given["channel"]
    content = {**(before.get("content") or {}), **(given.get("content") or {})}
    rest = {**before, **{k: v for k, v in given.items() if v is not None}, "content": content}
    if channel == "email":
        return {"label": None, **rest, "content": {name: content.get(name) for name in _MAIL}}
    if channel == "sms":
        options = {**_TEXT, **(rest.get("render_options") or {})}
        return {**rest, "content": {"body": None, "media_url": None, **content}, "render_options": options}
    if rest.get("notification_type") == "silent":
        return {"kv_pairs": None, **{k: v for k, v in rest.items() if k != "content"}}
    filled = {"title": None, "body": None, "dynamic_image": None, "action_buttons": None, **content}
    return {"notification_type": "standard", "kv_pairs": None, **rest, "content": filled}


def update_campaign_message(ask: Ask) -> Reply:
    row = owner(ask, MESSAGES)
    ask.must_match()
    _must_be_draft(ask, row)
    before, given = things.content(row)["definition"], ask.attributes.get("definition")
    if given and given["channel"] != before["channel"]:
        raise invalid("The channel of a message cannot be changed.", "/data/attributes/definition/channel")
    kept = {"definition": _filled(before, given)} if given else None
    image = ((ask.document["data"].get("relationships") or {}).get("image") or {}).get("data")
    if image:
        _give_image(ask, row, image["id"], "/data/relationships/image/data/id")
    return Reply(single(ask, MESSAGES, things.change(things.ledger(ask), row, data=kept)))


def _must_be_draft(ask: Ask, message: Row) -> None:
    status = things.row_of(ask.db, message["parent"])["status"]
    if status != sending.DRAFT:
        raise invalid(f"The campaign is {status}; only a draft can be changed.")


def _give_image(ask: Ask, message: Row, ident: str, pointer: str) -> None:
    if things.content(message)["definition"]["channel"] == "email":
        raise invalid("Only text messages and push notifications have an image.", pointer)
    image = things.named(ask, IMAGES, ident, pointer)
    things.untie(ask.db, IMAGE_OF, message["n"])
    things.tie(ask.db, IMAGE_OF, message["n"], [image["n"]])


def update_image_for_campaign_message(ask: Ask) -> Reply:
    row = owner(ask, MESSAGES)
    _must_be_draft(ask, row)
    _give_image(ask, row, ask.document["data"]["id"], "/data/id")
    return Reply()


def assign_template_to_campaign_message(ask: Ask) -> Reply:
    """The message gets a copy of the template; what becomes of the original later does not touch it."""
    row = things.named(ask, MESSAGES, ask.document["data"]["id"])
    _must_be_draft(ask, row)
    wanted = ask.document["data"]["relationships"]["template"].get("data")
    if not wanted:
        raise invalid("A template must be given.", "/data/relationships/template/data")
    if things.content(row)["definition"]["channel"] != "email":
        raise invalid("Only e-mail messages have a template.", "/data/id")
    template = things.named(ask, TEMPLATES, wanted["id"], "/data/relationships/template/data/id")
    for old in things.held_rows(ask.db, TEMPLATE_OF, row):
        things.remove(ask.db, old)
    things.tie(ask.db, TEMPLATE_OF, row["n"], [templates.owned(ask, template, CAMPAIGN)["n"]])
    return Reply(_flat(ask, things.change(things.ledger(ask), row)))


def _flat(ask: Ask, row: Row) -> Json:
    """The document of a message in the flat shape that only the answer to an assignment has."""
    document, definition = single(ask, MESSAGES, row), things.content(row)["definition"]
    document["data"]["attributes"] = {
        "label": definition["label"] or "",
        "channel": definition["channel"],
        "content": definition["content"],
        "send_times": things.content(row).get("send_times"),
        "created_at": exact(row["created"]),
        "updated_at": exact(row["updated"]),
    }
    document["data"]["relationships"].pop("image")
    return document


_CAMPAIGN, _CAMPAIGN_ID = related_one(MESSAGES, CAMPAIGNS, things.parent)
_TEMPLATE, _TEMPLATE_ID = related_one(MESSAGES, TEMPLATES, things.held(TEMPLATE_OF))
_IMAGE, _IMAGE_ID = related_one(MESSAGES, IMAGES, things.held(IMAGE_OF))
ROOM: Mapping[str, Room] = {
    "get_campaign_message": one_of(MESSAGES),
    "update_campaign_message": update_campaign_message,
    "assign_template_to_campaign_message": assign_template_to_campaign_message,
    "update_image_for_campaign_message": update_image_for_campaign_message,
    "get_campaign_for_campaign_message": _CAMPAIGN,
    "get_campaign_id_for_campaign_message": _CAMPAIGN_ID,
    "get_template_for_campaign_message": _TEMPLATE,
    "get_template_id_for_campaign_message": _TEMPLATE_ID,
    "get_image_for_campaign_message": _IMAGE,
    "get_image_id_for_campaign_message": _IMAGE_ID,
}
