"""What a person agreed to, channel by channel, and what keeps letters from them: the rules by which both change."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from klaviyo_admin.sandbox.people import touch

EMAIL, SMS, PUSH = "email.marketing", "sms.marketing", "push.marketing"
_COLUMNS = {EMAIL: "email", SMS: "sms"}  # the channels whose state lies in the profile's own row
# A profile shows the weightiest reason for which it gets no letters. Agreeing anew lifts all but the first two.
_WEIGHT = ("HARD_BOUNCE", "INVALID_EMAIL", "SPAM_COMPLAINT", "UNSUBSCRIBE", "USER_SUPPRESSED")
_LASTING = _WEIGHT[:2]


@dataclass(frozen=True, slots=True)
class Given:
    """How consent came: by which method, and in the words of whoever collected it."""

    method: str = "API"
    detail: str = ""


def agree(db: sqlite3.Connection, profile: int, channel: str, at: int, given: Given) -> None:
    """Subscribes to a channel; for e-mail also lifts what may be lifted from it."""
    _say(db, profile, channel, "SUBSCRIBED", at, given)
    if channel == EMAIL:
        lift(db, profile, (r for r in _WEIGHT if r not in _LASTING))


def decline(db: sqlite3.Connection, profile: int, channel: str, at: int, given: Given) -> None:
    """Unsubscribes from a channel; for e-mail that is a suppression too."""
    _say(db, profile, channel, "UNSUBSCRIBED", at, given)
    if channel == EMAIL:
        suppress(db, profile, "UNSUBSCRIBE", at)


def suppress(db: sqlite3.Connection, profile: int, reason: str, at: int) -> bool:
    """False where something as weighty already keeps letters from the profile."""
    row = db.execute("SELECT suppression FROM profile WHERE n = ?", (profile,)).fetchone()
    if row["suppression"] and _WEIGHT.index(row["suppression"]) <= _WEIGHT.index(reason):
        return False
    db.execute("UPDATE profile SET suppression = ?, suppressed_at = ? WHERE n = ?", (reason, at, profile))
    touch(db, profile)
    return True


def lift(db: sqlite3.Connection, profile: int, reasons: Iterable[str]) -> bool:
    """Ends a suppression if it is for one of these reasons."""
    row = db.execute("SELECT suppression FROM profile WHERE n = ?", (profile,)).fetchone()
    if row["suppression"] not in tuple(reasons):
        return False
    db.execute("UPDATE profile SET suppression = NULL, suppressed_at = NULL WHERE n = ?", (profile,))
    touch(db, profile)
    return True


def state(db: sqlite3.Connection, profile: int, channel: str) -> str:
    column = _COLUMNS.get(channel)
    if column:
        row = db.execute(f"SELECT {column}_consent FROM profile WHERE n = ?", (profile,)).fetchone()
    else:
        row = db.execute("SELECT state FROM consent WHERE profile = ? AND channel = ?", (profile, channel)).fetchone()
    return str(row[0]) if row else "NEVER_SUBSCRIBED"


def inherit(db: sqlite3.Connection, source: int, target: int) -> None:
    """In a merge: what the target never said it takes from the source, and the weightier suppression stays."""
    rows = {n: db.execute("SELECT * FROM profile WHERE n = ?", (n,)).fetchone() for n in (source, target)}
    for channel, column in _COLUMNS.items():
        theirs = rows[source][f"{column}_consent"]
        if rows[target][f"{column}_consent"] == "NEVER_SUBSCRIBED" != theirs:
            _say(db, target, channel, theirs, rows[source][f"{column}_consent_at"], Given("MERGE"))
    if rows[source]["suppression"]:
        suppress(db, target, rows[source]["suppression"], rows[source]["suppressed_at"])


def _say(db: sqlite3.Connection, profile: int, channel: str, said: str, at: int, given: Given) -> None:
    column = _COLUMNS.get(channel)
    if column:
        db.execute(
            f"UPDATE profile SET {column}_consent = ?, {column}_consent_at = ? WHERE n = ?",
            (said, at, profile),
        )
    db.execute(
        "INSERT INTO consent VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (profile, channel) DO UPDATE SET "
        "state = excluded.state, at = excluded.at, method = excluded.method, detail = excluded.detail",
        (profile, channel, said, at, given.method, given.detail),
    )
    touch(db, profile)
