"""Times in which nothing is sent: who sets and lifts them, and the question that is asked before every request."""

from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from klaviyo_admin.accounts import rights
from klaviyo_admin.accounts.models import Account, Person
from klaviyo_admin.audit import log
from klaviyo_admin.changes.brakes import Freeze
from klaviyo_admin.changes.models import UNDER_WAY, Change
from klaviyo_admin.changes.proposing import ReviewRefused
from klaviyo_admin.changes.timing import spoken
from klaviyo_admin.changes.zones import zone_of

WHY = "freeze"  # what a change waits for
LOOK_AGAIN = timedelta(minutes=1)  # after which a table that could not be read is read again


class Frozen(Exception):
    """Nothing may be sent before `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"frozen until {until:%Y-%m-%d %H:%M}")
        self.until = until


def demand_none(account_id: int) -> None:
    """Raises Frozen if nothing may be sent for this account now, also where that cannot be found out."""
    now = timezone.now()
    try:
        found = list(_live(now).filter(Q(account=account_id) | Q(account=None)).filter(begins_at__lte=now))
    except DatabaseError:
        raise Frozen(now + LOOK_AGAIN) from None
    if found:
        raise Frozen(max(freeze.ends_at for freeze in found))


def holding(account: Account) -> QuerySet[Freeze]:
    """The freezes that hold an account now."""
    now = timezone.now()
    return of(account).filter(begins_at__lte=now)


def of(account: Account) -> QuerySet[Freeze]:
    """The freezes of an account, those for all accounts among them, that are not over: first come, first."""
    return _live(timezone.now()).filter(Q(account=account) | Q(account=None)).select_related("account", "made_by")


def set_up(person: Person, account: Account | None, begins_at: datetime, ends_at: datetime, reason: str) -> Freeze:
    """Sets a freeze for an account, or for all where `account` is None, which owners may. Raises NotAllowed, ReviewRefused."""
    _demand(person, account)
    if not reason.strip():
        raise ReviewRefused("Say why nothing may be sent: everybody sees it.")
    if ends_at <= begins_at or ends_at <= timezone.now():
        raise ReviewRefused("A freeze ends after it begins, and not in the past.")
    with transaction.atomic():
        made = Freeze.objects.create(
            account=account, begins_at=begins_at, ends_at=ends_at, reason=reason.strip(), made_by=person
        )
        _record("freeze.set", person, made, f"Nothing is sent {_span(made)}: {made.reason}")
    return made


def lift(person: Person, freeze: Freeze, reason: str) -> Freeze:
    """Ends a freeze before its time; what waited for its end goes on. Raises NotAllowed, ReviewRefused."""
    _demand(person, freeze.account)
    if not reason.strip():
        raise ReviewRefused("Say why this freeze is lifted before its end.")
    now = timezone.now()
    with transaction.atomic():
        if not _live(now).filter(pk=freeze.pk).update(lifted_at=now, lifted_by=person):
            raise ReviewRefused("This freeze is over already.")
        held = Change.objects.filter(waits_for=WHY, status__in=UNDER_WAY)
        (held.filter(account=freeze.account) if freeze.account else held).update(not_before=now)
        _record("freeze.lifted", person, freeze, f"Lifted the freeze {_span(freeze)}: {reason.strip()}")
    freeze.refresh_from_db()
    return freeze


def may(person: Person, account: Account | None) -> bool:
    """Whether the person may set and lift freezes of an account, or of all where it is None."""
    return rights.may(person, account, "manage") if account else person.is_superuser


def _demand(person: Person, account: Account | None) -> None:
    if account is None:
        rights.demand_owner(person)
    else:
        rights.demand(person, account, "manage")


def _live(now: datetime) -> QuerySet[Freeze]:
    return Freeze.objects.filter(lifted_at=None, ends_at__gt=now)


def _span(freeze: Freeze) -> str:
    here = zone_of(freeze.account) if freeze.account else timezone.get_default_timezone()
    whose = f"for {freeze.account}" if freeze.account else "for any account"
    return f"{whose} from {spoken(freeze.begins_at, here)} to {spoken(freeze.ends_at, here)}"


def _record(action: str, person: Person, freeze: Freeze, sentence: str) -> None:
    detail = {"freeze": freeze.pk, "begins": freeze.begins_at.isoformat(), "ends": freeze.ends_at.isoformat()}
    log.record(action, sentence=sentence, person=person, account=freeze.account, detail=detail)
