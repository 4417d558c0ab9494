"""The pure builders of changes to flows and their steps, and the definitions that they are made of."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from klaviyo_admin.areas import building
from klaviyo_admin.areas.base import Answers
from klaviyo_admin.areas.building import Noun
from klaviyo_admin.areas.flows import chains
from klaviyo_admin.areas.flows.columns import STATUSES, message_name, step_name
from klaviyo_admin.areas.words import counted, name, plain
from klaviyo_admin.intents import FieldChange, Intent, Request
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.values import Item, Json

FLOW = Noun("flow", "flows", "flow", "get_flow", name, {"status": "Status"})
STEP = Noun("step", "steps", "flow-action", "get_flow_action", step_name)
MESSAGE = Noun("message", "messages", "flow-message", "get_flow_message", message_name)
DRAFT = "draft"
MIXED = "Every step gets the status that its flow has now. Steps that differ from it today do not get theirs back."
MOST_TOLD = 30  # steps that a change names beside its requests

delete = building.deleting("flows.delete", "delete_flow", FLOW)
delete_step = building.deleting("flows.delete_step", "delete_flow_action", STEP)


def start_status(items: Sequence[Item]) -> dict[str, Any]:
    return {"status": items[0].get("status")} if len(items) == 1 else {}


def set_status(items: Sequence[Item], answers: Answers) -> Intent:
    """One PATCH for each flow; the change names every step that switches with it."""
    status = answers["status"]
    requests = tuple(
        building.patched("update_flow", FLOW, item, FLOW.changes({"status": status}, item)) for item in items
    )
    told = [(item, step) for item in items for step in chains.switched(item.get("definition", {}))]
    words = [
        f"{f'{name(item)}: ' if len(items) > 1 else ''}{step.label}{f' “{step.text}”' if step.text else ''}: {step.status} → {status}"
        for item, step in told[:MOST_TOLD]
    ]
    if len(told) > MOST_TOLD:
        words.append(f"and {len(told) - MOST_TOLD:,} more")
    what = "the flow “{target}”" if len(items) == 1 else counted(len(items), "flow")
    also = f" with {counted(len(told), 'step')}" if told else ""
    sentence = f"Set {what}{also} to {STATUSES[status].lower()}."
    target = FLOW.target(items[0]) if len(items) == 1 else None
    details: list[tuple[str, Any]] = [("steps_that_switch", words)] if words else []
    if any(step.status != item.get("status") for item, step in told):
        details.append(("if_it_is_undone", MIXED))
    return Intent("flows.set_status", sentence, requests, target, tuple(details))


def create(items: Sequence[Item], answers: Answers) -> Intent:
    """One POST of a draft that waits, then sends one e-mail."""
    kind, trigger = next(
        (kind, answers[key])
        for key, kind in (("circle", "list"), ("segment", "segment"), ("metric", "metric"))
        if answers[key]
    )
    message: dict[str, Json] = {
        "name": answers["subject_line"],
        **{key: answers[key] for key in ("subject_line", "preview_text", "from_label", "from_email") if answers[key]},
        "template_id": answers["template"].id,
    }
    actions: list[Json] = [
        {
            "temporary_id": "send",
            "type": "send-email",
            "links": {"next": None},
            "data": {"message": message, "status": DRAFT},
        }
    ]
    if answers["value"]:
        wait = {"unit": answers["unit"], "value": answers["value"]}
        actions.insert(0, {"temporary_id": "wait", "type": "time-delay", "links": {"next": "send"}, "data": wait})
    definition = {
        "triggers": [{"type": kind, "id": trigger.id}],
        "actions": actions,
        "entry_action_id": actions[0]["temporary_id"],
    }
    tail = f", set off by the {kind} “{plain(name(trigger))}”"
    return _made("flows.create", answers["name"], definition, tail)


def create_from_definition(items: Sequence[Item], answers: Answers) -> Intent:
    """One POST of a draft with the definition as given."""
    return _made("flows.create_from_definition", answers["name"], answers["definition"])


def start_copy(items: Sequence[Item]) -> dict[str, Any]:
    return {"name": f"Copy of {name(items[0])}"[:255]}


def copy(items: Sequence[Item], answers: Answers) -> Intent:
    """One POST of a draft with the same trigger and steps; each message gets a copy of its template."""
    (flow,) = items
    definition = deepcopy(flow.get("definition", {}))
    definition["actions"] = [_anew(action) for action in definition.get("actions", ())]
    return _made("flows.copy", answers["name"], fitted("create_flow", definition), f", a copy of “{plain(name(flow))}”")


def fitted(name_: str, definition: Json) -> Json:
    """A definition that was read, without the members that the operation does not take."""
    schema = operation(name_).schema
    document = {"data": {"attributes": {"definition": definition}}}
    kept = schema().fitting.fitted(document, lambda _: None) if schema else document
    return kept["data"]["attributes"]["definition"]


def _anew(action: Json) -> Json:
    """A step for a new flow: its id becomes a temporary one, its status draft; its message has no id yet."""
    made = {**{key: value for key, value in action.items() if key != "id"}, "temporary_id": str(action.get("id"))}
    data = made.get("data")
    for part in (data, *(_inner(data))):
        if isinstance(part, dict):
            part |= {"status": DRAFT} if "status" in part else {}
            if isinstance(part.get("message"), dict):
                part["message"].pop("id", None)
    return made


def _inner(data: Json) -> list[Json]:
    """The data of the messages that an experiment compares."""
    if not isinstance(data, dict):
        return []
    trial = data.get("current_experiment") or {}
    tried = [data.get("main_action"), *(trial.get("variations") or ())]
    return [one["data"] for one in tried if isinstance(one, dict) and isinstance(one.get("data"), dict)]


def _made(action: str, called: str, definition: Json, tail: str = "") -> Intent:
    target = FLOW.new(called)
    fields = (FieldChange(("name",), "Name", None, called),)
    request = building.posted("create_flow", target, fields, attributes={"definition": definition})
    found = [f"{step.label}{f': {step.text}' if step.text else ''}" for step in chains.every(chains.chain(definition))]
    sentence = f"Create the draft of a flow “{{target}}”{tail}."
    return Intent(action, sentence, (request,), target, (("steps", found[:MOST_TOLD]),) if found else ())


# The questions that fit a kind of step, and where in its definition the answers stand.
_MESSAGE = ("data", "message")
_ANSWERS: dict[str, dict[str, tuple[str, ...]]] = {
    "time-delay": {"value": ("data", "value"), "unit": ("data", "unit")},
    "send-email": {
        **{key: (*_MESSAGE, key) for key in ("name", "subject_line", "preview_text", "from_label", "from_email")},
        "reply_to_email": (*_MESSAGE, "reply_to_email"),
        "template": (*_MESSAGE, "template_id"),
        "smart_sending_enabled": (*_MESSAGE, "smart_sending_enabled"),
    },
    "send-sms": {key: (*_MESSAGE, key) for key in ("name", "body", "smart_sending_enabled")},
    "send-mobile-push": {key: (*_MESSAGE, key) for key in ("name", "title", "body", "smart_sending_enabled")},
    "send-webhook": {key: (*_MESSAGE, key) for key in ("name", "url")},
}


def start_step(items: Sequence[Item]) -> dict[str, Any]:
    """The answers that fit the step's kind, as Klaviyo holds them now, and its whole definition."""
    (step,) = items
    found = {key: step.at(("definition", *path)) for key, path in _paths(step).items()}
    return found | {"definition": step.get("definition")}


