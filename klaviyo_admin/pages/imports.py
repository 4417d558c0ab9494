"""Files of profiles: upload, columns, preview, proposal, and what became of every row."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from klaviyo_admin import api
from klaviyo_admin.accounts.models import Account
from klaviyo_admin.areas import finding
from klaviyo_admin.areas.lists.resources import LISTS
from klaviyo_admin.areas.sheets.likeness import NotCsv, refuse_what_is_too_large
from klaviyo_admin.changes.models import UNDER_WAY as CHANGE_UNDER_WAY
from klaviyo_admin.changes.review import ReviewRefused
from klaviyo_admin.exports import csv_file
from klaviyo_admin.imports import columns, journey, outcome, rejects
from klaviyo_admin.imports.journey import UploadRefused
from klaviyo_admin.imports.models import UNDER_WAY, Upload
from klaviyo_admin.klaviyo.errors import KlaviyoError
from klaviyo_admin.klaviyo.values import Kind
from klaviyo_admin.pages import audit_reads, import_tables
from klaviyo_admin.pages.act import Planned
from klaviyo_admin.pages.import_forms import ColumnsForm, FileForm
from klaviyo_admin.pages.render import account_for, page, part, person_of, trouble
from klaviyo_admin.pages.upload_ceiling import ENVELOPE

CHOOSING = ("analysed", "mapped", "checked")
PER_PAGE = 25


def imports(request: HttpRequest, account: int) -> HttpResponse:
    here = account_for(request, account, "propose")
    found = Upload.objects.for_account(here).defer("analysis", "choices").select_related("person", "change")
    uploads = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    urls = {
        "previous_url": f"?page={uploads.previous_page_number()}" if uploads.has_previous() else "",
        "next_url": f"?page={uploads.next_page_number()}" if uploads.has_next() else "",
    }
    return page(request, "imports/list.html", {"uploads": uploads, **urls}, here)


def import_new(request: HttpRequest, account: int) -> HttpResponse:
    here = account_for(request, account, "propose")
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    upload = received(request, here, form) if form.is_bound else None
    if upload is not None:
        return redirect("import", here.pk, upload.pk)
    return page(request, "imports/new.html", {"form": form}, here, 422 if form.is_bound else 200)


def received(request: HttpRequest, here: Account, form: FileForm) -> Upload | None:
    """The new upload; None if the file is refused, with the reason as an error of its field."""
    try:
        # A file beyond the ceiling is not even kept on its way in (pages/upload_ceiling.py), so there is none to look at.
        refuse_what_is_too_large(int(request.headers.get("Content-Length") or 0) - ENVELOPE, "the file")
        if form.is_valid():
            file = form.cleaned_data["file"]
            return journey.receive(person_of(request), here, file.name, file.size, file)
    except NotCsv as refusal:
        form.errors.pop("file", None)
        form.add_error("file", str(refusal))
    return None


def import_(request: HttpRequest, account: int, pk: int) -> HttpResponse:
    """Where an upload is now: being worked on, refused, waiting for its columns, checked, or proposed."""
    here, upload = upload_of(request, account, pk)
    if upload.status == "analysed" and not upload.purged:
        return redirect("import-columns", here.pk, upload.pk)
    if upload.status == "checked" and not upload.purged:
        return checked(request, here, upload, Planned(prefix="why", account=here))
    if upload.status == "proposed":
        return page(request, "imports/result.html", result(request, upload), here)
    return page(request, "imports/working.html", {"upload": upload}, here)


def import_progress(request: HttpRequest, account: int, pk: int) -> HttpResponse:
    """The part that the page of an upload asks for again while something is under way."""
    here, upload = upload_of(request, account, pk)
    if upload.status in UNDER_WAY and not upload.purged:
        return part(request, "imports/_progress.html", {"upload": upload}, here)
    if upload.change and upload.change.status in CHANGE_UNDER_WAY:
        tally = outcome.tally(upload)
        context = {"upload": upload, "facts": import_tables.facts(upload, tally), "tally": tally, "polls": True}
        return part(request, "imports/_numbers.html", context, here)
    return HttpResponseClientRefresh()


def import_columns(request: HttpRequest, account: int, pk: int) -> HttpResponse:
    here, upload = upload_of(request, account, pk)
    if upload.status not in CHOOSING or upload.purged:
        return redirect("import", here.pk, upload.pk)
    analysis = columns.from_json(upload.analysis)
    looking = request.method != "POST" or "find" in request.POST
    form = ColumnsForm(analysis, journey.choices_of(upload), request.POST or None, initial={"country": country(upload)})
    if not looking and form.is_valid() and chosen(request, here, upload, form):
        return redirect("import", here.pk, upload.pk)
    asked = request.POST if request.method == "POST" else request.GET
    context = {"upload": upload, "analysis": analysis, "form": form, "looking": looking}
    context |= lists_found(here, asked.get("words", ""), asked.get("list", upload.list_id))
    return page(request, "imports/columns.html", context, here, 200 if looking else 422)


def chosen(request: HttpRequest, here: Account, upload: Upload, form: ColumnsForm) -> bool:
    """Whether the choice was taken; if not, the form says why."""
    ident = request.POST.get("list", "")
    try:
        found = LISTS.item(api.reader(here), ident) if ident else None
        to, named = (Kind("list", found.id), LISTS.name(found)) if found else (None, "")
        journey.choose(person_of(request), upload, form.choices(), form.cleaned_data["country"], to, named)
    except KlaviyoError as error:
        form.add_error(None, f"The list could not be read. {error.summary}")
    except UploadRefused as refusal:
        form.add_error(None, refusal.sentence)
    return not form.errors


def country(upload: Upload) -> str:
    """The country chosen for this file, or else for the last one of the account."""
    if upload.country or upload.choices is not None:
        return upload.country
    before = Upload.objects.for_account(upload.account).exclude(country="").values_list("country", flat=True)
    return before.first() or ""


def import_lists(request: HttpRequest, account: int, pk: int) -> HttpResponse:
    """For htmx: the lists whose names hold the words typed so far."""
    here, _ = upload_of(request, account, pk)
    found = lists_found(here, request.GET.get("words", ""), request.GET.get("list", ""))
    return part(request, "imports/_lists.html", found, here)


def lists_found(here: Account, words: str, picked: str) -> dict[str, Any]:
    """The context of imports/_lists.html. The list picked before stays on offer, whatever the words are."""
    context: dict[str, Any] = {"words": words[:100]}
    try:
        reader = api.reader(here)
        context["picked"] = LISTS.item(reader, picked) if picked else None
        context["found"] = finding.find(reader, LISTS, words[:100])
    except KlaviyoError as error:
        context["trouble"] = trouble(error)
    return context


@require_POST
def import_propose(request: HttpRequest, account: int, pk: int) -> HttpResponse:
    here, upload = upload_of(request, account, pk)
    if upload.status != "checked" or upload.purged:
        return redirect("import", here.pk, upload.pk)
    why = Planned(request.POST, prefix="why", account=here)
    if why.is_valid():
        try:
            change = journey.propose(person_of(request), upload, why.cleaned_data["reason"], why.plan())
            return redirect("change", here.pk, change.pk)
        except (UploadRefused, ReviewRefused) as refusal:
            why.add_error(None, refusal.sentence)
    return checked(request, here, upload, why)


def checked(request: HttpRequest, here: Account, upload: Upload, why: Planned) -> HttpResponse:
    context = result(request, upload) | {"why": why, "profiles": import_tables.profiles(upload)}
    return page(request, "imports/checked.html", context, here, 422 if why.is_bound else 200)


def result(request: HttpRequest, upload: Upload) -> dict[str, Any]:
    """The numbers and the problems, page by page."""
    asked = request.GET.get("page", "1")
    number = max(1, int(asked)) if asked.isdecimal() and len(asked) < 8 else 1
    tally = outcome.tally(upload)
    return {
        "upload": upload,
        "tally": tally,
        "facts": import_tables.facts(upload, tally),
        "about": list(import_tables.about(upload)),
        "problems": import_tables.problems(upload, number),
        "polls": upload.change is not None and upload.change.status in CHANGE_UNDER_WAY,
    }


def import_rejected(request: HttpRequest, account: int, pk: int) -> HttpResponse | StreamingHttpResponse:
    """The rows that are not imported, as a file that can be corrected and uploaded again."""
    here, upload = upload_of(request, account, pk)
    if upload.status not in ("checked", "proposed") or upload.purged:
        raise Http404("There are no rejected rows to download.")
    said = f"Took the rejected rows of upload {pk} as a file."
    audit_reads.read(person_of(request), here, "upload", str(pk), said)
    answer = StreamingHttpResponse(csv_file.blocks(rejects.rows(upload)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="rejected-rows-{upload.pk}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


def upload_of(request: HttpRequest, account: int, pk: int) -> tuple[Account, Upload]:
    """The account and its upload; 404 for an upload of another account."""
    here = account_for(request, account, "propose")
    found = Upload.objects.for_account(here).select_related("account", "person", "change")
    return here, get_object_or_404(found, pk=pk)


urlpatterns = [
    path("a/<int:account>/imports/", imports, name="imports"),
    path("a/<int:account>/imports/new/", import_new, name="import-new"),
    path("a/<int:account>/imports/<int:pk>/", import_, name="import"),
    path("a/<int:account>/imports/<int:pk>/progress/", import_progress, name="import-progress"),
    path("a/<int:account>/imports/<int:pk>/columns/", import_columns, name="import-columns"),
    path("a/<int:account>/imports/<int:pk>/lists/", import_lists, name="import-lists"),
    path("a/<int:account>/imports/<int:pk>/propose/", import_propose, name="import-propose"),
    path("a/<int:account>/imports/<int:pk>/rejected.csv", import_rejected, name="import-rejected"),
]
