"""What sending a message does: who it reaches, what they do with it, and the events that tell of it."""

import hashlib
import random
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from klaviyo_admin.sandbox import history, membership, things
from klaviyo_admin.sandbox.moments import SECOND
from klaviyo_admin.sandbox.shelves import Row

# What a message of each channel is recorded as when it is received, opened and clicked; not every channel has all three.
METRICS: Mapping[str, tuple[str, str, str]] = {
    "email": ("Received Email", "Opened Email", "Clicked Email"),
    "sms": ("Received SMS", "", "Clicked SMS"),
    "mobile_push": ("Received Push", "Opened Push", ""),
}
_REACHABLE = {
    "email": "profile.email IS NOT NULL AND profile.suppression IS NULL AND profile.email_consent <> 'UNSUBSCRIBED'",
    "sms": "profile.phone_number IS NOT NULL AND profile.sms_consent = 'SUBSCRIBED'",
    "mobile_push": "EXISTS (SELECT 1 FROM push_token t WHERE t.profile = profile.n)",
}
_OPENS, _CLICKS = 0.42, 0.24  # the share of recipients who open, and of those the share who click
_SMART = 16 * 3600 * SECOND  # smart sending spares people who had a message so shortly before


def audience(where: things.Ledger, audiences: Mapping[str, Any], channel: str) -> list[int]:
    """Row numbers of the profiles that can be reached, each once: in one of the included circles and none of the excluded."""
    membership.settle_account(where.db, where.account, where.now)
    included, excluded = (_circles(where, audiences.get(key) or ()) for key in ("included", "excluded"))
    if not included:
        return []
    rows = where.db.execute(
        f"SELECT DISTINCT profile.n FROM member JOIN profile ON profile.n = member.profile "
        f"WHERE member.circle IN ({_marks(included)}) AND {_REACHABLE[channel]} "
        "AND NOT EXISTS (SELECT 1 FROM list_suppression s WHERE s.profile = profile.n AND s.circle = member.circle) "
        f"AND profile.n NOT IN (SELECT profile FROM member WHERE circle IN ({_marks(excluded)})) ORDER BY profile.n",
        (*included, *excluded),
    )
    return [row["n"] for row in rows]


def spared(where: things.Ledger, profiles: Sequence[int], channel: str) -> list[int]:
    """Those who had no message of the channel lately."""
    rows = where.db.execute(
        "SELECT DISTINCT event.profile FROM event JOIN metric ON metric.n = event.metric "
        "WHERE metric.account = ? AND metric.name = ? AND event.at > ?",
        (where.account, METRICS[channel][0], where.now - _SMART),
    )
    lately = {row["profile"] for row in rows}
    return [n for n in profiles if n not in lately]


def deliver(where: things.Ledger, message: Row, profile: int, at: int, chance: random.Random) -> None:
    """Records that a profile got the message, and notes when it will open and click it."""
    channel = things.content(message)["definition"]["channel"]
    received, opened, clicked = METRICS[channel]
    if not _recorded(where, message, profile, received, at, chance):
        return
    for metric, due in zip((opened, clicked), reactions(message["id"], profile), strict=True):
        if metric and due is not None:
            where.db.execute(
                "INSERT INTO reaction (account, due, message, profile, metric) VALUES (?, ?, ?, ?, ?)",
                (where.account, at + due, message["n"], profile, metric),
            )


def reactions(message: str, profile: int) -> tuple[int | None, int | None]:
    """After how many microseconds a profile opens and clicks a message, None for never: always the same for the same two."""
    drawn = hashlib.blake2b(f"{message} {profile}".encode(), digest_size=12).digest()
    keen, curious, wait = (int.from_bytes(drawn[i : i + 4]) / 2**32 for i in (0, 4, 8))
    if keen >= _OPENS:
        return None, None
    opens = (60 + int(wait**3 * 2 * 86_400)) * SECOND
    return opens, opens + (5 + int(curious * 300)) * SECOND if curious < _CLICKS else None


def react(db: sqlite3.Connection, account: int, now: int, chance: random.Random) -> None:
    """Records the opens and clicks that are due."""
    rows = db.execute("SELECT * FROM reaction WHERE account = ? AND due <= ? ORDER BY due", (account, now)).fetchall()
    for row in rows:
        message = db.execute("SELECT * FROM thing WHERE n = ?", (row["message"],)).fetchone()
        if message:
            where = things.Ledger(db, account, now)
            _recorded(where, message, row["profile"], row["metric"], row["due"], chance)
    if rows:
        db.execute("DELETE FROM reaction WHERE account = ? AND due <= ?", (account, now))


def about(campaign: str, message: str, definition: Mapping[str, Any]) -> dict[str, Any]:
    """The properties by which an event tells which message it is about."""
    subject = (definition.get("content") or {}).get("subject")
    told = {"Campaign Name": campaign, "$message": message, "$campaign_channel": definition["channel"]}
    return told | ({"Subject": subject} if subject else {})


def _recorded(where: things.Ledger, message: Row, profile: int, metric: str, at: int, chance: random.Random) -> bool:
    campaign = things.row_of(where.db, message["parent"])
    told = about(campaign["name"], message["id"], things.content(message)["definition"])
    at = at // SECOND * SECOND
    return history.record(where.db, where.account, profile, metric, at, told, chance, once=message["id"])


def _circles(where: things.Ledger, idents: Sequence[str]) -> list[int]:
    sql = f"SELECT n FROM circle WHERE account = ? AND id IN ({_marks(idents)})"
    return [row["n"] for row in where.db.execute(sql, (where.account, *idents))]


def _marks(values: Sequence[Any]) -> str:
    return ",".join("?" * len(values))
