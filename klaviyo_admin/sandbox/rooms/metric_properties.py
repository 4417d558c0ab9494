"""The room of metric properties: what the events of a metric have been told with, inferred from the latest of them."""

import binascii
from collections.abc import Mapping

from klaviyo_admin.sandbox.asking import Ask, Json, Reply, absent
from klaviyo_admin.sandbox.documents import single
from klaviyo_admin.sandbox.paging import page
from klaviyo_admin.sandbox.rooms.reading import Room, related
from klaviyo_admin.sandbox.rooms.shelving import METRICS
from klaviyo_admin.sandbox.shelves import Extras, Relation, Row, Rows, Shelf, loader, shelf_of

_LATEST = 500  # events looked at
_TYPES = (
    "CASE WHEN p.type IN ('integer', 'real') THEN 'Number' WHEN p.type IN ('true', 'false') THEN 'Boolean' "
    "WHEN p.type = 'array' THEN 'List' WHEN p.type = 'object' THEN 'Object' ELSE 'Text' END"
)
# The id is the metric's and the property's name, in hexadecimal.
_FOUND = (
    "(SELECT dense_rank() OVER (ORDER BY p.key) AS n, lower(hex(metric.id || ':' || p.key)) AS id, p.key AS name, "
    f"max({_TYPES}) AS type, metric.n AS metric FROM metric JOIN event ON event.n IN "
    f"(SELECT e.n FROM event e WHERE e.metric = metric.n ORDER BY e.at DESC LIMIT {_LATEST}) "
    "JOIN json_each(event.properties) p WHERE metric.n = {} GROUP BY p.key) AS metric_property"
)


def _property(row: Row, extras: Extras) -> dict[str, Json]:
    shown = {"label": row["name"], "property": row["name"], "inferred_type": row["type"]}
    # The live service gives null for the samples even to those who ask for them.
    return shown | ({"sample_values": None} if "sample_values" in extras else {})


PROPERTIES = Shelf(
    type="metric-property",
    path="/api/metric-properties",
    table="metric_property",
    columns={"id": "metric_property.id"},
    show=_property,
    relations=(
        Relation(
            "metric",
            shelf_of("metric"),
            loader("SELECT n AS owner, * FROM metric WHERE n IN ({})", "metric"),
            many=False,
            always=True,
        ),
    ),
)


def _of(ask: Ask, metric: Row) -> Rows:
    return Rows(_FOUND.format(int(metric["n"])), "1", ())


def _owner(ask: Ask) -> Row:
    """The property that the path names. Raises Refusal: not found."""
    try:
        metric_id, _, name = bytes.fromhex(ask.id).decode().partition(":")
    except (ValueError, binascii.Error) as fault:
        raise absent(ask, PROPERTIES.type) from fault
    metric = ask.db.execute("SELECT * FROM metric WHERE account = ? AND id = ?", (ask.account, metric_id)).fetchone()
    if metric is None:
        raise absent(ask, PROPERTIES.type)
    found = page(ask, PROPERTIES, Rows(_of(ask, metric).table, "metric_property.name = ?", (name,))).rows
    if not found:
        raise absent(ask, PROPERTIES.type)
    return found[0]


def _metric(ask: Ask) -> Row:
    row: Row = ask.db.execute("SELECT * FROM metric WHERE n = ?", (_owner(ask)["metric"],)).fetchone()
    return row


def get_metric_id_for_metric_property(ask: Ask) -> Reply:
    at = f"{ask.here}{ask.target.partition('?')[0].rstrip('/')}"
    return Reply({"data": {"type": "metric", "id": _metric(ask)["id"]}, "links": {"self": at}})


_ALL, _ALL_IDS = related(METRICS, PROPERTIES, _of)
ROOM: Mapping[str, Room] = {
    "get_properties_for_metric": _ALL,
    "get_property_ids_for_metric": _ALL_IDS,
    "get_metric_property": lambda ask: Reply(single(ask, PROPERTIES, _owner(ask))),
    "get_metric_for_metric_property": lambda ask: Reply(single(ask, METRICS, _metric(ask))),
    "get_metric_id_for_metric_property": get_metric_id_for_metric_property,
}
