"""The room of conversations: one for each profile and channel, and what is said in them."""

import json
from collections.abc import Mapping

from klaviyo_admin.sandbox.asking import Ask, Json, Reply
from klaviyo_admin.sandbox.refusals import Problem, Refusal, invalid
from klaviyo_admin.sandbox.rooms.reading import Room, related, related_one
from klaviyo_admin.sandbox.rooms.shelving import PROFILES
from klaviyo_admin.sandbox.shelves import Extras, Relation, Row, Rows, Shelf, loader, shelf_of


def _conversation(row: Row, extras: Extras) -> dict[str, Json]:
    return {"channel": row["channel"]}


CONVERSATIONS = Shelf(
    type="conversation",
    path="/api/conversations",
    table="conversation",
    columns={"id": "conversation.id"},
    show=_conversation,
    relations=(
        Relation(
            "profile",
            shelf_of("profile"),
            loader("SELECT n AS owner, * FROM profile WHERE n IN ({})", "profile"),
            many=False,
            always=True,
        ),
    ),
)


def create_conversation_message(ask: Ask) -> Reply:
    """The message is kept and goes nowhere."""
    if not ask.attributes["body"].strip():
        raise invalid("The body of a message may not be blank.", "/data/attributes/body")
    given = ask.document["data"]["relationships"]["conversation"].get("data") or {}
    sql = "SELECT * FROM conversation WHERE account = ? AND id = ?"
    row = ask.db.execute(sql, (ask.account, given.get("id"))).fetchone()
    if row is None:
        detail = f"A conversation with id {given.get('id')} does not exist."
        raise Refusal(Problem("not_found", detail, "/data/relationships/conversation/data/id"))
    ask.db.execute(
        "INSERT INTO conversation_message (profile, conversation, at, inbound, content) VALUES (?, ?, ?, 0, ?)",
        (row["profile"], row["n"], ask.now, json.dumps(ask.attributes, ensure_ascii=False)),
    )
    return Reply()


def _of(ask: Ask, profile: Row) -> Rows:
    return Rows("conversation", "conversation.profile = ?", (profile["n"],))


_ONE, _ONE_ID = related_one(PROFILES, CONVERSATIONS, _of)
_ALL, _ALL_IDS = related(PROFILES, CONVERSATIONS, _of)
ROOM: Mapping[str, Room] = {
    "get_conversation_for_profile": _ONE,
    "get_conversation_id_for_profile": _ONE_ID,
    "get_conversations_for_profile": _ALL,
    "get_conversation_ids_for_profile": _ALL_IDS,
    "create_conversation_message": create_conversation_message,
}
