"""Which message an event is owed to: the last one that its profile opened or clicked in the days before."""

import sqlite3

from klaviyo_admin.sandbox.moments import DAY

TOUCHES = ("Opened Email", "Clicked Email", "Clicked SMS", "Opened Push")
_WINDOW = 5 * DAY
MESSAGE = "'$.\"$message\"'"


def touch(event: str, wanted: str) -> str:
    """SQL for a column of the touch to which an event is owed, null without one.

    `event` is the name of the event's table in the query, `wanted` an expression over `t`, the touch. The numbers of the
    metrics that are touches are given as one parameter, a JSON array.
    """
    return (
        f"(SELECT {wanted} FROM event t WHERE t.profile = {event}.profile AND t.at <= {event}.at "
        f"AND t.at > {event}.at - {_WINDOW} AND t.n <> {event}.n AND t.metric IN (SELECT value FROM json_each(?)) "
        f"AND t.properties ->> {MESSAGE} IS NOT NULL ORDER BY t.at DESC, t.n DESC LIMIT 1)"
    )


def metrics(db: sqlite3.Connection, account: int, names: tuple[str, ...]) -> list[int]:
    """Row numbers of the metrics of these names; those that there have been no events of are not among them."""
    marks = ",".join("?" * len(names))
    sql = f"SELECT n FROM metric WHERE account = ? AND name IN ({marks})"
    return [row["n"] for row in db.execute(sql, (account, *names))]
