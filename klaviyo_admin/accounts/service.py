"""What happens to accounts, roles and people. Everything here checks rights and is on record in one transaction."""

from collections.abc import Callable
from zoneinfo import available_timezones

from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.http import urlsafe_base64_encode

from klaviyo_admin import sealing
from klaviyo_admin.accounts import rights
from klaviyo_admin.accounts.models import ROLES, Account, Membership, Person
from klaviyo_admin.audit import log
from klaviyo_admin.klaviyo.errors import KlaviyoError
from klaviyo_admin.klaviyo.values import Item

# Asks Klaviyo which account a key belongs to: (place, key) -> the account. Raises KlaviyoError.
Probe = Callable[[str, str], Item]
ROLE_LABELS = dict(ROLES)


class AccountRefused(Exception):
    """What the state of things forbids. `sentence` is for the person who asked, `field` the answer it is about."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


def connect(owner: Person, name: str, colour: str, place: str, key: str, probe: Probe) -> Account:
    """Connects the Klaviyo account that the key belongs to, with the owner as its first admin.

    Raises NotAllowed, KlaviyoError from the probe, AccountRefused if the account is already connected.
    """
    rights.demand_owner(owner)
    found = probe(place, key)
    klaviyo_id = found.id
    try:
        with transaction.atomic():
            account = Account.objects.create(
                name=name,
                klaviyo_id=klaviyo_id,
                colour=colour,
                place=place,
                zone=_zone(found),
                sealed_key=sealing.seal(key.encode()),
                key_added_by=owner,
                checked_at=timezone.now(),
            )
            Membership.objects.create(person=owner, account=account, role="admin")
            log.record(
                "account.connected",
                sentence=f"Connected the account “{name}” ({klaviyo_id}).",
                person=owner,
                account=account,
                object=("account", klaviyo_id, name),
                detail={"place": place, "colour": colour},
            )
            _record_role(owner, account, owner, "", "admin")
    except IntegrityError:
        twin = Account.objects.filter(place=place, klaviyo_id=klaviyo_id, archived_at=None).first()
        if twin is None:
            raise
        raise AccountRefused(f"This Klaviyo account is already connected, as “{twin}”.", "key") from None
    return account


def replace_key(person: Person, account: Account, key: str, probe: Probe) -> None:
    """Puts another key of the same Klaviyo account in place. Raises NotAllowed, KlaviyoError, AccountRefused."""
    rights.demand(person, account, "manage")
    found = probe(account.place, key)
    if found.id != account.klaviyo_id:
        raise AccountRefused(f"This key belongs to another Klaviyo account ({found.id}).", "key")
    now = timezone.now()
    with transaction.atomic():
        live = Account.objects.filter(pk=account.pk, archived_at=None)
        if not live.update(
            sealed_key=sealing.seal(key.encode()),
            key_added_at=now,
            key_added_by=person,
            checked_at=now,
            check_problem="",
        ):
            raise AccountRefused(f"{account} is archived.")
        log.record("account.key_replaced", sentence=f"Replaced the key of “{account}”.", person=person, account=account)


def check(account: Account, ask: Callable[[Account], Item]) -> KlaviyoError | None:
    """Asks Klaviyo whether the account's key still works, and keeps when and what came of it."""
    trouble: KlaviyoError | None = None
    told = {}
    try:
        told = {"zone": _zone(ask(account))}
    except KlaviyoError as error:
        trouble = error
    said = trouble.summary[:300] if trouble else ""
    Account.objects.filter(pk=account.pk).update(checked_at=timezone.now(), check_problem=said, **told)
    return trouble


def _zone(found: Item) -> str:
    """The time zone that Klaviyo says an account lives in; UTC where it says none that this machine knows."""
    zone = str(found.get("timezone", ""))
    return zone if zone in available_timezones() else "UTC"


def describe(person: Person, account: Account, name: str, colour: str) -> None:
    """Gives the account another name or colour. Raises NotAllowed."""
    rights.demand(person, account, "manage")
    with transaction.atomic():
        before = Account.objects.select_for_update().get(pk=account.pk)
        if (before.name, before.colour) == (name, colour):
            return
        Account.objects.filter(pk=account.pk).update(name=name, colour=colour)
        log.record(
            "account.changed",
            sentence=f"Changed “{before.name}” ({before.colour}) to “{name}” ({colour}).",
            person=person,
            account=before,
            detail={"before": [before.name, before.colour], "after": [name, colour]},
        )


def archive(person: Person, account: Account) -> None:
    """Ends the connection for good and forgets the key; the audit stays. Raises NotAllowed, AccountRefused."""
    rights.demand(person, account, "manage")
    with transaction.atomic():
        live = Account.objects.filter(pk=account.pk, archived_at=None)
        if not live.update(archived_at=timezone.now(), sealed_key=None):
            raise AccountRefused(f"{account} is already archived.")
        log.record(
            "account.archived",
            sentence=f"Archived “{account}” and forgot its key.",
            person=person,
            account=account,
        )


def give_role(giver: Person | None, account: Account, person: Person, role: str) -> None:
    """Gives a person a role, or another one than before. `giver` None is the shell. Raises NotAllowed, AccountRefused."""
    if role not in ROLE_LABELS:
        raise AccountRefused(f"There is no role “{role}”.", "role")
    _demand_manage(giver, account)
    with transaction.atomic():
        had = _role_locked(account, person)
        if had == role:
            return
        _keep_an_admin(account, person, had)
        Membership.objects.update_or_create(person=person, account=account, defaults={"role": role, "emergency": False})
        _record_role(giver, account, person, had, role)


