"""What happened to one thing of Klaviyo through this dashboard: lines of the audit for auditors, changes for all."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Max

from klaviyo_admin.accounts import rights
from klaviyo_admin.accounts.models import Account
from klaviyo_admin.audit.models import Entry
from klaviyo_admin.changes.models import Change
from klaviyo_admin.klaviyo.values import Item
from klaviyo_admin.pages import undo_links

SHOWN = 10


@dataclass(frozen=True, slots=True)
class History:
    """The newest lines (none for those who may not audit) and changes; `more` says that there are older ones, `undoable`
    which of the changes this person may offer to undo."""

    lines: Sequence[Entry]
    changes: Sequence[Change]
    more: bool
    audits: bool
    undoable: frozenset[int]


def history(person: object, account: Account, item: Item) -> History:
    """Found by the id that the lines of the audit carry, which is indexed; requests that were never sent have none."""
    lines = Entry.objects.filter(object_id=item.id, object_type=item.type, account_id=account.pk)
    audits = rights.may(person, account, "audit")
    shown = list(lines.order_by("-id")[: SHOWN + 1]) if audits else []
    numbers = lines.exclude(change_id=None).values("change_id").annotate(last=Max("id")).order_by("-last")
    wanted = list(numbers.values_list("change_id", flat=True)[: SHOWN + 1])
    if not wanted:  # as of most things
        return History(shown[:SHOWN], (), len(shown) > SHOWN, audits, frozenset())
    found = Change.objects.for_account(account).select_related("author").filter(pk__in=wanted[:SHOWN])
    open_ = undo_links.undoable(person, account, wanted[:SHOWN])
    return History(shown[:SHOWN], list(found), len(shown) > SHOWN or len(wanted) > SHOWN, audits, open_)
