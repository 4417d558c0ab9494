"""When a change may be sent: the plan of its author, the windows of its policy, and the moment when it lapses."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from django.utils import timezone

from klaviyo_admin.changes import policy, rules
from klaviyo_admin.changes.models import Change
from klaviyo_admin.changes.rules import Hours
from klaviyo_admin.changes.zones import zone, zone_of

LASTS = timedelta(days=30)  # a proposal of which nobody said how long it holds
GRACE = 60  # minutes by which a change may be late
NEVER_OPEN = "The windows in which it may be sent never open at the same time."


class Over(Exception):
    """A change may not be sent any more: it ends in `status`, and `sentence` says why."""

    def __init__(self, status: str, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Plan:
    """When and how carefully a change is to be sent; its digest covers it. Everything empty: as soon as approved.

    at: not before this moment, and not later than `grace` minutes after it.  window: only in these hours of `zone`.
    approve_by: the proposal lapses at this moment.  canary: so many requests go first, then somebody looks.
    tolerate: it goes on while at most so many percent of its requests fail.
    """

    at: datetime | None = None
    grace: int = GRACE
    window: Hours | None = None
    zone: str = "UTC"
    approve_by: datetime | None = None
    canary: int = 0
    tolerate: int = 0


@dataclass(frozen=True, slots=True)
class Wait:
    """It may go on at `until`, and waits till then for "time" or a "window"."""

    until: datetime
    why: str


def written(plan: Plan) -> dict[str, Any]:
    """A plan as JSON, without what is as usual."""
    usual = asdict(Plan())
    row = {key: value for key, value in asdict(plan).items() if value != usual[key]}
    for key in ("at", "approve_by"):
        if key in row:
            row[key] = row[key].astimezone(UTC).isoformat()
    if plan.window:
        row["window"] = {**asdict(plan.window), "days": list(plan.window.days)}
    return row


def read(row: dict[str, Any]) -> Plan:
    """A plan from JSON. Raises ValueError, TypeError for what `written` would not have written."""
    moments: dict[str, Any] = {key: datetime.fromisoformat(row[key]) for key in ("at", "approve_by") if key in row}
    given: dict[str, Any] = {**row, **moments, "window": rules.hours(row.get("window"))}
    plan = Plan(**given)
    if any(moment.tzinfo is None for moment in moments.values()):
        raise ValueError("A moment has a time zone.")
    zone(plan.zone)
    return plan


def of(change: Change) -> Plan:
    """The plan that the digest of a change seals."""
    return read(change.plan)


def lapses_at(change: Change) -> datetime | None:
    """When a change lapses if nothing of it was sent by then; None for an approved one without a time."""
    plan = of(change)
    late = plan.at + timedelta(minutes=plan.grace) if plan.at else None
    if change.status != "proposed":
        return late
    undecided = plan.approve_by or change.proposed_at + LASTS
    return min(undecided, late) if late else undecided


def lapse(change: Change) -> str:
    """The sentence with which a change lapses."""
    plan, here = of(change), zone_of(change.account)
    if plan.at and (change.status != "proposed" or plan.at < timezone.now()):
        return f"It was to be sent on {spoken(plan.at, here)}. That time has passed, so nothing was sent."
    return f"Nobody approved it before {spoken(lapses_at(change), here)}, so nothing was sent."


def spoken(moment: datetime | None, here: tzinfo) -> str:
    """A moment in words, with its zone: "Thursday 26 November 2026, 09:10 (Europe/London)"."""
    if moment is None:
        return "a moment"
    return f"{moment.astimezone(here):%A %-d %B %Y, %H:%M} ({here})"


def starting(change: Change, now: datetime) -> dict[str, Any]:
    """The columns with which a change becomes approved: it waits for its time, or begins at once."""
    change.status = "approved"
    at = of(change).at
    waits = at is not None and at > now
    return {
        **{"status": "approved", "decided_at": now, "hinted_at": now, "expires_at": lapses_at(change)},
        **{"not_before": at if waits else None, "waits_for": "time" if waits else ""},
    }


def wait(change: Change, begun: bool, now: datetime) -> Wait | None:
    """What an approved change still waits for, None if it may be sent now. Raises Over.

    Once something of it was sent (`begun`), it is never too late for the rest.
    """
    plan, lapses = of(change), lapses_at(change)
    if not begun and lapses is not None and lapses < now:
        raise Over("expired", lapse(change))
    if plan.at and plan.at > now:
        return Wait(plan.at, "time")
    opens = _next_opening(change, plan, now)
    if opens is None:
        raise Over("failed", NEVER_OPEN)
    return Wait(opens, "window") if opens > now else None


def _next_opening(change: Change, plan: Plan, now: datetime) -> datetime | None:
    """The first moment at which the windows of the policy and of the plan are open, each in its own zone."""
    there = policy.window_zone(change)
    openings: list[Callable[[datetime], datetime | None]] = [
        _opening(policy.windows(change), lambda moment: moment.astimezone(there))
    ]
    if plan.window:
        here = zone(plan.zone)
        openings.append(_opening((plan.window,), lambda moment: moment.astimezone(here)))
    moment, steady = now, 0
    while steady < len(openings):
        found = openings[steady](moment)
        if found is None or found > now + timedelta(days=9):
            return None
        steady = steady + 1 if found == moment else 0
        moment = found
    return moment


def _opening(windows: Sequence[Hours], local: Callable[[datetime], datetime]) -> Callable[[datetime], datetime | None]:
    return lambda moment: rules.next_opening(windows, local(moment)) if windows else moment
