"""The two doors to Klaviyo's API: a Reader that may repeat itself, and a Writer that repeats only what cannot happen twice."""

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from random import SystemRandom
from typing import TypeVar

import orjson

from klaviyo_admin.klaviyo import documents, refusals, repeats
from klaviyo_admin.klaviyo.bodies import BadBody
from klaviyo_admin.klaviyo.catalogue import match, operation
from klaviyo_admin.klaviyo.errors import Invalid, KlaviyoError, NotFound, Throttled, Unclear
from klaviyo_admin.klaviyo.limits import Budget, Patience
from klaviyo_admin.klaviyo.operation import BadQuery, Operation
from klaviyo_admin.klaviyo.recall import Kept, Recall
from klaviyo_admin.klaviyo.sending import attempt
from klaviyo_admin.klaviyo.session import Answer, NoAnswer, NotSent, Session
from klaviyo_admin.klaviyo.values import Item, Json, Page, Query, Receipt, Write

__all__ = ["Heard", "Reader", "Session", "Writer", "WrongDoor"]

T = TypeVar("T")
_ATTEMPTS = 3
_PATIENCE = 10.0  # seconds that a read may wait in all, for its budget and between its attempts
_PASSING = {502, 503, 504, 524}
_WRITE_WAIT = 5.0  # seconds: a longer wait goes back to the caller, who can do other work meanwhile
_WRITE_PATIENCE = 15.0  # seconds of waiting in all for one write
_WRITE_REPEATS = 3
_AT_ONCE = 8

_jitter = SystemRandom()
_crews: dict[int, ThreadPoolExecutor] = {}
_crews_lock = threading.Lock()
_crew_member = threading.local()


@dataclass(frozen=True, slots=True)
class Heard:
    """A document with the answer that brought it, the seconds it took with all its attempts (none for what was kept), and
    when it was read."""

    document: Json
    answer: Answer
    seconds: float
    attempts: int
    as_of: datetime


