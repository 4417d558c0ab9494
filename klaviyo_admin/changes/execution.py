"""Carries out approved changes: the only holder of a Writer, and the only place from which a request leaves.

Every request is written down as sent before it goes, and its outcome after it came, each under the fence of the holder.
What is found as sent by a new holder died with the old one: it is unclear, and never sent again by itself.
"""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from klaviyo_admin import api
from klaviyo_admin.changes import (
    digests,
    emergency,
    following,
    freezes,
    holding,
    order,
    outcomes,
    policy,
    record,
    refs,
    settling,
    staleness,
    timing,
    waiting,
)
from klaviyo_admin.changes.holding import Hold, Lost
from klaviyo_admin.changes.models import Change, Step
from klaviyo_admin.changes.timing import Plan
from klaviyo_admin.changes.undoing import images
from klaviyo_admin.klaviyo.catalogue import UnknownOperation
from klaviyo_admin.klaviyo.client import Reader, Writer
from klaviyo_admin.klaviyo.errors import KlaviyoError, NotFound, Throttled, Unavailable
from klaviyo_admin.klaviyo.values import Item, Receipt, Write

SLICE_SECONDS = 20.0
SLICE_STEPS = 200
AT_ONCE = 8  # targets read side by side, and jobs asked about in one round
FRESH = timedelta(seconds=30)  # how long a look at a target counts

NOT_APPROVED = "It is not approved as it stands, so nothing was sent."
UNKNOWN = "This version of Klaviyo Admin no longer knows one of its operations."
GIVEN_UP = "Its worker stopped several times without getting anywhere."


@dataclass(slots=True)
class Work:
    """One slice of one change: who holds it, what was verified, and until when (monotonic seconds) the slice lasts.

    `rushed` means that the glass was broken for it, so that no freeze holds it; `frozen` until when one does.
    """

    hold: Hold
    change: Change
    steps: list[Step]
    reader: Reader
    writer: Writer
    until: float
    sends: int
    plan: Plan
    rushed: bool
    frozen: datetime | None = None

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
        rushed = emergency.waives(change)
        if not (rushed or policy.satisfied(change)):
            return holding.end(hold, "failed", NOT_APPROVED)
        shut = None if rushed else timing.wait(change, any(step.sent_at for step in steps), timezone.now())
        if shut:
            return holding.go_on(hold, at=shut.until, waits_for=shut.why)
        reader, writer = api.reader(change.account), api.writer(change.account)
        until, plan = time.monotonic() + seconds, timing.of(change)
        work = Work(hold, change, steps, reader, writer, until, sends, plan, rushed)
        settling.orphans(hold, change, work.having("sent"))
        _stop_here(work)
        if order.stopped(work.steps, plan) or _as_reviewed(work, work.having("waiting")):
            _steps(work)
    except holding.Wished:
        waiting.for_people(hold)
    except freezes.Frozen as frozen:
        # What Klaviyo has accepted is followed all the same, by the next slice.
        at = None if Step.objects.filter(change=hold.change_id, status="accepted").exists() else frozen.until
        holding.go_on(hold, at=at, waits_for=freezes.WHY)
    except timing.Over as over:
        holding.end(hold, over.status, over.sentence)
    except digests.Altered:
        holding.end(hold, "failed", digests.ALTERED)
    except UnknownOperation:
        holding.end(hold, "failed", UNKNOWN)
    except (Throttled, Unavailable) as error:
        waiting.for_klaviyo(hold, error)
    except KlaviyoError as error:
        holding.end(hold, "failed", f"It could not go on. {outcomes.plainly(error)}")
    return None


def _stop_here(work: Work) -> None:
    """Raises Wished or Frozen where this slice may send nothing; under a freeze it still follows what was accepted."""
    if work.change.wish == "pause":
        raise holding.Wished
    try:
        if not work.rushed:
            freezes.demand_none(work.change.account_id)
    except freezes.Frozen as frozen:
        if not work.having("accepted"):
            raise
        work.frozen = frozen.until


def _steps(work: Work) -> None:
    while True:
        due = [] if work.frozen else order.batch(work.steps, work.plan, work.change.canary_passed)
        accepted = work.having("accepted")
        if accepted and not (due and order.alongside(due[0], accepted)):
            if not _follow(work, accepted[:AT_ONCE]):
                return None
        elif not due:
            return _halt(work)
        elif work.over():
            return holding.go_on(work.hold)
        elif not _as_reviewed(work, due, lately=True) or not _send(work, due[: work.sends]):
            return None


