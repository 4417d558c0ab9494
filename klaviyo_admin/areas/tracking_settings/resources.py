"""Tracking settings, declared: what is added to every link, so that a website knows where its visitors come from."""

from klaviyo_admin.areas.base import Action, Column, Resource, Source
from klaviyo_admin.areas.tracking_settings import forms, service
from klaviyo_admin.areas.tracking_settings.parameters import spoken
from klaviyo_admin.klaviyo.values import Item


def _both(setting: Item, parameter: str) -> str:
    """What campaigns and flows say for a parameter; once where it is the same."""
    found = {where: spoken(setting.at((parameter, where))) for where in ("campaign", "flow")}
    if found["campaign"] == found["flow"]:
        return found["campaign"]
    return "; ".join(f"{where}s: {value or 'nothing'}" for where, value in found.items())


def _parameter(key: str, label: str) -> Column:
    return Column(key, label, lambda setting: _both(setting, key))


def _own(setting: Item) -> str:
    return ", ".join(str(parameter.get("name")) for parameter in setting.get("custom_parameters", ()))


TRACKING_SETTINGS = Resource(
    key="tracking-settings",
    one="tracking settings",
    many="tracking settings",
    type="tracking-setting",
    source=Source("get_tracking_settings", "get_tracking_setting"),
    name=service.name,
    columns=(
        Column("name", "For", service.name),
        Column("auto_add_parameters", "Added to every e-mail", lambda s: s.get("auto_add_parameters"), as_="flag"),
        *(_parameter(key, label) for key, label in service.PARAMETERS.items()),
        Column("custom_parameters", "Parameters of your own", _own),
    ),
    actions=(
        Action(
            "edit",
            "Edit",
            forms.EditTracking,
            service.edit,
            ("update_tracking_setting",),
            start=service.start_edit,
            hint="It changes the links of every message that is sent from then on.",
        ),
    ),
)
