"""When a look at customers' data is put on record: once an hour for each person and thing, and never for a part of a page."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from klaviyo_admin.accounts.models import Account, Person
from klaviyo_admin.audit.log import record
from klaviyo_admin.audit.models import Entry
from klaviyo_admin.intents import PEOPLE
from klaviyo_admin.klaviyo.values import Item

ONCE_IN = timedelta(hours=1)


def looked_at(person: Person, account: Account, item: Item) -> None:
    """A page of one thing was opened: a line if the thing is a person."""
    if item.type in PEOPLE:
        read(person, account, item.type, item.id, f"Opened the page of {item.type} {item.id}.")


def read(person: Person, account: Account, kind: str, ident: str, said: str) -> None:
    """One line, unless the same person's last line about the same thing is younger than ONCE_IN, or READ_AUDIT is off."""
    if not settings.READ_AUDIT:
        return
    lately = Entry.objects.filter(object_id=ident, action="data.read", at__gte=timezone.now() - ONCE_IN)
    if lately.filter(object_type=kind, person_id=person.pk, account_id=account.pk).exists():
        return
    with transaction.atomic():
        record("data.read", sentence=said, person=person, account=account, object=(kind, ident, f"{kind} {ident}"))
