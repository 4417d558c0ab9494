"""Knows how the parts of a flow's definition read to a person: what a step does, and what sets a flow off.

Klaviyo calls a step an action; the dashboard calls an action what a person does.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from klaviyo_admin.areas.definitions import mentioned, sentences
from klaviyo_admin.klaviyo.values import Json

Names = Mapping[str, str]
WORDS: Mapping[str, str] = {
    "ab-test": "A/B test",
    "action-output-split": "Split by what a step answered",
    "back-in-stock-delay": "Wait until it is back in stock",
    "code": "Run code",
    "conditional-split": "Split by what is known of the person",
    "content-experiment": "Content experiment",
    "countdown-delay": "Wait for the countdown",
    "internal-service": "Call a Klaviyo service",
    "list-update": "Change a list",
    "multi-branch-split": "Split into several branches",
    "send-email": "Send an e-mail",
    "send-internal-alert": "Alert colleagues",
    "send-mobile-push": "Send a push message",
    "send-sms": "Send a text message",
    "send-webhook": "Call a webhook",
    "send-whatsapp": "Send a WhatsApp message",
    "target-date": "Wait until a date",
    "time-delay": "Wait",
    "trigger-split": "Split by what set it off",
    "update-profile": "Change the person's profile",
}
ICONS: Mapping[str, str] = {
    "send-email": "mail",
    "send-internal-alert": "alert",
    "send-mobile-push": "send",
    "send-sms": "chat",
    "send-whatsapp": "chat",
    "send-webhook": "hook",
    "list-update": "list",
    "update-profile": "person",
    "time-delay": "clock",
    "target-date": "clock",
    "countdown-delay": "clock",
    "back-in-stock-delay": "clock",
}
TRIGGERS: Mapping[str, str] = {
    "list": "Somebody joins a list",
    "segment": "Somebody enters a segment",
    "metric": "Something happens",
    "date": "A date of the person comes near",
    "price-drop": "A price drops",
    "low-inventory": "A product runs low",
}
# How the two ways of a split are called.
YES, NO = "Yes", "No"


def ident(action: Json) -> str:
    """The id of a step, or the temporary one of a step that does not exist yet."""
    return str(part(action, "id") or part(action, "temporary_id") or "")


def label(action: Json) -> str:
    """What a step does, in a word or two."""
    kind = str(part(action, "type") or "")
    return WORDS.get(kind, kind.replace("-", " ").capitalize())


def status(action: Json) -> str:
    """The status of a step; "" for one that does nothing to anybody."""
    return str(part(action, "data", "status") or "")


def named(action: Json) -> str:
    """What one step is called: its message's name, else what it does."""
    called = part(action, "data", "message", "name") or part(action, "data", "name")
    waits = f"{label(action)} {text(action)}" if part(action, "type") == "time-delay" else label(action)
    return str(called or waits)


def set_off(definition: Json) -> Iterator[tuple[str, str, str]]:
    """What sets the flow off: in words, the kind of thing it is ("list", "segment", "metric") and its id, "" for none."""
    for trigger in part(definition, "triggers") or ():
        kind = str(part(trigger, "type") or "")
        yield TRIGGERS.get(kind, kind.replace("-", " ").capitalize()), kind, str(part(trigger, "id") or "")


def filtered(definition: Json, names: Names | None = None) -> str:
    """Who may pass through the flow at all, in words; "" for everybody."""
    return _conditions(part(definition, "profile_filter"), names)


def named_by_id(definition: Json) -> tuple[tuple[str, str], ...]:
    """What a definition names by its id, as pairs of a kind ("group" for a list or segment, "metric") and the id."""
    found = [("metric" if kind == "metric" else "group", to) for _, kind, to in set_off(definition) if to]
    lists = (part(action, "data", "list_id") for action in part(definition, "actions") or ())
    found += [("group", str(to)) for to in lists if to]
    return tuple(dict.fromkeys([*found, *mentioned(definition)]))


def links(action: Json) -> tuple[tuple[str, str], ...]:
    """Where a step leads: (the name of the way, the id of the next step or "")."""
    own = part(action, "links")
    if branches := part(action, "data", "branches"):
        return tuple(
            (_branch(one, place), str(part(one, "links", "next") or "")) for place, one in enumerate(branches, 1)
        )
    if isinstance(own, Mapping) and ("next_if_true" in own or "next_if_false" in own):
        return (YES, str(own.get("next_if_true") or "")), (NO, str(own.get("next_if_false") or ""))
    return (("", str(own.get("next") or "")),) if isinstance(own, Mapping) else ()


def text(action: Json, names: Names | None = None) -> str:
    """What a step does in detail, on one line. `names` are given in place of ids."""
    data = part(action, "data") or {}
    message = part(part(data, "main_action", "data") or data, "message") or {}
    match part(action, "type"):
        case "time-delay" | "countdown-delay":
            return _span(data)
        case "list-update":
            circle = str(data.get("list_id") or "")
            verb = "Puts people on" if data.get("on_execution") else "Takes people off"
            return f"{verb} {(names or {}).get(circle, circle)}".strip()
        case "send-webhook":
            return str(message.get("name") or message.get("url") or "")
        case "multi-branch-split":
            return str(data.get("name") or "")
        case "conditional-split":
            return _conditions(data.get("profile_filter"), names)
        case "trigger-split":
            return _conditions(data.get("trigger_filter"), names)
        case "update-profile":
            return _listed(part(one, "property_key") for one in data.get("profile_operations") or ())
        case "target-date":
            days = _listed(str(day).capitalize() for day in data.get("target_days") or ())
            return f"{days or 'any day'}, {str(data.get('target_time') or '')[:5]}".removesuffix(", ")
    words = (message.get("name"), message.get("subject_line") or message.get("title") or message.get("body"))
    return ": ".join(str(word) for word in words if word)


def part(value: Json, *path: str) -> Json:
    """What lies at a path of a definition, None where any of it is missing."""
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _conditions(definition: Json, names: Names | None) -> str:
    """Groups of conditions in one sentence: each group has to hold, by any of its conditions."""
    return "; and ".join(" or ".join(group) for group in sentences(definition, names) if group)


def _span(data: Mapping[str, Any]) -> str:
    value, unit = data.get("value"), str(data.get("unit") or "days")
    said = f"{value} {unit.removesuffix('s') if value == 1 else unit}"
    if until := data.get("delay_until_time"):
        said += f", then until {str(until)[:5]}"
    if days := data.get("delay_until_weekdays"):
        said += f" on {_listed(str(day).capitalize() for day in days)}"
    return said


def _branch(branch: Json, place: int) -> str:
    return str(part(branch, "name") or ("Everybody else" if part(branch, "is_else") else f"Branch {place}"))


def _listed(words: Iterable[Any]) -> str:
    return ", ".join(str(word) for word in words if word)
