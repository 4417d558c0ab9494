"""What a bulk step left behind: the rows that Klaviyo refused, and the counts of a change in progress."""

from dataclasses import dataclass

from django.db.models import Count, Sum

from klaviyo_admin.changes.models import Change, Step


def row_errors(step: Step) -> list[dict[str, str]]:
    """The refused rows of a followed job, in Klaviyo's order: pointer, code, title, detail. Raises Unreadable."""
    return list(Step.objects.only("row_errors").get(pk=step.pk).row_errors or [])


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of steps by what became of them. `over` is how many need no more work; rows are those of bulk jobs."""

    total: int
    done: int
    failed: int
    unclear: int
    skipped: int
    waiting: int
    under_way: int
    rows: int
    rows_done: int
    rows_failed: int

    @property
    def over(self) -> int:
        return self.done + self.failed + self.unclear + self.skipped

    @property
    def rows_worked(self) -> int:
        return self.rows_done + self.rows_failed


def progress(change: Change) -> Progress:
    """How far a change is, by one small query whatever its size."""
    sums = (Count("pk"), *(Sum(f"{name}_rows") for name in ("total", "completed", "failed")))
    named = dict(zip(("number", "total", "completed", "failed"), sums, strict=True))
    found = list(change.steps.order_by().values("status").annotate(**named).values_list("status", *named))
    count = {status: number for status, number, *_ in found}
    rows = [sum(row[place] or 0 for row in found) for place in (2, 3, 4)]
    return Progress(
        total=sum(count.values()),
        **{status: count.get(status, 0) for status in ("done", "failed", "unclear", "skipped", "waiting")},
        under_way=count.get("sent", 0) + count.get("accepted", 0),
        rows=rows[0],
        rows_done=rows[1],
        rows_failed=rows[2],
    )
