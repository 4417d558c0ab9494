"""Turns a shop into rows: its metrics, lists and segments, then people with their history, a thousand at a time."""

import json
import random
import sqlite3
from typing import Any

import orjson

from klaviyo_admin.sandbox import ids
from klaviyo_admin.sandbox.moments import DAY, SECOND
from klaviyo_admin.sandbox.seed import history, names, places, shops

_YEARS = 3
_BATCH = 1000
# Of a large address book most never did more than sign up: with them, it comes to five events for each person.
_LARGE, _QUIET = 50_000, 0.52
_MUCH = 200  # money spent by those on the best plan
_DOMAINS = ("example.com", "example.org", "example.net")
_COLOURS = ("moss", "terracotta", "slate", "ochre", "plum", "fog")
_PROFILE = (
    "INSERT INTO profile (n, account, id, email, phone_number, external_id, first_name, last_name, organization, locale, title, "
    "created, updated, last_event, location, properties, email_consent, email_consent_at, sms_consent, sms_consent_at, suppression, "
    "suppressed_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
)
_EVENT = "INSERT INTO event (account, id, metric, profile, at, value, unique_id, properties) VALUES (?,?,?,?,?,?,?,?)"
_SUPPRESSIONS = (("HARD_BOUNCE", 0.02), ("USER_SUPPRESSED", 0.01), ("SPAM_COMPLAINT", 0.004), ("INVALID_EMAIL", 0.003))


