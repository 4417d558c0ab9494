"""AREAS: the menu of the dashboard, in order."""

from dataclasses import dataclass

from klaviyo_admin.areas.base import Resource
from klaviyo_admin.areas.events.resources import EVENTS
from klaviyo_admin.areas.lists.resources import LISTS
from klaviyo_admin.areas.metrics.resources import METRICS
from klaviyo_admin.areas.profiles.resources import PROFILES
from klaviyo_admin.areas.segments.resources import SEGMENTS


@dataclass(frozen=True, slots=True)
class Area:
    """One entry of the menu: its key in URLs, its label, the name of its icon, and what it shows."""

    key: str
    label: str
    icon: str
    resource: Resource


AREAS = (
    Area("profiles", "Profiles", "person", PROFILES),
    Area("lists", "Lists", "list", LISTS),
    Area("segments", "Segments", "segment", SEGMENTS),
    Area("events", "Events", "event", EVENTS),
    Area("metrics", "Metrics", "metric", METRICS),
)

_BY_KEY = {area.resource.key: area.resource for area in AREAS}


def find(key: str) -> Resource | None:
    """The resource of an area's key in a URL; None for a key that no area has."""
    return _BY_KEY.get(key)
