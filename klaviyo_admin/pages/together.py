"""Approving several changes of low risk at once: each is shown, and each approval signs what was shown of that change."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST

from klaviyo_admin.accounts.models import Account, Person
from klaviyo_admin.changes import bodies, comments, digests, review
from klaviyo_admin.changes.models import Change
from klaviyo_admin.pages import story
from klaviyo_admin.pages.numbers import whole
from klaviyo_admin.pages.render import account_for, page, person_of
from klaviyo_admin.sealing import Unreadable

LOW = ("reversible",)
MOST, MOST_REQUESTS = 25, 5  # changes on one page, and requests of each that a person can still take in there


@dataclass(frozen=True, slots=True)
class Candidate:
    """One change on the page: what it would send, or the sentence why it has to be opened by itself."""

    change: Change
    shown: tuple[Any, ...] = ()
    warnings: tuple[str, ...] = ()
    alone: str = ""


def why_alone(change: Change, person: Person, requests: int, wanted: bool) -> str:
    """Why a change cannot be approved beside others, "" if it can. `wanted`: somebody asked for another version."""
    if change.status != "proposed":
        return "It has been decided already."
    if change.author_id == person.pk and not settings.SELF_APPROVAL:
        return "It is your own."
    if change.planner_id == person.pk and not settings.SELF_APPROVAL:
        return "You changed when it is sent."
    if change.risk not in LOW:
        return "It is not of low risk: read it by itself."
    if requests > MOST_REQUESTS:
        return "It has many requests: read it by itself."
    if wanted:
        return "Somebody asked for changes to it: read it by itself."
    return ""


def together(request: HttpRequest, account: int) -> HttpResponse:
    """The changes that were ticked in the inbox, to be read and approved on one page."""
    here = account_for(request, account, "approve")
    numbers = [whole(pk) for pk in request.GET.getlist("id")[:MOST]]
    found = Change.objects.for_account(here).filter(pk__in=numbers).select_related("account", "author").order_by("pk")
    drawn = [candidate(person_of(request), here, change) for change in found]
    told = {
        "fitting": [each for each in drawn if not each.alone],
        "alone": [each for each in drawn if each.alone],
        "may": {"approve": True},
    }
    return page(request, "changes/together.html", told, here)


def candidate(person: Person, account: Account, change: Change) -> Candidate:
    if why := why_alone(change, person, change.steps.count(), comments.wanted(change) is not None):
        return Candidate(change, alone=why)
    if change.approvals.filter(person=person, digest=change.digest).exists():
        return Candidate(change, alone="You have decided about it already.")
    try:
        digests.check(change.pk)
        shown = tuple(story.shown(account, step, None, None) for step in change.steps.all())
    except (digests.Altered, Unreadable, bodies.Damaged):
        return Candidate(change, alone=digests.ALTERED)
    return Candidate(change, shown, tuple(story.warnings(one.step.operation for one in shown)))


@require_POST
def approve_together(request: HttpRequest, account: int) -> HttpResponse:
    """Approves each change by the digest that was on the page; what has moved since is left out, with the reason."""
    here = account_for(request, account, "approve")
    comment = request.POST.get("comment", "")
    results = [approved(person_of(request), here, signed, comment) for signed in request.POST.getlist("sign")[:MOST]]
    if number := sum(1 for said in results if not said):
        messages.success(request, f"{number} change{'' if number == 1 else 's'} approved.")
    for said in filter(None, results):
        messages.error(request, said)
    if not results:
        messages.error(request, "Nothing was ticked, so nothing was approved.")
    return redirect("changes", here.pk)


def approved(person: Person, account: Account, signed: str, comment: str) -> str:
    """Approves one change, named as "<number>:<digest>". The sentence why not, "" if it was."""
    number, _, digest = signed.partition(":")
    change = Change.objects.for_account(account).filter(pk=whole(number)).first()
    if change is None:
        return "One of these changes is not in this account."
    if why := why_alone(change, person, change.steps.count(), comments.wanted(change) is not None):
        return f"#{change.pk} was left out. {why}"
    try:
        review.approve(person, change, digest, comment)
    except review.ReviewRefused as refused:
        return f"#{change.pk} was left out. {refused.sentence}"
    return ""


urlpatterns = [
    path("a/<int:account>/changes/together/", together, name="changes-together"),
    path("a/<int:account>/changes/together/approve/", approve_together, name="changes-approve-together"),
]
