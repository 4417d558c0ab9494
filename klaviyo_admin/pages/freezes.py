"""The freezes of an account: those that hold or will hold it, setting one, and lifting one before its end."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from klaviyo_admin.accounts.models import Account
from klaviyo_admin.areas.fields import MomentField
from klaviyo_admin.changes import freezes, zones
from klaviyo_admin.changes.review import ReviewRefused
from klaviyo_admin.pages.render import account_for, page, person_of
from klaviyo_admin.pages.when import moment


class FreezeForm(forms.Form):
    """From when to when nothing is sent, and why. Times are typed in the viewer's zone."""

    begins_at = MomentField(label="From")
    ends_at = MomentField(label="Until")
    reason = forms.CharField(label="Why?", max_length=500, help_text="Everybody sees this on every page meanwhile.")
    everywhere = forms.BooleanField(label="For all accounts of this installation", required=False)

    def __init__(self, *args: Any, account: Account, everywhere: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        zone = str(zones.zone_of(account))
        own = timezone.get_current_timezone_name()
        also = "" if own == zone else f" The account lives in {zone}."
        self.fields["begins_at"].help_text = f"In your time zone, {own}.{also}"
        if not everywhere:
            del self.fields["everywhere"]


def overview(request: HttpRequest, account: int) -> HttpResponse:
    """GET lists the freezes; POST sets one."""
    here, person = account_for(request, account), person_of(request)
    form = FreezeForm(request.POST or None, account=here, everywhere=freezes.may(person, None))
    if form.is_valid():
        said = form.cleaned_data
        whose = None if said.get("everywhere") else here
        try:
            freezes.set_up(person, whose, said["begins_at"], said["ends_at"], said["reason"])
            messages.success(request, "The freeze is set. Nothing is sent in that time.")
            return redirect("freezes", here.pk)
        except ReviewRefused as refused:
            form.add_error(None, refused.sentence)
    return page(request, "freezes/freezes.html", context(request, here, form), here, 422 if form.is_bound else 200)


def context(request: HttpRequest, here: Account, form: FreezeForm) -> dict[str, Any]:
    now, person = timezone.now(), person_of(request)
    rows = [
        (f, moment(f.begins_at, here), moment(f.ends_at, here), f.begins_at <= now, freezes.may(person, f.account))
        for f in freezes.of(here)
    ]
    return {"rows": rows, "form": form, "may_set": freezes.may(person, here)}


@require_POST
def lift(request: HttpRequest, account: int, pk: int) -> HttpResponse:
    here = account_for(request, account)
    found = freezes.of(here).filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such freeze, or it is over.")
    try:
        freezes.lift(person_of(request), found, request.POST.get("reason", ""))
        messages.success(request, "The freeze is lifted. What waited for its end goes on.")
    except ReviewRefused as refused:
        messages.error(request, refused.sentence)
    return redirect("freezes", here.pk)


urlpatterns = [
    path("a/<int:account>/freezes/", overview, name="freezes"),
    path("a/<int:account>/freezes/<int:pk>/lift/", lift, name="freeze-lift"),
]
