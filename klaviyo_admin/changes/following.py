"""Following the remote job that an accepted request started: its end, its counts, and the rows that it refused."""

import time
from typing import Any

from django.db import transaction
from django.utils import timezone

from klaviyo_admin.changes import holding, outcomes, record
from klaviyo_admin.changes.holding import Hold
from klaviyo_admin.changes.models import Change, Step
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.errors import KlaviyoError, Refused
from klaviyo_admin.klaviyo.values import Item, Query

ENDED = ("complete", "cancelled", "failed")
JOB_GONE = "Klaviyo no longer tells how the job ended. Look in Klaviyo whether it was done."
CANCELLED = "Klaviyo cancelled the job."


def look(hold: Hold, change: Change, reader: Reader, step: Step, until: float) -> bool:
    """Asks once how the job of an accepted step stands; True when it has ended and all is on record.

    Stops collecting refused rows at `until` (monotonic seconds), to go on from there. Raises Throttled, Unavailable.
    """
    try:
        job = reader.item(step.follow["job"], path={step.follow["parameter"]: step.remote_job})
    except Refused as error:
        _end(hold, change, step, "unclear", JOB_GONE, problems=outcomes.raw(error))
        return True
    status = str(job.get("status", "")).lower()
    if status not in ENDED:
        _note(hold, step, polls=step.polls + 1, **_counts(job))
        return False
    said = "" if status == "complete" else CANCELLED
    if job.get("failed_count") and step.follow["errors"]:
        try:
            if not _collect(hold, reader, step, until):
                return False
        except Refused as error:
            said += f" Which rows were refused cannot be read. {outcomes.plainly(error)}"
    _end(
        hold,
        change,
        step,
        "done" if status == "complete" else "failed",
        said.strip(),
        **_counts(job),
        **_own(step, job),
    )
    return True


def _own(step: Step, job: Item) -> dict[str, Any]:
    """The rows that failed, where the job itself tells of them and no other read does."""
    if step.follow["errors"]:
        return {}
    rows = [_row(Item("", "", error)) for error in job.get("errors", ()) if isinstance(error, dict)]
    return {"row_errors": rows or None}


def _counts(job: Item) -> dict[str, Any]:
    said = {"total_rows": "total_count", "completed_rows": "completed_count", "failed_rows": "failed_count"}
    return {column: _count(job.get(name)) for column, name in said.items()}


def _count(said: Any) -> int | None:
    """A number of rows that a column can hold; None for anything else."""
    return int(said) if isinstance(said, int | float) and 0 <= said < 2**31 else None


def _collect(hold: Hold, reader: Reader, step: Step, until: float) -> bool:
    """Reads the pages of refused rows, from where the last slice stopped; True when there are no more."""
    step.refresh_from_db(fields=["row_errors", "rows_cursor"])
    rows: list[dict[str, Any]] = list(step.row_errors or [])
    cursor: str | None = step.rows_cursor
    if rows and not cursor:
        return True
    try:
        while cursor is not None and time.monotonic() < until:
            page = reader.page(step.follow["errors"], path={"id": step.remote_job}, query=Query(cursor=cursor))
            rows += [_row(item) for item in page.items]
            cursor = page.next_cursor
    except KlaviyoError:
        _note(hold, step, row_errors=rows or None, rows_cursor=cursor or "")
        raise
    _note(hold, step, row_errors=rows, rows_cursor=cursor or "")
    return cursor is None


def _row(item: Item) -> dict[str, Any]:
    said = {key: str(item.get(key, "")) for key in ("code", "title", "detail")}
    return {"pointer": str(item.get("source.pointer", "")), **said}


def _note(hold: Hold, step: Step, **values: Any) -> None:
    with transaction.atomic():
        holding.keep(hold, tries=0)
        Step.objects.filter(pk=step.pk, status="accepted").update(**values)
    for name, value in values.items():
        setattr(step, name, value)


def _end(hold: Hold, change: Change, step: Step, status: str, error: str, **values: Any) -> None:
    now = timezone.now()
    with transaction.atomic():
        holding.keep(hold, tries=0, attempts=0)
        values |= {"status": status, "error": error, "finished_at": now}
        if not Step.objects.filter(pk=step.pk, status="accepted").update(**values):
            raise holding.Lost
        for name, value in values.items():
            setattr(step, name, value)
        rows = {"job": step.remote_job, "rows": step.total_rows, "failed_rows": step.failed_rows}
        said = f"Request {step.number}: {error or 'Klaviyo finished the job.'}"
        record.of_step(f"step.{status}", change, step, said, detail=rows)
