"""Carries out approved changes: the only holder of a Writer, and the only place from which a request leaves.

Every request is written down as sent before it goes, and its outcome after it came, each under the fence of the holder.
What is found as sent by a new holder died with the old one: it is unclear, and never sent again by itself.
"""

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from klaviyo_admin import api
from klaviyo_admin.changes import digests, following, holding, outcomes, policy, record, refs, staleness, timing
from klaviyo_admin.changes.holding import Hold, Lost
from klaviyo_admin.changes.models import STUCK, Change, Step
from klaviyo_admin.changes.undoing import images
from klaviyo_admin.klaviyo.catalogue import UnknownOperation
from klaviyo_admin.klaviyo.client import Reader, Writer
from klaviyo_admin.klaviyo.errors import KlaviyoError, NotFound, Refused, Throttled, Unavailable, Unclear
from klaviyo_admin.klaviyo.values import Item, Write

SLICE_SECONDS = 20.0
SLICE_STEPS = 200
AT_ONCE = 8  # targets read side by side, and jobs asked about in one round
FRESH = timedelta(seconds=30)  # how long a look at a target counts
UNREACHABLE_TRIES = 9  # about five minutes of waiting, then a person decides
THROTTLED_TRIES = 40

NOT_APPROVED = "It is not approved as it stands, so nothing was sent."
UNKNOWN = "This version of Klaviyo Admin no longer knows one of its operations."
GIVEN_UP = "Its worker stopped several times without getting anywhere."


@dataclass(slots=True)
class Work:
    """One slice of one change: who holds it, what was verified, and until when (monotonic seconds) the slice lasts."""

    hold: Hold
    change: Change
    steps: list[Step]
    reader: Reader
    writer: Writer
    until: float
    sends: int

    def over(self) -> bool:
        return self.sends <= 0 or time.monotonic() >= self.until

    def having(self, *statuses: str) -> list[Step]:
        return [step for step in self.steps if step.status in statuses]


def carry_out(change_id: int) -> None:
    """The task "look at change N": does a slice of what is due, or nothing. Safe to deliver any number of times."""
    hold = holding.take(change_id)
    if hold is not None:
        with suppress(Lost):
            do_slice(hold, SLICE_SECONDS, SLICE_STEPS)


def do_slice(hold: Hold, seconds: float, sends: int) -> None:
    """Does what can be done in so many seconds and requests, then ends the change or lets go of it. Raises Lost."""
    if hold.attempts > holding.MAX_ATTEMPTS:
        return holding.end(hold, "failed", GIVEN_UP)
    try:
        change, steps = digests.check(hold.change_id)
        if all(step.status == "waiting" for step in steps):
            digests.check_bodies(steps)
        if not policy.satisfied(change):
            return holding.end(hold, "failed", NOT_APPROVED)
        if shut := timing.wait(change, any(step.sent_at for step in steps), timezone.now()):
            return holding.go_on(hold, at=shut.until, waits_for=shut.why)
        until = time.monotonic() + seconds
        work = Work(hold, change, steps, api.reader(change.account), api.writer(change.account), until, sends)
        _orphans(work)
        if work.having(*STUCK) or _as_reviewed(work, work.having("waiting")):
            _steps(work)
    except timing.Over as over:
        holding.end(hold, over.status, over.sentence)
    except digests.Altered:
        holding.end(hold, "failed", digests.ALTERED)
    except UnknownOperation:
        holding.end(hold, "failed", UNKNOWN)
    except (Throttled, Unavailable) as error:
        _wait(hold, error)
    except KlaviyoError as error:
        holding.end(hold, "failed", f"It could not go on. {outcomes.plainly(error)}")
    return None


def _steps(work: Work) -> None:
    while True:
        step = None if work.having(*STUCK) else next(iter(work.having("waiting")), None)
        accepted = work.having("accepted")
        if accepted and (step is None or not _alongside(step, accepted)):
            if not _follow(work, accepted[:AT_ONCE]):
                return None
        elif step is None:
            status, said = outcomes.summary(work.steps)
            return holding.end(work.hold, status, said)
        elif work.over():
            return holding.go_on(work.hold)
        elif not _as_reviewed(work, [step]) or not _send(work, step):
            return None


