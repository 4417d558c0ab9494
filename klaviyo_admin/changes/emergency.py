"""Breaking the glass: how an emergency person sends a change that is held, and how others look at it afterwards.

It lifts freezes, times, windows and missing approvals of one change, as sealed by the digest that the person saw. It never
lifts four eyes: whoever breaks the glass is not the author, and signs the change like an approver. It never lifts a denial.
"""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from klaviyo_admin import jobs
from klaviyo_admin.accounts.models import Account, Membership, Person
from klaviyo_admin.accounts.rights import demand
from klaviyo_admin.changes import deciders, freezes, policy, record
from klaviyo_admin.changes.models import Approval, BrokenGlass, Change
from klaviyo_admin.changes.moves import as_proposed, locked, move
from klaviyo_admin.changes.proposing import CARRY_OUT, ReviewRefused
from klaviyo_admin.changes.rules import Signed

HELD = ("proposed", "approved", "running", "paused")
NOT_YOU = "The glass is broken by somebody other than the author: even in an emergency two people see what is sent."


def may(person: Person, account: Account) -> bool:
    """Whether somebody is an emergency person of an account: an admin of whom another admin said so."""
    found = Membership.objects.filter(person_id=person.pk, account=account, role="admin", emergency=True)
    return person.is_active and account.archived_at is None and found.exists()


def stands_in_the_way(change: Change) -> str:
    """What holds a change, as a half sentence; "" if nothing does that breaking the glass would lift."""
    if change.status not in HELD or change.action == policy.ACTION:
        return ""
    if freezes.holding(change.account).exists():
        return "a freeze holds everything of this account"
    if change.status == "proposed":
        asked = policy.needed_now(change)
        if not asked.met([*deciders.signed(change, asked), Signed("admin")]):
            return "it needs more approvals"
    return {"time": "its time has not come", "window": "its window is closed"}.get(change.waits_for, "")


def break_glass(person: Person, change: Change, digest: str, reason: str) -> Change:
    """Sends a held change now, with a loud line of the audit and a review to come. Raises NotAllowed, ReviewRefused."""
    demand(person, change.account, "approve")
    as_proposed(change)
    with transaction.atomic():
        change = locked(change)
        _demand(person, change, digest, reason)
        _sign(person, change, reason.strip())
        BrokenGlass.objects.create(
            change=change,
            account=change.account,
            person=person,
            author_id=change.author_id,
            reason=reason.strip(),
            digest=digest,
        )
        now, went = timezone.now(), stands_in_the_way(change)
        move(change, HELD, status="approved", hinted_at=now, not_before=None, waits_for="", wish="", decided_at=now)
        said = (
            f"BROKE THE GLASS to send this although {went or 'it is held'}: {change.on_record} Reason: {reason.strip()}"
        )
        record.of_change("glass.broken", change, said, person=person, detail={"reason": reason.strip()})
        jobs.enqueue(CARRY_OUT, change.pk)
    return change


def waives(change: Change) -> bool:
    """Whether the glass was broken for exactly what a change now holds, by one who signed it and is not its author."""
    found = BrokenGlass.objects.filter(change=change, digest=change.digest).exclude(person_id=change.author_id).first()
    if found is None or change.approvals.filter(digest=change.digest, decision="reject").exists():
        return False
    return change.approvals.filter(digest=change.digest, decision="approve", person_id=found.person_id).exists()


def to_review(account: Account) -> QuerySet[BrokenGlass]:
    """The broken glasses of an account that nobody has looked at afterwards, oldest first."""
    return BrokenGlass.objects.filter(account=account, reviewed_at=None).select_related("change", "person", "author")


def close_review(person: Person, change: Change, finding: str) -> BrokenGlass:
    """Says afterwards what to think of it: somebody else than its author and than who broke it. Raises NotAllowed,
    ReviewRefused."""
    demand(person, change.account, "approve")
    if not finding.strip():
        raise ReviewRefused("Say what you found: was it right to send this?")
    with transaction.atomic():
        glass = to_review(change.account).filter(change=change).first()
        if glass is None:
            raise ReviewRefused("There is no review to close here.")
        if person.pk in (glass.person_id, glass.author_id):
            raise ReviewRefused("Somebody else looks at this afterwards: neither its author nor who broke the glass.")
        closed = {"reviewed_by": person, "reviewed_at": timezone.now(), "finding": finding.strip()}
        if not BrokenGlass.objects.filter(pk=glass.pk, reviewed_at=None).update(**closed):
            raise ReviewRefused("Somebody closed this review a moment ago.")
        said = f"Looked at the broken glass of change {change.pk}: {finding.strip()}"
        record.of_change("glass.reviewed", glass.change, said, person=person, detail={"finding": finding.strip()})
    glass.refresh_from_db()
    return glass


def _demand(person: Person, change: Change, digest: str, reason: str) -> None:
    if not may(person, change.account):
        raise ReviewRefused("Only an emergency person of this account breaks the glass.")
    if person.pk == change.author_id:
        raise ReviewRefused(NOT_YOU)
    if not reason.strip():
        raise ReviewRefused("Say why this cannot wait.")
    if digest != change.digest:
        raise ReviewRefused("This change is no longer the one you looked at. Read it again.")
    if change.lease_until and change.lease_until > timezone.now():
        raise ReviewRefused("A worker is at this change right now. Try again in a moment.")
    if not stands_in_the_way(change):
        raise ReviewRefused("Nothing holds this change: decide about it in the usual way.")
    if policy.needed_now(change).deny:
        raise ReviewRefused("The account’s policy does not allow this, and the glass does not change that.")
    if BrokenGlass.objects.filter(change=change).exists():
        raise ReviewRefused("The glass was broken for this change already.")


def _sign(person: Person, change: Change, reason: str) -> None:
    if change.approvals.filter(person=person, digest=change.digest, decision="approve").exists():
        return
    Approval.objects.create(
        change=change,
        person=person,
        author_id=change.author_id,
        decision="approve",
        comment=f"In an emergency: {reason}",
        digest=change.digest,
    )
