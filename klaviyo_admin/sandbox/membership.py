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


def settle_account(db: sqlite3.Connection, account: int, now: int, *, past: bool = False) -> None:
    """With `past`, those who are found to be in a segment are taken to have come when they were last heard of, not now."""
    joined = "ifnull(profile.last_event, profile.created)" if past else str(now)
    segments = db.execute(
        "SELECT n, definition, counted_at FROM circle WHERE account = ? AND kind = 'segment'", (account,)
    ).fetchall()
    touched = db.execute("SELECT 1 FROM touched WHERE account = ? LIMIT 1", (account,)).fetchone()
    for segment in segments:
        definition, counted = json.loads(segment["definition"]), segment["counted_at"]
        if counted is None or (drifts(segment["definition"]) and not 0 <= now - counted < _STALE):
            _count(db, account, segment["n"], definition, now, joined)
            db.execute("UPDATE circle SET counted_at = ? WHERE n = ?", (now, segment["n"]))
        elif touched:
            _count(db, account, segment["n"], definition, now, joined, touched=True)
    if touched:
        db.execute("DELETE FROM touched WHERE account = ?", (account,))


def _count(
    db: sqlite3.Connection,
    account: int,
    segment: int,
    definition: Definition,
    now: int,
    joined: str,
    *,
    touched: bool = False,
) -> None:
    """Compares all profiles of the account, or only the touched ones, with the definition; `joined` is SQL."""
    sql, values = condition(definition, account, now)  # holds no outside text
    some = "IN (SELECT profile FROM touched WHERE account = ?)"
    among, only, whose = (f"profile.n {some}", f"profile {some}", (account,)) if touched else ("account = ?", "1", ())
    # Written down first, as finding out who matches is the expensive part.
    db.execute("CREATE TEMP TABLE IF NOT EXISTS matching (profile INTEGER PRIMARY KEY, joined INTEGER NOT NULL)")
    db.execute("DELETE FROM matching")
    db.execute(
        f"INSERT INTO matching SELECT profile.n, {joined} FROM profile WHERE {among} AND ({sql})",
        (account, *values),
    )
    leaving = f"circle = ? AND {only} AND profile NOT IN (SELECT profile FROM matching)"
    db.execute(
        f"INSERT INTO departure (circle, joined, gone) SELECT circle, joined, ? FROM member WHERE {leaving}",
        (now, segment, *whose),
    )
    db.execute(f"DELETE FROM member WHERE {leaving}", (segment, *whose))
    db.execute(
        "INSERT OR IGNORE INTO member (circle, profile, joined) SELECT ?, profile, joined FROM matching", (segment,)
    )
