"""Sows a believable shop into an empty store: the same seed on the same day gives the same data."""

import random
import sqlite3

from klaviyo_admin.sandbox import membership
from klaviyo_admin.sandbox.moments import DAY
from klaviyo_admin.sandbox.seed import errands, figures, making, reach, storefront, tags, visits, webhooks
from klaviyo_admin.sandbox.seed.ground import Furnish, Ground
from klaviyo_admin.sandbox.seed.planting import Planting
from klaviyo_admin.sandbox.seed.shops import SHOPS
from klaviyo_admin.sandbox.store import unindexed

SMALLER = 10  # the second shop has a tenth of the profiles
# Run after the people of a shop, in this order: a later sower finds what the earlier ones sowed.
FURNISHINGS: tuple[Furnish, ...] = (
    reach.furnish,
    figures.furnish,
    *making.FURNISHINGS,
    visits.furnish,
    storefront.furnish,
    tags.furnish,
    errands.furnish,
    webhooks.furnish,
)


def sow(db: sqlite3.Connection, profiles: int, number: int, now: int) -> None:
    """Both accounts, the first with so many profiles. `now` in microseconds; history ends there."""
    shops = [Planting(db, shop, number, now) for shop in SHOPS]
    with unindexed(db, "profile", "event", "member"):
        for planting, people in zip(shops, (profiles, profiles // SMALLER), strict=True):
            planting.plant(people)
    # The planner chooses among the indexes of events by how many rows each of their keys has.
    db.execute("PRAGMA analysis_limit = 1000")
    db.execute("ANALYZE")
    for planting in shops:
        membership.settle_account(db, planting.account, now, past=True)
        for furnish in FURNISHINGS:
            chance = random.Random(f"{number} {planting.shop.id} {furnish.__module__}")
            furnish(Ground(db, planting.shop, planting.account, now // DAY * DAY, now, chance))
