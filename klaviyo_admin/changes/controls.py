"""What people do with a change while it runs: pause, let it go on, cancel the rest, try the failed again, set another time.

Each call checks the person's right, moves the change by compare-and-set, and records it, in one transaction. A worker that
holds the change is asked by a wish, which it meets before its next request. All raise NotAllowed and ReviewRefused.
"""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from klaviyo_admin import jobs
from klaviyo_admin.accounts import rights
from klaviyo_admin.accounts.models import Person
from klaviyo_admin.changes import digests, outcomes, policy, record, review, timing
from klaviyo_admin.changes.models import STUCK, UNDER_WAY, Change, Step
from klaviyo_admin.changes.moves import as_proposed, finish, locked, move
from klaviyo_admin.changes.proposing import CARRY_OUT, ReviewRefused
from klaviyo_admin.changes.timing import Plan

LEFT_OUT = "cancelled"  # the resolution of a request that was left out by a cancellation
CAN_CANCEL = (*UNDER_WAY, "paused", *STUCK)


def pause(person: Person, change: Change) -> Change:
    """From now on nothing more of a change leaves; what is on its way arrives."""
    _demand(person, change)
    with transaction.atomic():
        change = locked(change)
        if change.status not in UNDER_WAY or change.wish:
            raise ReviewRefused("Only a change that is on its way can be paused.")
        if not _stop(change):
            move(change, UNDER_WAY, wish="pause")
        record.of_change("change.paused", change, f"Paused: {change.on_record}", person=person)
    return change


def go_on(person: Person, change: Change) -> Change:
    """Lets a paused change go on: after a pause, or when somebody has seen what its first requests did."""
    rights.demand(person, change.account, "approve")
    as_proposed(change)
    with transaction.atomic():
        change = locked(change)
        if change.status not in ("paused", "running") or (change.status == "running" and change.wish != "pause"):
            raise ReviewRefused("This change is not paused.")
        seen = change.canary_passed or change.waits_for == "canary"
        if change.status == "running":
            move(change, ("running",), wish="")
        else:
            free = {"not_before": None, "lease_until": None, "hinted_at": timezone.now(), "tries": 0, "attempts": 0}
            move(change, ("paused",), status="approved", waits_for="", wish="", canary_passed=seen, **free)
            jobs.enqueue(CARRY_OUT, change.pk)
        record.of_change("change.resumed", change, f"Goes on: {change.on_record}", person=person)
    return change


def cancel(person: Person, change: Change, reason: str) -> Change:
    """Leaves out whatever has not been sent. What has been sent stays done, and can be undone."""
    _demand(person, change)
    if not reason.strip():
        raise ReviewRefused("Say why the rest is not wanted any more.")
    with transaction.atomic():
        change = locked(change)
        if change.status not in CAN_CANCEL:
            raise ReviewRefused("This change cannot be cancelled any more.")
        left = {"status": "skipped", "resolution": LEFT_OUT, "finished_at": timezone.now()}
        count = Step.objects.filter(change=change, status="waiting").update(**left)
        if not count:
            raise ReviewRefused("Everything has been sent already, so there is nothing left to cancel.")
        what = {"reason": reason.strip(), "left_out": count}
        said = f"Cancelled, {count:,} not sent: {change.on_record}"
        record.of_change("change.cancelled", change, said, person=person, detail=what)
        _end_or_follow(change)
    return change


def retry(person: Person, change: Change) -> Change:
    """Sends every failed request once more, and what waits after them, unless one is unclear: that is decided first."""
    rights.demand(person, change.account, "approve")
    failed = list(Step.objects.filter(change=change, status="failed").order_by("number"))
    if not failed:
        raise ReviewRefused("No request of this change has failed.")
    with transaction.atomic():
        for step in failed:
            review.resolve(person, step, "send again", "All that failed are tried again.")
        if Step.objects.filter(change=change, status="unclear").exists():
            return Change.objects.get(pk=change.pk)
        return review.resume(person, change)


def reschedule(person: Person, change: Change, plan: Plan) -> Change:
    """Gives a change another plan as long as nothing of it was sent. That is a new digest: approvals so far are void, and
    whoever planned it like this approves it no more than its author does."""
    _demand(person, change)
    as_proposed(change)
    with transaction.atomic():
        change = locked(change)
        if change.status not in ("proposed", "approved") or change.action == policy.ACTION:
            raise ReviewRefused("Its time can only be changed before it begins.")
        if timing.written(plan) == change.plan:
            raise ReviewRefused("It is planned like this already.")
        void, before = policy.given(change), change.plan
        anew = {"plan": timing.written(plan), "planner": None if person.pk == change.author_id else person}
        move(change, ("proposed", "approved"), status="proposed", **anew, **_PROPOSED_AGAIN)
        change.digest = digests.of(*digests.read(change.pk))
        change.expires_at = timing.lapses_at(change)
        change.save(update_fields=["digest", "expires_at"])
        said = f"Planned anew: {change.on_record}"
        said += f" {void} approval{'' if void == 1 else 's'} of the earlier plan no longer count." if void else ""
        what = {"before": before, "after": change.plan, "void": void}
        record.of_change("change.rescheduled", change, said, person=person, detail=what)
        if policy.needed_now(change).met([]):
            move(change, ("proposed",), **timing.starting(change, timezone.now()))
            jobs.enqueue(CARRY_OUT, change.pk)
    return change


_PROPOSED_AGAIN: dict[str, Any] = {"not_before": None, "waits_for": "", "decided_at": None}


def _demand(person: Person, change: Change) -> None:
    """Its author and whoever may approve can hold a change up."""
    if person.pk == change.author_id and rights.may(person, change.account, "propose"):
        return
    rights.demand(person, change.account, "approve")


def _free(change: Change) -> Q:
    return Q(pk=change.pk, lease_until=None)


def _stop(change: Change) -> bool:
    """Pauses a change that no worker holds; False if one does."""
    held = {"status": "paused", "waits_for": "person", "not_before": None, "wish": ""}
    if not Change.objects.filter(_free(change), status__in=UNDER_WAY).update(**held):
        return False
    change.refresh_from_db()
    return True


def _end_or_follow(change: Change) -> None:
    """After a cancellation: a change with requests on their way runs on until they have ended; any other ends."""
    steps = list(change.steps.only("status", "failed_rows", "resolution", "change"))
    now = timezone.now()
    if any(step.status in ("sent", "accepted") for step in steps) or change.lease_until is not None:
        back = {"status": "running"} if change.status == "paused" else {}
        move(change, CAN_CANCEL, wish="cancel", not_before=None, waits_for="", hinted_at=now, **back)
        return jobs.enqueue(CARRY_OUT, change.pk)
    status, said = outcomes.summary(steps)
    finish(change, CAN_CANCEL, status, outcome=said)
    return record.ended(change, {"status": status})
