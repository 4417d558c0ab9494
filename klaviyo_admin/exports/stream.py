"""The live stream of the audit: every line, in order, at least once, to a file or a webhook named by AUDIT_STREAM.

How far it got is stored, and moves only after the other side has the lines.
"""

import os
import time
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from klaviyo_admin import jobs, outgoing
from klaviyo_admin.audit import chain
from klaviyo_admin.audit.models import Entry, Head, Stream
from klaviyo_admin.exports.audit_file import ALL, FORMATS
from klaviyo_admin.outgoing import NotTaken

DELIVER = "klaviyo_admin.exports.stream.deliver"
LINES = 500  # of one delivery
SLICE_SECONDS = 20.0
LEASE_SECONDS = 60
LONGEST_WAIT = 300.0
PATIENCE = timedelta(seconds=30)  # a hint that led nowhere is repeated after this long


def once() -> None:
    """Called every second by each worker: tells the queue if there are lines to deliver and their time has come."""
    if not settings.AUDIT_STREAM:
        return
    stream = current()
    if (Head.objects.values_list("lines", flat=True).first() or 0) <= stream.lines:
        return
    with transaction.atomic():
        if _due().filter(pk=stream.pk).update(hinted_at=timezone.now()):
            jobs.enqueue(DELIVER, stream.pk)


def current() -> Stream:
    """How far the destination of today got. A new one begins with the first line of the log."""
    return Stream.objects.get_or_create(destination=_named(settings.AUDIT_STREAM))[0]


def deliver(pk: int) -> None:
    """The task: delivers until nothing is left, the other side refuses, or the slice is over. Safe to repeat."""
    streams = Stream.objects.filter(pk=pk, destination=_named(settings.AUDIT_STREAM))
    fence = jobs.claim(_timely(streams), lease_seconds=LEASE_SECONDS)
    if fence is None:
        return
    held, until = streams.filter(fence=fence), time.monotonic() + SLICE_SECONDS
    outcome = {"tries": 0, "error": "", "not_before": None}
    try:
        while time.monotonic() < until and _batch(held):
            pass
    except NotTaken as fault:
        tries = held.values_list("tries", flat=True).first() or 0
        wait = timedelta(seconds=min(LONGEST_WAIT, 2.0**tries))
        outcome = {"tries": tries + 1, "error": str(fault), "not_before": timezone.now() + wait}
    held.update(lease_until=None, hinted_at=None, attempts=0, **outcome)


def _batch(held: QuerySet[Stream]) -> bool:
    """Delivers some lines and moves on; False if there are none or somebody else holds the stream. Raises NotTaken."""
    position = held.values_list("lines", flat=True).first()
    if position is None:
        return False
    lines = list(Entry.objects.filter(id__gt=position).order_by("id").values(*ALL)[:LINES])
    if not lines:
        return False
    send(settings.AUDIT_STREAM, b"".join(chain.text(line) + b"\n" for line in lines))
    until = timezone.now() + timedelta(seconds=LEASE_SECONDS)
    return bool(held.update(lines=lines[-1]["id"], lease_until=until, tries=0, error=""))


def send(destination: str, body: bytes) -> None:
    """Hands JSON lines to a web address, which takes them with a status of 2xx, or to the end of a file. Raises NotTaken."""
    try:
        if destination.startswith(("http://", "https://")):
            outgoing.post(destination, body, FORMATS["jsonl"], private=True)
        else:
            _append(Path(destination), body)
    except (OSError, ValueError) as error:
        raise NotTaken(f"It cannot be reached ({type(error).__name__}).") from None


def _append(path: Path, body: bytes) -> None:
    with open(path, "ab+", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        if file.tell():
            file.seek(-1, os.SEEK_END)
            # A line that a crash cut in two must not swallow the next one, which comes again whole.
            body = body if file.read(1) == b"\n" else b"\n" + body
        file.write(body)
        file.flush()
        os.fsync(file.fileno())


def _due() -> QuerySet[Stream]:
    now = timezone.now()
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    return _timely(Stream.objects.filter(free)).filter(Q(hinted_at=None) | Q(hinted_at__lt=now - PATIENCE))


def _timely(streams: QuerySet[Stream]) -> QuerySet[Stream]:
    return streams.filter(Q(not_before=None) | Q(not_before__lte=timezone.now()))


def _named(destination: str) -> str:
    return sha256(destination.encode()).hexdigest()
