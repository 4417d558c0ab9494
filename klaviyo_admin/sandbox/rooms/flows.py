"""The room of flows: made from a definition, switched on and off, and looked at action by action."""

from collections.abc import Mapping

from klaviyo_admin.sandbox import ids, things
from klaviyo_admin.sandbox.asking import Ask, Json, Reply
from klaviyo_admin.sandbox.documents import single
from klaviyo_admin.sandbox.refusals import invalid
from klaviyo_admin.sandbox.rooms import flow_definitions
from klaviyo_admin.sandbox.rooms.campaign_shelves import TEMPLATE_OF
from klaviyo_admin.sandbox.rooms.flow_definitions import DRAFT, STATUSES
from klaviyo_admin.sandbox.rooms.flow_shelves import ACTION, ACTIONS, FLOW, FLOWS, MESSAGE, MESSAGES
from klaviyo_admin.sandbox.rooms.reading import Room, all_of, one_of, owner, related, related_one
from klaviyo_admin.sandbox.rooms.shelving import LISTS, METRICS, SEGMENTS
from klaviyo_admin.sandbox.rooms.tagging import tag_rooms
from klaviyo_admin.sandbox.rooms.templates import TEMPLATES
from klaviyo_admin.sandbox.shelves import Row, Rows


def create_flow(ask: Ask) -> Reply:
    name, definition = ask.attributes["name"], ask.attributes["definition"]
    if not name.strip():
        raise invalid("The name may not be blank.", "/data/attributes/name")
    kept = flow_definitions.flow_of(ask, definition)
    row = things.add(things.ledger(ask), FLOW, ids.six(ask.chance), kept, name=name, status=DRAFT)
    flow_definitions.add_actions(ask, row, definition)
    return Reply(single(ask, FLOWS, things.named(ask, FLOWS, row["id"])))


def update_flow(ask: Ask) -> Reply:
    """The status only, which all actions then have too."""
    row, status = owner(ask, FLOWS), ask.attributes["status"]
    ask.must_match()
    if status not in STATUSES:
        raise invalid(f"'status' must be one of {', '.join(STATUSES)}.", "/data/attributes/status")
    for action in _actions(ask, row):
        definition = things.content(action)["definition"]
        if "status" in definition.get("data", {}):
            definition["data"]["status"] = status
        things.change(things.ledger(ask), action, data={"definition": definition}, status=status)
    return Reply(single(ask, FLOWS, things.change(things.ledger(ask), row, status=status)))


def _actions(ask: Ask, flow: Row) -> list[Row]:
    sql = "SELECT * FROM thing WHERE parent = ? AND kind = ? ORDER BY n"
    return ask.db.execute(sql, (flow["n"], ACTION)).fetchall()


def delete_flow(ask: Ask) -> Reply:
    """Copies of templates that its messages had stay behind."""
    things.remove(ask.db, owner(ask, FLOWS))
    return Reply()


def update_flow_action(ask: Ask) -> Reply:
    row, definition = owner(ask, ACTIONS), ask.attributes["definition"]
    ask.must_match()
    before, place = things.content(row)["definition"], "/data/attributes/definition"
    if definition["type"] != before["type"]:
        raise invalid("The type of an action cannot be changed.", f"{place}/type")
    flow = things.row_of(ask.db, row["parent"])
    known = {action["id"] for action in _actions(ask, flow)}
    for part, links in flow_definitions.ways(definition):
        for key, to in links.items():
            if to is not None and to not in known:
                raise invalid(f"There is no action with id {to} in this flow.", f"{place}/{part}/{key}")
    made = {k: v for k, v in definition.items() if k != "temporary_id"}
    return Reply(single(ask, ACTIONS, flow_definitions.write(ask, row, made, place)))


def delete_flow_action(ask: Ask) -> Reply:
    """What led to the action then leads to what came after it; where two ways part, there is no such one."""
    row = owner(ask, ACTIONS)
    onward = [links for _, links in flow_definitions.ways(things.content(row)["definition"])]
    if any(set(links) != {"next"} for links in onward) or len(onward) > 1:
        raise invalid("An action from which several ways lead on cannot be deleted.")
    following = onward[0]["next"] if onward else None
    flow, where = things.row_of(ask.db, row["parent"]), things.ledger(ask)
    for action in _actions(ask, flow):
        definition = things.content(action)["definition"]
        leading = [links for _, links in flow_definitions.ways(definition) if row["id"] in links.values()]
        for links in leading:
            links |= {key: following for key, to in links.items() if to == row["id"]}
        if leading:
            things.change(where, action, data={"definition": definition})
    kept: Json = things.content(flow)["definition"]
    if kept.get("entry_action_id") == row["id"]:
        things.change(where, flow, data={"definition": {**kept, "entry_action_id": following}})
    things.remove(ask.db, row)
    return Reply()


def _triggered(ask: Ask, trigger: Row) -> Rows:
    """The flows that a list, segment or metric sets off."""
    where = "thing.account = ? AND thing.kind = ? AND thing.data ->> '$.trigger' = ?"
    return Rows("thing", where, (ask.account, FLOW, trigger["id"]))


_ACTIONS, _ACTION_IDS = related(FLOWS, ACTIONS, things.children(ACTION))
_TAGS, _TAG_IDS = tag_rooms(FLOWS)
_FLOW, _FLOW_ID = related_one(ACTIONS, FLOWS, things.parent)
_MESSAGES, _MESSAGE_IDS = related(ACTIONS, MESSAGES, things.children(MESSAGE))
_ACTION, _ACTION_ID = related_one(MESSAGES, ACTIONS, things.parent)
_TEMPLATE, _TEMPLATE_ID = related_one(MESSAGES, TEMPLATES, things.held(TEMPLATE_OF))
_BY_LIST, _IDS_BY_LIST = related(LISTS, FLOWS, _triggered)
_BY_SEGMENT, _IDS_BY_SEGMENT = related(SEGMENTS, FLOWS, _triggered)
_BY_METRIC, _IDS_BY_METRIC = related(METRICS, FLOWS, _triggered)
ROOM: Mapping[str, Room] = {
    "get_flows": all_of(FLOWS),
    "get_flow": one_of(FLOWS),
    "create_flow": create_flow,
    "update_flow": update_flow,
    "delete_flow": delete_flow,
    "get_actions_for_flow": _ACTIONS,
    "get_action_ids_for_flow": _ACTION_IDS,
    "get_tags_for_flow": _TAGS,
    "get_tag_ids_for_flow": _TAG_IDS,
    "get_flow_action": one_of(ACTIONS),
    "update_flow_action": update_flow_action,
    "delete_flow_action": delete_flow_action,
    "get_flow_for_flow_action": _FLOW,
    "get_flow_id_for_flow_action": _FLOW_ID,
    "get_flow_action_messages": _MESSAGES,
    "get_message_ids_for_flow_action": _MESSAGE_IDS,
    "get_flow_message": one_of(MESSAGES),
    "get_action_for_flow_message": _ACTION,
    "get_action_id_for_flow_message": _ACTION_ID,
    "get_template_for_flow_message": _TEMPLATE,
    "get_template_id_for_flow_message": _TEMPLATE_ID,
    "get_flows_triggered_by_list": _BY_LIST,
    "get_ids_for_flows_triggered_by_list": _IDS_BY_LIST,
    "get_flows_triggered_by_segment": _BY_SEGMENT,
    "get_ids_for_flows_triggered_by_segment": _IDS_BY_SEGMENT,
    "get_flows_triggered_by_metric": _BY_METRIC,
    "get_ids_for_flows_triggered_by_metric": _IDS_BY_METRIC,
}
