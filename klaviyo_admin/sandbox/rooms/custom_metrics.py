"""The room of custom metrics: figures made of several metrics, each narrowed by conditions on its events."""

from collections.abc import Mapping

from klaviyo_admin.sandbox import ids, things
from klaviyo_admin.sandbox.asking import Ask, Json, Reply
from klaviyo_admin.sandbox.documents import single
from klaviyo_admin.sandbox.moments import whole
from klaviyo_admin.sandbox.refusals import Problem, Refusal, invalid
from klaviyo_admin.sandbox.rooms.circles import proper_name
from klaviyo_admin.sandbox.rooms.reading import Room, all_of, one_of, owner, related
from klaviyo_admin.sandbox.rooms.shelving import METRICS
from klaviyo_admin.sandbox.shelves import Extras, Relation, Row, Rows, loader, shelf_of

KIND = "custom-metric"
_MOST = 10
_GROUPS = "/data/attributes/definition/metric_groups"
_USES = "thing JOIN json_each(thing.data, '$.definition.metric_groups') g JOIN metric "
_USES += "ON metric.account = thing.account AND metric.id = g.value ->> '$.metric_id'"


def _custom(row: Row, extras: Extras) -> dict[str, Json]:
    return {
        "name": row["name"],
        "created": whole(row["created"]),
        "updated": whole(row["updated"]),
        "definition": things.content(row)["definition"],
    }


CUSTOM = things.shelf(
    KIND,
    "/api/custom-metrics",
    _custom,
    relations=(
        Relation(
            "metrics",
            shelf_of("metric"),
            loader(f"SELECT DISTINCT thing.n AS owner, metric.* FROM {_USES} WHERE thing.n IN ({{}})"),
        ),
    ),
)


def create_custom_metric(ask: Ask) -> Reply:
    given, where = ask.attributes, things.ledger(ask)
    name = proper_name(given["name"])
    definition = _proper(ask, given["definition"])
    if things.count(where, KIND) >= _MOST:
        raise invalid(f"An account may have at most {_MOST} custom metrics.")
    row = things.add(where, KIND, ids.six(ask.chance), {"definition": definition}, name=name)
    return Reply(single(ask, CUSTOM, row))


def update_custom_metric(ask: Ask) -> Reply:
    row, given = owner(ask, CUSTOM), ask.attributes
    ask.must_match()
    name, definition = given.get("name"), given.get("definition")
    row = things.change(
        things.ledger(ask),
        row,
        data=None if definition is None else {"definition": _proper(ask, definition)},
        name=None if name is None else proper_name(name),
    )
    return Reply(single(ask, CUSTOM, row))


def delete_custom_metric(ask: Ask) -> Reply:
    """What was mapped to it is mapped to nothing."""
    row = owner(ask, CUSTOM)
    ask.db.execute("UPDATE mapped_metric SET custom = NULL, updated = ? WHERE custom = ?", (ask.now, row["n"]))
    things.remove(ask.db, row)
    return Reply()


def _proper(ask: Ask, definition: Json) -> Json:
    """Raises Refusal: an unknown metric, or a sum without what to add up."""
    if not definition["metric_groups"]:
        raise invalid("A custom metric needs at least one metric group.", _GROUPS)
    problems = []
    for place, group in enumerate(definition["metric_groups"]):
        sql = "SELECT 1 FROM metric WHERE account = ? AND id = ?"
        if not ask.db.execute(sql, (ask.account, group["metric_id"])).fetchone():
            detail = f"A metric with id {group['metric_id']} does not exist."
            problems.append(Problem("invalid", detail, f"{_GROUPS}/{place}/metric_id"))
        if (definition["aggregation_method"] == "value") != bool(group.get("value_property")):
            detail = "'value_property' goes with the aggregation method 'value' and with nothing else."
            problems.append(Problem("invalid", detail, f"{_GROUPS}/{place}/value_property"))
    if problems:
        raise Refusal(*problems)
    return definition


def _metrics(ask: Ask, row: Row) -> Rows:
    inner = f"SELECT metric.n FROM {_USES} WHERE thing.n = ?"
    return Rows("metric", f"metric.n IN ({inner})", (row["n"],))


_METRICS, _METRIC_IDS = related(CUSTOM, METRICS, _metrics)
ROOM: Mapping[str, Room] = {
    "get_custom_metrics": all_of(CUSTOM),
    "get_custom_metric": one_of(CUSTOM),
    "create_custom_metric": create_custom_metric,
    "update_custom_metric": update_custom_metric,
    "delete_custom_metric": delete_custom_metric,
    "get_metrics_for_custom_metric": _METRICS,
    "get_metric_ids_for_custom_metric": _METRIC_IDS,
}
