"""Lets requests out no faster than an account's limits allow, however many threads, processes and machines ask.

One ledger for each account, operation and reduced variant lies in a store that all of them share. Every attempt takes a
place there before it leaves and gives the answer's word back; nobody has to be told a limit by a refusal.
"""

import logging
import re
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import inf
from typing import Protocol, TypeVar
from urllib.parse import parse_qsl

from klaviyo_admin.klaviyo import refusals
from klaviyo_admin.klaviyo.facts import Limits
from klaviyo_admin.klaviyo.ledger import DAY, MINUTE, SECOND, Entry, Ledger, Spent, Wait, Window
from klaviyo_admin.klaviyo.operation import Operation

T = TypeVar("T")
_LOG = logging.getLogger(__name__)
# The part of every window that background reading may use; the rest waits for people at the screen. Writes have no
# such reserve: nobody at the screen sends one.
BACKGROUND_SHARE = 0.8
_POLICY = re.compile(r"\s*(\d{1,9})\s*;\s*w=(\d{1,9})\s*")
_SHORTEST = 0.005  # seconds: a place that is free "now" may be somebody else's by then


class StoreDown(Exception):
    """A store that cannot be reached. Budgets are then not kept: a refusal by Klaviyo is better than no work at all."""


class Store(Protocol):
    """Where ledgers lie. `change` is atomic among all that share the store: `move` gets what is kept under a name (b"" at
    first) and the store's time in seconds since 1970, and gives what to keep (None: as it was) and a result. Raises StoreDown."""

    def change(self, name: str, move: Callable[[bytes, float], tuple[bytes | None, T]]) -> T: ...


class Memory:
    """A store for one process. Thread-safe."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, bytes] = {}
        self._now = now

    def change(self, name: str, move: Callable[[bytes, float], tuple[bytes | None, T]]) -> T:
        with self._lock:
            kept, result = move(self._kept.get(name, b""), self._now())
            if kept is not None:
                self._kept[name] = kept
            return result


class Patience:
    """How long one call may wait: `left` seconds in all, and at most `longest` at once. `sleep` does the waiting."""

    def __init__(self, left: float, sleep: Callable[[float], object], *, longest: float = inf) -> None:
        self.left = left
        self._sleep = sleep
        self._longest = longest

    def spend(self, seconds: float) -> bool:
        """Waits so long; False, at once, if that is too long."""
        if seconds > min(self.left, self._longest):
            return False
        self.left -= seconds
        self._sleep(seconds)
        return True


@dataclass(frozen=True, slots=True)
class Turn:
    """Leave to send one request, and the duty to say what came of it; unsaid, it counts as sent."""

    budget: "Budget"
    name: str
    windows: tuple[Window, ...]
    entry: Entry

    def answered(self, status: int, retry_after: float | None = None, told: str = "") -> None:
        """An answer came. `told` is its RateLimit-Limit header."""
        caps = _caps(told) if told else {}
        news = status == 429 or (caps and caps != self.entry.caps)
        if not news and not self.entry.close:
            return  # Left as it is, it counts a little longer than it must, which nobody will feel.

        def move(kept: bytes, now: float) -> tuple[bytes, None]:
            ledger = Ledger.read(kept)
            ledger.leave(self.entry.places, now)
            if status == 429:
                ledger.learn_refusal(self.windows, refusals.LATER if retry_after is None else retry_after, now)
            elif caps:
                ledger.learn_caps(caps)
            return ledger.written(), None

        self.budget.change(self.name, move, None)

    def unanswered(self) -> None:
        """It left, and no answer came."""
        self.answered(0)

    def unsent(self) -> None:
        """It never left."""

        def move(kept: bytes, now: float) -> tuple[bytes, None]:
            ledger = Ledger.read(kept)
            ledger.leave(self.entry.places, now, counted=False)
            return ledger.written(), None

        self.budget.change(self.name, move, None)


@dataclass(frozen=True, slots=True)
class Budget:
    """What one account may still ask. `account` names the account at its host: all its keys share one budget.

    `background` work leaves a reserve of every read for people at the screen.
    """

    store: Store = field(repr=False)
    account: str
    background: bool = False

    def turn(self, operation: Operation, address: str, patience: Patience) -> Turn:
        """Leave to send one request to `address`, waited for if need be.

        Raises Throttled, with the time after which to ask again, where that would take too much patience.
        """
        variant, windows = budget_of(operation, address)
        name = f"{self.account} {variant}"
        share = BACKGROUND_SHARE if self.background and not operation.writes else 1.0

        def move(kept: bytes, now: float) -> tuple[bytes | None, Wait | Entry]:
            ledger = Ledger.read(kept)
            entered = ledger.enter(windows, share, now)
            return (None if isinstance(entered, Wait) else ledger.written()), entered

        uncounted: Wait | Entry = Entry({}, {}, close=False)
        while True:
            entered = self.change(name, move, uncounted)
            if not isinstance(entered, Wait):
                return Turn(self, name, windows, entered)
            pause = max(_SHORTEST, entered.pause)
            if not patience.spend(pause):
                raise refusals.spent(operation, pause)

    def spending(self, operation: Operation, address: str = "") -> tuple[Spent, ...]:
        """How much of each window of the budget of this operation is spent now, shortest first; takes nothing. Empty
        where there is no limit, or while the store is down."""
        variant, windows = budget_of(operation, address)
        nothing: tuple[Spent, ...] = ()
        return self.change(
            f"{self.account} {variant}", lambda kept, now: (None, Ledger.read(kept).spending(windows, now)), nothing
        )

    def wrote(self) -> None:
        """A write to the account was sent: what was read before may be otherwise now."""
        self.change(f"{self.account} written", lambda kept, now: (repr(now).encode(), None), None)

    def last_write(self) -> tuple[float, float]:
        """When the last write was sent, and what time it is, both by the store's clock; while it is down the write is as
        recent as can be."""
        return self.change(
            f"{self.account} written", lambda kept, now: (None, (float(kept or b"0"), now)), (float("inf"), 0.0)
        )

    def change(self, name: str, move: Callable[[bytes, float], tuple[bytes | None, T]], otherwise: T) -> T:
        """The store's answer; `otherwise` while it is down."""
        try:
            return self.store.change(name, move)
        except StoreDown as error:
            _LOG.warning("No budget is kept for the moment: %s", error)
            return otherwise


def budget_of(operation: Operation, address: str) -> tuple[str, tuple[Window, ...]]:
    """The name of the budget that a request to this address spends from, and its windows, shortest first."""
    limits = operation.limits
    if limits.reduced:
        asked = dict(parse_qsl(address.partition("?")[2]))
        for reduced in limits.reduced:
            if reduced.applies(asked):
                return f"{operation.id} {reduced.when}", _windows(Limits(reduced.burst, reduced.minute))
    return operation.id, _windows(limits)


def _windows(limits: Limits) -> tuple[Window, ...]:
    pairs = ((SECOND, limits.burst), (MINUTE, limits.minute), (DAY, limits.day))
    return tuple(Window(seconds, allowed) for seconds, allowed in pairs if allowed)


@lru_cache(maxsize=256)
def _caps(told: str) -> Mapping[str, int]:
    """The policies of a RateLimit-Limit header ("10, 10;w=1, 150;w=60") as seconds to requests; empty if unreadable."""
    policies: Iterable[re.Match[str] | None] = map(_POLICY.fullmatch, told.split(",")[1:])
    return {str(int(found[2])): int(found[1]) for found in policies if found}
