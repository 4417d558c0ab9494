"""The pure builder of changes to how links are tagged."""

from collections.abc import Sequence
from typing import Any

from klaviyo_admin.areas import building
from klaviyo_admin.areas.base import Answers
from klaviyo_admin.areas.building import Noun
from klaviyo_admin.areas.words import listed
from klaviyo_admin.intents import Intent
from klaviyo_admin.klaviyo.values import Item

PARAMETERS = {
    "utm_source": "Source",
    "utm_medium": "Medium",
    "utm_campaign": "Campaign",
    "utm_id": "ID",
    "utm_term": "Term",
}
PATHS = {f"{name}_{where}": (name, where) for name in PARAMETERS for where in ("campaign", "flow")}
LABELS = {
    "auto_add_parameters": "Added to every e-mail",
    **{key: f"{PARAMETERS[name]} in {where}s" for key, (name, where) in PATHS.items()},
    "custom_parameters": "Parameters of your own",
}


def name(setting: Item) -> str:
    return "Links in messages"


SETTING = Noun(
    "tracking settings", "tracking settings", "tracking-setting", "get_tracking_setting", name, LABELS, PATHS
)


def start_edit(items: Sequence[Item]) -> dict[str, Any]:
    (setting,) = items
    return {key: setting.at(PATHS.get(key, (key,))) for key in LABELS}


def edit(items: Sequence[Item], answers: Answers) -> Intent:
    """One PATCH with exactly the answers given; a parameter that gets nothing is cleared."""
    (setting,) = items
    fields = SETTING.changes(answers, setting)
    request = building.patched("update_tracking_setting", SETTING, setting, fields)
    said = listed([field.label for field in fields], of="settings")
    sentence = f"Change {said} for the tracking of links in the whole account."
    return Intent("tracking_settings.edit", sentence, (request,), SETTING.target(setting))
