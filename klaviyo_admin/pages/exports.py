"""Whole collections as CSV files: asked for on a list, read in the background, taken from a page of their own."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from klaviyo_admin import api
from klaviyo_admin.accounts.models import Account
from klaviyo_admin.areas import find
from klaviyo_admin.exports import collecting
from klaviyo_admin.exports.models import Export
from klaviyo_admin.pages import picked_filters
from klaviyo_admin.pages.act import resource_of
from klaviyo_admin.pages.asking import ask
from klaviyo_admin.pages.render import account_for, page, part, person_of, wants_part

SHOWN = 50
TONES = {"running": "wary", "done": "good", "failed": "bad", "stopped": "plain"}


@require_POST
def export_begin(request: HttpRequest, account: int, key: str) -> HttpResponse:
    """Begins an export of what a list shows with the filters of its address (in `query`)."""
    here, resource = account_for(request, account, "propose"), resource_of(key)
    question = ask(resource, query_of(request))
    if question.fault or not resource.source.list:
        messages.error(request, question.fault or f"Klaviyo does not list {resource.many}.")
        return redirect("resource-list", here.pk, key)
    reader = api.reader(here)
    question = picked_filters.named(question, reader.gather(*picked_filters.readings(reader, question)))
    said = [*question.standing, *(f"{chip.label} {chip.value}" for chip in question.chips)]
    export = collecting.start(person_of(request), here, resource, question.asked, said, question.named)
    return redirect("export", here.pk, export.pk)


def query_of(request: HttpRequest) -> Any:
    copied = request.GET.copy()
    copied.clear()
    copied.update(type(copied)(request.POST.get("query", "")))
    return copied


@require_safe
def export_list(request: HttpRequest, account: int) -> HttpResponse:
    here = account_for(request, account, "propose")
    exports = Export.objects.for_account(here).select_related("person")[:SHOWN]
    return page(request, "exports/exports.html", {"exports": [shown(here, export) for export in exports]}, here)


@require_safe
def export(request: HttpRequest, account: int, pk: int) -> HttpResponse:
    """One export; for htmx only how far it is."""
    here = account_for(request, account, "propose")
    context = shown(here, export_of(here, pk))
    if wants_part(request):
        return part(request, "exports/_export.html", context, here)
    return page(request, "exports/export.html", context, here)


@require_safe
def export_file(request: HttpRequest, account: int, pk: int) -> HttpResponse | StreamingHttpResponse:
    here = account_for(request, account, "propose")
    found = export_of(here, pk)
    if found.status != "done" or found.purged:
        raise Http404("There is no such file, or its time is over.")
    answer = StreamingHttpResponse(collecting.taken(person_of(request), found), content_type="text/csv; charset=utf-8")
    name = f"{found.resource}-{timezone.localtime(found.started_at):%Y-%m-%d-%H%M}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def export_stop(request: HttpRequest, account: int, pk: int) -> HttpResponse:
    here = account_for(request, account, "propose")
    if not collecting.stop(person_of(request), export_of(here, pk)):
        messages.info(request, "It had ended already.")
    return redirect("export", here.pk, pk)


def export_of(here: Account, pk: int) -> Export:
    found = Export.objects.for_account(here).select_related("person").filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such export.")
    return found


def shown(here: Account, found: Export) -> dict[str, Any]:
    """What a page says of an export."""
    resource = find(found.resource)
    return {
        "export": found,
        "many": resource.many if resource else found.resource,
        "said": (found.asked or {}).get("said", []),
        "tone": TONES[found.status],
        "url": reverse("export", args=[here.pk, found.pk]),
    }


urlpatterns = [
    path("a/<int:account>/exports/", export_list, name="exports"),
    path("a/<int:account>/exports/<int:pk>/", export, name="export"),
    path("a/<int:account>/exports/<int:pk>/file/", export_file, name="export-file"),
    path("a/<int:account>/exports/<int:pk>/stop/", export_stop, name="export-stop"),
    path("a/<int:account>/exports/of/<slug:key>/", export_begin, name="export-begin"),
]
