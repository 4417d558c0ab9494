"""How flows, their actions and messages are stored and shown.

A flow keeps its definition without the actions; each action keeps its own definition, and a message a copy of the part of it
that is sent. Only creating a flow and changing an action write them.
"""

import json
from typing import Any

from klaviyo_admin.sandbox import things
from klaviyo_admin.sandbox.moments import whole
from klaviyo_admin.sandbox.paging import compare
from klaviyo_admin.sandbox.rooms.campaign_shelves import TEMPLATE_OF
from klaviyo_admin.sandbox.rooms.tagging import tags
from klaviyo_admin.sandbox.shelves import Extras, Relation, Row, Shelf, shelf_of

FLOW, ACTION, MESSAGE = "flow", "flow-action", "flow-message"
_ACTIONS = (
    "(SELECT json_group_array(json(d)) FROM (SELECT a.data -> '$.definition' AS d FROM thing a "
    f"WHERE a.parent = thing.n AND a.kind = '{ACTION}' ORDER BY a.n)) AS actions"
)


def _flow(row: Row, extras: Extras) -> dict[str, Any]:
    kept = things.content(row)
    shown = {
        "name": row["name"],
        "status": row["status"],
        "archived": kept["archived"],
        "created": whole(row["created"]),
        "updated": whole(row["updated"]),
        "trigger_type": kept["trigger_type"],
    }
    if "definition" in extras and "actions" in row.keys():  # noqa: SIM118 (a Row iterates over its values)
        shown["definition"] = {**kept["definition"], "actions": json.loads(row["actions"])}
    return shown


def _action(row: Row, extras: Extras) -> dict[str, Any]:
    return {
        "definition": things.content(row)["definition"],
        "created": whole(row["created"]),
        "updated": whole(row["updated"]),
    }


def _message(row: Row, extras: Extras) -> dict[str, Any]:
    kept = things.content(row)
    return {
        "definition": kept["definition"],
        "channel": kept["channel"],
        "created": whole(row["created"]),
        "updated": whole(row["updated"]),
    }


FLOWS: Shelf = things.shelf(
    FLOW,
    "/api/flows",
    _flow,
    columns={"archived": "thing.data ->> '$.archived'", "trigger_type": "thing.data ->> '$.trigger_type'"},
    relations=(
        Relation("flow-actions", shelf_of(ACTION), things.loading_children(ACTION), always=True),
        tags(FLOW),
    ),
    computed={"definition": _ACTIONS},
)
ACTIONS: Shelf = things.shelf(
    ACTION,
    "/api/flow-actions",
    _action,
    columns={"id": "CAST(thing.id AS INTEGER)", "action_type": "upper(replace(thing.name, '-', '_'))"},
    special={"id": lambda operator, value, account: compare("thing.id", operator, value)},
    relations=(
        Relation("flow", lambda: FLOWS, things.LOADING_PARENT, many=False, always=True),
        Relation("flow-messages", shelf_of(MESSAGE), things.loading_children(MESSAGE), always=True),
    ),
)
MESSAGES: Shelf = things.shelf(
    MESSAGE,
    "/api/flow-messages",
    _message,
    relations=(
        Relation("flow-action", lambda: ACTIONS, things.LOADING_PARENT, many=False, always=True),
        Relation("template", shelf_of("template"), things.loading_held(TEMPLATE_OF), many=False, always=True),
    ),
)
