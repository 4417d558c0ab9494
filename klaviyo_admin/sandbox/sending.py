"""A campaign on its way from Draft to Sent: which status it has at what time, and what each passage does."""

import random
import sqlite3
from typing import Any

from klaviyo_admin.sandbox import mailing, moments, things
from klaviyo_admin.sandbox.moments import SECOND
from klaviyo_admin.sandbox.shelves import Row

CAMPAIGN, MESSAGE = "campaign", "campaign-message"
DRAFT, SCHEDULED, SENDING, SENT, CANCELLED = "Draft", "Scheduled", "Sending", "Sent", "Cancelled"
PREPARING = "Preparing to schedule"
# How long each passage takes, in seconds, before the first message leaves.
_PASSAGES = (("Preparing to send", 1.0), ("Queued without Recipients", 1.0), ("Adding Recipients", 2.0))
_PREPARES = 2.0  # seconds to be scheduled
_TAKES, _PER_RECIPIENT = 3.0, 0.0005  # seconds of sending
_HOUR = 3600 * SECOND
UNDER_WAY = (PREPARING, SCHEDULED, SENDING, *(name for name, _ in _PASSAGES))


def begin(where: things.Ledger, campaign: Row, speed: float) -> Row:
    """Takes a draft on its way."""
    strategy = things.content(campaign)["send_strategy"]
    starts = _start(strategy)
    ahead = starts is not None and starts > where.now
    run = {"begun": where.now, "starts": starts if ahead else where.now, "ahead": ahead, "speed": speed, "done": 0}
    kept: dict[str, Any] = {"run": run, "scheduled_at": where.now if ahead else None}
    return things.change(where, campaign, data=kept, status=PREPARING if ahead else _PASSAGES[0][0])


def _start(strategy: dict[str, Any]) -> int | None:
    """When sending is to begin, None for at once."""
    text = strategy.get("datetime") or strategy.get("date")
    return moments.read(text) if text else None


def stop(where: things.Ledger, campaign: Row, status: str) -> Row:
    """Takes a campaign off its way: what has left has left."""
    message = _message(where.db, campaign)
    where.db.execute("DELETE FROM recipient WHERE message = ?", (message["n"],))
    kept = {"run": {**things.content(campaign)["run"], "stopped": True}, "scheduled_at": None}
    return things.change(where, campaign, data=kept, status=status)


def advance(db: sqlite3.Connection, account: int, now: int, chance: random.Random) -> None:
    """Moves the account's campaigns to where they are by now, then lets people open and click what they got."""
    marks = ",".join("?" * len(UNDER_WAY))
    rows = db.execute(
        f"SELECT * FROM thing WHERE account = ? AND kind = '{CAMPAIGN}' AND status IN ({marks})",
        (account, *UNDER_WAY),
    ).fetchall()
    for row in rows:
        _move(things.Ledger(db, account, now), row, chance)
    mailing.react(db, account, now, chance)


def _move(where: things.Ledger, campaign: Row, chance: random.Random) -> None:
    run = things.content(campaign)["run"]
    status = _before(run, where.now)
    if status is None and "ends" not in run:
        campaign = _gather(where, campaign)
        run = things.content(campaign)["run"]
        if campaign["status"].startswith(CANCELLED):
            return
    if status is None:
        _send(where, campaign, run, chance)
    elif status != campaign["status"]:
        things.change(where, campaign, status=status)


def _before(run: dict[str, Any], now: int) -> str | None:
    """The status until the first message leaves, None from then on."""
    if run["ahead"] and now < run["starts"]:
        return PREPARING if now < run["begun"] + int(_PREPARES * SECOND / run["speed"]) else SCHEDULED
    at = run["starts"]
    for name, seconds in _PASSAGES:
        at += int(seconds * SECOND / run["speed"])
        if now < at:
            return name
    return None


def _gather(where: things.Ledger, campaign: Row) -> Row:
    """Finds the recipients; a campaign without any is over."""
    kept, message = things.content(campaign), _message(where.db, campaign)
    channel = things.content(message)["definition"]["channel"]
    people = mailing.audience(where, kept["audiences"], channel)
    reached = mailing.spared(where, people, channel) if kept["send_options"].get("use_smart_sending") else people
    if not reached:
        return things.change(where, campaign, status=f"{CANCELLED}: {'Smart Sending' if people else 'No Recipients'}")
    where.db.executemany(
        "INSERT INTO recipient VALUES (?, ?, ?)", [(message["n"], place, n) for place, n in enumerate(reached)]
    )
    run = kept["run"]
    sends = run["starts"] + int(sum(seconds for _, seconds in _PASSAGES) * SECOND / run["speed"])
    ends = sends + _duration(kept["send_strategy"], len(reached), run["speed"])
    run |= {"sends": sends, "ends": ends, "total": len(reached)}
    return things.change(where, campaign, data={"run": run, "send_time": sends}, status=SENDING)


def _duration(strategy: dict[str, Any], recipients: int, speed: float) -> int:
    if strategy["method"] == "throttled":
        return -(-100 // int(strategy["throttle_percentage"])) * _HOUR
    if strategy["method"] == "smart_send_time":
        return 24 * _HOUR
    return int((_TAKES + _PER_RECIPIENT * recipients) * SECOND / speed)


def _send(where: things.Ledger, campaign: Row, run: dict[str, Any], chance: random.Random) -> None:
    message, span = _message(where.db, campaign), max(1, run["ends"] - run["sends"])
    share = min(1.0, (where.now - run["sends"]) / span)
    until = int(share * run["total"])
    rows = where.db.execute(
        "SELECT * FROM recipient WHERE message = ? AND place < ? ORDER BY place", (message["n"], until)
    ).fetchall()
    for row in rows:
        at = run["sends"] + span * (row["place"] + 1) // run["total"]
        mailing.deliver(where, message, row["profile"], min(at, where.now), chance)
    where.db.execute("DELETE FROM recipient WHERE message = ? AND place < ?", (message["n"], until))
    if rows or share >= 1:
        kept = {"run": {**run, "done": until}}
        things.change(where, campaign, data=kept, status=SENT if share >= 1 else SENDING)


def _message(db: sqlite3.Connection, campaign: Row) -> Row:
    """The message of a campaign; the first where there are more, as the others are variations of it."""
    row: Row = db.execute(
        "SELECT * FROM thing WHERE parent = ? AND kind = ? ORDER BY n LIMIT 1", (campaign["n"], MESSAGE)
    ).fetchone()
    return row
