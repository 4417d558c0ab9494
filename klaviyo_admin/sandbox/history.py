"""What people did: events are recorded once each, and a metric comes into being with its first event."""

import json
import random
import sqlite3
from typing import Any

from klaviyo_admin.sandbox import ids
from klaviyo_admin.sandbox.moments import SECOND
from klaviyo_admin.sandbox.people import touch

_API = {"object": "integration", "id": "0eMvjm", "key": "api", "name": "API", "category": "API"}


def record(
    db: sqlite3.Connection,
    account: int,
    profile: int,
    metric: str,
    at: int,
    properties: dict[str, Any],
    chance: random.Random,
    *,
    value: float | None = None,
    once: str = "",
) -> bool:
    """One event per profile, metric and `once` (else second); False for a repeat, which changes nothing."""
    about = json.dumps(properties, ensure_ascii=False)
    number = metric_of(db, account, metric, at, chance)
    added = db.execute(
        "INSERT OR IGNORE INTO event (account, id, metric, profile, at, value, unique_id, properties) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (account, ids.eleven(chance), number, profile, at, _real(value), once or str(at // SECOND), about),
    )
    db.execute("UPDATE profile SET last_event = max(ifnull(last_event, 0), ?) WHERE n = ?", (at, profile))
    touch(db, profile)
    return added.rowcount == 1


def _real(value: float | None) -> float | None:
    """JSON knows whole numbers beyond those that the table takes."""
    return None if value is None else float(value)


def metric_of(db: sqlite3.Connection, account: int, name: str, now: int, chance: random.Random) -> int:
    """The row number of the metric of this name, which is made if there is none."""
    row = db.execute("SELECT n FROM metric WHERE account = ? AND name = ?", (account, name)).fetchone()
    if row:
        return int(row["n"])
    cursor = db.execute(
        "INSERT INTO metric (account, id, name, created, updated, integration) VALUES (?, ?, ?, ?, ?, ?)",
        (account, ids.six(chance), name, now, now, json.dumps(_API)),
    )
    return int(cursor.lastrowid or 0)
