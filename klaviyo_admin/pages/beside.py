"""Two profiles side by side, before somebody merges them: what each knows, and where they differ."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import path

from klaviyo_admin import api
from klaviyo_admin.accounts import rights
from klaviyo_admin.areas import finding
from klaviyo_admin.areas.profiles.merging import lines
from klaviyo_admin.areas.profiles.resources import PROFILES
from klaviyo_admin.areas.profiles.service import name
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.errors import KlaviyoError
from klaviyo_admin.klaviyo.values import Item
from klaviyo_admin.pages.audit_reads import looked_at
from klaviyo_admin.pages.render import account_for, page, person_of, trouble


class Other(forms.Form):
    """Whom to put beside a profile."""

    other = forms.CharField(label="Whom to put beside it", help_text="A whole e-mail address, phone number or ID.")


def beside(request: HttpRequest, account: int, id: str) -> HttpResponse:
    """One profile, and once `other` is said, that one beside it."""
    here = account_for(request, account)
    form = Other(request.GET if "other" in request.GET else None)
    context: dict[str, Any] = {"form": form, "here": "profiles", "id": id}
    try:
        context["kept"] = kept = PROFILES.item(api.reader(here), id)
        form.fields["other"].label = f"Whom to put beside {name(kept)}"
        if form.is_valid():
            context |= found(api.reader(here), kept, form)
    except KlaviyoError as error:
        context["trouble"] = trouble(error)
    for each in filter(None, (context.get("kept"), context.get("other"))):
        looked_at(person_of(request), here, each)
    context["may_propose"] = rights.may(request.user, here, "propose")
    return page(request, "profiles/beside.html", context, here, status(context))


def status(context: dict[str, Any]) -> int:
    if "trouble" in context:
        return int(context["trouble"].status)
    return 422 if context["form"].is_bound and context["form"].errors else 200


def found(reader: Reader, kept: Item, form: Other) -> dict[str, Any]:
    """The other profile with both in lines; an error of the form where there is none."""
    said = form.cleaned_data["other"]
    other = finding.exact(reader, PROFILES, said)
    if other is None:
        form.add_error("other", f"No profile has “{said}”.")
    elif other.id == kept.id:
        form.add_error("other", "This is the same profile. Name the one that may be merged with it.")
    else:
        whole = PROFILES.item(reader, other.id)
        return {"other": whole, "names": (name(kept), name(whole)), "lines": list(lines(kept, whole))}
    return {}


urlpatterns = [path("a/<int:account>/profiles-beside/<path:id>/", beside, name="profiles-beside")]
