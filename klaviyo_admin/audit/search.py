"""Questions to the audit log."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce

from klaviyo_admin.audit import wording
from klaviyo_admin.audit.models import Entry
from klaviyo_admin.klaviyo import catalogue

_WORDS = (*wording.COLUMNS, "text")
_NO_ACCOUNT = -1


def entries(
    *,
    account_ids: Iterable[int | None],
    words: str = "",
    person: str = "",
    action: str = "",
    area: str = "",
    operation: str = "",
    object: str = "",
    change: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[Entry]:
    """Lines, newest first, that meet every condition given.

    `account_ids` bounds what the asker may see; None among them stands for lines that belong to no account, such as
    logins. Each of `words` must be somewhere in the line. `person` and `object` match a part of a name, or an id whole.
    `area` is one of Klaviyo's ("profiles"). `action` is a whole name ("change.approved") or its first word ("change"). `until` itself is not included.
    """
    wanted = set(account_ids)
    if None in wanted:
        # As a value of its own, not as an alternative, for which a database would sort all lines to give the newest.
        own = Coalesce("account_id", Value(_NO_ACCOUNT))
        found = Entry.objects.annotate(of=own).filter(of__in=(wanted - {None}) | {_NO_ACCOUNT})
    else:
        found = Entry.objects.filter(account_id__in=wanted)
    if words:
        if (among := wording.rare(Entry, words.split())) is not None:
            found = found.filter(id__in=among)
        found = found.annotate(text=Cast(F("detail"), TextField()))
        for word in words.split():
            found = found.filter(_any(_WORDS, word))
    if person:
        found = found.filter(_any(("person_name",), person))
    if action:
        found = found.filter(Q(action=action) | Q(action__startswith=action + "."))
    if area:
        found = found.filter(operation__in=[each.id for each in catalogue.operations(area)])
    if operation:
        found = found.filter(operation=operation)
    if object:
        found = found.filter(Q(object_id=object) | Q(object_type=object) | _any(("object_name",), object))
    bounds = {"change_id": change, "at__gte": since, "at__lt": until}
    return found.filter(**{name: bound for name, bound in bounds.items() if bound is not None}).order_by("-id")


def _any(columns: Iterable[str], word: str) -> Q:
    """Whether one of the columns contains the word, in capitals or not."""
    # SQLite takes only the letters of ASCII for the same in both cases.
    ways = {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}
    condition = Q()
    for column in columns:
        for way in ways:
            condition |= Q(**{f"{column}__icontains": way})
    return condition
