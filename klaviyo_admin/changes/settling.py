"""How what became of a request is written down: under the fence of its holder, with its line, or as too late."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from klaviyo_admin.changes import holding, outcomes, record, waiting
from klaviyo_admin.changes.holding import Hold, Lost
from klaviyo_admin.changes.models import Change, Step
from klaviyo_admin.klaviyo.errors import KlaviyoError, Refused, Throttled, Unavailable, Unclear
from klaviyo_admin.klaviyo.values import Receipt


def orphans(hold: Hold, change: Change, sent: Iterable[Step]) -> None:
    """What is found as sent by a new holder died with the old one: nobody knows what became of it."""
    for step in sent:
        columns = {"status": "unclear", "error": outcomes.DIED}
        _settle(hold, change, step, "step.unclear", columns, before=step.fence)


def answered(hold: Hold, change: Change, step: Step, answer: Receipt | KlaviyoError) -> None:
    """Writes down a yes, a no, or that nobody knows; raises any other error. Raises Lost."""
    if isinstance(answer, Receipt):
        columns = outcomes.accepted(step, answer)
        spent = {"milliseconds": round(answer.seconds * 1000), "attempts": answer.attempts, **outcomes.made(answer)}
        return _settle(hold, change, step, f"step.{columns['status']}", columns, spent)
    if not isinstance(answer, Refused | Unclear):
        raise answer
    columns = outcomes.refused(answer)
    return _settle(hold, change, step, f"step.{columns['status']}", columns)


def unsent(hold: Hold, change: Change, step: Step, why: str) -> None:
    """A request that cannot be completed fails before it leaves. Raises Lost."""
    with transaction.atomic():
        holding.keep(hold, tries=0, attempts=0)
        waits = Step.objects.filter(pk=step.pk, status="waiting")
        if not waits.update(status="failed", error=why, finished_at=timezone.now()):
            raise Lost
        record.of_step("step.failed", change, step, f"Request {step.number} was not sent. {why}")
    step.status = "failed"


def postpone(hold: Hold, change: Change, back: Sequence[tuple[Step, Throttled | Unavailable]]) -> None:
    """Klaviyo surely did not carry these out: they wait for another time, or for a person. Raises Lost."""
    with transaction.atomic():
        for step, error in back:
            sent = Step.objects.filter(pk=step.pk, status="sent", fence=hold.fence)
            if not sent.update(status="waiting", sent_at=None):
                raise Lost
            said = f"Request {step.number} is postponed. {outcomes.plainly(error)}"
            record.of_step("step.postponed", change, step, said, detail={"status": error.status or None})
        waiting.for_klaviyo(hold, max((error for _, error in back), key=_patience))


def _patience(error: Throttled | Unavailable) -> float:
    return error.retry_after if isinstance(error, Throttled) else 0.0


def _settle(
    hold: Hold,
    change: Change,
    step: Step,
    action: str,
    columns: dict[str, Any],
    detail: dict[str, Any] | None = None,
    before: int = 0,
) -> None:
    """If somebody else holds the change by now, only the audit hears of it."""
    status = columns["status"]
    ended = {} if status == "accepted" else {"finished_at": timezone.now()}
    known = {"status": columns.get("response_status"), **(detail or {})}
    said = f"Request {step.number}: {columns.get('error') or outcomes.SAID[status]}"
    try:
        with transaction.atomic():
            holding.keep(hold, tries=0, attempts=0)
            sent = Step.objects.filter(pk=step.pk, status="sent", fence=before or hold.fence)
            if not sent.update(**columns, **ended):
                raise Lost
            record.of_step(action, change, step, said, detail=known)
    except Lost:
        with transaction.atomic():
            record.of_step("step.late", change, step, f"{said} (The answer came too late.)", detail=known)
        raise
    change.tries = 0
    step.status = status
    step.remote_job = columns.get("remote_job", "")
    step.failed_rows = None
