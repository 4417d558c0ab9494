"""Sows a believable shop into an empty store: the same seed on the same day gives the same data."""

import sqlite3

from klaviyo_admin.sandbox.seed.planting import Planting
from klaviyo_admin.sandbox.seed.shops import SHOPS

SMALLER = 10  # the second shop has a tenth of the profiles


def sow(db: sqlite3.Connection, profiles: int, number: int, now: int) -> None:
    """Both accounts, the first with so many profiles. `now` in microseconds; history ends there."""
    for place, shop in enumerate(SHOPS):
        Planting(db, shop, number, now).plant(profiles if place == 0 else profiles // SMALLER)
