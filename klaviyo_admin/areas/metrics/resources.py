"""Metrics, declared: the kinds of events an account receives."""

from klaviyo_admin.areas.base import Column, Filter, Resource, Source, Tab
from klaviyo_admin.areas.events import service as events
from klaviyo_admin.areas.events.columns import VALUE, WHEN, WHO
from klaviyo_admin.areas.words import name

METRICS = Resource(
    key="metrics",
    one="metric",
    many="metrics",
    type="metric",
    source=Source("get_metrics", "get_metric"),
    name=name,
    columns=(
        Column("name", "Name", name),
        Column("integration", "Comes from", lambda m: m.get("integration.name")),
        Column("category", "Kind of source", lambda m: m.get("integration.category"), first=False),
        Column("created", "Created", lambda m: m.get("created"), as_="moment"),
        Column("updated", "Updated", lambda m: m.get("updated"), as_="moment"),
        Column("id", "ID", lambda m: m.id, as_="id"),
    ),
    filters=(
        Filter("integration", "Comes from (exact name)", "get_metrics", "integration.name", guess=lambda word: True),
    ),
    tabs=(
        Tab(
            "events",
            "Latest events",
            "get_events",
            (WHO, VALUE, WHEN),
            links_to="events",
            empty="None yet.",
            page=events.of_metric,
        ),
    ),
)
