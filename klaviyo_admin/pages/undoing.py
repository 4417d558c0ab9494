"""The page that offers to take a change back: what would be restored, and what has moved on since."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from klaviyo_admin import api
from klaviyo_admin.accounts.models import Account
from klaviyo_admin.changes import diff, digests, purge, review, staleness, undo
from klaviyo_admin.changes.models import Change, Step
from klaviyo_admin.changes.staleness import Place
from klaviyo_admin.intents import Intent, Request
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.errors import KlaviyoError, NotFound
from klaviyo_admin.klaviyo.values import Item
from klaviyo_admin.pages import story
from klaviyo_admin.pages.act import Planned
from klaviyo_admin.pages.changes import change_or_404
from klaviyo_admin.pages.numbers import whole
from klaviyo_admin.pages.render import Trouble, account_for, page, person_of, trouble

# Targets that the page reads for its third column; the worker looks at every one before it sends anything.
MOST_READ = 60
ROWS = 25


@dataclass(frozen=True, slots=True)
class Part:
    """One request that would be taken back: its values before, after and now, what becomes of it instead, what stays
    lost, and whether it is left out."""

    step: Step
    label: str
    rows: tuple[diff.Row, ...]
    writes: tuple[str, ...]
    lost: tuple[str, ...]
    left_out: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """`intent` is the undo, None if there can be none: then `fault` or `trouble` says why."""

    intent: Intent | None
    fault: str = ""
    trouble: Trouble | None = None
    parts: tuple[Part, ...] = ()
    unread: int = 0


def take_back(request: HttpRequest, account: int, pk: int) -> HttpResponse:
    here = account_for(request, account, "propose")
    found, only = change_or_404(here, pk), whole(request.GET.get("request"))
    drawn = plan(here, found, only)
    why = Planned(request.POST if request.method == "POST" else None, prefix="why", account=here)
    if request.method == "POST" and drawn.intent and why.is_valid():
        return proposed(request, found, drawn.intent, why)
    context: dict[str, Any] = {"change": found, "only": only, "plan": drawn, "why": why, "trouble": drawn.trouble}
    return page(request, "changes/undo.html", context, here, 422 if why.errors else 200)


def proposed(request: HttpRequest, found: Change, intent: Intent, why: Planned) -> HttpResponse:
    try:
        made = review.undo(person_of(request), found, intent, why.cleaned_data["reason"], why.plan())
    except review.ReviewRefused as refused:
        messages.error(request, refused.sentence)
        return redirect("change", found.account_id, found.pk)
    messages.success(request, "The undo is proposed. Nothing has been sent to Klaviyo.")
    return redirect("change", made.account_id, made.pk)


def plan(account: Account, change: Change, only: int) -> Plan:
    """What undoing would do, compared with what Klaviyo holds now."""
    if purge.removed_on(change) is not None:
        return Plan(None, purge.GONE)
    other = review.undone_by(change, only)
    if other is not None:
        return Plan(None, f"Change {other.pk} undoes this already.")
    try:
        digests.check(change.pk)
        return compared(api.reader(account), change, only)
    except digests.Altered:
        return Plan(None, digests.ALTERED)
    except undo.Impossible as fault:
        return Plan(None, fault.sentence)
    except KlaviyoError as error:
        return Plan(None, trouble=trouble(error))


def compared(reader: Reader, change: Change, only: int) -> Plan:
    """The undo without what has moved on. Raises Impossible, KlaviyoError."""
    steps = list(change.steps.all())
    whole = undo.build(change, steps, only, reader=reader)
    found = present(reader, whole.intent)
    left_out = undo.moved(whole, found)
    known = {step.number: step for step in steps}
    drawn = tuple(part(known[one.step], one, found, one.step in left_out) for one in whole.parts[:ROWS])
    unread = sum(
        1
        for request in whole.intent.requests
        if request.fields and undo.place_of(request)[0] and undo.place_of(request) not in found
    )
    if not left_out:
        return Plan(whole.intent, "", None, drawn, unread)
    try:
        rest = undo.build(change, steps, only, without=left_out, reader=reader)
    except undo.Impossible as fault:
        return Plan(None, fault.sentence, None, drawn)
    told = {one.step: one for one in rest.parts}
    parts = [
        part(each.step, told[each.step.number], found, False) if each.step.number in told else each for each in drawn
    ]
    return Plan(rest.intent, "", None, tuple(parts), unread)


def part(step: Step, one: undo.Opposite, found: dict[Place, Item], left_out: bool) -> Part:
    shown = found.get((step.target_read, step.target_id))
    writes = tuple(f"{spoken(request)}" for request in one.requests)
    return Part(step, story.label(step), diff.rows(step, shown), tuple(dict.fromkeys(writes)), one.lost, left_out)


def spoken(request: Request) -> str:
    """A request of the undo in words."""
    what = operation(request.write.operation).label
    return f"{what}: {request.counts:,} at once" if request.counts > 1 else what


def present(reader: Reader, intent: Intent) -> dict[Place, Item]:
    """The first targets as Klaviyo holds them now; one that is gone is an Item without attributes. Raises the first error."""
    paths: dict[Place, list[tuple[str, ...]]] = {}
    for request in intent.requests:
        if request.fields and undo.place_of(request)[0]:
            paths.setdefault(undo.place_of(request), []).extend(field.path for field in request.fields)
    places = list(paths)[:MOST_READ]
    read = reader.gather(*(partial(staleness.look, reader, place, paths[place]) for place in places))
    for item in read:
        if isinstance(item, KlaviyoError) and not isinstance(item, NotFound):
            raise item
    items = (item if isinstance(item, Item) else Item("", "", {}) for item in read)
    return dict(zip(places, items, strict=True))


urlpatterns = [path("a/<int:account>/changes/<int:pk>/undo/", take_back, name="change-undo")]
