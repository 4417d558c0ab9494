"""The stand-in for Klaviyo as one function: a call in, an answer out, no socket anywhere."""

import random
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import orjson

from klaviyo_admin.klaviyo.catalogue import Operation
from klaviyo_admin.sandbox import door, journal, protocol, seed
from klaviyo_admin.sandbox.asking import Ask, Reply, asked
from klaviyo_admin.sandbox.calls import MEDIA_TYPE, Answer, Call
from klaviyo_admin.sandbox.faults import BEFORE, Order, Orders
from klaviyo_admin.sandbox.keys import Key, key_of
from klaviyo_admin.sandbox.limits import Meter, Spent
from klaviyo_admin.sandbox.moments import SECOND
from klaviyo_admin.sandbox.refusals import Problem, Refusal, refused
from klaviyo_admin.sandbox.rooms import ROOMS, imports
from klaviyo_admin.sandbox.store import DATA_TABLES, Store, fact, remember

Headers = tuple[tuple[str, str], ...]
_JSON: Headers = (("Content-Type", MEDIA_TYPE),)
_HTML = b"<!DOCTYPE html><html><head><title>503 Service Unavailable</title></head><body>upstream</body></html>"


class Sandbox:
    """Thread-safe. `now` gives seconds since 1970; the clock may be moved ahead of it. `speed` divides job times."""

    def __init__(
        self,
        database: str = ":memory:",
        *,
        now: Callable[[], float] = time.time,
        profiles: int = 0,
        seed_number: int = 7,
        speed: float = 1.0,
    ) -> None:
        self.store = Store(database)
        self.faults = Orders(seed_number)
        self.meter = Meter()
        self.speed = speed
        self._now = now
        self._chance = random.Random()
        self._turn = threading.Lock()
        with self.store.change() as db:
            self._ahead = int(fact(db, "ahead", "0"))
            fresh = not fact(db, "profiles")
        if fresh:
            self.plant(profiles, seed_number)

    @property
    def now(self) -> int:
        """The sandbox's time in microseconds."""
        return int(self._now() * SECOND) + self._ahead

    def advance(self, seconds: float) -> int:
        """Moves the clock; jobs, limits and relative dates follow. The new time in microseconds."""
        with self._turn, self.store.change() as db:
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
        self.advance(-self._ahead / SECOND)
        self.store.clear("request")
        self.plant()

    def close(self) -> None:
        self.store.close()

    def answer(self, call: Call) -> Answer:
        """Never raises for anything a caller can send."""
        if call.target.startswith(door.PATH):
            return door.answer(self, call)
        try:
            operation, path = protocol.route(call)
        except Refusal as refusal:
            operation, path, lost = None, {}, refusal
        try:
            key = key_of(call.headers)
        except Refusal as refusal:
            key, lost = None, refusal
        number = journal.received(
            self.store, call, self.now, key.account if key else "", operation.id if operation else ""
        )
        if operation is None or key is None:
            answer, fault = _refusal(lost), ""
        else:
            answer, fault = self._suffered(call, key, operation, path)
        journal.answered(self.store, number, None if fault == "drop_before" else answer.status, fault)
        return answer

    def _suffered(self, call: Call, key: Key, operation: Operation, path: dict[str, str]) -> tuple[Answer, str]:
        """The answer, spoilt if a fault is on order for it."""
        order = self.faults.draw(operation.id)
        if order is None:
            return self._counted(call, key, operation, path), ""
        if order.kind in BEFORE:
            return _before(order), order.kind
        return _after(order, self._counted(call, key, operation, path)), order.kind

    def _counted(self, call: Call, key: Key, operation: Operation, path: dict[str, str]) -> Answer:
        query = call.target.partition("?")[2]
        name, windows = protocol.budget(operation, dict(parse_qsl(query)))
        spent = self.meter.count(f"{key.account} {name}", windows, self.now)
        if spent.wait is not None:
            return throttled(spent.wait)
        try:
            return self._done(call, key, operation, path, query, spent)
        except Refusal as refusal:
            return _refusal(refusal, spent.headers())

    def _done(
        self, call: Call, key: Key, operation: Operation, path: dict[str, str], query: str, spent: Spent
    ) -> Answer:
        protocol.check_revision(call.headers)
        protocol.check_scopes(key, operation)
        room = ROOMS.get(operation.id)
        if room is None:
            raise refused("no_such_room", f"This sandbox does not have the room for {operation.id} yet.", "/data")
        allowed = asked(operation, query)
        document = protocol.document(call, operation)
        with self.store.change() as db:
            account = int(db.execute("SELECT n FROM account WHERE id = ?", (key.account,)).fetchone()["n"])
            imports.advance(db, account, self.now, self._chance)
            here = f"http://{call.headers.get('host', 'sandbox')}"
            ask = Ask(
                *(
                    operation,
                    path,
                    allowed,
                    document,
                    db,
                    account,
                    self.now,
                    here,
                    call.target,
                    self.speed,
                    self._chance,
                )
            )
            reply = room(ask)
        return _reply(operation, reply, spent.headers())


def throttled(wait: int) -> Answer:
    unit = "second" if wait == 1 else "seconds"
    problem = Problem("throttled", f"Request was throttled. Expected available in {wait} {unit}.")
    return Answer(429, (("Retry-After", str(wait)),), orjson.dumps(Refusal(problem).document()))


def _reply(operation: Operation, reply: Reply, headers: Headers) -> Answer:
    status = reply.status or operation.success
    if reply.document is None:
        return Answer(status, headers)
    return Answer(status, _JSON + headers, orjson.dumps(reply.document))


def _refusal(refusal: Refusal, headers: Headers = ()) -> Answer:
    return Answer(refusal.status, _JSON + headers, orjson.dumps(refusal.document()))


def _before(order: Order) -> Answer:
    if order.kind == "throttle":
        return throttled(max(1, round(order.seconds)))
    if order.kind == "html":
        return Answer(503, (("Content-Type", "text/html; charset=UTF-8"), ("cf-ray", "sandbox")), _HTML)
    if order.kind == "drop_before":
        return Answer(0, fault="drop")
    return _error(order)


def _after(order: Order, answer: Answer) -> Answer:
    if order.kind == "drop_after":
        return Answer(answer.status, answer.headers, answer.body, fault="drop")
    if order.kind == "truncate":
        return Answer(answer.status, answer.headers, answer.body, fault="truncate")
    if order.kind == "slow":
        return Answer(answer.status, answer.headers, answer.body, delay=order.seconds)
    return _error(order)


def _error(order: Order) -> Answer:
    document: dict[str, Any] = refused("error").document()
    document["errors"][0]["status"] = order.status
    return Answer(order.status, _JSON, orjson.dumps(document))
