"""The demo's people and accounts: who they are, and that they are there, however often it is asked."""

from collections.abc import Mapping
from dataclasses import dataclass

from klaviyo_admin import api
from klaviyo_admin.accounts import service
from klaviyo_admin.accounts.models import Account, Person

# address, name, what they are, the role they have in each account (the first is the shop of the sandbox)
PEOPLE = (
    ("owner@example.com", "Olive Okafor", "Owner", ("admin", "admin")),
    ("marketer@example.com", "Mara Lindqvist", "Marketer", ("marketer", "marketer")),
    ("admin@example.com", "Adrian Castellanos-Whitfield", "Admin", ("admin", "viewer")),
    ("auditor@example.com", "Aiko Tanaka", "Auditor", ("auditor", "auditor")),
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
    people = [_person(address, name, passwords[address], owner=what == "Owner") for address, name, what, _ in PEOPLE]
    owner = people[0]
    for number, (name, colour, key) in enumerate(ACCOUNTS):
        account = Account.objects.filter(name=name).first()
        if account is None:
            account = service.connect(owner, name=name, colour=colour, place="sandbox", key=key, probe=api.probe)
            for person, (*_, roles) in zip(people[1:], PEOPLE[1:], strict=True):
                service.give_role(owner, account, person, roles[number])
    return [SignIn(what, address, passwords[address]) for address, _, what, _ in PEOPLE[1:]]


def _person(address: str, name: str, password: str, *, owner: bool) -> Person:
    found = Person.objects.filter(email=address).first()
    if found is None:
        found = service.add_person(None, email=address, name=name, password=password, owner=owner)
    elif not found.check_password(password):
        found.set_password(password)
        found.save(update_fields=["password"])
    return found