class WrongDoor(ValueError):
    """A write given to a Reader, or a read to a Writer, or a write whose address is not its operation's."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one account. Every method raises a KlaviyoError; what an operation does not take is Invalid, unsent.

    `patience` is how many seconds one read may wait in all; beyond it comes Throttled. With a `recall` answers may be some
    seconds old.
    """

    session: Session
    budget: Budget | None = None
    patience: float = _PATIENCE
    recall: Recall | None = None

    def item(self, name: str, path: Mapping[str, str] | None = None, query: Query | None = None) -> Item:
        """One resource; of a collection the first. NotFound where the answer holds none."""
        found = operation(name)
        item = _understood(found, documents.item, self._read(found, _address(found, path, query)).document)
        if item is None:
            raise NotFound("Klaviyo has nothing here.", status=404, operation=found.id)
        return item

    def page(self, name: str, path: Mapping[str, str] | None = None, query: Query | None = None) -> Page:
        """One page of a collection."""
        found = operation(name)
        return self._page(found, _address(found, path, query))

    def pages(self, name: str, path: Mapping[str, str] | None = None, query: Query | None = None) -> Iterator[Page]:
        """All pages, each read when it is asked for. Stops with Unavailable if they lead elsewhere or in a circle."""
        found = operation(name)
        address: str | None = _address(found, path, query)
        seen: set[str] = set()
        while address:
            if address in seen:
                raise refusals.unavailable(found, "its pages lead in a circle")
            seen.add(address)
            page = self._page(found, address)
            yield page
            address = page.next
            if address and not self.session.owns(address):
                raise refusals.unavailable(found, "its next page is said to be on another host")

    def ask(self, name: str, document: Json, query: Query | None = None) -> Json:
        """The answer document of a read that is asked with a body (reports, aggregates, rendering)."""
        found = operation(name)
        if faults := found.faults(document):
            raise BadBody(found.id, faults)
        return self._read(found, _address(found, None, query), orjson.dumps(document)).document

    def hear(
        self, name: str, path: Mapping[str, str] | None = None, query: Query | None = None, document: Json = None
    ) -> Heard:
        """Any read with all that came back, for those who want to see the answer itself."""
        found = operation(name)
        if faults := found.faults(document):
            raise BadBody(found.id, faults)
        return self._read(found, _address(found, path, query), b"" if document is None else orjson.dumps(document))

    def gather(self, *calls: Callable[[], T]) -> list[T | KlaviyoError]:
        """The results of several calls made side by side, in order; a KlaviyoError stands in place of its result."""
        if getattr(_crew_member, "busy", False):
            # Waiting for the crew from inside the crew could leave nobody to do the work.
            return [_attempted(call) for call in calls]
        pending: list[Future[T | KlaviyoError]] = [_crew().submit(_attempted, call) for call in calls]
        return [future.result() for future in pending]

    def _page(self, found: Operation, address: str) -> Page:
        heard = self._read(found, address)
        return _understood(found, lambda given: documents.page(given, heard.as_of), heard.document)

    def _read(self, found: Operation, address: str, body: bytes = b"") -> Heard:
        if found.writes:
            raise WrongDoor(f"{found.id} changes something; only a Writer may send it.")
        if self.recall is None or self.budget is None:
            return self._asked(found, address, body)
        kept, now = self.recall.find(self.budget, found, address, body)
        if kept:
            return Heard(documents.parse(kept.answer.body), kept.answer, 0.0, 0, kept.as_of)
        heard = self._asked(found, address, body)
        if now:
            self.recall.keep(self.budget, found, address, body, Kept(heard.answer, heard.as_of, now))
        return heard

    def _asked(self, found: Operation, address: str, body: bytes) -> Heard:
        started = time.monotonic()
        patience = Patience(self.patience, self.session.wait)
        for number in range(1, _ATTEMPTS + 1):
            outcome, pause = self._attempt(found, address, body, patience, number)
            if isinstance(outcome, tuple):
                return Heard(*outcome, time.monotonic() - started, number, datetime.now(UTC))
            if pause is None or number == _ATTEMPTS or not patience.spend(pause):
                raise outcome
        raise AssertionError("unreachable")

    def _attempt(
        self, found: Operation, address: str, body: bytes, patience: Patience, number: int
    ) -> tuple[tuple[Json, Answer] | KlaviyoError, float | None]:
        """The document with its answer, or the error and the seconds after which to try again (None: do not)."""
        backoff = _backoff(number)
        try:
            answer = attempt(self.session, self.budget, patience, found, address, body)
        except Throttled as error:
            return error, None
        except (NotSent, NoAnswer) as error:
            return refusals.unavailable(found, str(error)), backoff
        if answer.status == 429:
            return refusals.throttled(found, answer), backoff if answer.retry_after is None else answer.retry_after
        if answer.status in _PASSING or (answer.status == 403 and answer.from_edge):
            return refusals.unavailable(found, "it is out of order for the moment", answer), backoff
        if 400 <= answer.status < 500:
            return refusals.refused(found, answer), None
        if not 200 <= answer.status < 300:
            return refusals.unavailable(found, "it failed", answer), None
        try:
            if answer.whole:
                return (documents.parse(answer.body), answer), None
        except documents.Unreadable:
            pass
        return refusals.unavailable(found, "its answer was cut off or is no JSON", answer), backoff


