"""Knows how a flow's definition reads to a person: each step in words, and the order in which people pass them.

Klaviyo calls a step an action; the dashboard calls an action what a person does.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from klaviyo_admin.klaviyo.values import Json

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
SENDING = ("send-email", "send-sms", "send-mobile-push", "send-whatsapp")
# How the two ways of a split are called.
YES, NO = "Yes", "No"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a flow. `text` is what it does in detail, `status` "" where it has none. `ways` are the branches that
    leave it, each with its name and the chain of steps on it; `again` is set where the step stands elsewhere already."""

    id: str
    kind: str
    label: str
    text: str = ""
    status: str = ""
    ways: tuple[tuple[str, tuple["Step", ...]], ...] = ()
    again: bool = False

    @property
    def icon(self) -> str:
        return ICONS.get(self.kind, "segment" if self.ways else "flow")


def chain(definition: Json) -> tuple[Step, ...]:
    """The steps in the order in which people pass them, from the first one on; a split ends a chain with its branches.

    What no way leads to comes last, so that nothing of the definition is hidden. Ways may meet again: the step at which
    they do is drawn once, and named where the other ways reach it.
    """
    actions = _actions(definition)
    seen: set[str] = set()
    found = _follow(str(_get(definition, "entry_action_id") or next(iter(actions), "")), actions, seen)
    while lost := [ident for ident in actions if ident not in seen]:
        found += _follow(lost[0], actions, seen)
    return tuple(found)


def switched(definition: Json) -> tuple[Step, ...]:
    """The steps that have a status, which a change of the flow's status sets too, in the definition's order."""
    steps = (_step(action) for action in _actions(definition).values())
    return tuple(step for step in steps if step.status)


def named(action: Json) -> str:
    """What one step is called: its message's name, else what it does."""
    step = _step(action)
    called = _get(action, "data", "message", "name") or _get(action, "data", "name")
    return str(called or (f"{step.label} {step.text}" if step.kind == "time-delay" else step.label))


def set_off(definition: Json) -> Iterator[tuple[str, str, str]]:
    """What sets the flow off: in words, the kind of thing it is ("list", "segment", "metric") and its id, "" for none."""
    for trigger in _get(definition, "triggers") or ():
        kind = str(_get(trigger, "type") or "")
        yield TRIGGERS.get(kind, kind.replace("-", " ").capitalize()), kind, str(_get(trigger, "id") or "")


def links(action: Json) -> tuple[tuple[str, str], ...]:
    """Where a step leads: (the name of the way, the id of the next step or "")."""
    own = _get(action, "links")
    branches = _get(action, "data", "branches") or ()
    if branches:
        return tuple((_branch(branch, place), _next(branch)) for place, branch in enumerate(branches, start=1))
    if isinstance(own, Mapping) and ("next_if_true" in own or "next_if_false" in own):
        return (YES, str(own.get("next_if_true") or "")), (NO, str(own.get("next_if_false") or ""))
    return (("", str(own.get("next") or "")),) if isinstance(own, Mapping) else ()


def _follow(ident: str, actions: Mapping[str, Json], seen: set[str]) -> list[Step]:
    found: list[Step] = []
    while ident in actions:
        if ident in seen:
            found.append(_step(actions[ident], again=True))
            break
        seen.add(ident)
        ways = links(actions[ident])
        if len(ways) > 1:
            branches = tuple((name, tuple(_follow(to, actions, seen))) for name, to in ways)
            found.append(_step(actions[ident], branches))
            break
        found.append(_step(actions[ident]))
        ident = ways[0][1] if ways else ""
    return found


def _step(action: Json, ways: tuple[tuple[str, tuple[Step, ...]], ...] = (), *, again: bool = False) -> Step:
    kind = str(_get(action, "type") or "")
    return Step(
        id=str(_get(action, "id") or _get(action, "temporary_id") or ""),
        kind=kind,
        label=WORDS.get(kind, kind.replace("-", " ").capitalize()),
        text=_text(kind, _get(action, "data") or {}),
        status=str(_get(action, "data", "status") or ""),
        ways=ways,
        again=again,
    )


def _text(kind: str, data: Json) -> str:
    """What a step does in detail, on one line."""
    main = _get(data, "main_action", "data")
    message = _get(main or data, "message") or {}
    match kind:
        case "time-delay" | "countdown-delay":
            return _span(data)
        case "list-update":
            return str(data.get("name") or ("Puts on a list" if data.get("on_execution") else "Takes off a list"))
        case "send-webhook":
            return str(message.get("name") or message.get("url") or "")
        case "multi-branch-split":
            return str(data.get("name") or "")
        case "update-profile":
            return _listed(str(_get(one, "property_key") or "") for one in data.get("profile_operations") or ())
        case "target-date":
            days = _listed(str(day).capitalize() for day in data.get("target_days") or ())
            return f"{days or 'any day'}, {str(data.get('target_time') or '')[:5]}".removesuffix(", ")
    words = (message.get("name"), message.get("subject_line") or message.get("title") or message.get("body"))
    return ": ".join(str(word) for word in words if word)


def _span(data: Mapping[str, Any]) -> str:
    value, unit = data.get("value"), str(data.get("unit") or "days")
    said = f"{value} {unit.removesuffix('s') if value == 1 else unit}"
    if until := data.get("delay_until_time"):
        said += f", then until {str(until)[:5]}"
    if days := data.get("delay_until_weekdays"):
        said += f" on {_listed(str(day).capitalize() for day in days)}"
    return said


def _branch(branch: Json, place: int) -> str:
    return str(_get(branch, "name") or ("Everybody else" if _get(branch, "is_else") else f"Branch {place}"))


def _next(branch: Json) -> str:
    return str(_get(branch, "links", "next") or "")


def _listed(words: Iterator[str]) -> str:
    return ", ".join(word for word in words if word)


def _actions(definition: Json) -> dict[str, Json]:
    found: Sequence[Json] = _get(definition, "actions") or ()
    return {
        str(_get(action, "id") or _get(action, "temporary_id") or place): action for place, action in enumerate(found)
    }


def _get(value: Json, *path: str) -> Json:
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value
