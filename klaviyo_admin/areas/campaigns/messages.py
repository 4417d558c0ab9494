"""Knows how the message of each channel is kept in Klaviyo, and builds changes to messages that exist."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError

from klaviyo_admin.areas import building
from klaviyo_admin.areas.base import Answers
from klaviyo_admin.areas.building import Noun
from klaviyo_admin.areas.campaigns.columns import EMAIL, PUSH, SMS, channel, message_name
from klaviyo_admin.areas.words import listed, name, plain
from klaviyo_admin.intents import FieldChange, Intent, Request
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.values import Item, Json

MESSAGE = Noun("message", "messages", "campaign-message", "get_campaign_message", message_name)
CONTENT = {
    EMAIL: ("subject", "preview_text", "from_email", "from_label", "reply_to_email", "cc_email", "bcc_email"),
    SMS: ("body",),
    PUSH: ("title", "body", "dynamic_image", "action_buttons"),
}
RENDERING = ("shorten_links", "add_org_prefix", "add_info_link", "add_opt_out_language")
_LINKS = {"deep_link": ("ios_deep_link", "android_deep_link"), "open_web_url": ("web_url",)}
_OPTIONS = {"opens", "ios_deep_link", "android_deep_link", "web_url", "badge", "badge_value", "play_sound"}


def may_change(message: Item) -> bool:
    """Whether its campaign is a draft, as far as that came along."""
    return all(campaign.get("status") == "Draft" for campaign in message.ones("campaign"))


def start(items: Sequence[Item]) -> dict[str, Any]:
    """What the form of a message shows."""
    (message,) = items
    kept: Mapping[str, Json] = message.get("definition") or {}
    kind = channel(message)
    shown = dict.fromkeys((*CONTENT.get(kind, ()), *(RENDERING if kind == SMS else ())))
    shown |= {**(kept.get("content") or {}), **(kept.get("render_options") or {})}
    options = kept.get("options") or {}
    on_open, badge = options.get("on_open") or {}, (options.get("badge") or {}).get("badge_options") or {}
    return shown | {
        "channel": kind,
        "silent": kept.get("notification_type") == "silent",
        "label": kept.get("label"),
        "kv_pairs": kept.get("kv_pairs"),
        "opens": on_open.get("type"),
        **{link: on_open.get(link) for links in _LINKS.values() for link in links},
        "badge": badge.get("badge_config", ""),
        "badge_value": badge.get("value") or badge.get("set_from_property"),
        "play_sound": bool(options.get("play_sound")),
    }


def edit(items: Sequence[Item], answers: Answers) -> Intent:
    """One PATCH of the message. Its content goes whole, so that nothing is lost if Klaviyo replaces it."""
    (message,) = items
    whole = start(items)
    if set(answers) - set(whole):
        raise ValidationError("The message is of another channel by now. Open the form again.")
    fields = _fields(message, {**whole, **answers}, set(answers))
    mark = {"channel": channel(message)}
    mark |= {"notification_type": "silent" if whole["silent"] else "standard"} if mark["channel"] == PUSH else {}
    document: dict[str, Any] = {"type": "campaign-message", "id": message.id, "attributes": building.nested(fields)}
    document["attributes"]["definition"] |= mark
    write = operation("update_campaign_message").write({"id": message.id}, {"data": document})
    said = listed([_SPOKEN.get(key, key.replace("_", " ")) for key in answers], of="fields")
    sentence = f"Change {said} of the message “{{target}}”."
    return Intent(
        "campaigns.edit_message", sentence, (Request(write, MESSAGE.target(message), fields),), MESSAGE.target(message)
    )


_SPOKEN = {
    "kv_pairs": "data for the app",
    "opens": "what a tap opens",
    "body": "text",
    "from_label": "sender’s name",
} | {
    "from_email": "sender’s address",
    "reply_to_email": "where answers go",
    "label": "name",
}


def _fields(message: Item, given: Answers, changed: set[str]) -> tuple[FieldChange, ...]:
    """The parts of the definition that the PATCH overwrites."""
    kind = channel(message)
    kept: Mapping[str, Json] = message.get("definition") or {}
    parts: dict[tuple[str, ...], tuple[str, Json]] = {}
    if kind == SMS:
        parts["content", "body"] = ("Text", given["body"] or None)
    elif not given["silent"]:
        parts["content",] = ("Content", content(kind, given))
    if kind == SMS and changed & set(RENDERING):
        before = kept.get("render_options") or {}
        parts["render_options",] = ("Options", {key: given.get(key, before.get(key)) for key in RENDERING})
    if "label" in changed:
        parts["label",] = ("Name", given["label"] or None)
    if "kv_pairs" in changed:
        parts["kv_pairs",] = ("Data for the app", given["kv_pairs"] or ({} if given["silent"] else None))
    if changed & _OPTIONS:
        parts["options",] = ("Options", options(given))
    return tuple(
        FieldChange(("definition", *path), label, message.at(("definition", *path)), after)
        for path, (label, after) in parts.items()
    )


def content(kind: str, given: Answers) -> dict[str, Json]:
    """The content of a message, with nothing in place of what was left empty."""
    return {key: given.get(key) or None for key in CONTENT[kind]}


def options(given: Answers) -> dict[str, Json]:
    """What a tap on a notification opens, its badge and its sound."""
    kind = given.get("opens") or "open_app"
    links = {link: given[link] for link in _LINKS.get(kind, ()) if given.get(link)}
    badge: dict[str, Json] = {"display": False}
    if given.get("badge"):
        value = {"set_count": "value", "set_property": "set_from_property"}.get(given["badge"])
        config = {"badge_config": given["badge"], **({value: given["badge_value"]} if value else {})}
        badge = {"display": True, "badge_options": config}
    return {"on_open": {"type": kind, **links}, "badge": badge, "play_sound": bool(given.get("play_sound"))}


def definition(kind: str, given: Answers) -> dict[str, Json]:
    """The definition of a new message."""
    if kind == PUSH and given.get("silent"):
        return {"channel": kind, "notification_type": "silent", "kv_pairs": given["kv_pairs"]}
    made: dict[str, Json] = {"channel": kind, "content": content(kind, given)}
    if kind == EMAIL:
        return made | {"label": given["name"]}
    if kind == SMS:
        return made | {"render_options": {key: bool(given.get(key)) for key in RENDERING}}
    return made | {"notification_type": "standard", "kv_pairs": given.get("kv_pairs"), "options": options(given)}


def assign(items: Sequence[Item], answers: Answers) -> Intent:
    """Gives the message a copy of the picked `template`."""
    (message,) = items
    if channel(message) != EMAIL:
        raise ValidationError("Only e-mail messages have a template. Edit the text of this one instead.")
    template: Item = answers["template"]
    before = next((name(each) for each in message.ones("template")), None)
    # What is overwritten is the template that the message holds, so that is read again; not the message. Of one whose name
    # nobody read, all else is compared.
    path = ("template",) if before is None and message.related.get("template") else ("name",)
    fields = (FieldChange(path, "Template", before, name(template)),)
    target = replace(MESSAGE.target(message), read="get_template_for_campaign_message")
    request = Request(assigned(message.id, template.id), target, fields)
    details = (("Id of the template", template.id),)
    sentence = f"Use the template “{plain(name(template))}” for the message “{{target}}”."
    return Intent("campaigns.assign_template", sentence, (request,), MESSAGE.target(message), details)


def assigned(message: str, template: str) -> Any:
    """The write that gives a message (whose id may be a Ref) a copy of a template."""
    related = {"template": {"data": {"type": "template", "id": template}}}
    document = {"data": {"type": "campaign-message", "id": message, "relationships": related}}
    return operation("assign_template_to_campaign_message").write({}, document)


def show_image(items: Sequence[Item], answers: Answers) -> Intent:
    """Gives a text message or notification the picked `image`."""
    (message,) = items
    if channel(message) == EMAIL:
        raise ValidationError("The images of an e-mail stand in its template. Change the template instead.")
    image: Item = answers["image"]
    before = next((kind.id for kind in message.related.get("image", ())), None)
    fields = (FieldChange(("relationships", "image"), "Image", before, image.id),)
    write = operation("update_image_for_campaign_message").write(
        {"id": message.id}, {"data": {"type": "image", "id": image.id}}
    )
    sentence = f"Show the image “{plain(name(image))}” in the message “{{target}}”."
    request = Request(write, MESSAGE.target(message), fields)
    return Intent("campaigns.show_image", sentence, (request,), MESSAGE.target(message))
