"""What the page of a profile draws beside its facts: consent in words, the timeline, two profiles side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django import template

from klaviyo_admin.areas.events.columns import metric_name
from klaviyo_admin.areas.profiles import standing
from klaviyo_admin.areas.profiles.standing import Standing
from klaviyo_admin.klaviyo.answers import moment
from klaviyo_admin.klaviyo.values import Item, Json
from klaviyo_admin.pages.facts import label
from klaviyo_admin.pages.templatetags.drawing import localised

register = template.Library()
SHOWN = 4  # properties of an event
# Pictures of what happened, by words in the metric's name; the first that fits.
_ICONS = (
    ("order", "coupon"),
    ("checkout", "coupon"),
    ("cart", "product"),
    ("product", "product"),
    ("email", "mail"),
    ("sms", "chat"),
    ("push", "chat"),
    ("form", "form"),
    ("subscribe", "check"),
    ("site", "globe"),
    ("page", "globe"),
)


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of a timeline: its id, picture, what happened, its value, the moment, and some of its properties."""

    id: str
    icon: str
    what: str
    value: Json
    at: str
    said: tuple[tuple[str, Json], ...]


@dataclass(frozen=True, slots=True)
class Day:
    """The events of one day in the viewer's zone."""

    at: str
    events: tuple[Happened, ...]


@register.filter
def standings(profile: Item) -> tuple[Standing, ...]:
    return standing.standings(profile)


@register.filter
def timeline(events: Sequence[Item]) -> tuple[Day, ...]:
    """Events in days, in the order in which they came."""
    return tuple(Day(day, tuple(map(happened, found))) for day, found in groupby(events, key=day_of))


def day_of(event: Item) -> str:
    at = moment(event.get("datetime"))
    return f"{localised(at):%A, %-d %B %Y}" if at else "Some day"


def happened(event: Item) -> Happened:
    what = metric_name(event)
    picture = next((icon for word, icon in _ICONS if word in what.lower()), "event")
    kept = event.get("event_properties") or {}
    said = [
        (label(key), value)
        for key, value in kept.items()
        if not key.startswith("$") and isinstance(value, str | int | float) and value != ""
    ]
    at = str(event.get("datetime", ""))
    return Happened(event.id, picture, what, kept.get("$value"), at, tuple(said[:SHOWN]))
