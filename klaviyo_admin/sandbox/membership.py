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
            _count(db, account, segment["n"], definition, now, "profile.account = ?", joined)
            db.execute("UPDATE circle SET counted_at = ? WHERE n = ?", (now, segment["n"]))
        elif touched:
            among = "profile.n IN (SELECT profile FROM touched WHERE account = ?)"
            _count(db, account, segment["n"], definition, now, among, joined)
    if touched:
        db.execute("DELETE FROM touched WHERE account = ?", (account,))


def _count(
    db: sqlite3.Connection, account: int, segment: int, definition: Definition, now: int, among: str, joined: str
) -> None:
    """Compares the profiles `among` (an SQL condition on the account) with the definition; `joined` is SQL too."""
    sql, values = condition(definition, account, now)
    matching = f"FROM profile WHERE {among} AND ({sql})"  # conditions hold no outside text
    leaving = (
        f"circle = ? AND profile IN (SELECT profile.n FROM profile WHERE {among}) "  # noqa: S608
        f"AND profile NOT IN (SELECT profile.n {matching})"
    )
    given = (segment, account, account, *values)
    db.execute(
        f"INSERT INTO departure (circle, joined, gone) SELECT circle, joined, ? FROM member WHERE {leaving}",  # noqa: S608
        (now, *given),
    )
    db.execute(f"DELETE FROM member WHERE {leaving}", given)  # noqa: S608
    db.execute(
        f"INSERT OR IGNORE INTO member (circle, profile, joined) SELECT ?, profile.n, {joined} {matching}",
        (segment, account, *values),
    )
