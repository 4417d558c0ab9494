"""The log of every request received, also of those that were refused or never answered."""

import hashlib
from collections.abc import Mapping
from typing import Any

from klaviyo_admin.sandbox.calls import Call
from klaviyo_admin.sandbox.moments import exact
from klaviyo_admin.sandbox.store import Store

_KEPT = 200_000
_FILTERS = ("operation", "method", "status", "account", "path", "fault")


def received(store: Store, call: Call, at: int, account: str, operation: str) -> int:
    """Writes the request down before anything is done about it; the line's number."""
    path, _, query = call.target.partition("?")
    line = (at, account, operation, call.method, path, query, len(call.body), hashlib.sha256(call.body).hexdigest())
    with store.look() as db:
        cursor = db.execute(
            "INSERT INTO request (at, account, operation, method, path, query, size, sha256, status, fault) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, '')",
            line,
        )
        number = int(cursor.lastrowid or 0)
        if number % 1000 == 0:
            db.execute("DELETE FROM request WHERE n <= ?", (number - _KEPT,))
    return number


def answered(store: Store, number: int, status: int | None, fault: str) -> None:
    """`status` is None for a request that was dropped before anything was done."""
    with store.look() as db:
        db.execute("UPDATE request SET status = ?, fault = ? WHERE n = ?", (status, fault, number))


def lines(store: Store, given: Mapping[str, str]) -> list[dict[str, Any]]:
    """The log in the order received, narrowed by equality on the fields of `given`; `limit` keeps the latest."""
    wheres, values = ["1"], []
    for name in _FILTERS:
        if given.get(name):
            wheres.append(f"{name} = ?")
            values.append(given[name])
    limit = int(given.get("limit") or _KEPT)
    with store.look() as db:
        rows = db.execute(
            f"SELECT * FROM request WHERE {' AND '.join(wheres)} ORDER BY n DESC LIMIT ?",
            (*values, limit),
        ).fetchall()
    return [{**dict(row), "at": exact(row["at"])} for row in reversed(rows)]