def _alongside(step: Step, accepted: Sequence[Step]) -> bool:
    """Chunks of one bulk operation go out one after another; anything else waits for the jobs before it."""
    return bool(step.follow) and all(a.operation == step.operation for a in accepted)


def _orphans(work: Work) -> None:
    for step in work.having("sent"):
        _settle(work, step, "step.unclear", {"status": "unclear", "error": outcomes.DIED}, before=step.fence)


def _as_reviewed(work: Work, steps: Sequence[Step]) -> bool:
    """Reads the targets of steps that nobody looked at lately. False if something moved or the slice is over."""
    fields = staleness.to_compare(work.steps)
    old = timezone.now() - FRESH
    due = [s for s in steps if s.pk in fields and (s.checked_at is None or (len(steps) == 1 and s.checked_at < old))]
    if len(steps) > 1:
        # The first look is at all of them, so that nothing is sent of a change of which a part has moved.
        due = [s for s in due if s.checked_at is None]
    places = list(dict.fromkeys(staleness.place(step) for step in due))
    for start in range(0, len(places), AT_ONCE):
        if work.over():
            holding.go_on(work.hold)
            return False
        now = places[start : start + AT_ONCE]
        found = dict(zip(now, _read(work.reader, now, due), strict=True))
        looked = [(s, found[staleness.place(s)]) for s in due if staleness.place(s) in found]
        if any(staleness.moved(s, fields[s.pk], item) for s, item in looked):
            _stale(work, [(s, item, staleness.moved(s, fields[s.pk], item)) for s, item in looked])
            return False
        with transaction.atomic():
            holding.keep(work.hold, tries=0)
            Step.objects.filter(pk__in=[s.pk for s, _ in looked]).update(checked_at=timezone.now())
        for step, _ in looked:
            step.checked_at = timezone.now()
    return True


def _read(reader: Reader, places: Sequence[staleness.Place], steps: Sequence[Step]) -> list[Item]:
    """The targets, side by side; one that is gone is an Item without attributes. Raises the first other error."""
    paths = {place: [f["path"] for s in steps if staleness.place(s) == place for f in s.fields] for place in places}
    items = reader.gather(*(partial(staleness.look, reader, place, paths[place]) for place in places))
    for item in items:
        if isinstance(item, KlaviyoError) and not isinstance(item, NotFound):
            raise item
    return [item if isinstance(item, Item) else Item("", "", {}) for item in items]


def _stale(work: Work, looked: Sequence[tuple[Step, Item, list[str]]]) -> None:
    done = len(work.having("done", "accepted"))
    sent = f"{done:,} of {len(work.steps):,} requests had been sent before." if done else "Nothing was sent."
    moved = [{"step": step.number, "fields": labels} for step, _, labels in looked if labels]
    with transaction.atomic():
        for step, item, _ in looked:
            Step.objects.filter(pk=step.pk).update(seen=[staleness.at(item, field) for field in step.fields])
        said = f"What it would overwrite has changed since it was proposed. {sent}"
        holding.end(work.hold, "stale", said, {"moved": moved})


def _send(work: Work, step: Step) -> bool:
    """Sends one request; False if the slice ends with it."""
    try:
        write, taken = refs.closed(step, digests.body(step))
    except refs.Unanswered as fault:
        return _unsent(work, step, fault.sentence)
    image = _image(work, step, write)
    with transaction.atomic():
        now = timezone.now()
        holding.keep(work.hold)
        leaves = {"status": "sent", "fence": work.hold.fence, "sent_at": now, "taken": taken or None, **image}
        if not Step.objects.filter(pk=step.pk, status="waiting").update(**leaves):
            raise Lost
        record.sent(work.change, step, len(work.steps), refs.told(step, write, taken))
    work.sends -= 1
    try:
        receipt = work.writer.send(write)
    except (Throttled, Unavailable) as error:
        _postpone(work, step, error)
        return False
    except (Refused, Unclear) as error:
        columns = outcomes.refused(error)
        _settle(work, step, f"step.{columns['status']}", columns)
        return True
    columns = outcomes.accepted(step, receipt)
    detail = {"milliseconds": round(receipt.seconds * 1000), "attempts": receipt.attempts, **outcomes.made(receipt)}
    _settle(work, step, f"step.{columns['status']}", columns, detail)
    return True


