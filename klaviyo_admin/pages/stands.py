"""How a change stands, in sentences that its status alone does not say: what is missing, why it stopped, who cut it short."""

from collections.abc import Iterable, Sequence
from typing import Any

from klaviyo_admin.audit.models import Entry
from klaviyo_admin.changes import deciders, timing
from klaviyo_admin.changes.models import Approval, Change
from klaviyo_admin.changes.results import Progress
from klaviyo_admin.changes.rules import Outcome, Signed
from klaviyo_admin.pages.words import STANDS, missing

UNSENT = "Nothing of it is stuck. What has not been sent waits until somebody lets it go on."
DECIDE = "Try again what failed, settle it one by one, or cancel the rest."
# The word on the badge of a change that is under way, by what it waits for.
HELD = {"time": "scheduled", "window": "waits for its hours", "freeze": "frozen", "key": "waits for a key"}


def badge(change: Change) -> str:
    """How a change that is under way stands, as a word."""
    return HELD.get(change.waits_for, "under way")


def told(change: Change, asked: Outcome, decisions: Sequence[Approval], progress: Progress, anew: bool) -> str:
    """The sentence for one change; `anew` says that it was proposed again."""
    match change.status:
        case "proposed":
            return _proposed(change, asked, decisions)
        case "failed" | "unclear" if progress.waiting and not progress.failed and not progress.unclear:
            return UNSENT
        case "failed" if progress.waiting:
            share = timing.of(change).tolerate
            why = f"more than {share} % of its requests failed" if share else "a request failed"
            return f"It stopped by itself, because {why}. {DECIDE}"
        case "stale" if anew:
            return "It was proposed again, as said below."
        case "cancelled":
            return _cancelled(change)
    return STANDS[change.status][1]


def given(change: Change, asked: Outcome, decisions: Sequence[Approval]) -> int:
    """How many people approved exactly what the change now holds; while it waits, of those who may still decide about it."""
    return len(
        deciders.counting(change, decisions, asked) if change.status == "proposed" else _agreed(change, decisions)
    )


def _proposed(change: Change, asked: Outcome, decisions: Sequence[Approval]) -> str:
    counting = deciders.counting(change, decisions, asked)
    gone = [str(one.person) for one in _agreed(change, decisions) if one not in counting]
    lacks = missing(asked, [Signed(one.role, tuple(one.duties)) for one in counting])
    if not (counting or gone) or not lacks:
        return STANDS["proposed"][1]
    said = f" {' and '.join(gone)} approved it, but may no longer decide about it." if gone else ""
    return f"Nothing has been sent.{said} Still missing: {lacks}."


def _agreed(change: Change, decisions: Iterable[Approval]) -> list[Approval]:
    return [one for one in decisions if one.decision == "approve" and one.digest == change.digest]


def _cancelled(change: Change) -> str:
    """Who left out the rest, and why: the audit knows."""
    line = Entry.objects.filter(change_id=change.pk, action="change.cancelled").order_by("-id").first()
    if line is None:
        return STANDS["cancelled"][1]
    detail: dict[str, Any] = line.detail
    return f"{line.person_name} left out what had not been sent: “{detail.get('reason', '')}”"
