"""The pure builders of changes to webhooks. A secret is in the request alone: in no sentence, field or detail."""

from collections.abc import Sequence
from typing import Any

from klaviyo_admin.areas import building
from klaviyo_admin.areas.base import Answers
from klaviyo_admin.areas.building import Noun
from klaviyo_admin.areas.words import counted, listed, name
from klaviyo_admin.intents import FieldChange, Intent, Request
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.values import Item, Json

SHOWN = {"name": "Name", "description": "Description", "enabled": "Switched on"}
WEBHOOK = Noun("webhook", "webhooks", "webhook", "get_webhook", name, SHOWN)
TOPICS = ("relationships", "webhook-topics")

delete = building.deleting("webhooks.delete", "delete_webhook", WEBHOOK)


def topics(webhook: Item) -> tuple[str, ...]:
    """The ids of what a webhook tells of, in order."""
    return tuple(sorted(kind.id for kind in webhook.related.get("webhook-topics", ())))


def start_edit(items: Sequence[Item]) -> dict[str, Any]:
    (webhook,) = items
    return {key: webhook.get(key, "") for key in SHOWN} | {"topics": topics(webhook)}


def create(items: Sequence[Item], answers: Answers) -> Intent:
    """One POST; the secret stands in its body only."""
    target = WEBHOOK.new(answers["name"])
    told: Sequence[Item] = answers["topics"]
    fields = (
        *WEBHOOK.changes({key: value for key, value in answers.items() if value}),
        FieldChange(("endpoint_url",), "Address", None, answers["endpoint_url"]),
    )
    request = building.posted(
        "create_webhook",
        target,
        fields,
        {"webhook-topics": building.to_many(told)},
        attributes={"secret_key": answers["secret_key"]},
    )
    events = f"events of {counted(len(told), 'kind')}" if len(told) > 1 else f"{listed([told[0].id])} events"
    return Intent("webhooks.create", f"Create the webhook “{{target}}”, which sends {events} out.", (request,), target)


def edit(items: Sequence[Item], answers: Answers) -> Intent:
    """One PATCH with exactly the answers given. An address is compared by what Klaviyo shows of it: its host."""
    (webhook,) = items
    fields = list(WEBHOOK.changes(answers, webhook))
    attributes: dict[str, Json] = {field.path[0]: field.after for field in fields}
    labels = [field.label for field in fields]
    if answers.get("endpoint_url"):
        attributes["endpoint_url"] = answers["endpoint_url"]
        fields.append(FieldChange(("endpoint_url",), "Address", webhook.get("endpoint_url"), answers["endpoint_url"]))
        labels.append("Address")
    if answers.get("secret_key"):
        attributes["secret_key"] = answers["secret_key"]
        labels.append("Secret")
    data: dict[str, Json] = {"type": "webhook", "id": webhook.id, "attributes": attributes}
    if "topics" in answers:
        data["relationships"] = {"webhook-topics": building.to_many(answers["topics"])}
        after = sorted(topic.id for topic in answers["topics"])
        fields.append(FieldChange(TOPICS, "What it tells of", list(topics(webhook)), after))
        labels.append("What it tells of")
    target = WEBHOOK.target(webhook)
    request = Request(operation("update_webhook").write({"id": webhook.id}, {"data": data}), target, tuple(fields))
    return Intent("webhooks.edit", f"Change {listed(labels)} of the webhook “{{target}}”.", (request,), target)


def switch_on(items: Sequence[Item], answers: Answers) -> Intent:
    return _switched(items, True)


def switch_off(items: Sequence[Item], answers: Answers) -> Intent:
    return _switched(items, False)


def _switched(items: Sequence[Item], on: bool) -> Intent:
    """One PATCH for each webhook."""
    requests = tuple(
        building.patched("update_webhook", WEBHOOK, item, WEBHOOK.changes({"enabled": on}, item)) for item in items
    )
    what = "the webhook “{target}”" if len(items) == 1 else counted(len(items), "webhook")
    target = WEBHOOK.target(items[0]) if len(items) == 1 else None
    return Intent(
        f"webhooks.switch_{'on' if on else 'off'}", f"Switch {what} {'on' if on else 'off'}.", requests, target
    )
