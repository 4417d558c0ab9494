"""Events, declared: what profiles did and when."""

from klaviyo_admin.areas.base import Filter, Resource, Source
from klaviyo_admin.areas.events.columns import ID, METRIC, VALUE, WHEN, WHO, metric_name

EVENTS = Resource(
    key="events",
    one="event",
    many="events",
    type="event",
    source=Source("get_events", "get_event", include=("metric", "profile"), sort="-datetime", size=50),
    name=metric_name,
    columns=(METRIC, WHO, VALUE, WHEN, ID),
    filters=(
        Filter("profile_id", "Profile ID is", "get_events", "profile_id", guess=lambda word: len(word) == 26),
        Filter("metric_id", "Metric ID is", "get_events", "metric_id", guess=lambda word: len(word) == 6),
        Filter("after", "Happened after", "get_events", "datetime", "greater-or-equal", "moment"),
        Filter("before", "Happened before", "get_events", "datetime", "less-than", "moment"),
    ),
)