@dataclass(frozen=True, slots=True)
class Writer:
    """Sends changes of one account. Repeated is a 429, which was refused before execution, and a lost answer to a write
    that carries its own key (repeats.py); nothing else."""

    session: Session
    budget: Budget | None = None

    def send(self, write: Write, may_repeat: Callable[[], bool] = lambda: True) -> Receipt:
        """The receipt of an accepted write. `may_repeat` is asked before it leaves once more. Raises Refused (nothing done),
        Throttled (nothing done, come back), Unavailable (surely not sent or not passed on) or Unclear (nobody knows)."""
        found = operation(write.operation)
        matched = match(write.method, write.path)
        if not found.writes or matched is None or matched[0].id != found.id or write.gaps:
            raise WrongDoor(f"{write.method} {write.path.partition('?')[0]} is no write “{write.operation}”.")
        patience = Patience(_WRITE_PATIENCE, self.session.wait, longest=_WRITE_WAIT)
        lost: Unclear | None = None
        throttled = unclear = 0
        while True:
            started = time.monotonic()
            try:
                answer = self._answer(found, write, patience)
                return _receipt(found, answer, time.monotonic() - started, throttled + unclear + 1)
            except Unclear as error:
                unclear, lost = unclear + 1, error
                again = unclear < _ATTEMPTS and repeats.keyed(found, write.body) and patience.spend(_backoff(unclear))
                if not again or not may_repeat():
                    raise
            except Throttled as error:
                throttled += 1
                if throttled > _WRITE_REPEATS or not patience.spend(error.retry_after) or not may_repeat():
                    raise lost or error from None
            except KlaviyoError as error:
                # After a lost answer only a yes tells what became of the write.
                raise lost or error from None

    def _answer(self, found: Operation, write: Write, patience: Patience) -> Answer:
        """Any answer but a 429, which is raised."""
        try:
            answer = attempt(self.session, self.budget, patience, found, write.path, write.body)
        except NotSent as error:
            raise refusals.unavailable(found, str(error)) from None
        except NoAnswer as error:
            self._left()
            raise refusals.unclear(found, f"the connection failed ({error})") from None
        if answer.status == 429:
            raise refusals.throttled(found, answer)
        self._left()
        return answer

    def _left(self) -> None:
        """Something may have changed: from here on nobody recalls what was read before."""
        if self.budget:
            self.budget.wrote()


def _receipt(found: Operation, answer: Answer, seconds: float, attempts: int) -> Receipt:
    """The receipt of a 2xx; every other status as its error."""
    # 408 is a 4xx by number only: the server or a proxy gave up waiting, and does not say how much it had received.
    if 400 <= answer.status < 500 and answer.status != 408:
        raise refusals.refused(found, answer)
    if not 200 <= answer.status < 300:
        raise refusals.unclear(found, "the answer does not tell what became of it", answer)
    # A web page with a 2xx is somebody else's: a captive portal, or a wrong host.
    if answer.body and answer.from_edge:
        raise refusals.unclear(found, "what answered was not Klaviyo’s API", answer)
    try:
        document = documents.parse(answer.body) if answer.whole else None
    except documents.Unreadable:
        # JSON that breaks off is Klaviyo's: the status came first, so the change has happened.
        document = None
    return Receipt(answer.status, document, answer.body, seconds, attempts)


def _backoff(number: int) -> float:
    """Seconds to wait after the attempt of this number: full jitter, so that those who failed together part."""
    return _jitter.uniform(0, 0.5 * 2**number)


def _address(found: Operation, path: Mapping[str, str] | None, query: Query | None) -> str:
    try:
        return found.url(path, query)
    except BadQuery as error:
        raise Invalid(str(error), status=400, operation=found.id) from None


def _understood(found: Operation, read: Callable[[Json], T], document: Json) -> T:
    try:
        return read(document)
    except documents.Unreadable:
        raise refusals.unavailable(found, "its answer holds no data") from None


def _attempted(call: Callable[[], T]) -> T | KlaviyoError:
    before, _crew_member.busy = getattr(_crew_member, "busy", False), True
    try:
        return call()
    except KlaviyoError as error:
        return error
    finally:
        _crew_member.busy = before


def _crew() -> ThreadPoolExecutor:
    """The process's threads for reads side by side. A forked child gets its own: threads do not survive a fork."""
    with _crews_lock:
        if os.getpid() not in _crews:
            _crews[os.getpid()] = ThreadPoolExecutor(_AT_ONCE, "klaviyo-read")
        return _crews[os.getpid()]
