"""What people do with a change: propose, approve, reject, withdraw, undo, settle a stuck request, go on.

Each call checks the person's right, moves the change by compare-and-set, and records it, in one transaction.
All raise NotAllowed for a missing right, and ReviewRefused for what the state of the change forbids.
"""

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from klaviyo_admin import jobs
from klaviyo_admin.accounts.models import Person
from klaviyo_admin.accounts.rights import demand, duties_of, role_of
from klaviyo_admin.changes import deciders, outcomes, policing, policy, record, timing
from klaviyo_admin.changes.models import OPEN, STUCK, Approval, Change, Step
from klaviyo_admin.changes.moves import DECIDED, as_proposed, finish, locked, move
from klaviyo_admin.changes.proposing import AT_ONCE, CARRY_OUT, ReviewRefused, propose
from klaviyo_admin.changes.timing import Plan
from klaviyo_admin.intents import Intent

__all__ = [
    "AT_ONCE",
    "CARRY_OUT",
    "ReviewRefused",
    "approve",
    "propose",
    "reject",
    "resolve",
    "resume",
    "undo",
    "withdraw",
]

# What a request that is sent again forgets of its first sending; the audit keeps it.
AFRESH = {
    **{"checked_at": None, "finished_at": None, "polls": 0, "remote_job": "", "rows_cursor": "", "row_errors": None},
    **{"total_rows": None, "completed_rows": None, "failed_rows": None},
}


def approve(person: Person, change: Change, digest: str, comment: str = "") -> Change:
    """Signs `digest`, which is what the person saw. The last approval needed sets the change to work."""
    deciders.demand(person, change)
    as_proposed(change)
    with transaction.atomic():
        change = locked(change)
        own = _own(person, change)
        if digest != change.digest:
            raise ReviewRefused("This change is no longer the one you looked at. Read it again before you decide.")
        if (lapses := timing.lapses_at(change)) and lapses < timezone.now():
            raise ReviewRefused(timing.lapse(change))
        asked = policy.needed_now(change)
        if asked.deny:
            raise ReviewRefused("The account’s policy has changed since, and does not allow this any more.")
        _decide(person, change, "approve", comment)
        how = {"comment": comment, "self_approved": own}
        verb = "Self-approved" if own else "Approved"
        record.of_change("change.approved", change, f"{verb}: {change.on_record}", person=person, detail=how)
        if policy.satisfied(change) and asked.met(deciders.signed(change, asked)):
            _begin(change)
    return change


def _begin(change: Change) -> None:
    """Sets an approved change to work; a policy holds at once, as it sends nothing."""
    now = timezone.now()
    if change.action == policy.ACTION:
        made = policing.adopt(change)
        said = f"{str(made).capitalize()} holds now."
        move(change, ("proposed",), status="done", outcome=said, decided_at=now, started_at=now, ended_at=now)
        return record.ended(change, {"status": "done"})
    move(change, ("proposed",), **timing.starting(change, now))
    return jobs.enqueue(CARRY_OUT, change.pk)


def reject(person: Person, change: Change, comment: str) -> Change:
    """Ends a proposed change with a reason for its author."""
    deciders.demand(person, change)
    if not comment.strip():
        raise ReviewRefused("Say why you reject it: the author needs to know.")
    with transaction.atomic():
        change = locked(change)
        if person.pk == change.author_id:
            raise ReviewRefused("This is your own change: withdraw it instead.")
        _decide(person, change, "reject", comment.strip())
        finish(change, ("proposed",), "rejected", decided_at=timezone.now())
        why = {"comment": comment.strip()}
        record.of_change("change.rejected", change, f"Rejected: {change.on_record}", person=person, detail=why)
    return change


def withdraw(person: Person, change: Change) -> Change:
    """Takes back one's own change as long as no worker has begun it."""
    demand(person, change.account, "propose")
    with transaction.atomic():
        change = locked(change)
        if person.pk != change.author_id:
            raise ReviewRefused("Only its author can withdraw a change.")
        if change.status not in ("proposed", "approved"):
            raise ReviewRefused("This change can no longer be withdrawn.")
        finish(change, ("proposed", "approved"), "withdrawn", decided_at=timezone.now())
        record.of_change("change.withdrawn", change, f"Withdrawn: {change.on_record}", person=person)
    return change


def undo(person: Person, change: Change, intent: Intent, reason: str, plan: Plan = AT_ONCE) -> Change:
    """Proposes an undo (made by undo.build) of a change: a change like any other, linked to the one it takes back."""
    demand(person, change.account, "propose")
    only = dict(intent.details).get("undoes_request", 0)
    with transaction.atomic():
        change = locked(change)
        other = undone_by(change, only)
        if other is not None:
            raise ReviewRefused(f"Change {other.pk} undoes this already.")
        return propose(person, change.account, intent, reason, undoes=change, plan=plan)


