"""Keeps answers for some seconds, in this process's memory alone, so that what Klaviyo lets be asked rarely can be looked at
often. Nothing is kept beyond the next write to the account, whichever process sends it."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime

from klaviyo_admin.klaviyo.ledger import MINUTE
from klaviyo_admin.klaviyo.limits import Budget, budget_of
from klaviyo_admin.klaviyo.operation import Operation
from klaviyo_admin.klaviyo.session import Answer

RARE = 60  # requests a minute: what may be asked more often than this is not kept
SHARE = 5  # an answer is good for the time in which Klaviyo would let so many be asked, evenly spread
_ROOM = 16 * 1024 * 1024  # bytes of answers


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer, when it was read, and that moment by the clock of the budgets."""

    answer: Answer
    as_of: datetime
    at: float


class Answers:
    """The answers of one process, those least looked at forgotten first. Thread-safe."""

    def __init__(self, room: int = _ROOM) -> None:
        self._lock = threading.Lock()
        self._room = room
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._size = 0

    def get(self, key: str) -> Kept | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: str, kept: Kept) -> None:
        with self._lock:
            self._forget(key)
            self._kept[key] = kept
            self._size += len(kept.answer.body)
            while self._size > self._room:
                self._forget(next(iter(self._kept)))

    def _forget(self, key: str) -> None:
        if gone := self._kept.pop(key, None):
            self._size -= len(gone.answer.body)


@dataclass(frozen=True, slots=True)
class Recall:
    """One reader's use of them. `owner` names the account and its key; a `fresh` one writes what it reads, and reads anew."""

    answers: Answers = field(repr=False)
    owner: str
    fresh: bool = False

    def find(self, budget: Budget, operation: Operation, address: str, body: bytes) -> tuple[Kept | None, float]:
        """What is still good, and the moment before which nothing must be kept; a moment of 0 says: do not keep this."""
        good_for = seconds(operation, address)
        if not good_for:
            return None, 0
        written, now = budget.last_write()
        kept = None if self.fresh else self.answers.get(self._key(operation, address, body))
        good = kept is not None and written < kept.at and now - good_for < kept.at <= now
        return (kept if good else None), now

    def keep(self, operation: Operation, address: str, body: bytes, kept: Kept) -> None:
        self.answers.put(self._key(operation, address, body), kept)

    def _key(self, operation: Operation, address: str, body: bytes) -> str:
        return f"{self.owner} {operation.id} {address} {body.decode('utf-8', 'replace')}"


def seconds(operation: Operation, address: str) -> float:
    """How long an answer is good; 0 for what may be asked often enough."""
    minute = next((window for window in budget_of(operation, address)[1] if window.seconds == MINUTE), None)
    return SHARE * MINUTE / minute.allowed if minute and minute.allowed <= RARE else 0