def _halt(work: Work) -> None:
    """Nothing is left that may be sent: somebody looks at the first requests, or the change ends."""
    if work.having("waiting") and not order.stopped(work.steps, work.plan):
        if work.frozen:
            raise freezes.Frozen(work.frozen)
        return holding.pause(work.hold, "canary")
    status, said = outcomes.summary(work.steps)
    return holding.end(work.hold, status, said)


def _as_reviewed(work: Work, steps: Sequence[Step], *, lately: bool = False) -> bool:
    """Reads the targets of steps that nobody looked at yet, or `lately`. False if something moved or the slice is over.

    The first look is at all of them, so that nothing is sent of a change of which a part has moved.
    """
    fields = staleness.to_compare(work.steps)
    old = timezone.now() - FRESH
    due = [s for s in steps if s.pk in fields and (s.checked_at is None or (lately and s.checked_at < old))]
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


def _send(work: Work, steps: Sequence[Step]) -> bool:
    """Sends requests side by side; False if the slice ends with them."""
    ready = [(step, *found, _image(work, step, found[0])) for step in steps if (found := _completed(work, step))]
    if not ready:
        return True
    with transaction.atomic():
        if not work.rushed:
            freezes.demand_none(work.change.account_id)
        holding.leave(work.hold)
        for step, write, taken, image in ready:
            leaves = {"status": "sent", "fence": work.hold.fence, "sent_at": timezone.now(), "taken": taken or None}
            leaves |= image
            if not Step.objects.filter(pk=step.pk, status="waiting").update(**leaves):
                raise Lost
            record.sent(work.change, step, len(work.steps), refs.told(step, write, taken))
    work.sends -= len(ready)
    back: list[tuple[Step, Throttled | Unavailable]] = []
    lost = False
    for place, answer in _answers(work.writer, [write for _, write, *_ in ready]):
        step = ready[place][0]
        try:
            if isinstance(answer, Throttled | Unavailable):
                back.append((step, answer))
            else:
                settling.answered(work.hold, work.change, step, answer)
        except Lost:
            lost = True
    if lost:
        raise Lost
    if back:
        settling.postpone(work.hold, work.change, back)
    return not back


def _image(work: Work, step: Step, write: Write) -> dict[str, Any]:
    """What an undo needs to know of the time before; of a request that is sent again, of the time before the first."""
    if step.resolution == "send again" and step.image is not None:
        return {}
    found = images.take(work.reader, write, [field["path"] for field in step.fields])
    if found is not None:  # reading it may have taken long
        holding.keep(work.hold)
    return {"image": found}


def _completed(work: Work, step: Step) -> tuple[Write, list[str]] | None:
    """The request as it leaves, with what it took from earlier answers; None if it cannot leave, and so has failed."""
    if number := order.blocked_by(step, work.steps):
        fault = f"Request {number}, about the same thing, failed before it."
    else:
        try:
            return refs.closed(step, digests.body(step))
        except refs.Unanswered as unanswered:
            fault = unanswered.sentence
    settling.unsent(work.hold, work.change, step, fault)
    return None


def _answers(writer: Writer, writes: Sequence[Write]) -> Iterator[tuple[int, Receipt | KlaviyoError]]:
    """The answers as they come, each with the place of its request; whatever is no answer is raised."""
    if len(writes) == 1:
        yield 0, _tried(writer, writes[0])
        return
    with ThreadPoolExecutor(len(writes), "klaviyo-write") as crew:
        asked = {crew.submit(_tried, writer, write): place for place, write in enumerate(writes)}
        for future in as_completed(asked):
            yield asked[future], future.result()


def _tried(writer: Writer, write: Write) -> Receipt | KlaviyoError:
    try:
        return writer.send(write)
    except KlaviyoError as error:
        return error


def _follow(work: Work, accepted: Sequence[Step]) -> bool:
    """Asks how remote jobs stand; False if none ended, so that the slice ends and another one asks again."""
    ended = [following.look(work.hold, work.change, work.reader, step, work.until) for step in accepted]
    if any(ended) and not work.over():
        return True
    if any(ended):
        holding.go_on(work.hold)
    else:
        waiting.for_jobs(work.hold, accepted)
    return False
