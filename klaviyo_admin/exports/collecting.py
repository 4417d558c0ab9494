"""Knows how a whole collection becomes a CSV file, page by page, by whichever worker is free."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from klaviyo_admin import api, jobs
from klaviyo_admin.accounts.models import Account, Person
from klaviyo_admin.accounts.rights import demand
from klaviyo_admin.areas import find, finding
from klaviyo_admin.areas.base import Asked, Resource
from klaviyo_admin.audit.log import record
from klaviyo_admin.exports import csv_file
from klaviyo_admin.exports.models import Export, Exports, Rows
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.errors import KlaviyoError, Throttled, Unavailable
from klaviyo_admin.klaviyo.values import Item, Page

COLLECT = "klaviyo_admin.exports.collecting.collect"
SLICE_SECONDS = 20.0
LEASE_SECONDS = 90
MAX_ATTEMPTS = 20  # slices that ended without a word, one after the other
TRIES = 40  # answers in a row that asked to wait, or that were none
PATIENCE = timedelta(seconds=30)  # a hint that led nowhere is repeated only after this long
AT_ONCE = 20
GIVEN_UP = "Its worker stopped several times without getting anywhere."
UNKNOWN = "This version of Klaviyo Admin does not know what was to be exported."


def start(
    person: Person, account: Account, resource: Resource, asked: Asked, said: list[str], named: str = ""
) -> Export:
    """Begins an export of everything that `asked` finds, of that only what has `named` in its name; `said` are its
    conditions as people read them.

    Raises NotAllowed for people who may not propose changes: who may only look takes no file along.
    """
    demand(person, account, "propose")
    with transaction.atomic():
        question = {"filter": asked.filter, "sort": asked.sort, "said": said, "named": named}
        export = Export.objects.create(account=account, person=person, resource=resource.key, asked=question)
        _record("export.started", export, f"Began to export {resource.many}.", person, {"conditions": len(said)})
        jobs.enqueue(COLLECT, export.pk)
    return export


def stop(person: Person, export: Export) -> bool:
    """Ends an export under way and drops its rows; False if it had ended already."""
    demand(person, export.account, "propose")
    with transaction.atomic():
        ended = Export.objects.filter(pk=export.pk, status="running").update(
            status="stopped", ended_at=timezone.now(), purged=True, cursor=None
        )
        if ended:
            Rows.objects.filter(export=export).delete()
            _record("export.stopped", export, "Stopped an export.", person, {})
    return bool(ended)


def taken(person: Person, export: Export) -> Iterator[bytes]:
    """The file; that it was taken is on record before its first byte."""
    demand(person, export.account, "propose")
    with transaction.atomic():
        _record("export.taken", export, f"Took a file of {export.rows:,} rows.", person, {"rows": export.rows})
    return (piece.data for piece in export.pieces.order_by("number").iterator(chunk_size=4))


def collect(export_id: int) -> None:
    """The task "look at export N": reads pages for a while. Safe to deliver any number of times."""
    due = Export.objects.filter(pk=export_id, status="running")
    fence = jobs.claim(due, lease_seconds=LEASE_SECONDS)
    if fence is None:
        return None
    export = Export.objects.select_related("account", "person").get(pk=export_id)
    resource = find(export.resource)
    if export.attempts > MAX_ATTEMPTS or resource is None or not resource.source.list:
        return _end(export, "failed", GIVEN_UP if resource else UNKNOWN)
    reader, until = api.reader(export.account), time.monotonic() + SLICE_SECONDS
    try:
        while time.monotonic() < until:
            if not _one_page(export, resource, reader):
                return None
    except (Throttled, Unavailable) as error:
        return _wait(export, error)
    except KlaviyoError as error:
        return _end(export, "failed", error.summary)
    return _wait(export, None)


def _one_page(export: Export, resource: Resource, reader: Reader) -> bool:
    """Reads and keeps one page; False when there is nothing more to do, or another worker does it."""
    most = operation(resource.source.list).page_max
    question = Asked(export.asked["filter"], export.asked["sort"], export.cursor or "", most)
    page = resource.page(reader, question)
    if named := export.asked.get("named"):
        page = replace(page, items=tuple(item for item in page.items if finding.fits(resource, item, named)))
    data = b"".join(csv_file.blocks(_lines(resource, page, heading=not export.pages)))
    if export.pages:
        data = data.removeprefix(csv_file.MARK)
    with transaction.atomic():
        went_on = _held(export).update(
            **{"rows": export.rows + len(page.items), "pages": export.pages + 1, "cursor": page.next_cursor},
            **{"tries": 0, "attempts": 0, "lease_until": timezone.now() + timedelta(seconds=LEASE_SECONDS)},
        )
        if not went_on:
            return False
        Rows.objects.create(export=export, number=export.pages, data=data)
    export.refresh_from_db(fields=["rows", "pages", "cursor"])
    if not page.next_cursor:
        _end(export, "done")
    return bool(page.next_cursor)


def _lines(resource: Resource, page: Page, *, heading: bool) -> Iterator[list[str]]:
    shown = {column.key for column in resource.columns}
    fields = operation(resource.source.list).fields.get(resource.type, ())
    others = [name for name in fields if name not in shown and "." not in name]
    if heading:
        yield [*(column.label for column in resource.columns), *others]
    for item in page.items:
        yield [*(_cell(column.show(item)) for column in resource.columns), *(_attribute(item, n) for n in others)]


def _attribute(item: Item, name: str) -> str:
    return _cell(item.attributes.get(name))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, str | int | float) else orjson.dumps(value, default=str).decode()


def _held(export: Export) -> Exports:
    return Export.objects.filter(pk=export.pk, status="running", fence=export.fence)


def _wait(export: Export, error: KlaviyoError | None) -> None:
    """Lets go of the export, to be taken up again at once, or when Klaviyo has had its rest."""
    tries = export.tries + 1 if error else 0
    if error and tries > TRIES:
        return _end(export, "failed", error.summary)
    pause = max(1.0, error.retry_after) if isinstance(error, Throttled) else min(60.0, 2.0**tries) if error else 0.0
    now = timezone.now()
    later = {"lease_until": None, "not_before": now + timedelta(seconds=pause) if pause else None, "hinted_at": now}
    with transaction.atomic():
        if _held(export).update(tries=tries, attempts=0, **later) and not pause:
            jobs.enqueue(COLLECT, export.pk)
    return None


def _end(export: Export, status: str, error: str = "") -> None:
    with transaction.atomic():
        if _held(export).update(status=status, error=error, ended_at=timezone.now(), lease_until=None, cursor=None):
            export.refresh_from_db()
            said = "Finished an export" if status == "done" else "Gave up an export"
            _record("export.ended", export, f"{said} after {export.rows:,} rows.", None, {"status": status})


def sweep() -> None:
    """Called every second by each worker: hints exports whose pause is over or whose worker died, and drops rows whose
    time is over."""
    now = timezone.now()
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    come = Q(not_before=None, hinted_at__lt=now - PATIENCE) | Q(not_before__lte=now)
    due = Export.objects.filter(free, come, status="running")
    for pk in due.values_list("pk", flat=True)[:AT_ONCE]:
        with transaction.atomic():
            if due.filter(pk=pk).update(hinted_at=now, not_before=None):
                jobs.enqueue(COLLECT, pk)
    for pk in Export.objects.filter(purged=False, purge_after__lt=now).values_list("pk", flat=True)[:AT_ONCE]:
        with transaction.atomic():
            Rows.objects.filter(export_id=pk).delete()
            Export.objects.filter(pk=pk).update(purged=True, asked={})


def _record(action: str, export: Export, said: str, person: Person | None, detail: dict[str, Any]) -> None:
    about = ("export", str(export.pk), f"export {export.pk}")
    more = {"resource": export.resource, **detail}
    record(action, sentence=said, person=person, account=export.account, object=about, detail=more)
