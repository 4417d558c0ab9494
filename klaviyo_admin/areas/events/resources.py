"""Events, declared: what profiles did and when."""

from klaviyo_admin.areas.base import Action, Column, Filter, Resource, Source, Tab
from klaviyo_admin.areas.events import forms, recording
from klaviyo_admin.areas.events.columns import ID, METRIC, VALUE, WHEN, WHO, metric_name
from klaviyo_admin.areas.profiles.service import name as profile_name
from klaviyo_admin.areas.words import name

EVENTS = Resource(
    key="events",
    one="event",
    many="events",
    type="event",
    source=Source("get_events", "get_event", include=("metric", "profile"), sort="-datetime", size=50),
    name=metric_name,
    columns=(METRIC, WHO, VALUE, WHEN, ID),
    filters=(
        Filter(
            "profile_id",
            "Profile",
            "get_events",
            "profile_id",
            kind="thing",
            guess=lambda word: len(word) == 26,
            of="profiles",
        ),
        Filter(
            "metric_id",
            "Metric",
            "get_events",
            "metric_id",
            kind="thing",
            guess=lambda word: len(word) == 6,
            of="metrics",
        ),
        Filter("after", "Happened after", "get_events", "datetime", "greater-or-equal", "moment"),
        Filter("before", "Happened before", "get_events", "datetime", "less-than", "moment"),
    ),
    tabs=(
        Tab(
            "profile",
            "Who",
            "get_profile_for_event",
            (Column("name", "Name", profile_name), Column("email", "E-mail", lambda p: p.get("email"))),
            links_to="profiles",
            ids="get_profile_id_for_event",
        ),
        Tab(
            "metric",
            "What happened",
            "get_metric_for_event",
            (
                Column("name", "Metric", name),
                Column("integration", "Comes from", lambda m: m.get("integration.name")),
            ),
            links_to="metrics",
            ids="get_metric_id_for_event",
        ),
    ),
    actions=(
        Action(
            "record",
            "Record an event",
            forms.NewEvent,
            recording.record,
            ("create_event",),
            on="new",
            hint="An event can start flows and change segments, and it cannot be taken back.",
        ),
        Action(
            "record-rows",
            "Record many events",
            forms.EventRows,
            recording.record_rows,
            ("bulk_create_events",),
            on="new",
            hint="Events can start flows and change segments, and they cannot be taken back.",
        ),
    ),
)
