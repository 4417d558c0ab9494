"""Keeping and dropping the saved views of the inbox; each belongs to one person alone."""

from urllib.parse import parse_qsl, urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from klaviyo_admin.pages.models import SavedView
from klaviyo_admin.pages.render import account_for, person_of

MOST = 20
TOO_LONG = "These filters are too long to be kept. Take fewer words."
LONGEST = 600  # characters of the filters in an address


class Keep(forms.Form):
    """The name of a view, and the filters in the address that it stands for."""

    name = forms.CharField(max_length=60)
    query = forms.CharField(max_length=LONGEST)

    def clean_query(self) -> str:
        query = urlencode(parse_qsl(str(self.cleaned_data["query"])))
        if len(query) > LONGEST:  # in an address a letter may be nine characters
            raise forms.ValidationError(TOO_LONG)
        return query


@require_POST
def keep(request: HttpRequest, account: int) -> HttpResponse:
    here, person, form = account_for(request, account), person_of(request), Keep(request.POST)
    mine = SavedView.objects.filter(person=person, account=here)
    if not form.is_valid():
        long = "query" in form.errors and "name" not in form.errors
        messages.error(request, TOO_LONG if long else "Give the view a name of at most 60 characters.")
        return redirect("changes", here.pk)
    name, query = form.cleaned_data["name"], form.cleaned_data["query"]
    if mine.count() >= MOST and not mine.filter(name=name).exists():
        messages.error(request, f"At most {MOST} views can be kept. Remove one first.")
    else:
        SavedView.objects.update_or_create(person=person, account=here, name=name, defaults={"query": query})
        messages.success(request, f"The view “{name}” is kept.")
    return redirect(f"{reverse('changes', args=[here.pk])}?{query}")


@require_POST
def drop(request: HttpRequest, account: int, pk: int) -> HttpResponse:
    here = account_for(request, account)
    SavedView.objects.filter(person=person_of(request), account=here, pk=pk).delete()
    return redirect("changes", here.pk)


urlpatterns = [
    path("a/<int:account>/changes/views/", keep, name="view-keep"),
    path("a/<int:account>/changes/views/<int:pk>/drop/", drop, name="view-drop"),
]
