"""Keeps count of the requests of one budget: how many of each window are spent, and when one is free again.

Klaviyo counts in windows of a second, a minute and a day whose beginnings nobody knows. So what is counted here is any
second, any minute and any day: whatever window Klaviyo has in mind, it holds no more than that. A request occupies its
place from the moment it leaves until one window after its answer came, because Klaviyo counted it somewhere in between;
however long the way there was, two requests that must not meet in one window cannot.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import NamedTuple

import orjson

SECOND, MINUTE, DAY = 1, 60, 86_400
# Requests are noted by such steps of seconds, rounded up: fine enough to lose nothing, coarse enough for one small row.
_STEP = {SECOND: 0.05, MINUTE: 1.0, DAY: 300.0}
ARRIVES = 2.0  # seconds after leaving by which Klaviyo has counted a request, though its answer may take much longer
LONGEST_BLOCK = 2 * DAY
LOWERED_FOR = 600.0  # seconds for which a cap that was found out by refusals is kept before more is tried again
_TWICE = 300.0  # seconds within which a second unexpected refusal tells of a cap, not of a chance


class Window(NamedTuple):
    """So many requests in so many seconds."""

    seconds: int
    allowed: int


class Wait(NamedTuple):
    """Seconds until a place may be free, and the window that is full; 0 seconds for a block that Klaviyo ordered."""

    pause: float
    window: int


class Spent(NamedTuple):
    """How much of a window is spent: `frees` are pairs of seconds from now and the number of places free again then."""

    seconds: int
    allowed: int
    frees: tuple[tuple[float, int], ...]

    @property
    def left(self) -> int:
        return max(0, self.allowed - sum(number for _, number in self.frees))


class Entry(NamedTuple):
    """The place that a request took in each window, and the caps that held; `close` where so much is spent that it
    matters when exactly the answer comes."""

    places: Mapping[str, int]
    caps: Mapping[str, int]
    close: bool


@dataclass(slots=True)
class Ledger:
    """The state of one budget. `told` holds caps that answers named, `lowered` caps that refusals taught (and until
    when they are believed), `spent` for each window pairs of a time (in steps) and a number of requests."""

    blocked: float = 0.0
    surprised: float = 0.0
    told: dict[str, int] = field(default_factory=dict)
    lowered: dict[str, list[float]] = field(default_factory=dict)
    spent: dict[str, list[list[int]]] = field(default_factory=dict)

    @classmethod
    def read(cls, kept: bytes) -> "Ledger":
        """A ledger as `written`; a new one where nothing readable was kept."""
        try:
            return cls(*orjson.loads(kept)) if kept else cls()
        except (orjson.JSONDecodeError, TypeError):
            return cls()

    def written(self) -> bytes:
        return orjson.dumps((self.blocked, self.surprised, self.told, self.lowered, self.spent))

    def enter(self, declared: Sequence[Window], share: float, now: float) -> Wait | Entry:
        """Takes a place in every window; or says how long to wait, and then nothing is taken.

        `share` is the part of every window that may be used (1.0 all); a part of something is at least one request.
        """
        if self.blocked > now:
            return Wait(min(self.blocked - now, LONGEST_BLOCK), 0)
        waits, caps, close = [], self._caps(declared, now), False
        for window in caps:
            spent = self._occupied(window.seconds, now)
            cap = max(1, window.allowed - ceil(window.allowed * (1 - share) - 1e-9))
            used = sum(number for _, number in spent)
            close = close or (used + 1) * 10 >= cap
            if used >= cap:
                waits.append(Wait(_until_free(spent, window.seconds, used - cap + 1, now), window.seconds))
        if waits:
            return max(waits)
        places = {
            str(window.seconds): self._note(window.seconds, ceil((now + ARRIVES) / _STEP[window.seconds]))
            for window in caps
        }
        return Entry(places, {str(window.seconds): window.allowed for window in caps}, close)

    def spending(self, declared: Sequence[Window], now: float) -> tuple[Spent, ...]:
        """How much of every window is spent as of now, shortest window first."""
        found = []
        for window in self._caps(declared, now):
            step, occupied = _STEP[window.seconds], self._occupied(window.seconds, now)
            frees = tuple((max(0.0, min(at * step, now) + window.seconds - now), number) for at, number in occupied)
            found.append(Spent(window.seconds, window.allowed, frees))
        return tuple(found)

    def leave(self, places: Mapping[str, int], now: float, *, counted: bool = True) -> None:
        """The answer is here: the places are free one window from now; at once where the request was never sent."""
        for key, place in places.items():
            for pair in self.spent.get(key, ()):
                if pair[0] == place and pair[1] > 0:
                    pair[1] -= 1
                    if counted:
                        self._note(int(key), min(place, ceil(now / _STEP[int(key)])))
                    break
            self.spent[key] = [pair for pair in self.spent.get(key, ()) if pair[1]]

    def learn_caps(self, caps: Mapping[str, int]) -> None:
        """What an answer says the limits are counts more than what was declared."""
        self.told = {key: allowed for key, allowed in caps.items() if int(key) in _STEP and allowed > 0}

    def learn_refusal(self, declared: Sequence[Window], retry_after: float, now: float) -> None:
        """A 429: nobody asks until then. If it came twice though there should have been room, less is asked for a time:
        somebody else spends from this budget, or there is a cap that nobody declares."""
        again = self.blocked <= now  # Those that were on their way together are refused together: that is one refusal.
        self.blocked = max(self.blocked, now + min(retry_after, LONGEST_BLOCK))
        caps = self._named(declared)
        if not again or not caps:
            return
        refusing = next((window for window in caps if window.seconds >= retry_after), caps[-1])
        if now - self.surprised < _TWICE:
            used = sum(number for _, number in self._occupied(refusing.seconds, now))
            cap = max(1, used - 1, refusing.allowed // 4)
            if cap < refusing.allowed:
                self.lowered[str(refusing.seconds)] = [cap, now + LOWERED_FOR]
        self.surprised = now

    def _named(self, declared: Sequence[Window]) -> list[Window]:
        """The windows that were declared or told, shortest first."""
        caps = {str(window.seconds): window.allowed for window in declared} | self.told
        return [Window(int(key), caps[key]) for key in sorted(caps, key=int)]

    def _caps(self, declared: Sequence[Window], now: float) -> list[Window]:
        """The windows that hold now, shortest first."""
        lowered = {int(key): int(cap) for key, (cap, until) in self.lowered.items() if until > now}
        return [Window(seconds, min(cap, lowered.get(seconds, cap))) for seconds, cap in self._named(declared)]

    def _occupied(self, seconds: int, now: float) -> list[list[int]]:
        """What still counts in a window; what has passed is dropped."""
        step, key = _STEP[seconds], str(seconds)
        latest = ceil((now + ARRIVES) / step)
        # A time to come means that the clock was set back: it is counted as late as it can be, not for ever.
        spent = [[min(place, latest), number] for place, number in self.spent.get(key, ())]
        spent = [pair for pair in spent if pair[0] * step + seconds > now]
        self.spent[key] = spent
        return spent

    def _note(self, seconds: int, place: int) -> int:
        """Counts one more request at this place, which is the answer."""
        spent = self.spent.setdefault(str(seconds), [])
        at_place = next((n for n in range(len(spent) - 1, -1, -1) if spent[n][0] <= place), -1)
        if at_place >= 0 and spent[at_place][0] == place:
            spent[at_place][1] += 1
        else:
            spent.insert(at_place + 1, [place, 1])
        return place


def _until_free(spent: Sequence[Sequence[int]], seconds: int, wanted: int, now: float) -> float:
    """Seconds until so many places are free at the earliest: what is on its way may be answered at any moment."""
    step, free = _STEP[seconds], 0
    for place, number in spent:
        free += number
        if free >= wanted:
            return max(0.0, min(place * step, now) + seconds - now)
    return float(seconds)
