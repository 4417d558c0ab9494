"""Who may do what where: the only place that knows what a role allows."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from klaviyo_admin.accounts.models import Account, Membership

ROLES: dict[str, frozenset[str]] = {
    "viewer": frozenset({"read"}),
    "marketer": frozenset({"read", "propose"}),
    "admin": frozenset({"read", "propose", "approve", "audit", "manage"}),
    "auditor": frozenset({"read", "audit"}),
}
RIGHTS = {
    "read": "look at {account}",
    "propose": "propose changes in {account}",
    "approve": "decide on changes in {account}",
    "audit": "read the audit log of {account}",
    "manage": "manage {account}",
}
# The audit outlives the connection; everything else needs a key.
_OF_ARCHIVED = frozenset({"audit"})


class NotAllowed(PermissionDenied):
    """`sentence` says in plain words what the person may not do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def role_of(person: Any, account: Account) -> str:
    """The person's role in the account, "" for none. `person` is whoever makes the request, logged in or not."""
    if not person.is_authenticated or not person.is_active:
        return ""
    return Membership.objects.filter(person_id=person.pk, account=account).values_list("role", flat=True).first() or ""


def duties_of(person: Any, account: Account) -> frozenset[str]:
    """What the person is responsible for in the account, as admins of it said."""
    if not role_of(person, account):
        return frozenset()
    found = Membership.objects.filter(person_id=person.pk, account=account).values_list("duties", flat=True).first()
    return frozenset(found or ())


def may(person: Any, account: Account, right: str) -> bool:
    """Whether the person has a right ("read", "propose", "approve", "audit", "manage") in the account, as of now."""
    if right not in RIGHTS:
        raise ValueError(f"There is no right “{right}”.")
    return right in held(person, account)


def held(person: Any, account: Account) -> frozenset[str]:
    """All rights that the person has in the account, as of now."""
    rights = ROLES.get(role_of(person, account), frozenset())
    return rights if account.archived_at is None else rights & _OF_ARCHIVED


def demand(person: Any, account: Account, right: str) -> None:
    """Raises NotAllowed unless the person has the right."""
    if not may(person, account, right):
        raise NotAllowed(f"{_name(person)} may not {RIGHTS[right].format(account=account)}.")


def demand_owner(person: Any) -> None:
    """Raises NotAllowed unless the person is an owner of this installation."""
    if not (person.is_authenticated and person.is_active and person.is_superuser):
        raise NotAllowed("Only an owner of this installation may connect accounts and add people.")


def accounts_of(person: Any, right: str = "read") -> QuerySet[Account]:
    """The accounts, by name, in which the person has the right; archived ones only for "audit"."""
    if not person.is_authenticated or not person.is_active:
        return Account.objects.none()
    memberships = Membership.objects.filter(person_id=person.pk, role__in=roles_with(right))
    found = Account.objects.filter(pk__in=memberships.values("account"))
    return found if right in _OF_ARCHIVED else found.filter(archived_at=None)


def roles_with(right: str) -> Iterable[str]:
    """The roles that have a right."""
    return [role for role, rights in ROLES.items() if right in rights]


def _name(person: Any) -> str:
    return str(person) if person.is_authenticated else "Somebody who is not logged in"
