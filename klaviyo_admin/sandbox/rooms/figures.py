"""Figures out of events: counted and added up by interval and by what the events were told with."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from klaviyo_admin.sandbox import attribution
from klaviyo_admin.sandbox.calendar import Span

Group = tuple[str, ...]
Sums = dict[str, list[float]]  # a figure for each interval, by name
Figures = dict[Group, Sums]
Formula = Callable[[Callable[[str], float]], float]


def empty(spans: Sequence[Span]) -> Figures:
    return defaultdict(lambda: defaultdict(lambda: [0.0] * len(spans)))


def count(
    db: sqlite3.Connection, into: Figures, name: str, metrics: Sequence[int], spans: Sequence[Span], keys: Sequence[str]
) -> None:
    """Adds `name` and `name`_unique: events of the metrics, and profiles that had one; `keys` are the properties to group by."""
    groups = "".join(f", ifnull(event.properties ->> '$.\"{key}\"', '')" for key in keys)
    numbers = "".join(f", {place + 2}" for place in range(len(keys)))
    sql = (
        f"SELECT b.key{groups}, count(*), count(DISTINCT event.profile) FROM json_each(?) b CROSS JOIN event "
        "ON event.metric IN (SELECT value FROM json_each(?)) AND event.at >= b.value ->> 0 AND event.at < b.value ->> 1 "
        f"GROUP BY 1{numbers}"
    )
    for row in db.execute(sql, (json.dumps(list(spans)), json.dumps(list(metrics)))):
        sums = into[tuple(row[1:-2])]
        sums[name][row[0]] += row[-2]
        sums[f"{name}_unique"][row[0]] += row[-1]


def convert(db: sqlite3.Connection, into: Figures, metric: int, touches: Sequence[int], spans: Sequence[Span]) -> None:
    """Adds conversions, conversions_unique and conversion_value by the message to which each is owed."""
    message = attribution.touch("c", f"t.properties ->> {attribution.MESSAGE}")
    inner = (
        f"SELECT b.key AS place, {message} AS message, c.profile, c.value FROM json_each(?) b CROSS JOIN event c "
        "ON c.metric = ? AND c.at >= b.value ->> 0 AND c.at < b.value ->> 1"
    )
    sql = (
        "SELECT place, message, count(*), count(DISTINCT profile), ifnull(sum(value), 0) "
        f"FROM ({inner}) WHERE message IS NOT NULL GROUP BY 1, 2"
    )
    for place, ident, number, people, value in db.execute(sql, (json.dumps(touches), json.dumps(list(spans)), metric)):
        sums = into[(ident,)]
        sums["conversions"][place] += number
        sums["conversions_unique"][place] += people
        sums["conversion_value"][place] += round(value, 2)


def statistics(
    sums: Sums, names: Sequence[str], formulas: Mapping[str, Formula], spans: Sequence[Span], *, series: bool
) -> dict[str, object]:
    """The statistics asked for: one number each, or a number for each interval."""
    found: dict[str, object] = {}
    for name in names:
        each = [round(formulas[name](_at(sums, place)), 6) for place in range(len(spans))]
        found[name] = each if series else each[0]
    return found


def _at(sums: Sums, place: int) -> Callable[[str], float]:
    return lambda name: sums[name][place]


def share(part: float, whole: float) -> float:
    """A rate from 0 to 1; nothing of nothing is 0."""
    return part / whole if whole else 0.0
