"""How grave a change is, and what has to be agreed before it may run: so far, one approval by an admin."""

from collections.abc import Iterable

from klaviyo_admin.changes.models import Change
from klaviyo_admin.klaviyo.catalogue import Operation

VERSION = "one-approval-1"
# From harmless to grave; a change is as grave as its gravest request. A write that nobody judged counts as the worst.
RISKS = ("read", "reversible", "destructive", "sends", "privacy")
UNDOS = ("exact", "delete-created", "re-create", "compensate", "irreversible")


def risk(operations: Iterable[Operation]) -> str:
    return max((o.risk for o in operations), key=lambda r: RISKS.index(r) if r in RISKS else len(RISKS))


def reversibility(operations: Iterable[Operation]) -> str:
    worst = max((o.undo for o in operations), key=lambda u: UNDOS.index(u) if u in UNDOS else len(UNDOS))
    return worst or "irreversible"


def approvals_needed(change: Change) -> int:
    """How many approvals of its present digest a change needs."""
    return 1


def satisfied(change: Change) -> bool:
    """Whether enough people approved exactly what the change now holds, and nobody rejected it."""
    decisions = change.approvals.filter(digest=change.digest)
    if decisions.filter(decision="reject").exists():
        return False
    return decisions.filter(decision="approve").count() >= approvals_needed(change)
