"""How coupons and their codes look in tables, their own and those of other areas."""

from klaviyo_admin.areas.base import Column
from klaviyo_admin.klaviyo.values import Item

STATUSES = {
    "UNASSIGNED": "Free",
    "ASSIGNED_TO_PROFILE": "With somebody",
    "USED": "Used",
    "PROCESSING": "Being made",
    "VERSION_NOT_ACTIVE": "Not in force",
    "DELETING": "Being deleted",
}


def name(coupon: Item) -> str:
    """A coupon is called by its name in the shop, which is its id too."""
    return str(coupon.get("external_id") or coupon.id)


def code(item: Item) -> str:
    return str(item.get("unique_code") or item.id)


def coupon_of(item: Item) -> str | None:
    """The coupon that a code belongs to."""
    return next((kind.id for kind in item.related.get("coupon", ())), None)


def holder_of(item: Item) -> str | None:
    """The id of the profile that was given a code."""
    return next((kind.id for kind in item.related.get("profile", ())), None)


NAME = Column("external_id", "Name", name)
DESCRIPTION = Column("description", "What it is for", lambda c: c.get("description"))
WARNS = Column(
    "monitor_configuration", "Warns below", lambda c: c.get("monitor_configuration.low_balance_threshold"), as_="number"
)
CODE = Column("unique_code", "Code", code)
STATUS = Column("status", "Status", lambda c: STATUSES.get(c.get("status", ""), c.get("status")), as_="badge")
EXPIRES = Column("expires_at", "Good until", lambda c: c.get("expires_at"), as_="moment")
COUPON = Column("coupon", "Coupon", coupon_of)
HOLDER = Column("profile", "With", holder_of, as_="id")
ID = Column("id", "ID", lambda c: c.id, as_="id", first=False)

CODES = (CODE, STATUS, EXPIRES, HOLDER)
COUPONS = (NAME, DESCRIPTION)
