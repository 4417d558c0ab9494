"""The pure builders of changes to campaigns that exist."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError

from klaviyo_admin.areas import building
from klaviyo_admin.areas.base import Answers
from klaviyo_admin.areas.building import Build, Noun
from klaviyo_admin.areas.campaigns import checklist, strategy, tracking
from klaviyo_admin.areas.campaigns.columns import EMAIL, channel, first_message
from klaviyo_admin.areas.words import listed, name
from klaviyo_admin.intents import FieldChange, Follow, Intent, Request
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.values import Item, Json, Write

CAMPAIGN = Noun("campaign", "campaigns", "campaign", "get_campaign", name)
DRAFT = "Draft"
_OPENS = ("is_tracking_opens", "is_tracking_clicks")
_LINKS = ("add_tracking_params", "custom_tracking_params")


def is_draft(campaign: Item) -> bool:
    return bool(campaign.get("status") == DRAFT)


def is_under_way(campaign: Item) -> bool:
    """Scheduled or being sent, so that it can be stopped."""
    status = str(campaign.get("status", ""))
    return status not in (DRAFT, "Sent") and not status.startswith("Cancelled")


def is_to_come(campaign: Item) -> bool:
    """Nobody has it yet."""
    return is_draft(campaign) or bool(campaign.get("status") == "Scheduled")


delete = building.deleting("campaigns.delete", "delete_campaign", CAMPAIGN)


def start_edit(items: Sequence[Item]) -> dict[str, Any]:
    (item,) = items
    found: Mapping[str, Json] = item.get("tracking_options") or {}
    message = first_message(item)
    return {
        "name": item.get("name"),
        "channel": channel(message) if message else EMAIL,
        "use_smart_sending": bool(item.get("send_options.use_smart_sending")),
        **{key: bool(found.get(key)) for key in (*_OPENS, "add_tracking_params")},
        "custom_tracking_params": tracking.spoken(found.get("custom_tracking_params") or ()),
    }


def edit(items: Sequence[Item], answers: Answers) -> Intent:
    """One PATCH with the name, the send options and the tracking options that changed; options go whole."""
    (item,) = items
    fields: list[FieldChange] = []
    if "name" in answers:
        fields.append(FieldChange(("name",), "Name", item.get("name"), answers["name"]))
    if "use_smart_sending" in answers:
        sending = {"use_smart_sending": answers["use_smart_sending"]}
        fields.append(FieldChange(("send_options",), "Sending", item.get("send_options"), sending))
    if moved := {key: answers[key] for key in (*_OPENS, *_LINKS) if key in answers}:
        before: Mapping[str, Json] = item.get("tracking_options") or {}
        after = {key: before[key] for key in (*_OPENS, *_LINKS) if key in before} | moved
        fields.append(FieldChange(("tracking_options",), "Tracking", item.get("tracking_options"), after))
    sentence = f"Change {listed([field.label for field in fields])} of the campaign “{{target}}”."
    request = building.patched("update_campaign", CAMPAIGN, item, fields)
    return Intent("campaigns.edit", sentence, (request,), CAMPAIGN.target(item))


def start_audience(items: Sequence[Item]) -> dict[str, Any]:
    """All ids in the fields of both kinds: the form shows each where it belongs."""
    (item,) = items
    return {
        f"{way}_{kind}": tuple(item.get(f"audiences.{way}", ()))
        for way in ("included", "excluded")
        for kind in ("lists", "segments")
    }


def audience(items: Sequence[Item], answers: Answers) -> Intent:
    """One PATCH with all who get the campaign and all who are left out; ids keep the order that they have."""
    (item,) = items
    fields = tuple(
        FieldChange(("audiences", way), label, before, _kept(before, groups(answers, way)))
        for way, label in (("included", "Gets it"), ("excluded", "Left out"))
        for before in [item.get(f"audiences.{way}")]
    )
    if all(set(field.before or ()) == set(field.after) for field in fields):
        raise ValidationError("Nothing was changed: the form holds what Klaviyo already has.", code="unchanged")
    request = building.patched("update_campaign", CAMPAIGN, item, fields)
    sentence = f"Send the campaign “{{target}}” to {whom(answers)}."
    return Intent("campaigns.audience", sentence, (request,), CAMPAIGN.target(item), named(answers))


def groups(answers: Answers, way: str) -> tuple[Item, ...]:
    """The lists, then the segments, that were picked to be "included" or "excluded"."""
    return (*(answers.get(f"{way}_lists") or ()), *(answers.get(f"{way}_segments") or ()))


def whom(answers: Answers) -> str:
    """“Newsletter” and “VIP”, but not “Bounced”."""
    included, excluded = ([name(group) for group in groups(answers, way)] for way in ("included", "excluded"))
    but = f", but not {listed(excluded, of='lists and segments')}" if excluded else ""
    return f"{listed(included, of='lists and segments')}{but}"


def named(answers: Answers) -> tuple[tuple[str, str], ...]:
    """The names behind the ids of an audience, for those who review it."""
    labels = (("included", "Gets it"), ("excluded", "Left out"))
    said = ((label, ", ".join(name(group) for group in groups(answers, way))) for way, label in labels)
    return tuple((label, names) for label, names in said if names)


def _kept(before: Sequence[str] | None, picked: Sequence[Item]) -> list[str]:
    ids = [group.id for group in picked]
    return [ident for ident in before or () if ident in ids] + [i for i in ids if i not in (before or ())]


def start_schedule(items: Sequence[Item]) -> dict[str, Any]:
    return strategy.start(items[0].get("send_strategy"))


def schedule(items: Sequence[Item], answers: Answers) -> Intent:
    """One PATCH with the time; a draft stays a draft until it is sent."""
    (item,) = items
    request = _timed(item, answers["strategy"])
    sentence = f"Set the time of the campaign “{{target}}”: {strategy.said(answers['strategy'])}."
    return Intent("campaigns.schedule", sentence, (request,), CAMPAIGN.target(item))


def _timed(item: Item, wanted: dict[str, Json]) -> Request:
    fields = (FieldChange(("send_strategy",), "When", item.get("send_strategy"), wanted),)
    return building.patched("update_campaign", CAMPAIGN, item, fields)


def start_send(items: Sequence[Item]) -> dict[str, Any]:
    return {"set": items[0].get("send_strategy")}


def send(items: Sequence[Item], answers: Answers) -> Intent:
    """The time, if another is wanted, and then the sending."""
    (item,) = items
    if item.get("status") != DRAFT:
        raise ValidationError(f"The campaign is “{item.get('status')}”. Only a draft can be sent.")
    if lacks := checklist.lacking(item):
        said = "; ".join(f"{check.label}: {check.said[:1].lower()}{check.said[1:]}" for check in lacks)
        raise ValidationError(f"It cannot be sent yet. {said}. Open the campaign and see its checklist.")
    wanted = answers.get("strategy")
    fields = (FieldChange(("status",), "Status", DRAFT, "Sent, or scheduled"),)
    requests = [_timed(item, wanted)] if wanted else []
    requests.append(Request(sent(item.id), CAMPAIGN.target(item), fields))
    when = strategy.said(wanted or item.get("send_strategy")) or "at once"
    return Intent("campaigns.send", f"Send the campaign “{{target}}” {when}.", tuple(requests), CAMPAIGN.target(item))


def sent(campaign: str) -> Write:
    """The write that sends a campaign (whose id may be a Ref), or schedules it where its time is to come."""
    return operation("send_campaign").write({}, {"data": {"type": "campaign-send-job", "id": campaign}})


def _stopping(action: str, verb: str, sentence: str) -> Build:
    def build(items: Sequence[Item], answers: Answers) -> Intent:
        (item,) = items
        if item.get("status") == DRAFT:
            raise ValidationError("The campaign is a draft: there is nothing to stop.")
        document = {"data": {"type": "campaign-send-job", "id": item.id, "attributes": {"action": verb}}}
        write = operation("cancel_campaign_send").write({"id": item.id}, document)
        return Intent(action, sentence, (Request(write, CAMPAIGN.target(item)),), CAMPAIGN.target(item))

    return build


cancel = _stopping("campaigns.cancel", "cancel", "Stop sending the campaign “{target}” for ever.")
revert = _stopping("campaigns.revert", "revert", "Stop the campaign “{target}” and make it a draft again.")


def start_copy(items: Sequence[Item]) -> dict[str, Any]:
    return {"new_name": f"{name(items[0])} (copy)"[:255]}


def copy(items: Sequence[Item], answers: Answers) -> Intent:
    """One copy of the campaign, a draft, with its messages."""
    (item,) = items
    target = CAMPAIGN.new(answers["new_name"])
    fields = (FieldChange(("name",), "Name", None, answers["new_name"]),)
    document = {"data": {"type": "campaign", "id": item.id, "attributes": {"new_name": answers["new_name"]}}}
    request = Request(operation("create_campaign_clone").write({}, document), target, fields)
    sentence = "Copy a campaign as the draft “{target}”."
    return Intent("campaigns.copy", sentence, (request,), target, (("Copied from", name(item)),))


def estimate(items: Sequence[Item], answers: Answers) -> Intent:
    """Starts a count of the recipients, and follows it to its end."""
    requests = tuple(_estimated(item) for item in items)
    if len(items) == 1:
        sentence = "Count the recipients of the campaign “{target}” anew."
        return Intent("campaigns.estimate", sentence, requests, CAMPAIGN.target(items[0]))
    named_ = listed([name(item) for item in items], of="campaigns")
    return Intent("campaigns.estimate", f"Count the recipients of {named_} anew.", requests)


def _estimated(item: Item) -> Request:
    document = {"data": {"type": "campaign-recipient-estimation-job", "id": item.id}}
    fields = (FieldChange(("estimated_recipient_count",), "Recipients", None, "counted anew"),)
    follow = Follow("get_campaign_recipient_estimation_job", "id")
    write = operation("refresh_campaign_recipient_estimation").write({}, document)
    return Request(write, CAMPAIGN.target(item), fields, follow)
