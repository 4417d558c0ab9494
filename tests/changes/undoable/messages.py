"""Messages: templates, universal content, images, campaigns, flows, forms, web feeds."""

import base64
from collections.abc import Callable
from copy import deepcopy

import httpx

from tests.changes.undoable.world import Ask, World
from tests.contract.flows.messages import CODE, MAIL, PIXEL, PUSH
from tests.contract.official import Json, one, to

Case = Callable[[World], Ask]
BLOCK = {"content_type": "block", "type": "html", "data": {"content": "<hr>", "display_options": {}}}
OTHER = {"content_type": "block", "type": "html", "data": {"content": "<p>", "display_options": {}}}
LATE = {"method": "static", "datetime": "2030-01-01T00:00:00Z"}
FEED = {"name": "feed", "url": "https://example.com/f", "request_method": "get", "content_type": "json"}
PICTURE = "data:image/png;base64," + base64.b64encode(PIXEL).decode()


def template(world: World) -> str:
    return world.made("create_template", one("template", attributes=CODE | {"text": "Hi"}))


def _update_template(world: World) -> Ask:
    ident = template(world)
    return Ask({"id": ident}, one("template", ident, name="Other", html="<p>Bye</p>"))


def content(world: World) -> str:
    return world.made("create_universal_content", one("template-universal-content", name="Line", definition=BLOCK))


def _update_content(world: World) -> Ask:
    ident = content(world)
    return Ask({"id": ident}, one("template-universal-content", ident, name="Rule", definition=OTHER))


def image(world: World) -> str:
    return world.made("upload_image_from_url", one("image", import_from_url=PICTURE, name="dot"))


def _update_image(world: World) -> Ask:
    ident = image(world)
    return Ask({"id": ident}, one("image", ident, name="dotted"))


def _upload(world: World) -> Ask:
    form = httpx.Request("POST", "http://sandbox.test", data={"name": "dots"}, files={"file": ("a.png", PIXEL)})
    return Ask(body=form.read())


def campaign(world: World, definition: Json = MAIL, **more: object) -> tuple[str, str]:
    message = {"data": [{"type": "campaign-message", "attributes": {"definition": definition}}]}
    told = {
        "name": "Undone",
        "audiences": {"included": [world.first("get_lists")]},
        "campaign-messages": message,
        **more,
    }
    made = world.made("create_campaign", one("campaign", attributes=told))
    return made, str(world.call("get_messages_for_campaign", id=made)["data"][0]["id"])


def _create_campaign(world: World) -> Ask:
    message = {"data": [{"type": "campaign-message", "attributes": {"definition": MAIL}}]}
    told = {"name": "Undone", "audiences": {"included": [world.first("get_lists")]}, "campaign-messages": message}
    return Ask(document=one("campaign", attributes=told))


def _update_campaign(world: World) -> Ask:
    ident, _ = campaign(world)
    return Ask({"id": ident}, one("campaign", ident, name="Redone", send_strategy=LATE))


def _update_message(world: World) -> Ask:
    _, ident = campaign(world)
    told = {"channel": "email", "label": "Two", "content": {"subject": "Bye", "from_email": "bye@example.com"}}
    return Ask({"id": ident}, one("campaign-message", ident, definition=told))


def _message_image(world: World) -> Ask:
    _, ident = campaign(world, PUSH)
    old, new = world.idents("get_images")[:2]
    world.call("update_image_for_campaign_message", to("image", old), id=ident)
    return Ask({"id": ident}, to("image", new))


def _other_template(world: World) -> Ask:
    """The message holds a copy of a template that has been changed since."""
    _, message = campaign(world)
    first = template(world)
    world.call(
        "assign_template_to_campaign_message",
        one("campaign-message", message, related={"template": to("template", first)}),
    )
    world.call("update_template", one("template", first, name="Later", html="<p>Later</p>"), id=first)
    second = world.made("create_template", one("template", attributes=CODE | {"name": "Second", "html": "<p>2</p>"}))
    return Ask(document=one("campaign-message", message, related={"template": to("template", second)}))


