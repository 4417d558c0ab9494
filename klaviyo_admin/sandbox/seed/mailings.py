"""The campaigns a shop has sent: one a month for three years, each with the message that its events name."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime

from klaviyo_admin.sandbox import ids
from klaviyo_admin.sandbox.moments import DAY, SECOND
from klaviyo_admin.sandbox.seed.shops import CAMPAIGNS, Shop

_MONTHS = 36
_HOUR = 3600 * SECOND


@dataclass(frozen=True, slots=True)
class Mailing:
    """`at` is when it was sent, in microseconds."""

    campaign: str
    message: str
    name: str
    subject: str
    at: int


@dataclass(frozen=True, slots=True)
class FlowMail:
    """The one letter of a flow: the flow's name, and what the message calls itself and says in its subject."""

    flow: str
    message: str
    name: str
    step: str
    subject: str


def flow_mails(shop: Shop) -> dict[str, FlowMail]:
    """Of the flows that welcome new subscribers, and that remind of a basket left behind."""
    chance = random.Random(f"{shop.id} flows")
    return {
        key: FlowMail(ids.six(chance), ids.six(chance), name, f"{name}, step 1", subject)
        for key, name, subject in (
            ("welcome", "Welcome series", f"Welcome to {shop.name}"),
            ("cart", "Abandoned checkout 🛒", "Did you forget something?"),
        )
    }


def mailings(shop: Shop, today: int) -> tuple[Mailing, ...]:
    """From the latest back; the same each time for the same shop and day."""
    chance = random.Random(f"{shop.id} mailings")
    return tuple(_mailing(shop, number, today - (3 + 30 * number) * DAY, chance) for number in range(_MONTHS))


def _mailing(shop: Shop, number: int, day: int, chance: random.Random) -> Mailing:
    at = day + chance.randrange(9, 19) * _HOUR
    title = CAMPAIGNS[-1 - number % len(CAMPAIGNS)]
    name = f"{datetime.fromtimestamp(at // SECOND, UTC):%Y-%m} {title}"
    made = at - 2 * DAY
    return Mailing(ids.ulid(made, chance), ids.ulid(made, chance), name, f"{title} – news from {shop.name}", at)
