"""How customers' data leaves a change whose time of keeping is over: what happened stays readable, what was in it does not."""

import time
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from klaviyo_admin.audit.models import Entry
from klaviyo_admin.changes import bodies, record
from klaviyo_admin.changes.models import CHANGE_STATUSES, OPEN, Change, Remark, Step
from klaviyo_admin.intents import PEOPLE

ENDED = tuple(status for status, _ in CHANGE_STATUSES if status not in OPEN)
ACTION = "change.purged"
GONE = (
    "Customers' data of this change were removed when their time was over: it can be read, but neither sent nor undone."
)
PAUSE = 60.0  # seconds between two looks of one process
AT_ONCE = 20

_next_look = 0.0


def once() -> None:
    """Called every second by each worker; looks once a minute."""
    global _next_look
    if time.monotonic() >= _next_look:
        _next_look = time.monotonic() + PAUSE
        due_now(AT_ONCE)


def due_now(most: int | None = None) -> int:
    """Purges what is due, at most so many changes, and returns how many."""
    return sum(purge(pk) for pk in _due().order_by("purge_after").values_list("pk", flat=True)[:most])


def purge(pk: int) -> bool:
    """Removes bodies, answers, values, row errors and people's names from one change, if it is due. False if it is not.

    Ids, operations, counts, statuses and digests stay: they say what happened, and name no customer.
    """
    with transaction.atomic():
        # By compare-and-set, so that it is done once, and never to a change that somebody continued meanwhile.
        if not _due().filter(pk=pk).update(purge_after=None):
            return False
        change = Change.objects.select_related("account").get(pk=pk)
        steps = Step.objects.filter(change=change)
        files = set(steps.filter(in_file=True).values_list("body_sha256", flat=True))
        count = _empty(steps)
        Remark.objects.filter(change=change).update(text=None)
        if change.target_type in PEOPLE:
            Change.objects.filter(pk=pk).update(sealed_name=None)
        # Before the commit: if it fails, the change is due again, and removes what is left.
        used = Step.objects.filter(in_file=True, body_sha256__in=files).values_list("body_sha256", flat=True)
        for sha in files - set(used):
            bodies.discard(sha)
        said = f"Removed customers' data from {count:,} request{'' if count == 1 else 's'}: its time was over."
        record.of_change(ACTION, change, said, detail={"requests": count, "files": len(files)})
    return True


def removed_on(change: Change) -> datetime | None:
    """When the data of a change were removed; None if they were not."""
    if change.ended_at is None or change.purge_after is not None:
        return None
    lines = Entry.objects.filter(change_id=change.pk, action=ACTION, account_id=change.account_id)
    return lines.values_list("at", flat=True).first()


def _empty(steps: QuerySet[Step]) -> int:
    for pk, path in steps.order_by().values_list("pk", "path").iterator(chunk_size=500):
        bare, asked, _ = str(path).partition("?")
        if asked:
            steps.filter(pk=pk).update(path=bare)
    steps.filter(target_type__in=PEOPLE).update(target_name="")
    return steps.update(
        body=None,
        in_file=False,
        response=None,
        fields=[],
        problems=None,
        row_errors=None,
        seen=None,
        taken=None,
        image=None,
        basis=None,
        rows_cursor="",
    )


def _due() -> QuerySet[Change]:
    return Change.objects.filter(purge_after__lt=timezone.now(), status__in=ENDED)
