"""What the sowers of the rooms beside people are given: a shop whose people and events are already there."""

import random
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from klaviyo_admin.sandbox.seed.shops import Shop


@dataclass(frozen=True, slots=True)
class Ground:
    """`account` is a row number; `today` the midnight at which history ends, `now` the clock, both in microseconds.
    `chance` is the sower's own, so that what one sows does not change what another does."""

    db: sqlite3.Connection
    shop: Shop
    account: int
    today: int
    now: int
    chance: random.Random


Furnish = Callable[[Ground], None]
