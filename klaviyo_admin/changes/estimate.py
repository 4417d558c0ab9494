"""How long what is left of a change will take, from the limits of its operations and what of them is spent already."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from klaviyo_admin.changes import freezes, timing
from klaviyo_admin.changes.models import BrokenGlass, Change
from klaviyo_admin.klaviyo import catalogue
from klaviyo_admin.klaviyo.ledger import DAY, MINUTE, Spent
from klaviyo_admin.klaviyo.limits import Budget

EACH = 0.3  # seconds that one request takes on its way, measured against the live service's usual answers
MOST_HOLDS = 50  # freezes and shut windows that one estimate waits for in turn
_PER = {1: "a second", MINUTE: "a minute", DAY: "a day"}


@dataclass(frozen=True, slots=True)
class Load:
    """So many requests of one operation, and how much of its windows is spent, shortest first."""

    label: str
    requests: int
    windows: tuple[Spent, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One operation: `limit` is the window that holds it up in words ("100 a day"), "" where none does; `left` is what
    of that window is free now."""

    label: str
    requests: int
    seconds: float
    limit: str
    left: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """When the last request will have left, if the first leaves at `begins`. `jobs` says that Klaviyo goes on working
    for a time that nobody knows."""

    begins: datetime
    seconds: float
    lines: tuple[Line, ...]
    jobs: bool = False

    @property
    def done(self) -> datetime:
        return self.begins + timedelta(seconds=self.seconds)

    @property
    def long(self) -> bool:
        """Whether it matters when it is done: more than a minute, or not at once."""
        return self.seconds > MINUTE or self.done - timezone.now() > timedelta(minutes=1)


def of(change: Change, budget: Budget) -> Estimate | None:
    """The estimate for what of a change waits to be sent; None if nothing does."""
    kinds = change.steps.order_by("operation").values_list("operation", "status")
    found = list(kinds.annotate(n=Count("pk"), single=Count("pk", filter=Q(follow={}))))
    waiting = [(name, number, single) for name, status, number, single in found if status == "waiting"]
    loads = []
    for name, number, _ in waiting:
        try:
            operation = catalogue.operation(name)
        except catalogue.UnknownOperation:
            continue
        loads.append(Load(operation.label, number, budget.spending(operation)))
    start = begins(change, timezone.localtime(), begun=len(waiting) < len(found)) if loads else None
    return estimate(loads, start, jobs=any(number > single for _, number, single in waiting)) if start else None


def begins(change: Change, now: datetime, *, begun: bool) -> datetime | None:
    """When the first of the waiting requests may leave: now, when it goes on, at its time, when its windows open, and not
    in a freeze; `begun` says that others have left. None if that never comes."""
    start = max(now, timezone.localtime(change.not_before)) if change.not_before else now
    frozen = [] if BrokenGlass.objects.filter(change=change).exists() else list(freezes.of(change.account))
    for _ in range(MOST_HOLDS):
        try:
            hold = timing.wait(change, begun, start)
        except timing.Over:
            return None
        ends = [freeze.ends_at for freeze in frozen if freeze.begins_at <= start < freeze.ends_at]
        later = max([start, *ends, *([hold.until] if hold else [])])
        if later == start:
            return timezone.localtime(start)
        start = later
    return None


def estimate(loads: Iterable[Load], begins: datetime, *, jobs: bool = False) -> Estimate:
    """Sends one operation after the other, each as fast as its windows allow. Reads nothing."""
    lines = tuple(line(load) for load in loads)
    return Estimate(begins, sum(each.seconds for each in lines), lines, jobs)


def line(load: Load) -> Line:
    """How long the requests of one operation take, and which of its windows holds them up."""
    waits = [(last_leaves(window, load.requests), window) for window in load.windows]
    wait, window = max(waits, key=lambda pair: pair[0], default=(0.0, None))
    sending = load.requests * EACH
    if window is None or wait <= sending:
        return Line(load.label, load.requests, sending, "", 0)
    return Line(load.label, load.requests, wait + EACH, f"{window.allowed:,} {_PER[window.seconds]}", window.left)


def last_leaves(window: Spent, requests: int) -> float:
    """Seconds until the last of so many requests finds a place in a window.

    Every place is taken again one window after it was; so the n-th request takes place n modulo the number of places.
    """
    if requests <= 0:
        return 0.0
    free = _places(window)
    rounds, place = divmod(requests - 1, len(free))
    return free[place] + rounds * window.seconds


def _places(window: Spent) -> Sequence[float]:
    """For each place of a window the seconds until it is free, soonest first."""
    taken = sorted(at for at, number in window.frees for _ in range(number))[-window.allowed :]
    return [*([0.0] * (window.allowed - len(taken))), *taken] or [float(window.seconds)]
