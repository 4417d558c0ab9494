"""Who may decide about a change, and whose approvals of it count."""

from collections.abc import Iterable

from django.db.models import QuerySet

from klaviyo_admin.accounts import rights
from klaviyo_admin.accounts.models import Membership, Person
from klaviyo_admin.changes import policy
from klaviyo_admin.changes.models import Approval, Change
from klaviyo_admin.changes.rules import Outcome, Signed


def of(change: Change, asked: Outcome | None = None) -> list[Person]:
    """The people who may decide about a change, by name; its author is none of them. `asked` are its terms, if they are
    known already."""
    asked = asked or policy.needed_now(change)
    others = _members(change).exclude(person__in=[pk for pk in (change.author_id, change.planner_id) if pk])
    ordered = others.select_related("person").order_by("person__name", "person")
    return [one.person for one in ordered if _decides(one, asked)]


def counting(change: Change, approvals: Iterable[Approval], asked: Outcome) -> list[Approval]:
    """Of these approvals those of exactly what the change now holds, by people who may still decide about it; `asked` are
    its terms."""
    given = [one for one in approvals if one.decision == "approve" and one.digest == change.digest]
    members = _members(change).filter(person__in=[one.person_id for one in given]) if given else ()
    still = {one.person_id for one in members if _decides(one, asked)}
    return [one for one in given if one.person_id in still]


def signed(change: Change, asked: Outcome) -> list[Signed]:
    """The approvals that count, each with what its signer was when signing."""
    return _signed(counting(change, change.approvals.all(), asked))


def gone(change: Change) -> list[str]:
    """The names of those who approved a change and may no longer decide about it, if it is not agreed without them."""
    asked = policy.needed_now(change)
    given = list(change.approvals.filter(digest=change.digest, decision="approve").select_related("person"))
    still = counting(change, given, asked)
    return [] if asked.met(_signed(still)) else [str(one.person) for one in given if one not in still]


def _signed(approvals: Iterable[Approval]) -> list[Signed]:
    return [Signed(one.role, tuple(one.duties)) for one in approvals]


def _members(change: Change) -> QuerySet[Membership]:
    return Membership.objects.filter(account=change.account, person__is_active=True)


def _decides(member: Membership, asked: Outcome) -> bool:
    return member.role in rights.roles_with("approve") or asked.lets(member.role, member.duties)


def may(person: Person, change: Change, asked: Outcome | None = None) -> bool:
    """Whether somebody may decide about a change: an admin, or whose role or responsibility its terms ask for. `asked` are
    those terms, if they are known already."""
    if rights.may(person, change.account, "approve"):
        return True
    role = rights.role_of(person, change.account)
    if not role or change.account.archived_at is not None:
        return False
    asked = asked or policy.needed_now(change)
    return asked.lets(role, rights.duties_of(person, change.account))


def demand(person: Person, change: Change) -> None:
    """Raises NotAllowed unless the person may decide about the change."""
    if not may(person, change):
        rights.demand(person, change.account, "approve")
