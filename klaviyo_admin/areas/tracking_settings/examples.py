"""Shows tracking settings at work: each parameter in words, and a link of a campaign and of a flow that carries them."""

from urllib.parse import quote

from klaviyo_admin.areas.tracking_settings.parameters import FIXED, spoken
from klaviyo_admin.areas.tracking_settings.service import PARAMETERS
from klaviyo_admin.klaviyo.values import Item, Json

SITE = "https://www.example.com/"


def rows(setting: Item) -> tuple[tuple[str, str, str], ...]:
    """Each parameter that has a value: its name, and in words what campaigns and flows say for it."""
    return tuple(
        (name, spoken(values.get("campaign")), spoken(values.get("flow"))) for name, values in _parameters(setting)
    )


def link(setting: Item, where: str) -> str:
    """A link as a campaign or a flow would carry it, with what Klaviyo fills in between angle brackets."""
    pairs = ((name, values.get(where)) for name, values in _parameters(setting))
    said = "&".join(f"{quote(name)}={_sample(value)}" for name, value in pairs if isinstance(value, dict))
    return f"{SITE}?{said}" if said else SITE


def _parameters(setting: Item) -> list[tuple[str, dict[str, Json]]]:
    named = [(key, setting.get(key)) for key in PARAMETERS]
    own = [(str(one.get("name")), one) for one in setting.get("custom_parameters", ()) if isinstance(one, dict)]
    return [(name, values) for name, values in (*named, *own) if isinstance(values, dict) and values]


def _sample(value: dict[str, Json]) -> str:
    said = str(value.get("value") or "")
    return quote(said) if value.get("type") == FIXED else f"<{spoken(value).lower()}>"
