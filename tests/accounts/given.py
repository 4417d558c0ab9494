"""People, accounts and roles that tests start from."""

from klaviyo_admin import sealing
from klaviyo_admin.accounts.models import Account, Membership, Person

KEY = "pk_sandbox_full_access"
PASSWORD = "correct horse battery"


def person(name: str = "Mara Lindqvist", *, owner: bool = False) -> Person:
    """Somebody with PASSWORD, whose address is their first name at example.com."""
    email = f"{name.split()[0].lower()}@example.com"
    return Person.objects.create_user(email, PASSWORD, name=name, is_superuser=owner)


def account(name: str = "Juniper & Pine", klaviyo_id: str = "SBXJP1", key: str = KEY) -> Account:
    """A connected account of the sandbox, in which nobody has a role yet."""
    connector = Person.objects.filter(email="owner@example.com").first() or person("Owner Okafor", owner=True)
    return Account.objects.create(
        name=name,
        klaviyo_id=klaviyo_id,
        colour="teal",
        place="sandbox",
        sealed_key=sealing.seal(key.encode()),
        key_added_by=connector,
    )


def member(account: Account, role: str, name: str = "") -> Person:
    """Somebody new with a role in the account."""
    somebody = person(name or f"{role.title()} {account.klaviyo_id}")
    Membership.objects.create(person=somebody, account=account, role=role)
    return somebody
