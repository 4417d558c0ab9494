"""Who may decide about a change."""

from klaviyo_admin.accounts import rights
from klaviyo_admin.accounts.models import Membership, Person
from klaviyo_admin.changes import policy
from klaviyo_admin.changes.models import Change
from klaviyo_admin.changes.rules import Outcome


def of(change: Change, asked: Outcome | None = None) -> list[Person]:
    """The people who may decide about a change, by name; its author is none of them. `asked` are its terms, if they are
    known already."""
    asked, admins = asked or policy.needed_now(change), rights.roles_with("approve")
    members = Membership.objects.filter(account=change.account, person__is_active=True).select_related("person")
    others = members.exclude(person__in=[pk for pk in (change.author_id, change.planner_id) if pk])
    ordered = others.order_by("person__name", "person")
    return [one.person for one in ordered if one.role in admins or asked.lets(one.role, one.duties)]


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
