"""Who may do what where: the only place that knows what a role allows."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.exceptions import PermissionDenied

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
# What was read of people's roles for the answer that is being made, by person; None where every question is asked anew.
_seen: ContextVar[dict[int, Sequence[Membership]] | None] = ContextVar("seen", default=None)


class NotAllowed(PermissionDenied):
    """`sentence` says in plain words what the person may not do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@contextmanager
def one_look() -> Iterator[None]:
    """Inside, the roles of a person are read once: for one answer to somebody who only looks, on which every part then
    agrees. Whoever decides or writes asks outside of this, as of now."""
    token = _seen.set({})
    try:
        yield
    finally:
        _seen.reset(token)


def memberships(person: Any) -> Sequence[Membership]:
    """The person's roles with their accounts, by the name of the account. `person` is whoever makes the request, logged in
    or not."""
    if not person.is_authenticated or not person.is_active:
        return ()
    seen = _seen.get()
    if seen is not None and person.pk in seen:
        return seen[person.pk]
    found = Membership.objects.filter(person_id=person.pk).select_related("account")
    read = tuple(found.order_by("account"))
    if seen is not None:
        seen[person.pk] = read
    return read


def role_of(person: Any, account: Account) -> str:
    """The person's role in the account, "" for none."""
    member = _member(person, account)
    return member.role if member else ""


def duties_of(person: Any, account: Account) -> frozenset[str]:
    """What the person is responsible for in the account, as admins of it said."""
    member = _member(person, account)
    return frozenset(member.duties or ()) if member else frozenset()


def _member(person: Any, account: Account) -> Membership | None:
    return next((member for member in memberships(person) if member.account_id == account.pk), None)


def may(person: Any, account: Account, right: str) -> bool:
    """Whether the person has a right ("read", "propose", "approve", "audit", "manage") in the account, as of now."""
    if right not in RIGHTS:
        raise ValueError(f"There is no right “{right}”.")
    return right in held(person, account)


def held(person: Any, account: Account) -> frozenset[str]:
    """All rights that the person has in the account, as of now."""
    return _held(role_of(person, account), account)


def _held(role: str, account: Account) -> frozenset[str]:
    rights = ROLES.get(role, frozenset())
    return rights if account.archived_at is None else rights & _OF_ARCHIVED


def demand(person: Any, account: Account, right: str) -> None:
    """Raises NotAllowed unless the person has the right."""
    if not may(person, account, right):
        raise NotAllowed(f"{_name(person)} may not {RIGHTS[right].format(account=account)}.")


def demand_owner(person: Any) -> None:
    """Raises NotAllowed unless the person is an owner of this installation."""
    if not (person.is_authenticated and person.is_active and person.is_superuser):
        raise NotAllowed("Only an owner of this installation may connect accounts and add people.")


def accounts_of(person: Any, right: str = "read") -> tuple[Account, ...]:
    """The accounts, by name, in which the person has the right; archived ones only for "audit"."""
    return tuple(member.account for member in memberships(person) if right in _held(member.role, member.account))


def roles_with(right: str) -> Iterable[str]:
    """The roles that have a right."""
    return [role for role, rights in ROLES.items() if right in rights]


def _name(person: Any) -> str:
    return str(person) if person.is_authenticated else "Somebody who is not logged in"
