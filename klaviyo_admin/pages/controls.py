"""What a person does about a change while it runs: hold it up, let it go on, cut it short, plan it anew, break the glass."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST

from klaviyo_admin.changes import controls, emergency, policy, timing
from klaviyo_admin.changes.review import ReviewRefused
from klaviyo_admin.pages.changes import change_or_404, done
from klaviyo_admin.pages.render import account_for, page, person_of
from klaviyo_admin.pages.when import When, begun


@require_POST
def pause(request: HttpRequest, account: int, pk: int) -> HttpResponse:
    found = change_or_404(account_for(request, account), pk)
    return done(
        request, found, partial(controls.pause, person_of(request), found), "Paused. Nothing more of it leaves."
    )


@require_POST
def go_on(request: HttpRequest, account: int, pk: int) -> HttpResponse:
    found = change_or_404(account_for(request, account), pk)
    return done(request, found, partial(controls.go_on, person_of(request), found), "It goes on.")


@require_POST
def cancel(request: HttpRequest, account: int, pk: int) -> HttpResponse:
    found = change_or_404(account_for(request, account), pk)
    act = partial(controls.cancel, person_of(request), found, request.POST.get("reason", ""))
    return done(request, found, act, "Cancelled. What had not been sent is left out.")


@require_POST
def retry(request: HttpRequest, account: int, pk: int) -> HttpResponse:
    found = change_or_404(account_for(request, account), pk)
    return done(request, found, partial(controls.retry, person_of(request), found), "What failed is tried again.")


def plan(request: HttpRequest, account: int, pk: int) -> HttpResponse:
    """GET shows how a change is planned; POST plans it anew, which voids its approvals."""
    here = account_for(request, account, "propose")
    found = change_or_404(here, pk)
    form = When(request.POST or None, account=here, initial=begun(timing.of(found)))
    if form.is_valid():
        try:
            controls.reschedule(person_of(request), found, form.plan())
            messages.success(request, "It is planned anew and waits for approval.")
            return redirect("change", here.pk, pk)
        except ReviewRefused as refused:
            form.add_error(None, refused.sentence)
    given = policy.given(found) if found.status in ("proposed", "approved") else 0
    told = {"change": found, "form": form, "given": given}
    return page(request, "changes/plan.html", told, here, 422 if form.is_bound else 200)


@require_POST
def break_glass(request: HttpRequest, account: int, pk: int) -> HttpResponse:
    found = change_or_404(account_for(request, account), pk)
    digest, reason = request.POST.get("digest", ""), request.POST.get("reason", "")
    act = partial(emergency.break_glass, person_of(request), found, digest, reason)
    return done(request, found, act, "The glass is broken, and it is sent now. Somebody else looks at it afterwards.")


@require_POST
def close_review(request: HttpRequest, account: int, pk: int) -> HttpResponse:
    found = change_or_404(account_for(request, account), pk)
    act = partial(emergency.close_review, person_of(request), found, request.POST.get("finding", ""))
    return done(request, found, act, "The review is closed.")


urlpatterns = [
    path("a/<int:account>/changes/<int:pk>/pause/", pause, name="change-pause"),
    path("a/<int:account>/changes/<int:pk>/go-on/", go_on, name="change-go-on"),
    path("a/<int:account>/changes/<int:pk>/cancel/", cancel, name="change-cancel"),
    path("a/<int:account>/changes/<int:pk>/retry/", retry, name="change-retry"),
    path("a/<int:account>/changes/<int:pk>/plan/", plan, name="change-plan"),
    path("a/<int:account>/changes/<int:pk>/break-glass/", break_glass, name="change-break-glass"),
    path("a/<int:account>/changes/<int:pk>/close-review/", close_review, name="change-close-review"),
]
