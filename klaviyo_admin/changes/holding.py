"""Who holds a change: one worker at a time, by a lease that every checkpoint renews and a fence that only rises."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from klaviyo_admin import jobs
from klaviyo_admin.changes import record, timing
from klaviyo_admin.changes.models import KEPT_FOR, UNDER_WAY, Change
from klaviyo_admin.changes.review import CARRY_OUT

# Longer than one request may take, with its waits: a holder that is alive never loses a change in mid-request.
LEASE_SECONDS = 90
# Claims in a row that got nowhere: what kills its worker this often is given up.
MAX_ATTEMPTS = 8


class Wished(Exception):
    """A person wants the holder of a change to stop before it sends anything more."""


class Lost(Exception):
    """Another worker holds the change now, or a person ended it: whatever this one wanted to write is void."""


@dataclass(frozen=True, slots=True)
class Hold:
    change_id: int
    fence: int
    attempts: int


def time_has_come(now: datetime) -> Q:
    """Of changes that wait for nothing, or no longer. Between two looks at a job nobody waits long: a moment far ahead was
    written before the clock was set back."""
    forgotten = Q(waits_for__in=("", "key"), not_before__gt=now + timedelta(seconds=2 * LEASE_SECONDS))
    return Q(not_before=None) | Q(not_before__lte=now) | forgotten


def take(change_id: int) -> Hold | None:
    """Claims a change that is due and that nobody holds; None if there is nothing to do."""
    now = timezone.now()
    with transaction.atomic():
        due = Change.objects.filter(time_has_come(now), pk=change_id, status__in=UNDER_WAY)
        fence = jobs.claim(due, lease_seconds=LEASE_SECONDS)
        if fence is None:
            return None
        change = Change.objects.select_related("account").get(pk=change_id)
        if Change.objects.filter(pk=change_id, status="approved").update(
            status="running", not_before=None, waits_for=""
        ):
            if change.started_at is None:
                Change.objects.filter(pk=change_id).update(started_at=now)
            record.started(change)
        elif change.waits_for:
            Change.objects.filter(pk=change_id).update(waits_for="")
    return Hold(change_id, fence, change.attempts)


def keep(hold: Hold, **values: Any) -> None:
    """Renews the lease in the caller's transaction and sets columns of the change. Raises Lost."""
    until = timezone.now() + timedelta(seconds=LEASE_SECONDS)
    if not _held(hold).update(**{"lease_until": until, **values}):
        raise Lost


def leave(hold: Hold) -> None:
    """Renews the lease in the transaction in which requests are marked as sent, or the change is put back. Raises Lost,
    Wished."""
    until = timezone.now() + timedelta(seconds=LEASE_SECONDS)
    if not _held(hold).filter(wish="").update(lease_until=until):
        raise Wished if _held(hold).exists() else Lost


def pause(hold: Hold, why: str) -> None:
    """Lets go of a change until a person says that it goes on: one that was paused, or whose first requests are through."""
    with transaction.atomic():
        stops = {
            "status": "paused",
            "waits_for": why,
            "lease_until": None,
            "not_before": None,
            "wish": "",
            "attempts": 0,
        }
        keep(hold, **stops)
        if why == "canary":
            change = Change.objects.select_related("account").get(pk=hold.change_id)
            said = "Its first requests were sent. The others wait until somebody has looked at what they did."
            record.of_change("change.paused", change, said)


def go_on(hold: Hold, at: datetime | None = None, **values: Any) -> None:
    """Lets go of a change that is not finished: at once for another slice, or not before `at`, when the sweep finds it."""
    with transaction.atomic():
        now = timezone.now()
        let_go = {"lease_until": None, "attempts": 0, "not_before": at, "hinted_at": now, "waits_for": ""}
        keep(hold, **{**let_go, **values})
        if at is None:
            jobs.enqueue(CARRY_OUT, hold.change_id)


def ask_again(hold: Hold, gone: Sequence[str]) -> None:
    """Lets go of a change of which nothing was sent, until it is approved anew: those who did, by name, may no longer.
    Raises Lost, Wished."""
    with transaction.atomic():
        leave(hold)
        change = Change.objects.select_related("account", "author").get(pk=hold.change_id)
        change.status = "proposed"
        waits = {"lease_until": None, "not_before": None, "waits_for": "", "wish": "", "attempts": 0, "tries": 0}
        undecided = {"status": "proposed", "decided_at": None, "started_at": None}
        keep(hold, **waits, **undecided, expires_at=timing.lapses_at(change))
        said = f"Waits for approval again: {', '.join(gone)} approved it and may no longer decide. {change.on_record}"
        record.of_change("change.reopened", change, said, detail={"no_longer_count": list(gone)})


def end(hold: Hold, status: str, outcome: str, detail: Mapping[str, Any] | None = None) -> None:
    """Ends a change in a named state, with its line of the audit. `outcome` is a sentence without personal data."""
    with transaction.atomic():
        now = timezone.now()
        values = {"status": status, "outcome": outcome, "ended_at": now, "purge_after": now + KEPT_FOR}
        keep(hold, **{"lease_until": None, "not_before": None, "wish": "", "waits_for": "", **values})
        change = Change.objects.select_related("account").get(pk=hold.change_id)
        record.ended(change, {"status": status, **(detail or {})})


def _held(hold: Hold) -> Any:
    return Change.objects.filter(pk=hold.change_id, fence=hold.fence, status="running")
