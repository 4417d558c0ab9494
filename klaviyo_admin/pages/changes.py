"""The inbox of changes, one change and what may be done with it."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from klaviyo_admin.accounts import rights
from klaviyo_admin.accounts.models import Account, Person
from klaviyo_admin.audit import log
from klaviyo_admin.changes import bodies, reconcile, review
from klaviyo_admin.changes.models import UNDER_WAY, Change, Step
from klaviyo_admin.klaviyo import secrets
from klaviyo_admin.pages import inbox, reaching, story
from klaviyo_admin.pages.render import account_for, page, part, person_of, trouble


def change_or_404(account: Account, pk: int) -> Change:
    found = Change.objects.for_account(account).select_related("account", "author").filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such change in this account.")
    return found


def step_or_404(account: Account, pk: int, number: int) -> Step:
    steps = Step.objects.select_related("change__account").filter(change=change_or_404(account, pk), number=number)
    found = steps.defer("response", "problems").first()
    if found is None:
        raise Http404("This change has no such request.")
    return found


def changes(request: HttpRequest, account: int) -> HttpResponse:
    here = account_for(request, account)
    return page(request, "changes/inbox.html", inbox.context(person_of(request), here, request.GET), here)


def change(request: HttpRequest, account: int, pk: int) -> HttpResponse:
    here = account_for(request, account)
    told = story.context(person_of(request), here, change_or_404(here, pk), request.GET)
    if told.get("trouble_now"):
        told["trouble"] = trouble(told["trouble_now"])
    return page(request, "changes/change.html", told, here)


def progress(request: HttpRequest, account: int, pk: int) -> HttpResponse:
    """The part that refreshes itself every second; when the change has ended, the whole page does so once."""
    here = account_for(request, account)
    found = change_or_404(here, pk)
    answer = part(request, "changes/_progress.html", {"change": found, **story.progress(found)}, here)
    if found.status not in UNDER_WAY:
        answer["HX-Refresh"] = "true"
    return answer


def reach(request: HttpRequest, account: int, pk: int) -> HttpResponse:
    """How far a change reaches, as Klaviyo says now."""
    here = account_for(request, account)
    return part(request, "changes/_reach.html", reaching.context(here, change_or_404(here, pk)), here)


def look(request: HttpRequest, account: int, pk: int, step: int) -> HttpResponse:
    """What Klaviyo shows now of one stuck request."""
    here = account_for(request, account)
    found = step_or_404(here, pk, step)
    finding = reconcile.look(found)
    told = {"step": found, "finding": finding, "trouble": trouble(finding.trouble) if finding.trouble else None}
    return part(request, "changes/_look.html", told, here)


def body(request: HttpRequest, account: int, pk: int, step: int) -> HttpResponse:
    """The exact bytes of one request, as a file, for those who approve or audit."""
    here = account_for(request, account)
    if not rights.may(request.user, here, "audit"):
        rights.demand(request.user, here, "approve")
    answer = HttpResponse(taken(person_of(request), step_or_404(here, pk, step)), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="change-{pk}-request-{step}.json"'
    return answer


def taken(person: Person, step: Step) -> bytes:
    """The body of a step, without its secrets. It may hold customers' data, so taking it is on record."""
    try:
        whole = bodies.of(step)
    except bodies.Damaged:
        raise Http404("This body is not what was proposed, so it is not handed out.") from None
    data = secrets.masked_bytes(whole)
    change, left = step.change, " Its secrets were left out." if data != whole else ""
    said = f"Took the body of request {step.number} as a file.{left}"
    with transaction.atomic():
        log.record(
            "body.taken", sentence=said, person=person, account=change.account, change_id=change.pk, step=step.number
        )
    return data


def done(
    request: HttpRequest, found: Change, act: Callable[[], object], said: str | Callable[[], str], place: str = ""
) -> HttpResponse:
    """Acts and goes back to the change (to a `place` on its page), with what happened or why it did not."""
    try:
        act()
        messages.success(request, said if isinstance(said, str) else said())
    except review.ReviewRefused as refused:
        messages.error(request, refused.sentence)
    return redirect(reverse("change", args=[found.account_id, found.pk]) + place)


@require_POST
def approve(request: HttpRequest, account: int, pk: int) -> HttpResponse:
    found = change_or_404(account_for(request, account), pk)
    digest, comment = request.POST.get("digest", ""), request.POST.get("comment", "")
    act = partial(review.approve, person_of(request), found, digest, comment)
    return done(request, found, act, partial(approved, found))


def approved(found: Change) -> str:
    """What came of an approval."""
    found.refresh_from_db(fields=["status"])
    more = "It begins once every approval that is needed is given."
    return f"Approved. {more if found.status == 'proposed' else 'Nothing more is needed.'}"


@require_POST
def reject(request: HttpRequest, account: int, pk: int) -> HttpResponse:
    found = change_or_404(account_for(request, account), pk)
    act = partial(review.reject, person_of(request), found, request.POST.get("comment", ""))
    return done(request, found, act, "Rejected. Its author sees your comment.")


@require_POST
def withdraw(request: HttpRequest, account: int, pk: int) -> HttpResponse:
    found = change_or_404(account_for(request, account), pk)
    return done(request, found, partial(review.withdraw, person_of(request), found), "Withdrawn. Nothing was sent.")


@require_POST
def resume(request: HttpRequest, account: int, pk: int) -> HttpResponse:
    found = change_or_404(account_for(request, account), pk)
    return done(request, found, partial(review.resume, person_of(request), found), "It goes on.")


@require_POST
def resolve(request: HttpRequest, account: int, pk: int, step: int) -> HttpResponse:
    stuck = step_or_404(account_for(request, account), pk, step)
    verdict, comment = request.POST.get("verdict", ""), request.POST.get("comment", "")
    act = partial(review.resolve, person_of(request), stuck, verdict, comment)
    return done(request, stuck.change, act, f"Request {step} is settled.")


urlpatterns = [
    path("a/<int:account>/changes/", changes, name="changes"),
    path("a/<int:account>/changes/<int:pk>/", change, name="change"),
    path("a/<int:account>/changes/<int:pk>/approve/", approve, name="change-approve"),
    path("a/<int:account>/changes/<int:pk>/reject/", reject, name="change-reject"),
    path("a/<int:account>/changes/<int:pk>/withdraw/", withdraw, name="change-withdraw"),
    path("a/<int:account>/changes/<int:pk>/resume/", resume, name="change-resume"),
    path("a/<int:account>/changes/<int:pk>/reach/", reach, name="change-reach"),
    path("a/<int:account>/changes/<int:pk>/progress/", progress, name="change-progress"),
    path("a/<int:account>/changes/<int:pk>/steps/<int:step>/resolve/", resolve, name="step-resolve"),
    path("a/<int:account>/changes/<int:pk>/steps/<int:step>/look/", look, name="step-look"),
    path("a/<int:account>/changes/<int:pk>/steps/<int:step>/body/", body, name="step-body"),
]
