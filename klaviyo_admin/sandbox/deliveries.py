"""Webhooks at work: new events become signed batches, and these are posted to addresses of this machine."""

import hashlib
import hmac
import json
import random
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from klaviyo_admin.sandbox import loopback, things
from klaviyo_admin.sandbox.calls import MEDIA_TYPE
from klaviyo_admin.sandbox.moments import SECOND, whole
from klaviyo_admin.sandbox.shelves import Row, shelf_of
from klaviyo_admin.sandbox.store import Store

KIND, ENABLED = "webhook", "enabled"
# What became of a batch. "away": its address is not on this machine, so nobody was asked.
WAITING, DELIVERED, FAILED, AWAY = "waiting", "delivered", "failed", "away"
_BATCH = 100
_EVENTS = shelf_of("event")
# The live service writes local time and labels it GMT: the header is good for the signature and nothing else.
_OFF = timedelta(hours=5)


def advance(db: sqlite3.Connection, account: int, now: int, chance: random.Random) -> None:
    """Puts the events that a webhook has not seen yet into batches that wait to be posted."""
    hooks = db.execute(
        "SELECT * FROM thing WHERE account = ? AND kind = ? AND status = ?", (account, KIND, ENABLED)
    ).fetchall()
    for hook in hooks:
        kept = things.content(hook)
        latest = newest(db)
        if latest == kept["seen"]:
            continue
        rows = _unseen(db, hook, kept, latest, now)
        for first in range(0, len(rows), _BATCH):
            _wrap(db, hook, kept, rows[first : first + _BATCH], now)
        # Not by `change`: being sent something does not update a webhook.
        db.execute("UPDATE thing SET data = json_set(data, '$.seen', ?) WHERE n = ?", (latest, hook["n"]))


def newest(db: sqlite3.Connection) -> int:
    """The row number of the event recorded last."""
    return int(db.execute("SELECT ifnull(max(n), 0) FROM event").fetchone()[0])


def _unseen(db: sqlite3.Connection, hook: Row, kept: dict[str, Any], latest: int, now: int) -> list[Row]:
    return db.execute(
        "SELECT event.*, topic.id AS topic, profile.id AS profile_id, metric.id AS metric_id FROM event "
        "JOIN topic ON topic.metric = event.metric JOIN metric ON metric.n = event.metric "
        "JOIN profile ON profile.n = event.profile WHERE event.n > ? AND event.n <= ? AND event.account = ? "
        "AND topic.id IN (SELECT value FROM json_each(?)) ORDER BY event.n",
        (kept["seen"], latest, hook["account"], json.dumps(kept["topics"])),
    ).fetchall()


def _wrap(db: sqlite3.Connection, hook: Row, kept: dict[str, Any], events: Sequence[Row], now: int) -> None:
    body = {
        "data": [_told(event, kept["here"]) for event in events],
        "meta": {"timestamp": whole(now), "klaviyo_webhook_id": hook["id"]},
    }
    outcome = WAITING if loopback.is_near(kept["endpoint_url"]) else AWAY
    db.execute(
        "INSERT INTO delivery (account, webhook, endpoint, secret, at, events, body, outcome) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(hook["account"], hook["id"], kept["endpoint_url"], kept["secret_key"], now, len(events)),
            *(json.dumps(body, ensure_ascii=False), outcome),
        ),
    )


def _told(event: Row, here: str) -> dict[str, Any]:
    related = {name: {"data": {"type": name, "id": event[f"{name}_id"]}} for name in ("profile", "metric")}
    shown = {
        "type": "event",
        "id": event["id"],
        "attributes": _EVENTS().show(event, frozenset()),
        "relationships": related,
        "links": {"self": f"{here}/api/events/{event['id']}/"},
    }
    return {"topic": event["topic"], "external_id": event["id"], "payload": {"data": shown}}


def signature(secret: str, body: bytes, timestamp: str) -> str:
    """What a receiver compares: HMAC-SHA256 of the body followed by the timestamp header, in hexadecimal."""
    return hmac.new(secret.encode(), body + timestamp.encode(), hashlib.sha256).hexdigest()


class Courier:
    """Posts waiting batches in threads of its own, each batch once, and writes down what became of it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="webhooks")

    def go(self) -> None:
        """Sends off what waits. Must not be called inside a transaction, as a receiver may call the sandbox."""
        with self._store.look() as db:
            if db.execute("SELECT 1 FROM delivery WHERE outcome = ? LIMIT 1", (WAITING,)).fetchone() is None:
                return
        with self._store.change() as db:
            rows = db.execute("SELECT * FROM delivery WHERE outcome = ? ORDER BY n", (WAITING,)).fetchall()
            db.execute("UPDATE delivery SET outcome = ? WHERE outcome = ?", (FAILED, WAITING))
        for row in rows:
            self._pool.submit(self._post, row)

    def _post(self, row: Row) -> None:
        body = row["body"].encode()
        stamp = format_datetime(datetime.fromtimestamp(row["at"] // SECOND, UTC) - _OFF, usegmt=True)
        headers = {
            "Content-Type": MEDIA_TYPE,
            "Klaviyo-Webhook-Id": row["webhook"],
            "Klaviyo-Timestamp": stamp,
            "Klaviyo-Signature": signature(row["secret"], body, stamp),
        }
        try:
            status: int | None = loopback.request("POST", row["endpoint"], body=body, headers=headers)[0]
        except loopback.Unreachable:
            status = None
        outcome = DELIVERED if status is not None and 200 <= status < 300 else FAILED
        with self._store.change() as db:
            db.execute("UPDATE delivery SET outcome = ?, status = ? WHERE n = ?", (outcome, status, row["n"]))

    def close(self) -> None:
        """Waits for those on their way."""
        self._pool.shutdown(wait=True)


def lines(store: Store) -> list[dict[str, Any]]:
    """Every batch in the order made, without its secret."""
    with store.look() as db:
        rows = db.execute("SELECT webhook, endpoint, at, events, outcome, status FROM delivery ORDER BY n").fetchall()
    return [{**dict(row), "at": whole(row["at"])} for row in rows]
