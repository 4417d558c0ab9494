"""How a slice of work ends without an end: what a change waits for, how long, and when it has waited long enough."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from klaviyo_admin.changes import holding, outcomes
from klaviyo_admin.changes.holding import Hold
from klaviyo_admin.changes.models import Change, Step
from klaviyo_admin.klaviyo.errors import Throttled, Unavailable

UNREACHABLE_TRIES = 9  # about five minutes of waiting, then a person decides
THROTTLED_TRIES = 40


def for_klaviyo(hold: Hold, error: Throttled | Unavailable) -> None:
    """Klaviyo asked to wait, or could not be reached."""
    change = Change.objects.get(pk=hold.change_id)
    if _hopeless(change, error):
        return holding.end(hold, "failed", f"It could not go on. {outcomes.plainly(error)}")
    return holding.go_on(hold, at=after(_seconds(change, error)), tries=change.tries + 1, waits_for="klaviyo")


def for_jobs(hold: Hold, steps: Sequence[Step]) -> None:
    """No remote job has ended: another slice asks again, later each time."""
    holding.go_on(hold, at=after(min(10.0, 1.5 ** min(step.polls for step in steps))))


def for_people(hold: Hold) -> None:
    """What a person asked of the worker in the meantime."""
    if Change.objects.filter(pk=hold.change_id, wish="pause").exists():
        return holding.pause(hold, "person")
    return holding.go_on(hold)


def after(seconds: float) -> datetime:
    return timezone.now() + timedelta(seconds=seconds)


def _hopeless(change: Change, error: Throttled | Unavailable) -> bool:
    return change.tries >= (THROTTLED_TRIES if isinstance(error, Throttled) else UNREACHABLE_TRIES)


def _seconds(change: Change, error: Throttled | Unavailable) -> float:
    """How long to wait: as long as Klaviyo asks, else longer each time."""
    if isinstance(error, Throttled):
        return max(1.0, error.retry_after)
    return min(60.0, 2.0**change.tries)
