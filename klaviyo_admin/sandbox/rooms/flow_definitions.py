"""What a flow's definition must be, and how its actions and messages come into being."""

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from klaviyo_admin.sandbox import ids, things
from klaviyo_admin.sandbox.asking import Ask, Json
from klaviyo_admin.sandbox.refusals import invalid
from klaviyo_admin.sandbox.rooms import templates
from klaviyo_admin.sandbox.rooms.campaign_shelves import TEMPLATE_OF
from klaviyo_admin.sandbox.rooms.flow_shelves import ACTION, FLOW, MESSAGE
from klaviyo_admin.sandbox.rooms.templates import TEMPLATES
from klaviyo_admin.sandbox.shelves import Row

DRAFT, STATUSES = "draft", ("draft", "manual", "live")
_FIRST = 100_000_001  # action ids are numbers, counted up through both accounts
_TRIGGERS: Mapping[str, str] = {
    "list": "Added to List",
    "segment": "Added to List",
    "metric": "Metric",
    "date": "Date Based",
    "price-drop": "Price Drop",
    "low-inventory": "Low Inventory",
}
_CHANNELS: Mapping[str, str] = {
    "send-email": "email",
    "send-internal-alert": "email",
    "send-mobile-push": "mobile_push",
    "send-sms": "sms",
    "send-webhook": "webhook",
    "send-whatsapp": "whatsapp",
}
# Actions without a status of their own: they do nothing to anybody.
_QUIET = frozenset(
    {
        *("action-output-split", "back-in-stock-delay", "conditional-split", "countdown-delay", "multi-branch-split"),
        *("target-date", "time-delay", "trigger-split", "code"),
    }
)
_HERE = "/data/attributes/definition"


def flow_of(ask: Ask, definition: Json) -> dict[str, Any]:
    """What a flow keeps of its definition. Raises Refusal for a trigger that cannot be."""
    if len(definition["triggers"]) != 1:
        raise invalid("A flow has exactly one trigger.", f"{_HERE}/triggers")
    trigger = definition["triggers"][0]
    table = {"list": "circle", "segment": "circle", "metric": "metric"}.get(trigger["type"])
    if table:
        sql = f"SELECT 1 FROM {table} WHERE account = ? AND id = ?"
        if not ask.db.execute(sql, (ask.account, trigger.get("id"))).fetchone():
            detail = f"A {trigger['type']} with id {trigger.get('id')} does not exist."
            raise invalid(detail, f"{_HERE}/triggers/0/id")
    kept = {"profile_filter": None, **{k: v for k, v in definition.items() if k != "actions" and v is not None}}
    return {
        "archived": False,
        "trigger_type": _TRIGGERS.get(trigger["type"], "Unconfigured"),
        "trigger": trigger.get("id"),
        "definition": kept,
    }


def add_actions(ask: Ask, flow: Row, definition: Json) -> None:
    """Makes the actions; their temporary ids give way to real ones wherever they are named."""
    actions = definition["actions"]
    names = [action.get("temporary_id") for action in actions]
    for place, name in enumerate(names):
        if not name or names.index(name) != place:
            raise invalid("Each action needs a temporary_id of its own.", f"{_HERE}/actions/{place}/temporary_id")
    first = int(
        ask.db.execute(
            "SELECT ifnull(max(CAST(id AS INTEGER)) + 1, ?) FROM thing WHERE kind = ?", (_FIRST, ACTION)
        ).fetchone()[0]
    )
    real = {name: str(first + place) for place, name in enumerate(names)}
    entry = _real(real, definition.get("entry_action_id"), f"{_HERE}/entry_action_id")
    where = things.ledger(ask)
    kept = {**things.content(flow)["definition"], "entry_action_id": entry}
    things.change(where, flow, data={"definition": kept})
    for place, action in enumerate(actions):
        made = {**copy.deepcopy(action), "id": real[names[place]]}
        del made["temporary_id"]
        for part, links in ways(made):
            links |= {key: _real(real, to, f"{_HERE}/actions/{place}/{part}/{key}") for key, to in links.items()}
        row = things.add(where, ACTION, made["id"], {"definition": made}, name=made["type"], parent=flow["n"])
        write(ask, row, made, f"{_HERE}/actions/{place}")


def ways(definition: Json) -> Iterator[tuple[str, dict[str, str | None]]]:
    """Where an action leads: each place in its definition that names the actions that follow, and the names there."""
    if definition.get("links"):
        yield "links", definition["links"]
    for place, branch in enumerate((definition.get("data") or {}).get("branches") or ()):
        if branch.get("links"):
            yield f"data/branches/{place}/links", branch["links"]


def _real(real: Mapping[str, str], name: str | None, pointer: str) -> str | None:
    if name is not None and name not in real:
        raise invalid(f"There is no action with the temporary_id '{name}'.", pointer)
    return None if name is None else real[name]


def write(ask: Ask, action: Row, definition: Json, pointer: str) -> Row:
    """Gives an action its definition, and its message, if it sends one, its own copy; `pointer` is their place in the body."""
    where, data = things.ledger(ask), dict(definition.get("data") or {})
    status = data.get("status") or action["status"] or DRAFT
    if definition["type"] not in _QUIET:
        data["status"] = status
    if definition["type"] in _CHANNELS:
        data["message"] = _message(ask, action, definition, f"{pointer}/data/message")
    made = {**definition, "id": action["id"], **({"data": data} if data else {})}
    return things.change(where, action, data={"definition": made}, status=status)


def _message(ask: Ask, action: Row, definition: Json, pointer: str) -> dict[str, Any]:
    """The definition of the action's message, which is made if there is none; its template becomes a copy of its own."""
    given, where = dict((definition.get("data") or {}).get("message") or {}), things.ledger(ask)
    row = ask.db.execute("SELECT * FROM thing WHERE parent = ? AND kind = ?", (action["n"], MESSAGE)).fetchone()
    row = row or things.add(where, MESSAGE, ids.six(ask.chance), {}, parent=action["n"])
    held = things.held_rows(ask.db, TEMPLATE_OF, row)
    if given.get("template_id") and given["template_id"] not in [template["id"] for template in held]:
        source = things.named(ask, TEMPLATES, given["template_id"], f"{pointer}/template_id")
        own = templates.owned(ask, source, FLOW)
        things.untie(ask.db, TEMPLATE_OF, row["n"])
        things.tie(ask.db, TEMPLATE_OF, row["n"], [own["n"]])
        given["template_id"] = own["id"]
    made = {**given, "id": row["id"]}
    kept = {"definition": made, "channel": _CHANNELS[definition["type"]]}
    things.change(where, row, data=kept, name=given.get("name") or "")
    return made
