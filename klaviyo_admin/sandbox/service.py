"""The stand-in for Klaviyo as one function: a call in, an answer out, no socket anywhere."""

import logging
import random
import sqlite3
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar
from urllib.parse import parse_qsl

from klaviyo_admin.klaviyo.catalogue import Operation
from klaviyo_admin.sandbox import answers, door, journal, pictures, protocol, seed
from klaviyo_admin.sandbox.answers import Headers
from klaviyo_admin.sandbox.asking import Ask, asked
from klaviyo_admin.sandbox.calls import Answer, Call
from klaviyo_admin.sandbox.deliveries import Courier
from klaviyo_admin.sandbox.faults import Orders, instead, spoilt
from klaviyo_admin.sandbox.keys import Key, key_for
from klaviyo_admin.sandbox.limits import Meter
from klaviyo_admin.sandbox.moments import SECOND
from klaviyo_admin.sandbox.refusals import Refusal, refused
from klaviyo_admin.sandbox.rooms import CLOCKWORK, ROOMS
from klaviyo_admin.sandbox.store import Store, fact, remember
from klaviyo_admin.sandbox.tables import DATA_TABLES

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Visit:
    """A call with a known key at a known address."""

    call: Call
    key: Key
    operation: Operation
    path: Mapping[str, str]

    @property
    def query(self) -> str:
        return self.call.target.partition("?")[2]


class Sandbox:
    """Thread-safe. `now` gives seconds since 1970; the clock may be moved ahead of it. `speed` divides job times. With the
    `image` of another sandbox's store, one in memory begins as that was, instead of being planted."""

    def __init__(
        self,
        database: str = ":memory:",
        *,
        now: Callable[[], float] = time.time,
        profiles: int = 0,
        seed_number: int = 7,
        speed: float = 1.0,
        image: bytes = b"",
    ) -> None:
        self.store = Store(database, image)
        self.faults = Orders(seed_number)
        self.meter = Meter()
        self.courier = Courier(self.store)
        self.speed = speed
        self._now = now
        self._chance = random.Random()
        with self.store.change() as db:
            self._ahead = int(fact(db, "ahead", "0"))
            fresh = not fact(db, "profiles")
        if fresh:
            self.plant(profiles, seed_number)
        self.store.log_ahead()

    @property
    def now(self) -> int:
        """The sandbox's time in microseconds."""
        return int(self._now() * SECOND) + self._ahead

    def advance(self, seconds: float) -> int:
        """Moves the clock; jobs, limits and relative dates follow. The new time in microseconds."""
        with self.store.change() as db:
            self._ahead += int(seconds * SECOND)
            remember(db, "ahead", str(self._ahead))
        return self.now

    def plant(self, profiles: int | None = None, number: int | None = None) -> None:
        """Replaces all data by a shop of so many profiles; None means as last time."""
        with self.store.change() as db:
            profiles = int(fact(db, "profiles", "0")) if profiles is None else profiles
            number = int(fact(db, "seed", "7")) if number is None else number
            self.store.clear(*DATA_TABLES)
            seed.sow(db, profiles, number, self.now)
            remember(db, "profiles", str(profiles))
            remember(db, "seed", str(number))

    def reset(self) -> None:
        """As freshly planted: same seed, empty log, no faults, full budgets, clock at the real time."""
        self.faults.clear()
        self.meter.forget()
        with self.store.change() as db:
            self._ahead = 0
            remember(db, "ahead", "0")
        self.store.clear("request")
        self.plant()

    def tick(self) -> None:
        """Does what is due by now in all accounts, also while nobody asks: webhooks are not to wait for a request."""
        with self.store.change() as db:
            for row in db.execute("SELECT n FROM account").fetchall():
                self._catch_up(db, row["n"])
        self.courier.go()

    def _catch_up(self, db: sqlite3.Connection, account: int) -> None:
        for advance in CLOCKWORK:
            advance(db, account, self.now, self._chance)

    def close(self) -> None:
        self.courier.close()
        self.store.close()

    def answer(self, call: Call) -> Answer:
        """Never raises for anything a caller can send."""
        if call.target.startswith(door.PATH):
            return door.answer(self, call)
        if call.target.startswith(pictures.PATH):
            return pictures.answer(self.store, call)
        key = _or_refusal(lambda: key_for(call.target, call.headers))
        route = _or_refusal(lambda: protocol.route(call))
        number = journal.received(
            *(self.store, call, self.now),
            account="" if isinstance(key, Refusal) else key.account,
            operation="" if isinstance(route, Refusal) else route[0].id,
        )
        if isinstance(key, Refusal):
            answer, fault = answers.refusal(key), ""
        elif isinstance(route, Refusal):
            answer, fault = answers.refusal(route), ""
        else:
            answer, fault = self._suffered(_Visit(call, key, *route))
        journal.answered(self.store, number, answer.status or None, fault)
        self.courier.go()
        return answer

    def _suffered(self, visit: _Visit) -> tuple[Answer, str]:
        """The answer, spoilt if a fault is on order for it, and the fault's kind."""
        order = self.faults.draw(visit.operation.id)
        if order is None:
            return self._counted(visit), ""
        if order.prevents:
            return instead(order), order.kind
        return spoilt(order, self._counted(visit)), order.kind

    def _counted(self, visit: _Visit) -> Answer:
        name, windows = protocol.budget(visit.operation, dict(parse_qsl(visit.query)))
        spent = self.meter.count(f"{visit.key.account} {name}", windows, self.now)
        if spent.wait is not None:
            return answers.throttled(spent.wait)
        try:
            return self._done(visit, spent.headers())
        except Refusal as refusal:
            return answers.refusal(refusal, spent.headers())
        except Exception:
            _LOG.exception("%s failed", visit.operation.id)
            return replace(answers.broken(), headers=spent.headers())

    def _done(self, visit: _Visit, headers: Headers) -> Answer:
        call, operation = visit.call, visit.operation
        protocol.check_revision(call.headers)
        protocol.check_scopes(visit.key, operation)
        room = ROOMS.get(operation.id)
        if room is None:
            raise refused("no_such_room", f"This sandbox does not have the room for {operation.id} yet.", "/data")
        query, document = asked(operation, visit.query), protocol.document(call, operation)
        here = f"http://{call.headers.get('host', 'sandbox')}"
        with self.store.change() as db:
            account = int(db.execute("SELECT n FROM account WHERE id = ?", (visit.key.account,)).fetchone()["n"])
            self._catch_up(db, account)
            ask = Ask(
                *(operation, visit.path, query, document, db, account, self.now),
                *(here, call.target, self.speed, self._chance, call.headers),
            )
            reply = room(ask)
            return answers.document(reply.status or operation.success, reply.document, headers)


_T = TypeVar("_T")


def _or_refusal(act: Callable[[], _T]) -> _T | Refusal:
    try:
        return act()
    except Refusal as refusal:
        return refusal
