"""Sows a flow in which ways part and meet again, with steps of many kinds."""

from typing import Any

from klaviyo_admin.sandbox import ids, things
from klaviyo_admin.sandbox.moments import DAY
from klaviyo_admin.sandbox.seed.flows import id_of
from klaviyo_admin.sandbox.seed.ground import Ground

Json = dict[str, Any]
_NAME = "After the first order"


def furnish(ground: Ground) -> None:
    where = things.Ledger(ground.db, ground.account, ground.today - 400 * DAY)
    order = id_of(ground, "metric", "Placed Order")
    circle = id_of(ground, "circle", "Newsletter")
    first = 1 + int(
        ground.db.execute("SELECT max(CAST(id AS INTEGER)) FROM thing WHERE kind = 'flow-action'").fetchone()[0]
    )
    kept = {
        "archived": False,
        "trigger_type": "Metric",
        "trigger": order,
        "definition": {
            "triggers": [{"type": "metric", "id": order}],
            "profile_filter": None,
            "entry_action_id": str(first),
        },
    }
    flow = things.add(where, "flow", ids.six(ground.chance), kept, name=_NAME, status="live")
    steps = _steps(order, circle, ground.shop.site)
    for place, step in enumerate(steps):
        made = _linked(step, place, first)
        status = made["data"].get("status", "live")
        row = things.add(
            where, "flow-action", made["id"], {"definition": made}, name=made["type"], status=status, parent=flow["n"]
        )
        if made["type"] in _CHANNELS:
            message = {**made["data"]["message"], "id": ids.six(ground.chance)}
            about = {"definition": message, "channel": _CHANNELS[made["type"]]}
            things.add(where, "flow-message", message["id"], about, name=message["name"], parent=row["n"])
            made["data"]["message"] = message
            things.change(where, row, data={"definition": made})


_CHANNELS = {"send-sms": "sms", "send-webhook": "webhook"}


def _steps(order: str, circle: str, site: str) -> tuple[Json, ...]:
    """The steps in order; their links count from the first, 0."""
    member: Json = {"type": "profile-group-membership", "is_member": True, "group_ids": [circle]}
    large: Json = {"type": "metric-property", "metric_id": order, "field": "$value"}
    large |= {"filter": {"type": "numeric", "operator": "greater-than", "value": 100}}
    branches = [
        {
            "branch_id": "a",
            "order": 0,
            "name": "Spent more than 100",
            "branch_filter": _groups(large),
            "links": {"next": 5},
        },
        {"branch_id": "b", "order": 1, "is_else": True, "name": None, "links": {"next": 6}},
    ]
    sms = {"name": "Thank-you by text", "body": "Thank you! Tell us how you like it.", "smart_sending_enabled": True}
    till = {"name": "Tell the till", "url": f"{site}/hooks/till", "headers": {}, "body": '{"who": "{{ person.id }}"}'}
    points = {"operator": "update", "property_type": "boolean", "property_key": "Has ordered", "property_value": True}
    return (
        {"type": "time-delay", "data": {"unit": "days", "value": 3, "timezone": "profile"}, "links": {"next": 1}},
        {
            "type": "conditional-split",
            "data": {"profile_filter": _groups(member)},
            "links": {"next_if_true": 2, "next_if_false": 3},
        },
        {"type": "send-sms", "data": {"message": sms, "status": "draft"}, "links": {"next": 6}},
        {"type": "time-delay", "data": {"unit": "hours", "value": 6, "timezone": "profile"}, "links": {"next": 4}},
        {"type": "multi-branch-split", "data": {"name": "By what they spent", "branches": branches}},
        {"type": "send-webhook", "data": {"message": till, "status": "live"}, "links": {"next": 6}},
        {"type": "update-profile", "data": {"profile_operations": [points], "status": "live"}, "links": {"next": None}},
    )


def _groups(condition: Json) -> Json:
    return {"condition_groups": [{"conditions": [condition]}]}


def _linked(step: Json, place: int, first: int) -> Json:
    """The step with the ids that it and its links have in this store."""

    def real(links: Json) -> Json:
        return {key: None if to is None else str(first + to) for key, to in links.items()}

    made = {"id": str(first + place), **step, "data": dict(step["data"])}
    if "links" in step:
        made["links"] = real(step["links"])
    if "branches" in step["data"]:
        made["data"]["branches"] = [{**one, "links": real(one["links"])} for one in step["data"]["branches"]]
    return made
