"""Reviews, declared: what customers say of products and of the shop, and what the shop shows of it."""

from collections.abc import Sequence
from typing import Any

from klaviyo_admin.areas.base import Action, Filter, Resource, Source
from klaviyo_admin.areas.reviews import columns as look
from klaviyo_admin.areas.reviews import forms, service
from klaviyo_admin.klaviyo.values import Item

_STATUSES = tuple(look.STATUSES.items())
_RATINGS = tuple((str(n), f"{n} star{'' if n == 1 else 's'}") for n in range(5, 0, -1))


def start(items: Sequence[Item]) -> dict[str, Any]:
    """A review that waits is most often published; any other begins with what it is."""
    statuses = {item.get("status.value") for item in items}
    return {"status": "published" if statuses == {"pending"} or len(statuses) > 1 else next(iter(statuses))}


REVIEWS = Resource(
    key="reviews",
    one="review",
    many="reviews",
    type="review",
    source=Source("get_reviews", "get_review", include=("events",), sort="-created"),
    name=look.name,
    columns=(
        look.TITLE,
        look.RATING,
        look.STATUS,
        look.PRODUCT,
        look.CONTENT,
        look.AUTHOR,
        look.CREATED,
        look.EMAIL,
        look.TYPE,
        look.VERIFIED,
        look.REASON,
        look.REPLY,
        look.UPDATED,
        look.ID,
    ),
    filters=(
        Filter("content", "Text contains", "get_reviews", "content", "contains", guess=lambda word: True),
        Filter("status", "Status", "get_reviews", "status", kind="choice", choices=_STATUSES),
        Filter("rating", "Rating at least", "get_reviews", "rating", "greater-or-equal", "choice", _RATINGS),
        Filter("rating_most", "Rating at most", "get_reviews", "rating", "less-or-equal", "choice", _RATINGS),
        Filter("kind", "Kind", "get_reviews", "review_type", kind="choice", choices=tuple(look.TYPES.items())),
        Filter("verified", "Verified buyer", "get_reviews", "verified", kind="flag"),
        Filter("item", "Product", "get_reviews", "item.id", kind="thing", of="catalog-items"),
        Filter("created_after", "Written since", "get_reviews", "created", "greater-or-equal", "moment"),
        Filter("created_before", "Written until", "get_reviews", "created", "less-or-equal", "moment"),
    ),
    actions=(
        Action(
            "moderate",
            "Moderate",
            forms.Moderate,
            service.moderate,
            ("update_review",),
            on="many",
            start=start,
            hint="Shoppers see the difference at once. Replies are written in Klaviyo itself: its API only shows them.",
        ),
    ),
)
