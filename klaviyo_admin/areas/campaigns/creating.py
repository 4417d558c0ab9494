"""Builds new campaigns: the campaign, its template and its sending as one change."""

from collections.abc import Sequence

from klaviyo_admin.areas import building
from klaviyo_admin.areas.base import Answers
from klaviyo_admin.areas.building import Build
from klaviyo_admin.areas.campaigns import messages, service, strategy
from klaviyo_admin.areas.campaigns.columns import EMAIL, PUSH, SMS
from klaviyo_admin.areas.campaigns.service import CAMPAIGN, groups
from klaviyo_admin.areas.words import name, plain
from klaviyo_admin.intents import FieldChange, Intent, Ref, Request
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.values import Item, Json, Write

_SPOKEN = {EMAIL: "e-mail", SMS: "SMS", PUSH: "push"}
_LABELS = {
    **{"subject": "Subject", "preview_text": "Preview text", "from_email": "Sender’s address"},
    **{"from_label": "Sender’s name", "reply_to_email": "Answers go to", "cc_email": "Copy to", "title": "Title"},
    **{
        "bcc_email": "Blind copy to",
        "body": "Text",
        "dynamic_image": "Image per recipient",
        "action_buttons": "Buttons",
    },
}
FIRST_MESSAGE = "/data/relationships/campaign-messages/data/0/id"


def _new(kind: str) -> Build:
    def build(items: Sequence[Item], answers: Answers) -> Intent:
        target = CAMPAIGN.new(answers["name"])
        requests = [Request(_created(kind, answers), target, _told(kind, answers))]
        template: Item | None = answers.get("template")
        if template:
            fields = (FieldChange(("template",), "Template", None, f"{name(template)} ({template.id})"),)
            requests.append(Request(messages.assigned(Ref(1, FIRST_MESSAGE), template.id), None, fields))
        then = "keep it as a draft"
        if answers["afterwards"] == "send":
            requests.append(
                Request(service.sent(Ref(1)), None, (FieldChange(("status",), "Status", None, "Sent, or scheduled"),))
            )
            then = f"send it {strategy.said(answers['strategy'])}"
        letter = f" with the template “{plain(name(template))}”" if template else ""
        sentence = f"Create the {_SPOKEN[kind]} campaign “{{target}}” for {service.whom(answers)}{letter}, and {then}."
        return Intent("campaigns.create", sentence, tuple(requests), target, service.named(answers))

    return build


def _created(kind: str, answers: Answers) -> Write:
    message: dict[str, Json] = {
        "type": "campaign-message",
        "attributes": {"definition": messages.definition(kind, answers)},
    }
    if image := answers.get("image"):
        message["relationships"] = {"image": building.to_one(image)}
    attributes: dict[str, Json] = {
        "name": answers["name"],
        "audiences": {way: [group.id for group in groups(answers, way)] for way in ("included", "excluded")},
        "send_strategy": answers["strategy"],
        "send_options": {"use_smart_sending": answers["use_smart_sending"]},
        "campaign-messages": {"data": [message]},
    }
    return operation("create_campaign").write({}, {"data": {"type": "campaign", "attributes": attributes}})


def _told(kind: str, answers: Answers) -> tuple[FieldChange, ...]:
    """What the new campaign will be, for those who review it: with names in place of ids."""
    said: dict[str, Json] = {
        "Name": answers["name"],
        "Gets it": [name(group) for group in groups(answers, "included")],
        "Left out": [name(group) for group in groups(answers, "excluded")],
        "When": strategy.said(answers["strategy"]),
        "Smart sending": answers["use_smart_sending"],
    }
    made = messages.definition(kind, answers)
    said |= {_LABELS[key]: part for key, part in made.get("content", {}).items()}
    said |= {"Options": made.get("options") or made.get("render_options"), "Data for the app": made.get("kv_pairs")}
    if image := answers.get("image"):
        said["Image"] = name(image)
    return tuple(FieldChange((label,), label, None, value) for label, value in said.items() if value not in ([], None))


create_email, create_text, create_push = _new(EMAIL), _new(SMS), _new(PUSH)
