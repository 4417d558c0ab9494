"""Messages: templates, universal content, images, campaigns, flows, forms, web feeds."""

import base64

from tests.contract.official import Json, Official, one, to

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
MAIL = {"channel": "email", "label": "One", "content": {"subject": "Hello", "from_email": "hello@example.com"}}
PUSH = {"channel": "mobile_push", "notification_type": "standard", "content": {"title": "Hi", "body": "Hello"}}
CODE = {"name": "Contract", "editor_type": "CODE", "html": "<p>Hi {{ first_name }}</p>"}


def templates(shop: Official) -> None:
    ident = shop.made("create_template", one("template", attributes=CODE))
    shop.call("update_template", ident, one("template", ident, text="Hi"))
    shop.call("clone_template", one("template", ident, name="Copy"))
    shown = shop.call("render_template", one("template", ident, context={"first_name": "Con"}))
    assert "Hi Con" in shown["data"]["attributes"]["html"]
    shop.call("delete_template", ident)
    block = {"content_type": "block", "type": "html", "data": {"content": "<hr>", "display_options": {}}}
    content = shop.made("create_universal_content", one("template-universal-content", name="Line", definition=block))
    shop.call("update_universal_content", content, one("template-universal-content", content, name="Rule"))
    doomed = shop.made("create_universal_content", one("template-universal-content", name="Doomed", definition=block))
    shop.call("delete_universal_content", doomed)


def images(shop: Official) -> None:
    address = "data:image/png;base64," + base64.b64encode(PIXEL).decode()
    ident = shop.made("upload_image_from_url", one("image", import_from_url=address, name="dot"))
    shop.call("update_image", ident, one("image", ident, name="dotted", hidden=True))
    shop.call("upload_image_from_file", PIXEL, name="dots")


def new_campaign(shop: Official, definition: Json) -> tuple[str, str]:
    """A campaign to the first list, and its message."""
    message = {"data": [{"type": "campaign-message", "attributes": {"definition": definition}}]}
    attributes: Json = {
        "name": "Contract",
        "audiences": {"included": [shop.first("get_lists")]},
        "campaign-messages": message,
    }
    made = shop.made("create_campaign", one("campaign", attributes=attributes))
    return made, shop.first("get_messages_for_campaign", made)


def campaigns(shop: Official) -> None:
    ident, message = new_campaign(shop, MAIL)
    shop.call("update_campaign", ident, one("campaign", ident, name="Contracted"))
    related = {"template": to("template", shop.first("get_templates"))}
    shop.call("assign_template_to_campaign_message", one("campaign-message", message, related=related))
    content = {"subject": "Hello again", "from_email": "hello@example.com"}
    definition = {"channel": "email", "label": "Two", "content": content}
    shop.call("update_campaign_message", message, one("campaign-message", message, definition=definition))
    shop.call("refresh_campaign_recipient_estimation", one("campaign-recipient-estimation-job", ident))
    shop.box.advance(600)
    assert shop.call("get_campaign_recipient_estimation_job", ident)["data"]["attributes"]["status"] == "complete"
    assert shop.call("get_campaign_recipient_estimation", ident)["data"]["attributes"]
    copy = shop.made("create_campaign_clone", one("campaign", ident, new_name="Copy"))
    shop.call("delete_campaign", copy)
    shop.call("send_campaign", one("campaign-send-job", ident))
    assert shop.made("get_campaign_send_job", ident) == ident
    pushed, push = new_campaign(shop, PUSH)
    shop.call("update_image_for_campaign_message", push, to("image", shop.first("get_images")))
    late = {"method": "static", "datetime": "2030-01-01T00:00:00Z"}
    shop.call("update_campaign", pushed, one("campaign", pushed, send_strategy=late))
    shop.call("send_campaign", one("campaign-send-job", pushed))
    shop.call("cancel_campaign_send", pushed, one("campaign-send-job", pushed, action="revert"))


def flows(shop: Official) -> None:
    message = {"template_id": shop.first("get_templates"), "from_email": "hello@example.com", "from_label": "Us"}
    wait = {
        "temporary_id": "wait",
        "type": "time-delay",
        "links": {"next": "mail"},
        "data": {"unit": "hours", "value": 2},
    }
    mail = {
        "temporary_id": "mail",
        "type": "send-email",
        "links": {"next": None},
        "data": {"message": {"subject_line": "Hello", **message}},
    }
    trigger = {"type": "list", "id": shop.first("get_lists")}
    definition = {"triggers": [trigger], "entry_action_id": "wait", "actions": [wait, mail]}
    made = shop.call(
        "create_flow", one("flow", name="Contract", definition=definition), additional_fields_flow=["definition"]
    )
    ident, kept = made["data"]["id"], made["data"]["attributes"]["definition"]["actions"]
    shop.call("update_flow", ident, one("flow", ident, status="manual"))
    letter = kept[1]
    letter["data"]["message"]["subject_line"] = "Hello again"
    shop.call("update_flow_action", letter["id"], one("flow-action", letter["id"], definition=letter))
    shop.call("delete_flow_action", kept[0]["id"])
    assert len(shop.call("get_flow_action_messages", letter["id"])["data"]) == 1
    shop.call("delete_flow", shop.made("create_flow", one("flow", name="Doomed", definition=definition)))


def forms(shop: Official) -> None:
    version = {"steps": [{"name": "Ask", "columns": [{"rows": []}]}, {"columns": [{"rows": []}]}]}
    given = {"name": "Contract", "status": "draft", "ab_test": False, "definition": {"versions": [version]}}
    ident = shop.made("create_form", one("form", attributes=given))
    shop.call("get_form", ident)
    shop.call("delete_form", shop.made("create_form", one("form", attributes=given | {"name": "Doomed"})))
    given = {"name": "contract", "url": "https://example.com/f", "request_method": "get", "content_type": "json"}
    feed = shop.made("create_web_feed", one("web-feed", attributes=given))
    shop.call("update_web_feed", feed, one("web-feed", feed, content_type="xml"))
    doomed = shop.made("create_web_feed", one("web-feed", attributes=given | {"name": "doomed"}))
    shop.call("delete_web_feed", doomed)


FLOWS = (templates, images, campaigns, flows, forms)