def _send(world: World) -> Ask:
    ident, message = campaign(world, send_strategy=LATE)
    related = {"template": to("template", world.first("get_templates"))}
    world.call("assign_template_to_campaign_message", one("campaign-message", message, related=related))
    return Ask(document=one("campaign-send-job", ident))


def _flow(world: World) -> Json:
    message = {"template_id": world.first("get_templates"), "from_email": "hello@example.com", "from_label": "Us"}
    wait = {"temporary_id": "w", "type": "time-delay", "links": {"next": "m"}, "data": {"unit": "hours", "value": 2}}
    told = {"subject_line": "Hello", **message}
    mail = {"temporary_id": "m", "type": "send-email", "links": {"next": None}, "data": {"message": told}}
    trigger = {"type": "list", "id": world.first("get_lists")}
    definition = {"triggers": [trigger], "entry_action_id": "w", "actions": [wait, mail]}
    return one("flow", name="Undone", definition=definition)


def flow(world: World) -> Json:
    made = world.call("create_flow", _flow(world), query={"additional-fields[flow]": "definition"})
    found: Json = made["data"]
    return found


def _update_flow(world: World) -> Ask:
    ident = flow(world)["id"]
    return Ask({"id": ident}, one("flow", ident, status="manual"))


def _update_action(world: World) -> Ask:
    letter = deepcopy(flow(world)["attributes"]["definition"]["actions"][1])
    letter["data"]["message"]["subject_line"] = "Bye"
    return Ask({"id": letter["id"]}, one("flow-action", letter["id"], definition=letter))


def _form() -> Json:
    version = {"steps": [{"name": "Ask", "columns": [{"rows": []}]}, {"columns": [{"rows": []}]}]}
    return one(
        "form", name="Undone", attributes={"status": "draft", "ab_test": False, "definition": {"versions": [version]}}
    )


def feed(world: World) -> str:
    return world.made("create_web_feed", one("web-feed", attributes=FEED))


def _update_feed(world: World) -> Ask:
    ident = feed(world)
    return Ask({"id": ident}, one("web-feed", ident, content_type="xml", url="https://example.com/g"))


CASES: dict[str, Case] = {
    "create_template": lambda world: Ask(document=one("template", attributes=CODE)),
    "clone_template": lambda world: Ask(document=one("template", template(world), name="Copy")),
    "update_template": _update_template,
    "delete_template": lambda world: Ask({"id": template(world)}),
    "create_universal_content": lambda world: Ask(
        document=one("template-universal-content", name="X", definition=BLOCK)
    ),
    "update_universal_content": _update_content,
    "delete_universal_content": lambda world: Ask({"id": content(world)}),
    "upload_image_from_url": lambda world: Ask(document=one("image", import_from_url=PICTURE, name="dot")),
    "upload_image_from_file": _upload,
    "update_image": _update_image,
    "create_campaign": _create_campaign,
    "create_campaign_clone": lambda world: Ask(document=one("campaign", campaign(world)[0], new_name="Copy")),
    "update_campaign": _update_campaign,
    "delete_campaign": lambda world: Ask({"id": campaign(world, send_strategy=LATE)[0]}),
    "update_campaign_message": _update_message,
    "update_image_for_campaign_message": _message_image,
    "send_campaign": _send,
    "assign_template_to_campaign_message": _other_template,
    "create_flow": lambda world: Ask(document=_flow(world)),
    "update_flow": _update_flow,
    "update_flow_action": _update_action,
    "delete_flow": lambda world: Ask({"id": flow(world)["id"]}),
    "create_form": lambda world: Ask(document=_form()),
    "delete_form": lambda world: Ask({"id": world.made("create_form", _form())}),
    "create_web_feed": lambda world: Ask(document=one("web-feed", attributes=FEED)),
    "update_web_feed": _update_feed,
    "delete_web_feed": lambda world: Ask({"id": feed(world)}),
}