def _image(work: Work, step: Step, write: Write) -> dict[str, Any]:
    """What an undo needs to know of the time before; of a request that is sent again, of the time before the first."""
    if step.resolution == "send again" and step.image is not None:
        return {}
    return {"image": images.take(work.reader, write, [field["path"] for field in step.fields])}


def _unsent(work: Work, step: Step, why: str) -> bool:
    """A request that cannot be completed fails before it leaves."""
    with transaction.atomic():
        holding.keep(work.hold, tries=0, attempts=0)
        waiting = Step.objects.filter(pk=step.pk, status="waiting")
        if not waiting.update(status="failed", error=why, finished_at=timezone.now()):
            raise Lost
        record.of_step("step.failed", work.change, step, f"Request {step.number} was not sent. {why}")
    step.status = "failed"
    return True


def _settle(
    work: Work, step: Step, action: str, columns: dict[str, Any], detail: dict[str, Any] | None = None, before: int = 0
) -> None:
    """Writes down how a sent request ended. If somebody else holds the change by now, only the audit hears of it."""
    status = columns["status"]
    ended = {} if status == "accepted" else {"finished_at": timezone.now()}
    known = {"status": columns.get("response_status"), **(detail or {})}
    said = f"Request {step.number}: {columns.get('error') or outcomes.SAID[status]}"
    try:
        with transaction.atomic():
            holding.keep(work.hold, tries=0, attempts=0)
            sent = Step.objects.filter(pk=step.pk, status="sent", fence=before or work.hold.fence)
            if not sent.update(**columns, **ended):
                raise Lost
            record.of_step(action, work.change, step, said, detail=known)
    except Lost:
        with transaction.atomic():
            record.of_step("step.late", work.change, step, f"{said} (The answer came too late.)", detail=known)
        raise
    work.change.tries = 0
    step.status = status
    step.remote_job = columns.get("remote_job", "")
    step.failed_rows = None


def _postpone(work: Work, step: Step, error: Throttled | Unavailable) -> None:
    """Klaviyo surely did not carry it out: the request waits for another time, or for a person."""
    with transaction.atomic():
        back = Step.objects.filter(pk=step.pk, status="sent", fence=work.hold.fence)
        if not back.update(status="waiting", sent_at=None):
            raise Lost
        said = f"Request {step.number} is postponed. {outcomes.plainly(error)}"
        record.of_step("step.postponed", work.change, step, said, detail={"status": error.status or None})
        _wait(work.hold, error)


def _wait(hold: Hold, error: Throttled | Unavailable) -> None:
    change = Change.objects.get(pk=hold.change_id)
    if _hopeless(change, error):
        return holding.end(hold, "failed", f"It could not go on. {outcomes.plainly(error)}")
    return holding.go_on(hold, at=_after(_seconds(change, error)), tries=change.tries + 1, waits_for="klaviyo")


def _hopeless(change: Change, error: Throttled | Unavailable) -> bool:
    return change.tries >= (THROTTLED_TRIES if isinstance(error, Throttled) else UNREACHABLE_TRIES)


def _seconds(change: Change, error: Throttled | Unavailable) -> float:
    """How long to wait: as long as Klaviyo asks, else longer each time."""
    if isinstance(error, Throttled):
        return max(1.0, error.retry_after)
    return min(60.0, 2.0**change.tries)


def _follow(work: Work, accepted: Sequence[Step]) -> bool:
    """Asks how remote jobs stand; False if none ended, so that the slice ends and another one asks again."""
    ended = [following.look(work.hold, work.change, work.reader, step, work.until) for step in accepted]
    if any(ended) and not work.over():
        return True
    pause = min(10.0, 1.5 ** min(step.polls for step in accepted)) if not any(ended) else 0
    holding.go_on(work.hold, at=_after(pause) if pause else None)
    return False


def _after(seconds: float) -> datetime:
    return timezone.now() + timedelta(seconds=seconds)
