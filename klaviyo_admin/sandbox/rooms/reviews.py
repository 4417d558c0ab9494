"""The room of reviews: what customers say of goods and of the shop, and what the shop lets others see of it."""

import json
from collections.abc import Mapping
from typing import Any

from klaviyo_admin.sandbox.asking import Ask, Json, Reply
from klaviyo_admin.sandbox.documents import single
from klaviyo_admin.sandbox.filtering import Literal
from klaviyo_admin.sandbox.moments import whole
from klaviyo_admin.sandbox.rooms.reading import Room, all_of, one_of, owner
from klaviyo_admin.sandbox.shelves import Extras, Relation, Row, Shelf, Sql, loader, shelf_of

_OPTIONAL = ("author", "title", "smart_quote", "public_reply", "product")


def _public(row: Row, extras: Extras) -> dict[str, Json]:
    """What a visitor sees of a review; the writer's address is not among it."""
    kept: dict[str, Any] = json.loads(row["data"])
    shown = {name: kept[name] for name in _OPTIONAL if kept.get(name) is not None}
    status = {"value": row["status"]}
    if kept.get("rejection_reason"):
        status["rejection_reason"] = kept["rejection_reason"]
    return {
        "status": status,
        "verified": bool(row["verified"]),
        "review_type": row["type"],
        "created": whole(row["created"]),
        "updated": whole(row["updated"]),
        "images": kept.get("images") or [],
        "rating": row["rating"],
        "content": row["content"],
        **shown,
    }


def _own(row: Row, extras: Extras) -> dict[str, Json]:
    return {"email": json.loads(row["data"]).get("email"), **_public(row, extras)}


def _there(path: str) -> Any:
    """A filter that asks only whether something is there."""

    def condition(operator: str, value: Literal, account: int) -> Sql:
        return (
            f"json_array_length(json_array(review.data -> '{path}')) AND review.data ->> '{path}' NOT IN ('', '[]')",
            (),
        )

    return condition


def _shelf(path: str, show: Any, relations: tuple[Relation, ...], only: str = "") -> Shelf:
    columns = {
        name: f"review.{name}"
        for name in ("id", "rating", "content", "verified", "status", "created", "updated", "edited")
    }
    return Shelf(
        type="review",
        path=path,
        table="review",
        columns={
            **columns,
            "rating": "ifnull(review.rating, 0)",
            "review_type": "review.type",
            "item.id": "review.item",
            "incentivized": "(review.incentive IS NOT NULL)",
        },
        special={
            "smart_quote": _there("$.smart_quote"),
            "public_reply": _there("$.public_reply"),
            "media": _there("$.images"),
        },
        show=show,
        relations=relations,
        sort="-created",
        only=only,
    )


PUBLIC = _shelf("/client/reviews", _public, (), "review.status IN ('published', 'featured')")
REVIEWS = _shelf(
    "/api/reviews",
    _own,
    (
        Relation("events", shelf_of("event"), loader("SELECT n AS owner, * FROM event WHERE n IN ({})", "event")),
        Relation("item"),
    ),
)


def update_review(ask: Ask) -> Reply:
    row, status = owner(ask, REVIEWS), ask.attributes.get("status")
    ask.must_match()
    if status:
        kept = {**json.loads(row["data"]), "rejection_reason": status.get("rejection_reason")}
        ask.db.execute(
            "UPDATE review SET status = ?, data = ?, updated = ? WHERE n = ?",
            (status["value"], json.dumps(kept, ensure_ascii=False), ask.now, row["n"]),
        )
    return Reply(single(ask, REVIEWS, owner(ask, REVIEWS)))


ROOM: Mapping[str, Room] = {
    "get_reviews": all_of(REVIEWS),
    "get_review": one_of(REVIEWS),
    "update_review": update_review,
}
