"""The room of tracking settings: one for each account, with the account's id."""

import json
from collections.abc import Mapping

from klaviyo_admin.sandbox.asking import Ask, Json, Reply
from klaviyo_admin.sandbox.documents import single
from klaviyo_admin.sandbox.refusals import invalid
from klaviyo_admin.sandbox.rooms.reading import Room, all_of, one_of, owner
from klaviyo_admin.sandbox.shelves import Extras, Row, Shelf

_NEEDED = ("auto_add_parameters", "utm_source", "utm_medium")
_NAMES = (*_NEEDED, "utm_campaign", "utm_id", "utm_term", "custom_parameters")


def _setting(row: Row, extras: Extras) -> dict[str, Json]:
    kept = json.loads(row["data"])
    return {name: kept[name] for name in _NAMES if kept.get(name) is not None}


SETTINGS = Shelf(
    "tracking-setting", "/api/tracking-settings", "tracking_setting", {"id": "tracking_setting.id"}, _setting
)


def update_tracking_setting(ask: Ask) -> Reply:
    """Absent keeps, null clears; within a parameter flow and campaign are settled one by one."""
    row, given = owner(ask, SETTINGS), ask.attributes
    ask.must_match()
    for name in _NEEDED:
        if name in given and given[name] is None:
            raise invalid(f"'{name}' may not be null.", f"/data/attributes/{name}")
    kept = json.loads(row["data"])
    for name, value in given.items():
        held = kept.get(name)
        kept[name] = {**held, **value} if isinstance(held, dict) and isinstance(value, dict) else value
    ask.db.execute("UPDATE tracking_setting SET data = ? WHERE n = ?", (json.dumps(kept), row["n"]))
    return Reply(single(ask, SETTINGS, owner(ask, SETTINGS)))


ROOM: Mapping[str, Room] = {
    "get_tracking_settings": all_of(SETTINGS),
    "get_tracking_setting": one_of(SETTINGS),
    "update_tracking_setting": update_tracking_setting,
}
