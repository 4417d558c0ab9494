"""Who is in a list or segment. Lists hold whom they were given; segments follow from their definitions."""

import json
import sqlite3
from collections.abc import Iterable

from klaviyo_admin.sandbox.asking import Ask
from klaviyo_admin.sandbox.definitions import Definition, condition, drifts
from klaviyo_admin.sandbox.moments import SECOND
from klaviyo_admin.sandbox.people import touch

# How long a count is good for where members change with the clock alone.
_STALE = 3600 * SECOND


def join(db: sqlite3.Connection, circle: int, profiles: Iterable[int], now: int) -> None:
    """Adds profiles to a list; those already in it keep the time they joined."""
    for profile in profiles:
        db.execute("INSERT OR IGNORE INTO member (circle, profile, joined) VALUES (?, ?, ?)", (circle, profile, now))
        touch(db, profile)


def leave(db: sqlite3.Connection, circle: int, profiles: Iterable[int]) -> None:
    for profile in profiles:
        db.execute("DELETE FROM member WHERE circle = ? AND profile = ?", (circle, profile))
        touch(db, profile)


def settle(ask: Ask) -> None:
    """Brings the account's segments up to date: touched profiles in all, and all profiles in stale ones."""
    settle_account(ask.db, ask.account, ask.now)


def settle_account(db: sqlite3.Connection, account: int, now: int) -> None:
    segments = db.execute(
        "SELECT n, definition, counted_at FROM circle WHERE account = ? AND kind = 'segment'", (account,)
    ).fetchall()
    touched = db.execute("SELECT 1 FROM touched WHERE account = ? LIMIT 1", (account,)).fetchone()
    for segment in segments:
        definition, counted = json.loads(segment["definition"]), segment["counted_at"]
        if counted is None or (drifts(segment["definition"]) and not 0 <= now - counted < _STALE):
            _count(db, account, segment["n"], definition, now, "profile.account = ?", account)
            db.execute("UPDATE circle SET counted_at = ? WHERE n = ?", (now, segment["n"]))
        elif touched:
            among = "profile.n IN (SELECT profile FROM touched WHERE account = ?)"
            _count(db, account, segment["n"], definition, now, among, account)
    if touched:
        db.execute("DELETE FROM touched WHERE account = ?", (account,))


def _count(
    db: sqlite3.Connection, account: int, segment: int, definition: Definition, now: int, among: str, value: int
) -> None:
    """Compares the profiles `among` (an SQL condition with one value) with the definition."""
    sql, values = condition(definition, account, now)
    matching = f"SELECT profile.n FROM profile WHERE {among} AND ({sql})"  # noqa: S608 (conditions hold no outside text)
    db.execute(
        f"DELETE FROM member WHERE circle = ? AND profile IN (SELECT profile.n FROM profile WHERE {among}) "  # noqa: S608
        f"AND profile NOT IN ({matching})",
        (segment, value, value, *values),
    )
    db.execute(
        f"INSERT OR IGNORE INTO member (circle, profile, joined) SELECT ?, n, ? FROM ({matching})",  # noqa: S608
        (segment, now, value, *values),
    )
