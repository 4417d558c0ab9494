"""The demo's people and accounts: who they are, and that they are there, however often it is asked."""

from collections.abc import Mapping
from dataclasses import dataclass

from klaviyo_admin import api
from klaviyo_admin.accounts import service
from klaviyo_admin.accounts.models import Account, Person

# address, name, role in every account; the admin also owns the installation, so may connect more accounts
PEOPLE = (
    ("marketer@example.com", "Mara Lindqvist", "marketer"),
    ("admin@example.com", "Adrian Castellanos-Whitfield", "admin"),
    ("auditor@example.com", "Aiko Tanaka", "auditor"),
)
# name, colour, the sandbox's key: public knowledge, made for this
ACCOUNTS = (
    ("Juniper & Pine", "teal", "pk_sandbox_full_access"),
    ("Harbour Coffee", "indigo", "pk_sandbox_harbour"),
)


@dataclass(frozen=True, slots=True)
class SignIn:
    """What the terminal prints for one person."""

    role: str
    email: str
    password: str


def settle(passwords: Mapping[str, str]) -> list[SignIn]:
    """Adds the people and connects the accounts that are missing; `passwords` by address. The sandbox must be running."""
    people = {role: _person(address, name, passwords[address], role) for address, name, role in PEOPLE}
    owner = people["admin"]
    for name, colour, key in ACCOUNTS:
        if not Account.objects.filter(name=name).exists():
            account = service.connect(owner, name=name, colour=colour, place="sandbox", key=key, probe=api.probe)
            for role, person in people.items():
                if person != owner:  # who connects an account is its admin
                    service.give_role(owner, account, person, role)
    return [SignIn(role.title(), address, passwords[address]) for address, _, role in PEOPLE]


def _person(address: str, name: str, password: str, role: str) -> Person:
    found = Person.objects.filter(email=address).first()
    if found is None:
        found = service.add_person(None, email=address, name=name, password=password, owner=role == "admin")
    elif not found.check_password(password):
        found.set_password(password)
        found.save(update_fields=["password"])
    return found
