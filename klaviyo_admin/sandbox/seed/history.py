"""What a person did in a shop: visits that may end in an order, letters that may be opened, more of it in winter."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from klaviyo_admin.sandbox import mailing
from klaviyo_admin.sandbox.moments import DAY, SECOND
from klaviyo_admin.sandbox.seed.mailings import Mailing, flow_mails, mailings
from klaviyo_admin.sandbox.seed.shops import Shop

# How busy each month is, against December.
_SEASON = (0.45, 0.5, 0.55, 0.65, 0.7, 0.55, 0.45, 0.45, 0.55, 0.65, 0.95, 1.0)
_EVENING = (9, 10, 12, 13, 17, 18, 19, 19, 20, 20, 21, 21, 22)
_HOUR = 3600 * SECOND


@dataclass(frozen=True, slots=True)
class Done:
    """One event. `once` keeps it from being recorded twice."""

    metric: str
    at: int
    value: float | None
    once: str
    properties: dict[str, Any]


class Past:
    """Draws histories that end `today` (microseconds)."""

    def __init__(self, shop: Shop, chance: random.Random, today: int) -> None:
        self._shop, self._chance, self._today = shop, chance, today
        self._mailings, self._flows = mailings(shop, today), flow_mails(shop)
        self._orders = 0

    def of(self, created: int) -> list[Done]:
        """The events of a person who came at that time, in the order they happened."""
        keen = self._chance.random()
        found: list[Done] = []
        if keen > 0.12:
            for _ in range(1 + int(keen * keen * 3)):
                self._visit(self._moment(created), keen, found)
        letters = [letter for letter in self._mailings if letter.at > created]
        for letter in self._chance.sample(letters, k=min(len(letters), int(self._chance.random() * 3 * keen))):
            self._letter(letter, keen, found)
        found.sort(key=lambda what: what.at)
        return found

    def _moment(self, created: int) -> int:
        """A time since then: any day, but quiet months are drawn again; in the hours when people shop."""
        days = max(1, (self._today - created) // DAY)
        for _ in range(3):
            at = created + self._chance.randrange(days) * DAY
            month = datetime.fromtimestamp(at // SECOND, UTC).month
            if self._chance.random() < _SEASON[month - 1]:
                break
        hour = at // DAY * DAY + self._chance.choice(_EVENING) * _HOUR + self._chance.randrange(3600) * SECOND
        return min(max(hour, created // SECOND * SECOND + SECOND), self._today - 2 * _HOUR)

    def _visit(self, at: int, keen: float, found: list[Done]) -> None:
        chance = self._chance
        if chance.random() < 0.4:
            self._note(found, "Active on Site", at - 20 * SECOND, None, {"page": self._shop.site})
        seen = chance.sample(self._shop.products, k=1 + (chance.random() < 0.4))
        for step, product in enumerate(seen):
            self._note(found, "Viewed Product", at + step * 40 * SECOND, None, self._about(product))
        if chance.random() > 0.25 + keen / 2:
            return
        at += 300 * SECOND
        self._note(found, "Added to Cart", at, seen[0][2], self._about(seen[0]))
        if chance.random() > 0.55 + keen / 4:
            return
        basket = [(product, chance.choice((1, 1, 1, 2, 3))) for product in seen]
        value = round(sum(product[2] * count for product, count in basket), 2)
        self._order(at + 240 * SECOND, value, basket, found)

    def _order(
        self, at: int, value: float, basket: list[tuple[tuple[str, str, float], int]], found: list[Done]
    ) -> None:
        self._orders += 1
        number = f"{self._shop.id[3:]}{10_000 + self._orders}"
        items = [{"ProductName": p[0], "Categories": [p[1]], "ItemPrice": p[2], "Quantity": n} for p, n in basket]
        about = {"OrderId": number, "ItemNames": [p[0] for p, _ in basket], "Items": items, "$value": value}
        about |= {"$value_currency": self._shop.currency, "$event_id": number}
        self._note(found, "Started Checkout", at, value, about)
        if self._chance.random() < 0.2:
            self._automatic("cart", at + 4 * _HOUR, found)
            return
        placed = at + 180 * SECOND
        self._note(found, "Placed Order", placed, value, about, number)
        for product, count in basket:
            paid = round(product[2] * count, 2)
            bought = {"OrderId": number, **self._about(product), "Quantity": count, "$value": paid}
            self._note(found, "Ordered Product", placed, paid, bought, f"{number}.{product[0]}")
        later = placed + self._chance.randint(1, 3) * DAY
        if later < self._today:
            self._note(found, "Fulfilled Order", later, value, {"OrderId": number, "$value": value}, number)
        if later + 5 * DAY < self._today and self._chance.random() < 0.04:
            self._note(found, "Refunded Order", later + 5 * DAY, value, {"OrderId": number, "$value": value}, number)

    def welcome(self, at: int) -> list[Done]:
        """What follows when somebody subscribes at that time: a letter, which may be opened and clicked."""
        found: list[Done] = []
        self._automatic("welcome", at + _HOUR, found)
        return found

    def _automatic(self, flow: str, at: int, found: list[Done]) -> None:
        mail = self._flows[flow]
        if at + _HOUR < self._today:
            about = mailing.about(mail.step, mail.message, {"channel": "email", "content": {"subject": mail.subject}})
            # A person may pass through a flow more than once, and one in a million twice in the same second.
            once = f"{mail.message}.{at}.{len(found)}"
            self._read({**about, "$flow": mail.flow}, at, 0.5, once, found)

    def _letter(self, letter: Mailing, keen: float, found: list[Done]) -> None:
        definition = {"channel": "email", "content": {"subject": letter.subject}}
        about = mailing.about(letter.name, letter.message, definition)
        at = letter.at + self._chance.randrange(900) * SECOND
        if self._read(about, at, 0.2 + keen / 2, letter.message, found):
            self._visit(at + 1900 * SECOND, max(keen, 0.7), found)

    def _read(self, about: dict[str, Any], at: int, opens: float, once: str, found: list[Done]) -> bool:
        """A letter arrives; `opens` is how likely it is opened. Whether its link is followed."""
        self._note(found, "Received Email", at, None, about, once)
        if self._chance.random() >= opens:
            return False
        self._note(found, "Opened Email", at + 1800 * SECOND, None, {**about, "Client": "Mail"}, once)
        if self._chance.random() >= 0.3:
            return False
        self._note(found, "Clicked Email", at + 1860 * SECOND, None, {**about, "URL": self._shop.site}, once)
        return True

    def _about(self, product: tuple[str, str, float]) -> dict[str, Any]:
        return {"ProductName": product[0], "Categories": [product[1]], "Price": product[2], "$value": product[2]}

    def _note(
        self, found: list[Done], metric: str, at: int, value: float | None, about: dict[str, Any], once: str = ""
    ) -> None:
        found.append(Done(metric, at, value, once or f"{at // SECOND}.{len(found)}", about))
