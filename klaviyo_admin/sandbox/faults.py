"""Faults on order: which request is to go wrong, and how."""

import random
import threading
from dataclasses import dataclass, replace
from typing import Any

KINDS = frozenset({"throttle", "error_before", "error_after", "slow", "drop_before", "drop_after", "truncate", "html"})
BEFORE = frozenset({"throttle", "error_before", "drop_before", "html"})


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
