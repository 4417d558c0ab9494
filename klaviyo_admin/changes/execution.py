"""Carries out approved changes: the only holder of a Writer, and the only place from which a request leaves.

Every request is written down as sent before it goes, and its outcome after it came, each under the fence of the holder.
What is found as sent by a new holder died with the old one: it is unclear, and never sent again by itself.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import suppress
from functools import partial
from threading import Event
from typing import Any

from django.db import transaction
from django.utils import timezone

from klaviyo_admin import api
from klaviyo_admin.changes import (
    deciders,
    digests,
    emergency,
    following,
    freezes,
    holding,
    order,
    outcomes,
    policy,
    recheck,
    record,
    refs,
    settling,
    timing,
    waiting,
)
from klaviyo_admin.changes.holding import Hold, Lost
from klaviyo_admin.changes.models import Change, Step
from klaviyo_admin.changes.undoing import images
from klaviyo_admin.changes.work import AT_ONCE, Work
from klaviyo_admin.klaviyo.catalogue import UnknownOperation
from klaviyo_admin.klaviyo.client import Writer
from klaviyo_admin.klaviyo.errors import KlaviyoError, Throttled, Unavailable
from klaviyo_admin.klaviyo.values import Receipt, Write

SLICE_SECONDS = 20.0
SLICE_STEPS = 200
FOR_A_KEY = 60.0  # seconds after which it is looked whether a missing sealing key is back
LOOK_EVERY = 0.5  # seconds after which those on their way are told whether they may leave once more

NOT_APPROVED = "It is not approved as it stands, so nothing was sent."
STRICTER = "The account’s policy has become stricter since it was approved, so nothing was sent. Propose it again."
UNKNOWN = "This version of Klaviyo Admin no longer knows one of its operations."
GIVEN_UP = "Its worker stopped several times without getting anywhere."


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
        if fault := _unapproved(change, steps, rushed):
            return holding.end(hold, "failed", fault)
        begun = any(step.sent_at for step in steps)
        left = any(step.status == "waiting" for step in steps)
        if left and not (rushed or begun) and (gone := deciders.gone(change)):
            return holding.ask_again(hold, gone)
        shut = None if rushed else timing.wait(change, begun, timezone.now())
        if shut:
            return holding.go_on(hold, at=shut.until, waits_for=shut.why)
        reader, writer = api.reader(change.account), api.writer(change.account)
        until, plan = time.monotonic() + seconds, timing.of(change)
        work = Work(hold, change, steps, reader, until, sends, plan, rushed)
        settling.orphans(hold, change, work.having("sent"))
        _stop_here(work)
        if order.stopped(work.steps, plan) or recheck.as_reviewed(work, work.having("waiting")):
            _steps(work, writer)
    except holding.Wished:
        waiting.for_people(hold)
    except freezes.Frozen as frozen:
        # What Klaviyo has accepted is followed all the same, by the next slice.
        at = None if Step.objects.filter(change=hold.change_id, status="accepted").exists() else frozen.until
        holding.go_on(hold, at=at, waits_for=freezes.WHY)
    except timing.Over as over:
        holding.end(hold, over.status, over.sentence)
    except digests.Locked:
        holding.go_on(hold, at=waiting.after(FOR_A_KEY), waits_for="key")
    except digests.Altered:
        holding.end(hold, "failed", digests.ALTERED)
    except UnknownOperation:
        holding.end(hold, "failed", UNKNOWN)
    except (Throttled, Unavailable) as error:
        waiting.for_klaviyo(hold, error)
    except KlaviyoError as error:
        holding.end(hold, "failed", f"It could not go on. {outcomes.plainly(error)}")
    return None


def _unapproved(change: Change, steps: Sequence[Step], rushed: bool) -> str:
    """Why nobody agreed to what is about to begin, "" if everybody needed did. Rules that came after the approvals bind
    what has not begun; of what has, the rest is not held back by them."""
    if not (rushed or policy.satisfied(change)):
        return NOT_APPROVED
    begun = any(step.sent_at for step in steps)
    return "" if begun or policy.still_agreed(change, rushed) else STRICTER


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


def _steps(work: Work, writer: Writer) -> None:
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
        elif not recheck.as_reviewed(work, due, lately=True) or not _send(work, writer, due[: work.sends]):
            return None


def _halt(work: Work) -> None:
    """Nothing is left that may be sent: somebody looks at the first requests, or the change ends."""
    if work.having("waiting") and not order.stopped(work.steps, work.plan):
        if work.frozen:
            raise freezes.Frozen(work.frozen)
        return holding.pause(work.hold, "canary")
    status, said = outcomes.summary(work.steps)
    return holding.end(work.hold, status, said)


def _send(work: Work, writer: Writer, steps: Sequence[Step]) -> bool:
    """Sends requests side by side; False if the slice ends with them."""
    ready = [(step, *found, _image(work, step, found[0])) for step in steps if (found := _completed(work, step))]
    if not ready:
        return True
    if not recheck.belonging(work, [(step, leaves["image"]) for step, _, _, leaves in ready if "image" in leaves]):
        return False
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
    for place, answer in _answers(writer, [write for _, write, *_ in ready], partial(_may_repeat, work)):
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


def _may_repeat(work: Work) -> bool:
    """Whether a request that was refused for coming too soon may leave once more: not in a freeze, nor where somebody stops it."""
    try:
        if not work.rushed:
            freezes.demand_none(work.change.account_id)
    except freezes.Frozen:
        return False
    return Change.objects.filter(pk=work.change.pk, wish="").exists()


def _answers(
    writer: Writer, writes: Sequence[Write], may_repeat: Callable[[], bool]
) -> Iterator[tuple[int, Receipt | KlaviyoError]]:
    """The answers as they come, each with the place of its request; whatever is no answer is raised."""
    if len(writes) == 1:
        yield 0, _tried(writer, writes[0], may_repeat)
        return
    halted = Event()  # the threads ask this, not the database
    with ThreadPoolExecutor(len(writes), "klaviyo-write") as crew:
        asked = {
            crew.submit(_tried, writer, write, lambda: not halted.is_set()): place for place, write in enumerate(writes)
        }
        left = set(asked)
        while left:
            come, left = wait(left, LOOK_EVERY, FIRST_COMPLETED)
            if not (come or may_repeat()):
                halted.set()
            for future in come:
                yield asked[future], future.result()


def _tried(writer: Writer, write: Write, may_repeat: Callable[[], bool]) -> Receipt | KlaviyoError:
    try:
        return writer.send(write, may_repeat)
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
