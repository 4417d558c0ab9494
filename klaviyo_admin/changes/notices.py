"""Which moments in the life of a change are told to whom."""

from collections.abc import Iterable, Mapping
from typing import Any

from klaviyo_admin.accounts.models import Person
from klaviyo_admin.changes import deciders
from klaviyo_admin.changes.models import Change
from klaviyo_admin.notices import writing

# Of each action of the audit: the kind of notice. A change that ended is "ended" or "failed", by its status.
_KINDS = {
    "change.proposed": "proposed",
    "change.reopened": "proposed",
    "change.approved": "approved",
    "change.rejected": "rejected",
    "change.ended": "ended",
    "change.paused": "failed",
    "change.expired": "failed",
    "change.commented": "comment",
    "change.changes_requested": "comment",
    "change.asked": "comment",
    "glass.broken": "emergency",
    "glass.reviewed": "emergency",
}


def of(action: str, change: Change, sentence: str, person: Person | None, detail: Mapping[str, Any]) -> None:
    """Tells of one line of the audit, in its transaction. Nobody is told of what they did themselves."""
    kind = _KINDS.get(action)
    if action == "change.ended" and detail.get("status", change.status) != "done":
        kind = "failed"
    if kind is None or not writing.wants(change.account, kind):
        return
    if action == "change.ended":
        # The line says how it ended, but not what did.
        sentence = f"{sentence} ({change.on_record})"
    whom = [each for each in _people(kind, change, detail) if person is None or each.pk != person.pk]
    by = f" ({person})" if person is not None else ""
    writing.tell(kind, change.account, change.pk, f"{sentence}{by}", whom)


def _people(kind: str, change: Change, detail: Mapping[str, Any]) -> Iterable[Person]:
    if kind in ("proposed", "emergency"):
        return deciders.of(change)
    if kind == "comment":
        told = {*detail.get("told", ()), detail.get("asked")} - {None}
        talking = set() if detail.get("asked") else set(change.remarks.values_list("person", flat=True))
        return Person.objects.filter(is_active=True, pk__in={change.author_id, *told, *talking}).order_by("pk")
    return [change.author] if change.author.is_active else []
