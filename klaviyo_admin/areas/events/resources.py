"""Events, declared: what profiles did and when."""

from klaviyo_admin.areas.base import Filter, Resource
from klaviyo_admin.areas.events import service
from klaviyo_admin.areas.events.columns import ID, METRIC, VALUE, WHEN, WHO

EVENTS = Resource(
    key="events",
    one="event",
    many="events",
    page=service.page,
    item=service.item,
    name=service.name,
    columns=(METRIC, WHO, VALUE, WHEN, ID),
    filters=(
        Filter("profile_id", "Profile ID is", "get_events", "profile_id", guess=lambda word: len(word) == 26),
        Filter("metric_id", "Metric ID is", "get_events", "metric_id", guess=lambda word: len(word) == 6),
        Filter("after", "Happened after", "get_events", "datetime", "greater-or-equal", "moment"),
        Filter("before", "Happened before", "get_events", "datetime", "less-than", "moment"),
    ),
)
