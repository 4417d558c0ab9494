"""How campaigns and their messages are stored and shown."""

from typing import Any

from klaviyo_admin.sandbox import things
from klaviyo_admin.sandbox.filtering import Literal
from klaviyo_admin.sandbox.moments import exact
from klaviyo_admin.sandbox.paging import compare
from klaviyo_admin.sandbox.rooms.tagging import tags
from klaviyo_admin.sandbox.sending import CAMPAIGN, MESSAGE
from klaviyo_admin.sandbox.shelves import Extras, Relation, Row, Shelf, Sql, shelf_of

TEMPLATE_OF, IMAGE_OF = "template-of-message", "image-of-message"


def _campaign(row: Row, extras: Extras) -> dict[str, Any]:
    kept = things.content(row)
    return {
        "name": row["name"],
        "status": row["status"],
        "archived": kept["archived"],
        "audiences": kept["audiences"],
        "send_options": kept["send_options"],
        "tracking_options": kept["tracking_options"],
        "send_strategy": kept["send_strategy"],
        "created_at": exact(row["created"]),
        "scheduled_at": exact(kept["scheduled_at"]),
        "updated_at": exact(row["updated"]),
        "send_time": exact(kept["send_time"]),
    }


def _message(row: Row, extras: Extras) -> dict[str, Any]:
    kept = things.content(row)
    return {
        "definition": kept["definition"],
        "send_times": kept.get("send_times"),
        "created_at": exact(row["created"]),
        "updated_at": exact(row["updated"]),
    }


def _by_channel(operator: str, value: Literal, account: int) -> Sql:
    sql, values = compare("m.data ->> '$.definition.channel'", operator, value)
    return f"EXISTS (SELECT 1 FROM thing m WHERE m.parent = thing.n AND m.kind = '{MESSAGE}' AND {sql})", values


CAMPAIGNS: Shelf = things.shelf(
    CAMPAIGN,
    "/api/campaigns",
    _campaign,
    columns={
        "archived": "thing.data ->> '$.archived'",
        "scheduled_at": "ifnull(thing.data ->> '$.scheduled_at', 0)",
    },
    special={
        "messages.channel": _by_channel,
        "scheduled_at": lambda operator, value, account: compare("thing.data ->> '$.scheduled_at'", operator, value),
    },
    relations=(
        Relation("campaign-messages", shelf_of(MESSAGE), things.loading_children(MESSAGE), always=True),
        tags(CAMPAIGN),
    ),
    sort="-created_at",
)
MESSAGES: Shelf = things.shelf(
    MESSAGE,
    "/api/campaign-messages",
    _message,
    relations=(
        Relation("campaign", lambda: CAMPAIGNS, things.LOADING_PARENT, many=False, always=True),
        Relation("template", shelf_of("template"), things.loading_held(TEMPLATE_OF), many=False, always=True),
        Relation("image", shelf_of("image"), things.loading_held(IMAGE_OF), many=False, always=True),
    ),
    sort="created_at",
)
