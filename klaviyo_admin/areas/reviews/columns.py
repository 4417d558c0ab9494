"""How a review looks in tables, its own and those of other areas."""

from klaviyo_admin.areas.base import Column
from klaviyo_admin.klaviyo.values import Item

STATUSES = {
    "pending": "Pending",
    "published": "Published",
    "featured": "Featured",
    "unpublished": "Unpublished",
    "rejected": "Rejected",
}
TYPES = {
    "review": "Review with words",
    "rating": "Rating alone",
    "question": "Question",
    "store": "Of the shop",
}
REASONS = {
    "fake": "It is fake",
    "false_or_misleading": "False or misleading",
    "private_information": "It tells something private",
    "profanity_or_inappropriate": "Swearing, or otherwise unfit",
    "unrelated": "Not about the product",
    "other": "Another reason",
}


def name(review: Item) -> str:
    """What a review is called: its heading, else its beginning, else what it is about."""
    said = review.get("title") or review.get("content") or review.get("product.name") or review.id
    return said if len(said) <= 60 else f"{said[:59].rstrip()}…"


def stars(review: Item) -> str | None:
    """The rating as five signs and as a number, for eyes and for screen readers."""
    rating = review.get("rating")
    return (
        f"{'★' * rating}{'☆' * (5 - rating)}\N{NO-BREAK SPACE}{rating}"
        if isinstance(rating, int) and 0 <= rating <= 5
        else None
    )


TITLE = Column("title", "Review", name)
RATING = Column("rating", "Rating", stars, sort="rating")
STATUS = Column("status", "Status", lambda r: r.get("status.value"), as_="badge")
REASON = Column(
    "rejection_reason",
    "Rejected because",
    lambda r: REASONS.get(r.get("status.rejection_reason.reason", ""), r.get("status.rejection_reason.reason")),
    first=False,
)
CONTENT = Column("content", "Text", lambda r: r.get("content"))
PRODUCT = Column("product", "Product", lambda r: r.get("product.name"))
AUTHOR = Column("author", "Author", lambda r: r.get("author"))
EMAIL = Column("email", "E-mail", lambda r: r.get("email"), first=False)
TYPE = Column(
    "review_type",
    "Kind",
    lambda r: TYPES.get(r.get("review_type", ""), r.get("review_type")),
    first=False,
)
VERIFIED = Column("verified", "Verified buyer", lambda r: r.get("verified"), as_="flag", first=False)
CREATED = Column("created", "Written", lambda r: r.get("created"), as_="moment", sort="created")
UPDATED = Column("updated", "Updated", lambda r: r.get("updated"), as_="moment", sort="updated", first=False)
REPLY = Column("public_reply", "The shop's reply", lambda r: r.get("public_reply.content"), first=False)
ID = Column("id", "ID", lambda r: r.id, as_="id", first=False)

SAID = (TITLE, RATING, STATUS, AUTHOR, CREATED)
