"""Reads of reviews, and the pure builder that moderates them."""

from collections.abc import Sequence

from klaviyo_admin.areas.base import Answers, Asked
from klaviyo_admin.areas.building import Noun, patched
from klaviyo_admin.areas.reviews.columns import REASONS, STATUSES
from klaviyo_admin.areas.words import counted
from klaviyo_admin.intents import FieldChange, Intent
from klaviyo_admin.klaviyo import filters
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.values import Item, Json, Page, Query


def about(review: Item) -> str:
    """What changes and the audit call a review: by its product and rating, for its words may be about a person."""
    rating, product = review.get("rating"), review.get("product.name") or review.id
    return f"review of {product}" if rating is None else f"{counted(rating, 'star')} for {product}"


REVIEW = Noun("review", "reviews", "review", "get_review", about)
REJECTED, OTHER = "rejected", "other"


def of_product(reader: Reader, ident: str, asked: Asked) -> Page:
    """The latest reviews of one product."""
    condition = filters.for_operation(operation("get_reviews"), "item.id", "equals", ident)
    return reader.page("get_reviews", query=Query(condition, asked.sort or "-created", 20, asked.cursor))


def moderate(items: Sequence[Item], answers: Answers) -> Intent:
    """One PATCH for each review that gives it the `status`, with the `reason` and `explanation` of a rejection. Reviews
    that have that status already are left out."""
    status, after = answers["status"], _status(answers)
    touched = [item for item in items if item.get("status") != after] or list(items)
    requests = tuple(
        patched("update_review", REVIEW, item, [FieldChange(("status",), "Status", item.get("status"), after)])
        for item in touched
    )
    number = counted(len(touched), "review")
    verb = {"published": "Publish", "featured": "Feature", "unpublished": "Take off the shop's pages"}.get(status)
    if status == REJECTED:
        sentence = f"Reject {number}: {REASONS[answers['reason']].lower()}."
    elif verb:
        sentence = f"{verb}: {number}."
    else:
        sentence = f"Set {number} back to “{STATUSES[status].lower()}”."
    return Intent("reviews.moderate", sentence, requests, REVIEW.target(items[0]) if len(items) == 1 else None)


def _status(answers: Answers) -> Json:
    after: dict[str, Json] = {"value": answers["status"]}
    if answers["status"] == REJECTED:
        reason = {"reason": answers["reason"]}
        if answers["reason"] == OTHER and answers["explanation"]:
            reason["status_explanation"] = answers["explanation"]
        after["rejection_reason"] = reason
    return after
