"""Beside which lines of the past a page may offer to undo what they tell of."""

from collections.abc import Iterable

from django.db.models import Q

from klaviyo_admin.accounts import rights
from klaviyo_admin.accounts.models import Account
from klaviyo_admin.audit.models import Entry
from klaviyo_admin.changes import policy, undo
from klaviyo_admin.changes.models import Change

# Lines about one request that was carried out; and those about the end of a change.
OF_A_REQUEST = ("step.sent", "step.done", "step.resolved")
OF_A_CHANGE = ("change.ended",)


def undoable(person: object, account: Account, changes: Iterable[int]) -> frozenset[int]:
    """Of these changes those that have ended with something done, whose data are still kept, and that nobody took back."""
    if not rights.may(person, account, "propose"):
        return frozenset()
    found = Change.objects.filter(account=account, pk__in=set(changes), status__in=undo.OVER, steps__status="done")
    kept = found.exclude(action=policy.ACTION).filter(Q(ended_at=None) | ~Q(purge_after=None))
    taken = Change.objects.filter(undoes__in=kept, status__in=("proposed", "approved", "running", "paused", "done"))
    pairs = taken.values_list("undoes", "details")
    whole = [undone for undone, details in pairs if undone and "undoes_request" not in details]
    return frozenset(kept.exclude(pk__in=whole).values_list("pk", flat=True).distinct())


def asked(entry: Entry, open_: frozenset[int]) -> str | None:
    """The query of the undo page for what a line tells of; None where there is nothing to undo."""
    if entry.change_id not in open_:
        return None
    if entry.action in OF_A_CHANGE:
        return ""
    return f"?request={entry.step}" if entry.action in OF_A_REQUEST and entry.step else None
