"""Sows a believable shop into an empty store: the same seed on the same day gives the same data."""

import random
import sqlite3

from klaviyo_admin.sandbox.moments import DAY
from klaviyo_admin.sandbox.seed import figures, making, reach, storefront, tags, visits
from klaviyo_admin.sandbox.seed.ground import Furnish, Ground
from klaviyo_admin.sandbox.seed.planting import Planting
from klaviyo_admin.sandbox.seed.shops import SHOPS

SMALLER = 10  # the second shop has a tenth of the profiles
# Run after the people of a shop, in this order: a later sower finds what the earlier ones sowed.
FURNISHINGS: tuple[Furnish, ...] = (
    reach.furnish,
    figures.furnish,
    *making.FURNISHINGS,
    visits.furnish,
    storefront.furnish,
    tags.furnish,
)


def sow(db: sqlite3.Connection, profiles: int, number: int, now: int) -> None:
    """Both accounts, the first with so many profiles. `now` in microseconds; history ends there."""
    for place, shop in enumerate(SHOPS):
        account = Planting(db, shop, number, now).plant(profiles if place == 0 else profiles // SMALLER)
        for furnish in FURNISHINGS:
            chance = random.Random(f"{number} {shop.id} {furnish.__module__}")
            furnish(Ground(db, shop, account, now // DAY * DAY, now, chance))
