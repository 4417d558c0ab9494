"""Keeps answers, so that what Klaviyo lets be asked rarely can be looked at often: for some seconds, in this process's
memory alone, and never beyond the next write to the account, whichever process sends it. Only what Klaviyo limits by the
day, its reports, is kept for minutes, beside the budgets that all processes share: sums of what was, without anybody's data,
which no write undoes."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

import httpx
import orjson

from klaviyo_admin.klaviyo.ledger import MINUTE
from klaviyo_admin.klaviyo.limits import Budget, budget_of
from klaviyo_admin.klaviyo.operation import Operation
from klaviyo_admin.klaviyo.session import Answer

RARE = 60  # requests a minute: what may be asked more often than this is not kept
SHARE = 5  # an answer is good for the time in which Klaviyo would let so many be asked, evenly spread
REPORTS_FOR = 600  # seconds for which an answer is good that is limited by the day
_ROOM = 16 * 1024 * 1024  # bytes of answers
_SHARED = 4 * 1024 * 1024  # bytes of the answers to one report that processes share


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
        if operation.limits.day:
            return self._shared(budget, operation, address, body)
        good_for = seconds(operation, address)
        if not good_for:
            return None, 0
        written, now = budget.last_write()
        kept = None if self.fresh else self.answers.get(self._key(operation, address, body))
        good = kept is not None and written < kept.at and now - good_for < kept.at <= now
        return (kept if good else None), now

    def keep(self, budget: Budget, operation: Operation, address: str, body: bytes, kept: Kept) -> None:
        key = self._key(operation, address, body)
        if not operation.limits.day:
            self.answers.put(key, kept)
            return
        entry = {"mark": _mark(key), "at": kept.at, "as_of": kept.as_of.isoformat()}
        entry |= {"status": kept.answer.status, "body": kept.answer.body.decode()}

        def move(shelf: bytes, now: float) -> tuple[bytes | None, None]:
            # What is too old goes, so that a shelf holds no more than may be asked in that time.
            others = [each for each in _read(shelf) if each["mark"] != entry["mark"] and now - REPORTS_FOR < each["at"]]
            shelves = (orjson.dumps(entries) for entries in ([entry, *others], [entry], others))
            return next((each for each in shelves if len(each) <= _SHARED), b"[]"), None

        budget.change(_shelf(budget, operation), move, None)

    def _shared(self, budget: Budget, operation: Operation, address: str, body: bytes) -> tuple[Kept | None, float]:
        mark = _mark(self._key(operation, address, body))

        def move(shelf: bytes, now: float) -> tuple[None, tuple[Kept | None, float]]:
            entries = () if self.fresh else _read(shelf)
            good = (each for each in entries if each["mark"] == mark and now - REPORTS_FOR < each["at"] <= now)
            return None, (next(map(_kept, good), None), now)

        nothing: tuple[Kept | None, float] = (None, 0.0)
        return budget.change(_shelf(budget, operation), move, nothing)

    def _key(self, operation: Operation, address: str, body: bytes) -> str:
        return f"{self.owner} {operation.id} {address} {body.decode('utf-8', 'replace')}"


def seconds(operation: Operation, address: str) -> float:
    """How long an answer is good; 0 for what may be asked often enough."""
    minute = next((window for window in budget_of(operation, address)[1] if window.seconds == MINUTE), None)
    return SHARE * MINUTE / minute.allowed if minute and minute.allowed <= RARE else 0


def _shelf(budget: Budget, operation: Operation) -> str:
    return f"{budget.account} answers to {operation.id}"


def _mark(key: str) -> str:
    return sha256(key.encode()).hexdigest()[:32]


def _read(shelf: bytes) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = orjson.loads(shelf) if shelf else []
    return entries


def _kept(entry: dict[str, Any]) -> Kept:
    answer = Answer(entry["status"], httpx.Headers(), entry["body"].encode())
    return Kept(answer, datetime.fromisoformat(entry["as_of"]), entry["at"])
