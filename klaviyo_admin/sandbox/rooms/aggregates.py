"""The room of metric aggregates: events of a metric counted and added up by time and by what was told of them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from klaviyo_admin.sandbox import calendar, moments
from klaviyo_admin.sandbox.asking import Ask, Json, Reply
from klaviyo_admin.sandbox.calendar import Span
from klaviyo_admin.sandbox.filtering import Condition, Malformed, parse
from klaviyo_admin.sandbox.paging import compare
from klaviyo_admin.sandbox.refusals import Problem, Refusal, invalid
from klaviyo_admin.sandbox.rooms.reading import Room

_HERE = "/data/attributes"
_LEAST_PAGE = 500
_MOST_BUCKETS = 20_000
_MEASURES = {
    "count": "count(*)",
    "sum_value": "ifnull(sum(event.value), 0)",
    "unique": "count(DISTINCT event.profile)",
}
_BOUNDS = {"greater-or-equal": 0, "less-than": 1}
_Row = tuple[tuple[str, ...], dict[str, list[float]]]  # dimensions, and per measurement a figure per bucket


@dataclass(frozen=True, slots=True)
class _Query:
    metric: int
    spans: list[Span]
    whole: Span
    by: tuple[str, ...]
    measurements: tuple[str, ...]
    wheres: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)


def query_metric_aggregates(ask: Ask) -> Reply:
    given = ask.attributes
    if given.get("sort"):
        raise invalid("Sorting is not supported.", f"{_HERE}/sort")
    size = given.get("page_size") or _LEAST_PAGE
    if size < _LEAST_PAGE:
        raise invalid(f"The page size may not be smaller than {_LEAST_PAGE}.", f"{_HERE}/page_size")
    query = _query(ask, given)
    rows = sorted(_rows(ask, query).items())
    start = _place(given.get("page_cursor"), len(rows))
    shown = [
        {"dimensions": list(dimensions), "measurements": found} for dimensions, found in rows[start : start + size]
    ]
    at = f"{ask.here}/api/metric-aggregates"
    ident = str(ask.chance.randrange(10**15, 10**16))
    attributes = {"dates": [moments.whole(start) for start, _ in query.spans], "data": shown}
    data = {"type": "metric-aggregate", "id": ident, "attributes": attributes, "links": {"self": f"{at}/{ident}/"}}
    following = f"{at}?page_cursor={start + size}" if start + size < len(rows) else None
    return Reply({"data": data, "links": {"self": at, "next": following, "prev": None}})


def _query(ask: Ask, given: Json) -> _Query:
    metric = ask.db.execute(
        "SELECT n FROM metric WHERE account = ? AND id = ?", (ask.account, given["metric_id"])
    ).fetchone()
    if metric is None:
        raise Refusal(
            Problem("not_found", f"A metric with id {given['metric_id']} does not exist.", f"{_HERE}/metric_id")
        )
    try:
        where = calendar.zone(given.get("timezone") or "UTC")
    except ValueError as fault:
        raise invalid(f"{fault}.", f"{_HERE}/timezone") from fault
    start, end, others = _conditions(given["filter"], where)
    spans = list(_few(calendar.buckets(start, end, given.get("interval") or "day", where)))
    by = tuple(dict.fromkeys(given.get("by") or ()))
    query = _Query(int(metric["n"]), spans, (start, end), by, tuple(dict.fromkeys(given["measurements"])))
    for condition in others:
        sql, values = compare("ifnull(json_extract(event.properties, ?), '')", condition.operator, condition.value)
        query.wheres.append(sql)
        query.values.extend((_path(condition.field), *values))
    return query


def _few(spans: Iterator[Span]) -> Iterator[Span]:
    for number, span in enumerate(spans):
        if number == _MOST_BUCKETS:
            raise invalid("The time asked for has too many intervals.", f"{_HERE}/filter")
        yield span


def _conditions(texts: list[str], where: ZoneInfo) -> tuple[int, int, list[Condition]]:
    """The time from and until, and what else must hold. Raises Refusal where either end is missing."""
    bounds: list[int | None] = [None, None]
    others = []
    for place, text in enumerate(texts):
        for condition in _read(text, place):
            if condition.field != "datetime":
                others.append(_allowed(condition, place))
            elif condition.operator in _BOUNDS:
                bounds[_BOUNDS[condition.operator]] = _moment(condition, where, place)
            else:
                raise _no(f"'{condition.operator}' is not an allowed filter operator for datetime", place)
    start, end = bounds
    if start is None or end is None:
        raise invalid("The filter must bound datetime by greater-or-equal and by less-than.", f"{_HERE}/filter")
    if start >= end:
        raise invalid("The time asked for ends before it begins.", f"{_HERE}/filter")
    return start, end, others


def _read(text: str, place: int) -> tuple[Condition, ...]:
    try:
        return parse(text)
    except Malformed as fault:
        raise _no(f"The filter could not be read: {fault}", place) from fault


def _allowed(condition: Condition, place: int) -> Condition:
    if condition.operator not in ("equals", "any", "contains") or condition.value is None:
        raise _no(f"'{condition.operator}' is not an allowed filter operator for {condition.field}", place)
    return condition


def _moment(condition: Condition, where: ZoneInfo, place: int) -> int:
    """A time without a zone is one of the zone asked for."""
    text = str(condition.value)
    try:
        moments.read(text)
        when = datetime.fromisoformat(text.upper())
        return calendar.moment(when if when.tzinfo else when.replace(tzinfo=where))
    except (ValueError, OverflowError) as fault:
        raise _no(f"'{text}' is not a valid date and time", place) from fault


def _no(detail: str, place: int) -> Refusal:
    return invalid(f"{detail}.", f"{_HERE}/filter/{place}")


def _rows(ask: Ask, query: _Query) -> dict[tuple[str, ...], dict[str, list[float]]]:
    """A row for each combination of dimensions that there is; without dimensions always one."""
    rows: dict[tuple[str, ...], dict[str, list[float]]] = {}
    empty = [0.0] * len(query.spans)
    if not query.by:
        rows[()] = {name: list(empty) for name in query.measurements}
    for found in ask.db.execute(*_sql(query)):
        count = len(query.by)
        dimensions = tuple(str(value) for value in found[1 : 1 + count])
        row = rows.setdefault(dimensions, {name: list(empty) for name in query.measurements})
        for name, figure in zip(query.measurements, found[1 + count :], strict=True):
            row[name][found[0]] = round(float(figure), 2)
    return rows


def _sql(query: _Query) -> tuple[str, list[Any]]:
    """For each bucket a search in the index of the metric's events by time."""
    start, end = query.whole
    spans = [[max(a, start), min(b, end)] for a, b in query.spans]
    dimensions = "".join(", ifnull(json_extract(event.properties, ?), '')" for _ in query.by)
    groups = "".join(f", {place + 2}" for place in range(len(query.by)))
    measures = "".join(f", {_MEASURES[name]}" for name in query.measurements)
    wheres = "".join(f" AND {where}" for where in query.wheres)
    sql = (
        f"SELECT b.key{dimensions}{measures} FROM json_each(?) b CROSS JOIN event ON event.metric = ? "
        f"AND event.at >= b.value ->> 0 AND event.at < b.value ->> 1{wheres} GROUP BY 1{groups}"
    )
    return sql, [*map(_path, query.by), json.dumps(spans), query.metric, *query.values]


def _path(name: str) -> str:
    return f"$.{json.dumps(name)}"


def _place(cursor: str | None, rows: int) -> int:
    if not cursor:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and int(cursor) <= rows):
        raise invalid("Invalid cursor provided.", f"{_HERE}/page_cursor")
    return int(cursor)


ROOM: Mapping[str, Room] = {"query_metric_aggregates": query_metric_aggregates}