class Planting:
    """One shop on its way into the store. History ends at midnight before `now`, so a day has one shop per seed."""

    def __init__(self, db: sqlite3.Connection, shop: shops.Shop, number: int, now: int) -> None:
        self._db, self.shop = db, shop
        self._chance = random.Random(f"{number} {shop.id}")
        self._today = now // DAY * DAY
        self._begun = self._today - _YEARS * 365 * DAY
        self._past = history.Past(shop, self._chance, self._today)
        self._members: list[tuple[int, int, int]] = []

    def plant(self, profiles: int) -> None:
        """Sows the people and what they did. Nobody is in a segment yet."""
        self._quiet = _QUIET if profiles > _LARGE else 0.0
        shop = self.shop
        added = self._db.execute(
            "INSERT INTO account (id, attributes) VALUES (?, ?)", (shop.id, json.dumps(shop.attributes()))
        )
        self.account = int(added.lastrowid or 0)
        metric_ids = self._plant_metrics()
        list_ids = self._plant_lists()
        for name, definition in shops.segments(metric_ids, list_ids, shop.plans[-1]):
            self._circle("segment", name, definition=json.dumps(definition))
        self._plant_people(profiles)

    def _plant_metrics(self) -> dict[str, str]:
        self._metrics, found = {}, {}
        for name, integration in shops.METRICS:
            found[name] = ids.six(self._chance)
            values = (self.account, found[name], name, self._begun, self._begun, json.dumps(integration))
            sql = "INSERT INTO metric (account, id, name, created, updated, integration) VALUES (?, ?, ?, ?, ?, ?)"
            self._metrics[name] = int(self._db.execute(sql, values).lastrowid or 0)
        return found

    def _plant_lists(self) -> dict[str, str]:
        self._lists, found = [], {}
        for circle in self.shop.lists:
            n, found[circle.name] = self._circle("list", circle.name, opt_in=circle.opt_in)
            self._lists.append((n, circle))
        return found

    def _circle(
        self, kind: str, name: str, *, opt_in: str | None = None, definition: str | None = None
    ) -> tuple[int, str]:
        ident = ids.six(self._chance)
        made = self._begun + self._chance.randrange(_YEARS * 300) * DAY + self._chance.randrange(86_400) * SECOND
        changed = made + self._chance.randrange(max(1, (self._today - made) // SECOND)) * SECOND
        added = self._db.execute(
            "INSERT INTO circle (account, kind, id, name, created, updated, opt_in, definition) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (self.account, kind, ident, name, made, changed, opt_in, definition),
        )
        return int(added.lastrowid or 0), ident

    def _plant_people(self, profiles: int) -> None:
        first = int(self._db.execute("SELECT ifnull(max(n), 0) + 1 FROM profile").fetchone()[0])
        people: list[tuple[Any, ...]] = []
        events: list[tuple[Any, ...]] = []
        for number in range(profiles):
            self._person(number, first + number, profiles, people, events)
            if len(people) == _BATCH or number == profiles - 1:
                self._db.executemany(_PROFILE, people)
                self._db.executemany(_EVENT, events)
                self._db.executemany("INSERT INTO member (circle, profile, joined) VALUES (?, ?, ?)", self._members)
                for rows in (people, events, self._members):
                    rows.clear()

    def _person(
        self, number: int, n: int, of: int, people: list[tuple[Any, ...]], events: list[tuple[Any, ...]]
    ) -> None:
        chance = self._chance
        who = names.person(chance, number)
        # More people came lately than at first; the row order is the order in which they came.
        share = ((number + chance.random()) / of) ** 0.7
        created = self._begun + int(share * (self._today - self._begun - DAY))
        phone = places.phone(number // 3) if number % 3 == 0 and number // 3 < places.PHONES else None
        email = f"{who.mailbox}@{chance.choice(_DOMAINS)}" if phone is None or chance.random() < 0.97 else None
        consent, texts = self._consent(created, email), self._texts(created, phone)
        done = [] if self._quiet and chance.random() < self._quiet else self._past.of(created)
        properties = self._properties(done)
        done += self._joined(n, created, _groups(done, consent, texts))
        if consent[0] == "UNSUBSCRIBED":
            done.append(history.Done("Unsubscribed", consent[1] or created, None, "1", {"Channel": "email"}))
        last = max((what.at for what in done), default=None)
        account, metrics = self.account, self._metrics
        for what in done:
            about = orjson.dumps(what.properties).decode()
            events.append((account, ids.eleven(chance), metrics[what.metric], n, what.at, what.value, what.once, about))
        facts = (
            *(n, self.account, ids.ulid(created, chance), email, phone, f"{self.shop.id[3:]}-{100_000 + number}"),
            *(who.first, who.last, self._organization(), who.locale, None, created, self._updated(created, last), last),
            orjson.dumps(places.place(chance, who.locale)).decode(),
            orjson.dumps(properties).decode(),
        )
        people.append((*facts, *consent[:2], *texts, *consent[2:]))

    def _consent(self, created: int, email: str | None) -> tuple[str, int | None, str | None, int | None]:
        """Consent and its time, suppression and its time."""
        said, later = self._chance.random(), self._after(created)
        if email is None or said < 0.26:
            return "NEVER_SUBSCRIBED", None, None, None
        if said < 0.34:
            return "UNSUBSCRIBED", later, "UNSUBSCRIBE", later
        drawn = self._chance.random()
        for reason, share in _SUPPRESSIONS:
            if drawn < share:
                return "SUBSCRIBED", created, reason, later
            drawn -= share
        return "SUBSCRIBED", created, None, None

    def _texts(self, created: int, phone: str | None) -> tuple[str, int | None]:
        agreed = phone is not None and self._chance.random() < 0.5
        return ("SUBSCRIBED", self._after(created)) if agreed else ("NEVER_SUBSCRIBED", None)

    def _organization(self) -> str | None:
        return (
            self._chance.choice(("Larkspur Studio", "Fennel & Sons", "Atelier Nord"))
            if self._chance.random() < 0.04
            else None
        )

    def _properties(self, done: list[history.Done]) -> dict[str, Any]:
        chance = self._chance
        orders = [what for what in done if what.metric == "Placed Order"]
        spent = sum(what.value or 0 for what in orders)
        found: dict[str, Any] = {
            "plan": self.shop.plans[(spent > 0) + (spent > _MUCH)],
            "favourite_colour": chance.choice(_COLOURS),
            "loyalty_points": int(spent * 5) + chance.randrange(40),
            "marketing_survey_done": chance.random() < 0.3,
        }
        if chance.random() < 0.6:
            found["birthday"] = f"{chance.randint(1945, 2006)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        if chance.random() < 0.4:
            found["interests"] = sorted({product[1] for product in chance.choices(self.shop.products, k=3)})
        if chance.random() < 0.1:
            found["quiz.result"] = chance.choice(("calm", "bold", "curious"))
        if chance.random() < 0.03:
            found["Notes from the shop floor"] = (
                "Prefers a call before delivery. “Do not ring the bell – the dog!” 🐕 Läuft über Hintereingang."
            )
        return found

    def _joined(self, n: int, created: int, groups: set[str]) -> list[history.Done]:
        """Joins lists; the events of those that people join by signing up."""
        found = []
        for circle, about in self._lists:
            if about.among in groups and self._chance.random() < about.share:
                at = self._after(created)
                self._members.append((circle, n, at))
                if about.opt_in == "double_opt_in":
                    found.append(history.Done("Subscribed to List", at, None, str(circle), {"List": about.name}))
                    found += self._past.welcome(at)
        return found

    def _after(self, created: int) -> int:
        """A time between then and now, more likely soon after then; in whole seconds like the live service's."""
        span = (self._today - created) // SECOND
        return created // SECOND * SECOND + int(self._chance.random() ** 3 * span) * SECOND

    def _updated(self, created: int, last: int | None) -> int:
        return max(created, last or 0) + self._chance.randrange(SECOND)


def _groups(done: list[history.Done], consent: tuple[Any, ...], texts: tuple[Any, ...]) -> set[str]:
    """Which of the groups that lists draw from a person belongs to."""
    found = {"all"}
    if any(what.metric == "Placed Order" for what in done):
        found.add("buyers")
    if consent[0] == "SUBSCRIBED" and consent[2] is None:
        found.add("reachable")
    if texts[0] == "SUBSCRIBED":
        found.add("texts")
    return found
