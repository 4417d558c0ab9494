"""The pure builders of what a website or an app tells Klaviyo. Every one names the account by its public id."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from klaviyo_admin.areas.base import Answers
from klaviyo_admin.areas.fields import REMOVE
from klaviyo_admin.areas.profiles.service import LOCATION
from klaviyo_admin.areas.rows import Rows
from klaviyo_admin.areas.words import counted, name, plain
from klaviyo_admin.intents import FieldChange, Intent, Request
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.values import Item, Json, Query

WHO = ("email", "phone_number", "external_id")
LABELS = {
    "email": "E-mail",
    "phone_number": "Phone number",
    "external_id": "External ID",
    "metric": "What happened",
    "time": "When",
    "value": "Value",
    "value_currency": "Currency",
    "unique_id": "Unique ID",
    "backfill": "Only for the record",
    "circle": "List",
    "variant": "What they wait for",
    "channels": "Channels",
    "custom_source": "Where they agreed",
    "token": "Token",
    "platform": "System",
    "vendor": "Delivered by",
    "enablement_status": "Messages",
    "background": "Updates in the background",
    "device_model": "Model",
    "app_name": "App",
    "app_version": "Version of the app",
    "review_type": "Kind",
    "author": "Name shown",
    "rating": "Rating",
    "title": "Title",
    "content": "Text",
    "integration_key": "Shop system of the product",
    "incentive_type": "Given in return",
    "images": "Pictures",
}


def identify(items: Sequence[Item], answers: Answers) -> Intent:
    """One visitor with what is known of them; identifiers that a profile has already are never changed."""
    about = {key: value for key, value in _given(answers).items() if key not in ("properties", *LOCATION)}
    if location := {key: answers[key] for key in LOCATION if answers.get(key)}:
        about["location"] = location
    about |= _properties(answers)
    return _told("identify", "create_client_profile", "Create a profile, or add to it.", answers, about)


def record(items: Sequence[Item], answers: Answers) -> Intent:
    """One event of one visitor."""
    event = _event(answers) | {"properties": _properties(answers).get("properties", {})}
    about = event | {"profile": _visitor(answers)} | _kept(answers, "backfill")
    sentence = f"Record the event “{plain(answers['metric'])}” for one person."
    return _told("record", "create_client_event", sentence, answers, about)


def record_many(items: Sequence[Item], answers: Answers) -> Intent:
    """Many events of one visitor, in one request."""
    rows: Rows = answers["events"]
    events = [{"type": "event", "attributes": _event(row.values) | {"properties": dict(row.others)}} for row in rows]
    about = {"profile": _visitor(answers), "events": {"data": events}} | _kept(answers, "backfill")
    sentence = f"Record {counted(len(rows), 'event')} for one person."
    return _told(
        "record_many", "bulk_create_client_events", sentence, answers, about, details=rows.details(), counts=len(rows)
    )


def subscribe(items: Sequence[Item], answers: Answers) -> Intent:
    """One visitor joins a list and agrees to its messages."""
    circle: Item = answers["circle"]
    agreed = {channel: {"marketing": {"consent": "SUBSCRIBED"}} for channel in answers["channels"]}
    about = {"profile": _visitor(answers, subscriptions=agreed)} | _kept(answers, "custom_source")
    related = {"list": {"data": {"type": "list", "id": circle.id}}}
    sentence = f"Subscribe one person to the list “{plain(name(circle))}”."
    return _told("subscribe", "create_client_subscription", sentence, answers, about, related)


def wait(items: Sequence[Item], answers: Answers) -> Intent:
    """One visitor wants to hear when a variant is back in stock."""
    variant: Item = answers["variant"]
    about = {"channels": answers["channels"], "profile": _visitor(answers)}
    related = {"variant": {"data": {"type": "catalog-variant", "id": variant.id}}}
    called = plain(variant.get("title") or variant.id)
    sentence = f"Tell one person when “{called}” is back in stock."
    return _told("wait", "create_client_back_in_stock_subscription", sentence, answers, about, related)


def register(items: Sequence[Item], answers: Answers) -> Intent:
    """One device of one visitor."""
    device = _kept(answers, "device_model", "app_name", "app_version")
    about = _kept(answers, "token", "platform", "vendor", "enablement_status", "background")
    about |= {"profile": _visitor(answers)} | ({"device_metadata": device} if device else {})
    sentence = "Register a device of one person for push messages."
    return _told("register", "create_client_push_token", sentence, answers, about)


def unregister(items: Sequence[Item], answers: Answers) -> Intent:
    """One device gets no more push messages."""
    about = _kept(answers, "token", "platform", "vendor") | {"profile": _visitor(answers)}
    sentence = "Send no more push messages to a device of one person."
    return _told("unregister", "unregister_client_push_token", sentence, answers, about)


def review(items: Sequence[Item], answers: Answers) -> Intent:
    """One review, rating or question in a customer's name."""
    about = _kept(answers, "review_type", "email", "author", "content", "title", "incentive_type", "images")
    if answers.get("rating"):
        about["rating"] = int(answers["rating"])
    if answers.get("external_id"):
        about["product"] = _kept(answers, "external_id", "integration_key")
    kind = "question" if answers["review_type"] == "question" else "review"
    return _told("review", "create_client_review", f"Add a {kind} in the name of a customer.", answers, about)


def _told(
    verb: str,
    operation_: str,
    sentence: str,
    answers: Answers,
    attributes: Mapping[str, Json],
    related: Mapping[str, Json] | None = None,
    *,
    details: Sequence[tuple[str, Any]] = (),
    counts: int = 1,
) -> Intent:
    """One POST under the account's public id, with the answers as its fields."""
    found = operation(operation_)
    data: dict[str, Json] = {"type": found.kind, "attributes": dict(attributes)}
    if related:
        data["relationships"] = dict(related)
    company = Query(others={"company_id": answers["company_id"]})
    fields = tuple(
        FieldChange((key,), LABELS.get(key, key.replace("_", " ").capitalize()), None, _spoken(value))
        for key, value in _given(answers).items()
        if key != "events"
    )
    request = Request(found.write({}, {"data": data}, query=company), None, fields, counts=counts)
    return Intent(f"onsite.{verb}", sentence, (request,), None, tuple(details))


def _given(answers: Answers) -> dict[str, Any]:
    """What was answered at all."""
    return {k: v for k, v in answers.items() if k != "company_id" and v not in (None, "", [], {}, False)}


def _kept(answers: Answers, *keys: str) -> dict[str, Json]:
    return {key: value for key, value in _given(answers).items() if key in keys}


def _visitor(answers: Answers, **more: Json) -> Json:
    return {"data": {"type": "profile", "attributes": {**_kept(answers, *WHO), **more}}}


def _event(values: Mapping[str, Any]) -> dict[str, Json]:
    """The attributes of an event but for its properties, from answers or from a row."""
    metric = {"data": {"type": "metric", "attributes": {"name": values["metric"]}}}
    rest = {key: _spoken(values[key]) for key in ("time", "value", "value_currency", "unique_id") if values.get(key)}
    return {"metric": metric, **rest}


def _properties(answers: Answers) -> dict[str, Json]:
    found = {key: value for key, value in (answers.get("properties") or {}).items() if value is not REMOVE}
    return {"properties": found} if found else {}


def _spoken(value: Any) -> Json:
    """An answer as JSON has it: things by their names."""
    match value:
        case Item():
            return str(value.get("title") or name(value))
        case datetime():
            return value.isoformat()
        case Decimal():
            return float(value)
        case _:
            return value
