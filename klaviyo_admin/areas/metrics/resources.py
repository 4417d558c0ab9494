"""Metrics, declared: the kinds of events an account receives, what they carry, and the figures made of them."""

from klaviyo_admin.areas.base import Action, Column, Filter, Resource, Source, Tab
from klaviyo_admin.areas.events import service as events
from klaviyo_admin.areas.events.columns import VALUE, WHEN, WHO
from klaviyo_admin.areas.fields import NoQuestions
from klaviyo_admin.areas.flows.columns import TRIGGERED
from klaviyo_admin.areas.metrics import forms, service
from klaviyo_admin.areas.metrics.columns import (
    CREATED,
    ID,
    INTEGRATION,
    KIND,
    METHOD,
    METRIC,
    NAME,
    PROPERTY,
    UPDATED,
    figure,
    made_of,
    property_name,
    stands_for,
)
from klaviyo_admin.areas.words import name

METRICS = Resource(
    key="metrics",
    one="metric",
    many="metrics",
    type="metric",
    source=Source("get_metrics", "get_metric"),
    name=name,
    columns=(
        NAME,
        INTEGRATION,
        Column("category", "Kind of source", lambda m: m.get("integration.category"), first=False),
        CREATED,
        UPDATED,
        ID,
    ),
    filters=(
        Filter("integration", "Comes from (exact name)", "get_metrics", "integration.name"),
        Filter("category", "Kind of source (exact)", "get_metrics", "integration.category"),
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
        Tab(
            "flow-triggers",
            "Flows that it starts",
            "get_flows_triggered_by_metric",
            TRIGGERED,
            links_to="flows",
            empty="It starts no flow.",
            ids="get_ids_for_flows_triggered_by_metric",
        ),
        Tab(
            "properties",
            "Properties of its events",
            "get_properties_for_metric",
            (PROPERTY, KIND),
            links_to="metric-properties",
            empty="Its events carry no properties.",
            ids="get_property_ids_for_metric",
            lazy=True,
        ),
    ),
)

METRIC_PROPERTIES = Resource(
    key="metric-properties",
    one="property of events",
    many="properties of events",
    type="metric-property",
    source=Source("", "get_metric_property", additional={"metric-property": ("sample_values",)}),
    name=property_name,
    columns=(
        PROPERTY,
        Column("property", "As it is called in events", lambda p: p.get("property")),
        KIND,
        Column("sample_values", "Values that were seen", lambda p: p.get("sample_values"), as_="json"),
    ),
    tabs=(
        Tab(
            "metric",
            "Metric",
            "get_metric_for_metric_property",
            METRIC,
            links_to="metrics",
            ids="get_metric_id_for_metric_property",
            lazy=True,
        ),
    ),
)

CUSTOM_METRICS = Resource(
    key="custom-metrics",
    one="custom metric",
    many="custom metrics",
    type="custom-metric",
    source=Source("get_custom_metrics", "get_custom_metric", include=("metrics",)),
    name=name,
    columns=(NAME, METHOD, Column("metrics", "Made of", made_of, covers=("definition",)), CREATED, UPDATED, ID),
    tabs=(
        Tab(
            "metrics",
            "Metrics that it is made of",
            "get_metrics_for_custom_metric",
            METRIC,
            links_to="metrics",
            empty="None.",
            ids="get_metric_ids_for_custom_metric",
        ),
    ),
    actions=(
        Action(
            "edit",
            "Edit",
            forms.ChangeCustomMetric,
            service.change_custom,
            ("update_custom_metric",),
            start=service.start_change,
            suits=service.is_plain,
        ),
        Action(
            "edit-definition",
            "Edit by hand",
            forms.EditCustomMetric,
            service.edit_custom,
            ("update_custom_metric",),
            start=service.start_custom,
        ),
        Action(
            "create",
            "New custom metric",
            forms.NewCustomMetric,
            service.create_custom,
            ("create_custom_metric",),
            on="new",
            hint="Klaviyo takes 15 of these writes a day, and most accounts may have one custom metric.",
        ),
        Action(
            "delete",
            "Delete",
            NoQuestions,
            service.delete_custom,
            ("delete_custom_metric",),
            on="many",
            hint="Reports that show it lose it. The events stay.",
        ),
    ),
)

MAPPED_METRICS = Resource(
    key="mapped-metrics",
    one="figure",
    many="figures",
    type="mapped-metric",
    source=Source("get_mapped_metrics", "get_mapped_metric", include=("metric", "custom-metric")),
    name=figure,
    columns=(
        Column("name", "Figure", figure),
        Column("metric", "Taken from", stands_for),
        UPDATED,
        ID,
    ),
    tabs=(
        Tab(
            "metric",
            "Taken from the metric",
            "get_metric_for_mapped_metric",
            METRIC,
            links_to="metrics",
            empty="From none of Klaviyo's metrics.",
            ids="get_metric_id_for_mapped_metric",
        ),
        Tab(
            "custom-metric",
            "Taken from the custom metric",
            "get_custom_metric_for_mapped_metric",
            (NAME, METHOD),
            links_to="custom-metrics",
            empty="From no custom metric.",
            ids="get_custom_metric_id_for_mapped_metric",
        ),
    ),
    actions=(
        Action(
            "map",
            "Take from another metric",
            forms.MapMetric,
            service.map_metric,
            ("update_mapped_metric",),
            hint="Klaviyo lets each figure be changed twice a day. Its reports are counted anew.",
        ),
    ),
)