def undone_by(change: Change, only: int = 0) -> Change | None:
    """A change, carried out or on its way, that takes back all of a change (or its request `only`) or a part of it."""
    return taken_back(undoings(change), only)


def undoings(change: Change) -> list[Change]:
    """The changes, carried out or on their way, that take back something of a change, the newest first."""
    return list(change.undone_by.filter(status__in=(*OPEN, "unclear", "done")).order_by("-pk"))


def taken_back(others: Iterable[Change], only: int = 0) -> Change | None:
    """The first of these undoings that is about the request `only`, or about anything at all."""
    parts = ((other, other.details.get("undoes_request", 0)) for other in others)
    return next((other for other, part in parts if not only or not part or part == only), None)


def resolve(person: Person, step: Step, verdict: str, comment: str = "") -> Step:
    """Settles a failed or unclear request: it is "done", is to be sent again ("send again"), or is left out ("skip")."""
    to = {"done": "done", "send again": "waiting", "skip": "skipped"}.get(verdict)
    if to is None:
        raise ReviewRefused("A stuck request can be done, sent again or skipped.")
    demand(person, step.change.account, "approve")
    with transaction.atomic():
        change = locked(step.change)
        step = change.steps.get(pk=step.pk)
        if verdict == "send again" and step.status == "unclear" and _is_own(person, change):
            raise ReviewRefused("This is your own change: somebody else decides whether to send it a second time.")
        settled = {
            "status": to,
            "resolution": verdict,
            **(AFRESH if to == "waiting" else {"finished_at": timezone.now()}),
        }
        stuck = change.status in STUCK and Step.objects.filter(pk=step.pk, status__in=STUCK)
        if not stuck or not stuck.update(**settled):
            raise ReviewRefused("This request is not stuck, or somebody settled it a moment ago.")
        was = {"was": step.status, "verdict": verdict, "comment": comment.strip()}
        said = f"Request {step.number} settled as “{verdict}”."
        record.of_step("step.resolved", change, step, said, person=person, detail=was)
        _sum_up(person, change)
    return Step.objects.get(pk=step.pk)


def resume(person: Person, change: Change) -> Change:
    """Sends what is still waiting of a change that got stuck, once every stuck request is settled."""
    demand(person, change.account, "approve")
    as_proposed(change)
    with transaction.atomic():
        change = locked(change)
        if change.status not in STUCK:
            raise ReviewRefused("This change does not wait to be continued.")
        if change.steps.filter(status__in=STUCK).exists():
            raise ReviewRefused("First decide about every failed or unclear request.")
        if not change.steps.filter(status__in=("waiting", "accepted")).exists():
            raise ReviewRefused("Nothing is left to send.")
        now = timezone.now()
        again = {
            **{"tries": 0, "attempts": 0, "not_before": None, "lease_until": None, "wish": "", "waits_for": ""},
            **{"ended_at": None, "purge_after": None},
        }
        move(change, STUCK, status="approved", outcome="", hinted_at=now, **again)
        record.of_change("change.resumed", change, f"Continued: {change.on_record}", person=person)
        jobs.enqueue(CARRY_OUT, change.pk)
    return change


def _is_own(person: Person, change: Change) -> bool:
    return person.pk == change.author_id and not settings.SELF_APPROVAL


def _own(person: Person, change: Change) -> bool:
    if person.pk == change.planner_id and not settings.SELF_APPROVAL:
        raise ReviewRefused("You changed when and how it is sent, so somebody else has to agree to that.")
    if _is_own(person, change):
        raise ReviewRefused("You proposed this change, so somebody else has to approve it.")
    return person.pk == change.author_id


def _decide(person: Person, change: Change, decision: str, comment: str) -> None:
    if change.status != "proposed" or change.approvals.filter(person=person, digest=change.digest).exists():
        raise ReviewRefused(DECIDED)
    Approval.objects.create(
        change=change,
        person=person,
        author_id=change.author_id,
        decision=decision,
        comment=comment.strip(),
        digest=change.digest,
        self_approved=person.pk == change.author_id,
        role=role_of(person, change.account),
        duties=sorted(duties_of(person, change.account)),
    )


def _sum_up(person: Person, change: Change) -> None:
    """After a settlement: says anew how the change stands, and ends it if nothing is left to decide or to send."""
    steps = list(change.steps.only("status", "failed_rows", "resolution"))
    status, said = outcomes.summary(steps)
    if any(step.status not in ("done", "skipped") for step in steps):
        return move(change, STUCK, outcome=said)
    move(change, STUCK, status=status, outcome=f"Settled by {person}. {said}", ended_at=timezone.now())
    record.of_change("change.ended", change, f"Ended as {status}: {change.on_record}", person=person)
    return None
