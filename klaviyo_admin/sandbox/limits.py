"""Rate limits: fixed windows per account, operation and reduced variant."""

import math
import threading
from dataclasses import dataclass
from typing import NamedTuple

from klaviyo_admin.sandbox.moments import DAY, SECOND


class Window(NamedTuple):
    seconds: int
    allowed: int


@dataclass(frozen=True, slots=True)
class Spent:
    """The state after one request was counted. `wait` is None when it may pass, else whole seconds to try again."""

    windows: tuple[Window, ...]
    remaining: int
    reset: int
    wait: int | None

    def headers(self) -> tuple[tuple[str, str], ...]:
        """The draft-standard headers; they speak of the shortest window, like the live service's."""
        if not self.windows or self.wait is not None:
            return ()
        policies = ", ".join(f"{w.allowed};w={w.seconds}" for w in self.windows)
        return (
            ("RateLimit-Limit", f"{self.windows[0].allowed}, {policies}"),
            ("RateLimit-Remaining", str(self.remaining)),
            ("RateLimit-Reset", str(self.reset)),
        )


class Meter:
    """Counts requests in windows aligned to the clock. Thread-safe; lives as long as the process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[tuple[str, int], tuple[int, int]] = {}

    def count(self, key: str, windows: tuple[Window, ...], now: int) -> Spent:
        """`now` is in microseconds. A refused request counts in no window."""
        with self._lock:
            used = [self._used(key, w, now) for w in windows]
            full = [w for w, (_, n) in zip(windows, used, strict=True) if n >= w.allowed]
            if full:
                return Spent(windows, 0, 0, max(_to_end(w, now) for w in full))
            for window, (number, n) in zip(windows, used, strict=True):
                self._counts[key, window.seconds] = (number, n + 1)
        if not windows:
            return Spent((), 0, 0, None)
        return Spent(windows, windows[0].allowed - used[0][1] - 1, _to_end(windows[0], now) - 1, None)

    def forget(self) -> None:
        with self._lock:
            self._counts.clear()

    def _used(self, key: str, window: Window, now: int) -> tuple[int, int]:
        number = now // (window.seconds * SECOND)
        started, n = self._counts.get((key, window.seconds), (number, 0))
        return (number, n) if started == number else (number, 0)


def windows(burst: int | None, minute: int | None, day: int | None) -> tuple[Window, ...]:
    pairs = ((1, burst), (60, minute), (DAY // SECOND, day))
    return tuple(Window(seconds, allowed) for seconds, allowed in pairs if allowed)


def _to_end(window: Window, now: int) -> int:
    length = window.seconds * SECOND
    return max(1, math.ceil((length - now % length) / SECOND))