def take_role(taker: Person | None, account: Account, person: Person) -> None:
    """Takes a person's role, and with it every right in the account. Raises NotAllowed, AccountRefused."""
    _demand_manage(taker, account)
    with transaction.atomic():
        had = _role_locked(account, person)
        if not had:
            raise AccountRefused(f"{person} has no role in {account}.")
        _keep_an_admin(account, person, had)
        _take(taker, account, person, had)


def add_person(
    adder: Person | None, email: str, name: str, *, password: str | None = None, owner: bool = False
) -> Person:
    """A new person; without a password nobody can log in as them yet. `adder` None is the shell.

    Raises NotAllowed, AccountRefused.
    """
    if adder is not None:
        rights.demand_owner(adder)
    try:
        validate_email(email.strip())
    except ValidationError:
        raise AccountRefused(f"“{email}” is no e-mail address.", "email") from None
    try:
        with transaction.atomic():
            person = Person.objects.create_user(email, password, name=name, is_superuser=owner)
            log.record(
                "person.added",
                sentence=f"Added {person}{' as an owner' if owner else ''}.",
                person=adder,
                object=("person", str(person.pk), str(person)),
                detail={"email": person.email, "owner": owner},
            )
    except IntegrityError:
        raise AccountRefused(f"Somebody with the address {email} is already here.", "email") from None
    return person


def make_owner(person: Person) -> None:
    """Lets a person connect accounts and add people. Only the shell does this."""
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(is_superuser=True)
        _record_person("person.made_owner", f"Made {person} an owner.", person, None)


def set_password(person: Person, password: str, *, by: Person | None = None) -> None:
    """Sets a password that was already checked for strength. Every session of the person ends."""
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        _record_person("person.password_set", f"A new password was set for {person}.", person, by)


def make_link(owner: Person, person: Person) -> tuple[str, str]:
    """The two parts (who, token) of a link with which the person sets a password, once and for three days.

    Whoever has the link can log in as the person, so making one is on record. Raises NotAllowed.
    """
    rights.demand_owner(owner)
    with transaction.atomic():
        _record_person("person.link_made", f"Made a link with which {person} sets a password.", person, owner)
    return urlsafe_base64_encode(str(person.pk).encode()), default_token_generator.make_token(person)


def let_go(owner: Person, person: Person) -> None:
    """Takes every role of a person, and from now on they cannot log in. Raises NotAllowed, AccountRefused."""
    rights.demand_owner(owner)
    if owner.pk == person.pk:
        raise AccountRefused("Nobody lets themselves go; ask another owner.")
    with transaction.atomic():
        # All locks before the first line of the audit, whose own lock every other transaction takes last.
        accounts = {a.pk: a for a in Account.objects.select_for_update().filter(memberships__person=person)}
        for membership in Membership.objects.filter(person=person):
            account = accounts[membership.account_id]
            if not account.archived_at:
                _keep_an_admin(account, person, membership.role)
            _take(owner, account, person, membership.role)
        Person.objects.filter(pk=person.pk).update(is_active=False, is_superuser=False)
        _record_person("person.let_go", f"{person} may no longer log in.", person, owner)


def take_back(owner: Person, person: Person) -> None:
    """Lets a person who was let go log in again, without a role. Raises NotAllowed."""
    rights.demand_owner(owner)
    with transaction.atomic():
        if Person.objects.filter(pk=person.pk, is_active=False).update(is_active=True):
            _record_person("person.taken_back", f"{person} may log in again.", person, owner)


def _record_person(action: str, sentence: str, person: Person, by: Person | None) -> None:
    log.record(action, sentence=sentence, person=by, object=("person", str(person.pk), str(person)))


def _demand_manage(person: Person | None, account: Account) -> None:
    if person is not None:
        rights.demand(person, account, "manage")


def _role_locked(account: Account, person: Person) -> str:
    # Locks the account, so that two admins who leave at the same time do not leave it without one.
    Account.objects.select_for_update().get(pk=account.pk)
    return Membership.objects.filter(person=person, account=account).values_list("role", flat=True).first() or ""


def _take(taker: Person | None, account: Account, person: Person, had: str) -> None:
    Membership.objects.filter(person=person, account=account).delete()
    log.record(
        "role.taken",
        sentence=f"Took the role {ROLE_LABELS[had]} in “{account}” from {person}.",
        person=taker,
        account=account,
        object=("person", str(person.pk), str(person)),
        detail={"before": had},
    )


def _keep_an_admin(account: Account, person: Person, had: str) -> None:
    others = Membership.objects.filter(account=account, role="admin", person__is_active=True).exclude(person=person)
    if had == "admin" and not others.exists():
        raise AccountRefused(f"{person} is the last admin of {account}. Make somebody else an admin first.", "role")


def _record_role(giver: Person | None, account: Account, person: Person, before: str, role: str) -> None:
    instead = f" instead of {ROLE_LABELS[before]}" if before else ""
    log.record(
        "role.given",
        sentence=f"Gave {person} the role {ROLE_LABELS[role]}{instead} in “{account}”.",
        person=giver,
        account=account,
        object=("person", str(person.pk), str(person)),
        detail={"before": before, "after": role},
    )
