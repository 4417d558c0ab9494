"""The room of push tokens: devices that can show a person messages."""

import json
from collections.abc import Mapping
from typing import Any

from klaviyo_admin.sandbox import devices
from klaviyo_admin.sandbox.asking import Ask, Json, Reply
from klaviyo_admin.sandbox.filtering import Literal
from klaviyo_admin.sandbox.moments import exact
from klaviyo_admin.sandbox.rooms import recording
from klaviyo_admin.sandbox.rooms.reading import Room, all_of, one_of, owner, related, related_one
from klaviyo_admin.sandbox.rooms.shelving import PROFILES
from klaviyo_admin.sandbox.shelves import Extras, Relation, Row, Rows, Shelf, Sql, loader, shelf_of

_METADATA = ("device_id", "klaviyo_sdk", "sdk_version", "device_model", "os_name", "os_version", "manufacturer")
_APP = ("app_name", "app_version", "app_build", "app_id", "environment")


def _token(row: Row, extras: Extras) -> dict[str, Json]:
    device: dict[str, Any] = json.loads(row["device"])
    return {
        "created": exact(row["created"]),
        "token": row["token"],
        "enablement_status": row["enablement"],
        "platform": row["platform"],
        "vendor": row["vendor"],
        "background": row["background"],
        "recorded_date": exact(row["recorded"]),
        "metadata": {name: device.get(name) for name in (*_METADATA, *_APP)},
    }


def _of_profile(operator: str, value: Literal, account: int) -> Sql:
    return "push_token.profile = (SELECT n FROM profile WHERE account = ? AND id = ?)", (account, value)


TOKENS = Shelf(
    type="push-token",
    path="/api/push-tokens",
    table="push_token",
    columns={"id": "push_token.id", "enablement_status": "push_token.enablement", "platform": "push_token.platform"},
    special={"profile.id": _of_profile},
    show=_token,
    relations=(
        Relation(
            "profile",
            shelf_of("profile"),
            loader("SELECT n AS owner, * FROM profile WHERE n IN ({})", "profile"),
            many=False,
        ),
    ),
)


def create_push_token(ask: Ask) -> Reply:
    given = ask.attributes
    profile = recording.profile(ask, given["profile"]["data"], "/data/attributes/profile/data")
    devices.register(ask.db, ask.account, profile, given, ask.now, ask.chance)
    return Reply()


def delete_push_token(ask: Ask) -> Reply:
    ask.db.execute("DELETE FROM push_token WHERE n = ?", (owner(ask, TOKENS)["n"],))
    return Reply()


def _its_profile(ask: Ask, token: Row) -> Rows:
    return Rows("profile", "profile.n = ?", (token["profile"],))


def _of(ask: Ask, profile: Row) -> Rows:
    return Rows("push_token", "push_token.profile = ?", (profile["n"],))


_PROFILE, _PROFILE_ID = related_one(TOKENS, PROFILES, _its_profile)
_TOKENS, _TOKEN_IDS = related(PROFILES, TOKENS, _of)
ROOM: Mapping[str, Room] = {
    "get_push_tokens": all_of(TOKENS),
    "get_push_token": one_of(TOKENS),
    "create_push_token": create_push_token,
    "delete_push_token": delete_push_token,
    "get_profile_for_push_token": _PROFILE,
    "get_profile_id_for_push_token": _PROFILE_ID,
    "get_push_tokens_for_profile": _TOKENS,
    "get_push_token_ids_for_profile": _TOKEN_IDS,
}
