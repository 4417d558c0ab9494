"""The devices that can show a person messages: push tokens, each of which belongs to one profile at a time."""

import json
import random
import sqlite3
from typing import Any

from klaviyo_admin.sandbox import consent, ids

REACHABLE = ("AUTHORIZED", "PROVISIONAL")


def register(
    db: sqlite3.Connection, account: int, profile: int, given: dict[str, Any], now: int, chance: random.Random
) -> None:
    """Keeps a token or brings it up to date. `given` has token, platform and vendor, and perhaps enablement_status,
    background and device_metadata. A device that may show messages means consent to them."""
    enablement = given.get("enablement_status") or "AUTHORIZED"
    db.execute(
        "INSERT INTO push_token (account, id, profile, token, platform, vendor, enablement, background, created, recorded, device) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account, token, platform) DO UPDATE SET profile = excluded.profile, "
        "vendor = excluded.vendor, enablement = excluded.enablement, background = excluded.background, "
        "recorded = excluded.recorded, device = excluded.device",
        (
            *(account, ids.ulid(now, chance), profile, given["token"], given["platform"], given["vendor"]),
            *(enablement, given.get("background") or "AVAILABLE", now, now),
            json.dumps(given.get("device_metadata") or {}, ensure_ascii=False),
        ),
    )
    if enablement in REACHABLE:
        consent.agree(db, profile, consent.PUSH, now, consent.Given("SDK"))


def forget(db: sqlite3.Connection, account: int, given: dict[str, Any]) -> None:
    """Ends a token, known by its text and platform; one that is not there is no fault."""
    db.execute(
        "DELETE FROM push_token WHERE account = ? AND token = ? AND platform = ?",
        (account, given["token"], given["platform"]),
    )
