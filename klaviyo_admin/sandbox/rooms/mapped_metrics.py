"""The room of mapped metrics: which metric, or custom metric, stands for a figure that every shop has."""

from collections.abc import Callable, Mapping

from klaviyo_admin.sandbox import things
from klaviyo_admin.sandbox.asking import Ask, Json, Reply
from klaviyo_admin.sandbox.documents import single
from klaviyo_admin.sandbox.moments import DAY, whole
from klaviyo_admin.sandbox.refusals import invalid, refused
from klaviyo_admin.sandbox.rooms.custom_metrics import CUSTOM
from klaviyo_admin.sandbox.rooms.reading import Room, all_of, one_of, owner, related_one
from klaviyo_admin.sandbox.rooms.shelving import METRICS
from klaviyo_admin.sandbox.shelves import Extras, Relation, Row, Rows, Shelf, loader, shelf_of

_CHANGES = 2  # of one figure in a day
_HERE = "/data/relationships"


def _mapped(row: Row, extras: Extras) -> dict[str, Json]:
    return {"updated": whole(row["updated"])}


MAPPED = Shelf(
    type="mapped-metric",
    path="/api/mapped-metrics",
    table="mapped_metric",
    columns={"id": "mapped_metric.id"},
    show=_mapped,
    relations=(
        Relation(
            "metric",
            shelf_of("metric"),
            loader("SELECT n AS owner, * FROM metric WHERE n IN ({})", "metric"),
            many=False,
        ),
        Relation(
            "custom-metric",
            shelf_of("custom-metric"),
            loader("SELECT n AS owner, * FROM thing WHERE n IN ({})", "custom"),
            many=False,
        ),
    ),
)


def _known(room: Room) -> Room:
    """The names of the figures are fixed: another one is no unknown id but an improper one."""

    def checked(ask: Ask) -> Reply:
        allowed = next(p.enum for p in ask.operation.parameters if p.place == "path")
        if ask.id not in allowed:
            raise invalid(f"'{ask.id}' is not a mapped metric.  Allowed values are {','.join(allowed)}", "/data/id")
        return room(ask)

    return checked


def update_mapped_metric(ask: Ask) -> Reply:
    row = owner(ask, MAPPED)
    ask.must_match()
    given = ask.document["data"].get("relationships") or {}
    metric = _named(ask, METRICS, given.get("metric"), "metric")
    custom = _named(ask, CUSTOM, given.get("custom-metric"), "custom-metric")
    if not given or (metric and custom):
        raise invalid("Give either a metric or a custom metric.", _HERE)
    changes = row["changes"] + 1 if row["day"] == ask.now // DAY else 1
    if changes > _CHANGES:
        raise refused(
            "permission_denied", f"Mapped Metric `{row['id']}` has reached the daily limit of updates ({_CHANGES})."
        )
    ask.db.execute(
        "UPDATE mapped_metric SET metric = ?, custom = ?, updated = ?, day = ?, changes = ? WHERE n = ?",
        (metric, custom, ask.now, ask.now // DAY, changes, row["n"]),
    )
    return Reply(single(ask, MAPPED, owner(ask, MAPPED)))


def _named(ask: Ask, shelf: Shelf, given: Json, name: str) -> int | None:
    """The row number of what the relationship names; a relationship without data maps to nothing."""
    data = (given or {}).get("data")
    return int(things.named(ask, shelf, data["id"], f"{_HERE}/{name}/data/id")["n"]) if data else None


def _target(table: str, column: str) -> Callable[[Ask, Row], Rows]:
    return lambda ask, row: Rows(table, f"{table}.n = ?", (row[column],))


_METRIC, _METRIC_ID = related_one(MAPPED, METRICS, _target("metric", "metric"))
_CUSTOM, _CUSTOM_ID = related_one(MAPPED, CUSTOM, _target("thing", "custom"))
ROOM: Mapping[str, Room] = {
    "get_mapped_metrics": all_of(MAPPED),
    "get_mapped_metric": _known(one_of(MAPPED)),
    "update_mapped_metric": _known(update_mapped_metric),
    "get_metric_for_mapped_metric": _known(_METRIC),
    "get_metric_id_for_mapped_metric": _known(_METRIC_ID),
    "get_custom_metric_for_mapped_metric": _known(_CUSTOM),
    "get_custom_metric_id_for_mapped_metric": _known(_CUSTOM_ID),
}
