"""Faults on order: which request is to go wrong, and how."""

import random
import threading
from dataclasses import dataclass, replace
from typing import Any

from klaviyo_admin.sandbox import answers
from klaviyo_admin.sandbox.calls import Answer

KINDS = frozenset({"throttle", "error_before", "error_after", "slow", "drop_before", "drop_after", "truncate", "html"})
_BEFORE = frozenset({"throttle", "error_before", "drop_before", "html"})
_HTML = b"<!DOCTYPE html><html><head><title>503 Service Unavailable</title></head><body>upstream</body></html>"


@dataclass(frozen=True, slots=True)
class Order:
    """`times` is how many requests are still to go wrong, None for no end. `seconds` is how slow "slow" is and what
    "throttle" tells to wait; `status` is what the errors answer with. `operation` "*" means every one."""

    operation: str
    kind: str
    probability: float = 1.0
    times: int | None = None
    seconds: float = 1.0
    status: int = 500

    @property
    def prevents(self) -> bool:
        """Whether the request is not carried out at all."""
        return self.kind in _BEFORE

    def shown(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


class Orders:
    """The faults on order. The same seed and requests give the same faults. Thread-safe."""

    def __init__(self, seed: int) -> None:
        self._lock = threading.Lock()
        self._seed = seed
        self.clear()

    def clear(self) -> None:
        with self._lock:
            self._orders: list[Order] = []
            self._chance = random.Random(self._seed)

    def add(self, order: Order) -> None:
        with self._lock:
            self._orders.append(order)

    def all(self) -> list[Order]:
        with self._lock:
            return list(self._orders)

    def draw(self, operation: str) -> Order | None:
        """The fault that this request suffers, if any; counts it."""
        with self._lock:
            for place, order in enumerate(self._orders):
                if order.operation not in ("*", operation) or order.times == 0:
                    continue
                if self._chance.random() >= order.probability:
                    continue
                if order.times is not None:
                    self._orders[place] = replace(order, times=order.times - 1)
                return order
        return None


def order_from(given: dict[str, Any]) -> Order:
    """Raises ValueError for what is no order."""
    kind = given.get("kind")
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(sorted(KINDS))}")
    times = given.get("times")
    return Order(
        operation=str(given.get("operation") or "*"),
        kind=str(kind),
        probability=float(given.get("probability", 1.0)),
        times=None if times is None else int(times),
        seconds=float(given.get("seconds", 1.0)),
        status=int(given.get("status", 500)),
    )


def instead(order: Order) -> Answer:
    """The answer to a request that was not carried out."""
    if order.kind == "throttle":
        return answers.throttled(max(1, round(order.seconds)))
    if order.kind == "html":
        return Answer(503, (("Content-Type", "text/html; charset=UTF-8"), ("cf-ray", "sandbox")), _HTML)
    return Answer(0, fault="drop") if order.kind == "drop_before" else answers.broken(order.status)


def spoilt(order: Order, answer: Answer) -> Answer:
    """The answer to a request that was carried out, as the fault lets it through."""
    if order.kind == "slow":
        return replace(answer, delay=order.seconds)
    if order.kind == "error_after":
        return answers.broken(order.status)
    return replace(answer, fault="drop" if order.kind == "drop_after" else "truncate")
