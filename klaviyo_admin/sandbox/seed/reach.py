"""Sows what a shop reaches people by beside e-mail: devices with push tokens, and conversations by SMS."""

import json

from klaviyo_admin.sandbox import ids
from klaviyo_admin.sandbox.moments import SECOND
from klaviyo_admin.sandbox.seed.ground import Ground

_DEVICES = (
    ("ios", "apns", {"klaviyo_sdk": "swift", "device_model": "iPhone16,2", "os_name": "ios", "manufacturer": "Apple"}),
    (
        "android",
        "fcm",
        {"klaviyo_sdk": "android", "device_model": "Pixel 9", "os_name": "android", "manufacturer": "Google"},
    ),
)
_STATES = ("AUTHORIZED",) * 8 + ("DENIED", "PROVISIONAL", "UNAUTHORIZED")
_ASKED = (
    "Is the teapot back in stock?",
    "Can you leave it with the neighbour? 🙏",
    "Merci, c’est bien arrivé!",
    "STOP? no, sorry, wrong chat",
)
_EVERY_DEVICE, _EVERY_TALK = 11, 4


def furnish(ground: Ground) -> None:
    people = ground.db.execute(
        "SELECT n, created, sms_consent FROM profile WHERE account = ? AND (n % ? = 0 OR sms_consent = 'SUBSCRIBED')",
        (ground.account, _EVERY_DEVICE),
    ).fetchall()
    for place, row in enumerate(people):
        at = row["created"] // SECOND * SECOND
        if row["n"] % _EVERY_DEVICE == 0:
            _device(ground, row["n"], at)
        if row["sms_consent"] == "SUBSCRIBED" and place % _EVERY_TALK == 0:
            _talk(ground, row["n"], at)


def _device(ground: Ground, profile: int, at: int) -> None:
    chance = ground.chance
    platform, vendor, about = chance.choice(_DEVICES)
    state = chance.choice(_STATES)
    device = {**about, "app_name": ground.shop.name, "app_version": "3.4.1", "environment": "release"}
    ground.db.execute(
        "INSERT INTO push_token (account, id, profile, token, platform, vendor, enablement, background, created, recorded, device) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, 'AVAILABLE', ?, ?, ?)",
        (
            ground.account,
            ids.ulid(at, chance),
            profile,
            f"{chance.getrandbits(256):064x}",
            platform,
            vendor,
            state,
            at,
            at,
            json.dumps(device),
        ),
    )
    said = "SUBSCRIBED" if state in ("AUTHORIZED", "PROVISIONAL") else "UNSUBSCRIBED"
    ground.db.execute("INSERT INTO consent VALUES (?, 'push.marketing', ?, ?, 'SDK', '')", (profile, said, at))


def _talk(ground: Ground, profile: int, at: int) -> None:
    added = ground.db.execute(
        "INSERT INTO conversation (account, id, profile, channel, created) VALUES (?, ?, ?, 'sms', ?)",
        (ground.account, ids.ulid(at, ground.chance), profile, at),
    )
    content = json.dumps({"body": ground.chance.choice(_ASKED)}, ensure_ascii=False)
    ground.db.execute(
        "INSERT INTO conversation_message (profile, conversation, at, inbound, content) VALUES (?, ?, ?, 1, ?)",
        (profile, added.lastrowid, at, content),
    )
