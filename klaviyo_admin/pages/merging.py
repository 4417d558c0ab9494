"""The page of a stale change: for each value what was proposed, what is wanted, what Klaviyo holds, and which of them counts."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from klaviyo_admin import api
from klaviyo_admin.accounts.models import Account
from klaviyo_admin.changes import basis, diff, digests, merging, purge, staleness, timing
from klaviyo_admin.changes.models import Change, Step
from klaviyo_admin.changes.review import ReviewRefused, propose
from klaviyo_admin.changes.staleness import Place
from klaviyo_admin.changes.undoing.done import Impossible
from klaviyo_admin.klaviyo.errors import KlaviyoError, NotFound
from klaviyo_admin.klaviyo.values import Item
from klaviyo_admin.pages import story
from klaviyo_admin.pages.act import Planned
from klaviyo_admin.pages.changes import change_or_404
from klaviyo_admin.pages.render import Trouble, account_for, page, person_of, trouble
from klaviyo_admin.pages.when import begun

MOST = 60  # requests that are settled on one page


@dataclass(frozen=True, slots=True)
class Asked:
    """One value with its three states in words, and whether the choice stands on what Klaviyo holds."""

    question: merging.Question
    before: str
    wanted: str
    now: str
    theirs: bool


@dataclass(frozen=True, slots=True)
class Part:
    step: Step
    label: str
    rows: tuple[Asked, ...]
    whole: bool  # one choice for the whole request


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the page shows: requests with their values, or why it cannot."""

    parts: tuple[Part, ...] = ()
    found: dict[Place, Item] | None = None
    trouble: Trouble | None = None
    fault: str = ""


def merge(request: HttpRequest, account: int, pk: int) -> HttpResponse:
    here = account_for(request, account, "propose")
    change = change_or_404(here, pk)
    if change.status != "stale":
        raise Http404("Only a stale change is settled.")
    initial = {"reason": change.reason, **begun(timing.of(change))}
    why = Planned(request.POST or None, prefix="why", account=here, initial=initial)
    drawn = draw(here, change, theirs(request))
    if request.method == "POST" and drawn.found is not None and why.is_valid():
        made = settled(request, change, drawn, why)
        if made is not None:
            messages.success(request, "Proposed anew. Nothing has been sent: somebody else decides about it first.")
            return redirect("change", here.pk, made.pk)
    context: dict[str, Any] = {"change": change, "drawn": drawn, "why": why, "trouble": drawn.trouble}
    return page(request, "changes/merge.html", context, here, 422 if why.errors else 200)


def theirs(request: HttpRequest) -> frozenset[str]:
    """The keys of the values for which the page says that what Klaviyo holds counts."""
    return frozenset(name.removeprefix("keep-") for name, value in request.POST.items() if value == "theirs")


def draw(account: Account, change: Change, chosen: frozenset[str]) -> Drawn:
    if purge.removed_on(change) is not None:
        return Drawn(fault=purge.GONE)
    try:
        digests.check(change.pk)
        steps = merging.unsent(list(change.steps.all()))
        if len(steps) > MOST:
            return Drawn(fault=f"It has {len(steps):,} requests left, too many to settle by hand. Propose it again.")
        found = present(account, steps)
        return Drawn(tuple(part(step, found, chosen) for step in steps), found)
    except digests.Altered:
        return Drawn(fault=digests.ALTERED)
    except KlaviyoError as error:
        return Drawn(trouble=trouble(error))


def present(account: Account, steps: list[Step]) -> dict[Place, Item]:
    """The targets as Klaviyo holds them now; one that is gone is an Item without attributes. Raises the first error."""
    paths, reader = staleness.paths(steps), api.reader(account)
    read = reader.gather(*(partial(staleness.look, reader, place, asked) for place, asked in paths.items()))
    for item in read:
        if isinstance(item, KlaviyoError) and not isinstance(item, NotFound):
            raise item
    items = (item if isinstance(item, Item) else Item("", "", {}) for item in read)
    return basis.with_members(reader, steps, dict(zip(paths, items, strict=True)))


def part(step: Step, found: dict[Place, Item], chosen: frozenset[str]) -> Part:
    rows = tuple(
        Asked(q, diff.spoken(q.before), diff.spoken(q.wanted), diff.spoken(q.now), q.key in chosen or q.gone)
        for q in merging.questions(step, found)
    )
    return Part(step, story.label(step), rows, step.method != "PATCH")


def settled(request: HttpRequest, change: Change, drawn: Drawn, why: Planned) -> Change | None:
    """The new change; None if there can be none, with the reason as an error of the form."""
    try:
        intent = merging.settle(change, list(change.steps.all()), drawn.found or {}, theirs(request))
        reason, plan, person = why.cleaned_data["reason"], why.plan(), person_of(request)
        return propose(person, change.account, intent, reason, undoes=change.undoes, supersedes=change, plan=plan)
    except Impossible as fault:
        why.add_error(None, fault.sentence)
    except ReviewRefused as refused:
        why.add_error(None, refused.sentence)
    return None


urlpatterns = [path("a/<int:account>/changes/<int:pk>/settle/", merge, name="change-merge")]