def edit_step(items: Sequence[Item], answers: Answers) -> Intent:
    """One PATCH with the complete definition, which is what Klaviyo asks for."""
    (step,) = items
    before = step.get("definition", {})
    after = deepcopy(answers.get("definition", before))
    for key, path in _paths(step).items():
        if key in answers:
            picked: Item | None = answers[key] if key == "template" else None
            _put(after, path, picked.id if picked else None if key == "template" else answers[key])
    after = fitted("update_flow_action", after)
    data = {"type": "flow-action", "id": step.id, "attributes": {"definition": after}}
    target = STEP.target(step)
    fields = (FieldChange(("definition",), "Step", before, after),)
    request = Request(operation("update_flow_action").write({"id": step.id}, {"data": data}), target, fields)
    flow = next((name(flow) for flow in step.ones("flow")), "")
    where = f" of the flow “{plain(flow)}”" if flow else ""
    return Intent("flows.edit_step", f"Change the step “{{target}}”{where}.", (request,), target)


def _paths(step: Item) -> dict[str, tuple[str, ...]]:
    found = _ANSWERS.get(step.get("definition.type", ""), {})
    return {**found, "status": ("data", "status")} if step.get("definition.data.status") else found


def _put(definition: Json, path: tuple[str, ...], value: Json) -> None:
    place = definition
    for key in path[:-1]:
        place[key] = place.get(key) or {}
        place = place[key]
    place[path[-1]] = value
