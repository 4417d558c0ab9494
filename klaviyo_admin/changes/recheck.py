"""Looks at the targets of a slice once more before anything leaves, and ends the change as stale where one has moved."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from klaviyo_admin.changes import holding, staleness
from klaviyo_admin.changes.models import Step
from klaviyo_admin.changes.undoing.images import Image
from klaviyo_admin.changes.work import AT_ONCE, Work
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.errors import KlaviyoError, NotFound
from klaviyo_admin.klaviyo.values import Item

FRESH = timedelta(seconds=30)  # how long a look at a target counts


def as_reviewed(work: Work, steps: Sequence[Step], *, lately: bool = False) -> bool:
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


def belonging(work: Work, images: Sequence[tuple[Step, Image | None]]) -> bool:
    """Whether those whom requests name belong as they did when proposed, by the images read right before the requests
    leave; False if not, and the change is stale."""
    looked = [
        (step, Item("", step.target_id, {staleness.MEMBERS: _inside(work, step, image["ids"])}))
        for step, image in images
        if "named" in (step.basis or {}) and image and "ids" in image and step.resolution != "send again"
    ]
    moved = [(step, item, staleness.moved(step, staleness.compared(step), item)) for step, item in looked]
    if any(labels for _, _, labels in moved):
        _stale(work, moved)
        return False
    return True


def _inside(work: Work, step: Step, now: Sequence[str]) -> list[str]:
    """Who belongs now; of those whom an earlier request of the same change moved, who belonged when it was proposed."""
    earlier = (other.basis or {} for other in work.steps if other.number < step.number and other.path == step.path)
    own = {ident for basis in earlier for ident in basis.get("named", ())}
    return [ident for ident in now if ident not in own] + [ident for ident in step.basis["ids"] if ident in own]


def _read(reader: Reader, places: Sequence[staleness.Place], steps: Sequence[Step]) -> list[Item]:
    """The targets, side by side; one that is gone is an Item without attributes. Raises the first other error."""
    paths = staleness.paths(steps)
    items = reader.gather(*(partial(staleness.look, reader, place, paths.get(place, [])) for place in places))
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
            Step.objects.filter(pk=step.pk).update(
                seen=[staleness.at(item, field) for field in staleness.compared(step)]
            )
        said = f"What it would overwrite has changed since it was proposed. {sent}"
        holding.end(work.hold, "stale", said, {"moved": moved})
