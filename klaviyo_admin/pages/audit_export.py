"""The audit as a file: what the search asks for, streamed, and the export itself on record."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from klaviyo_admin.accounts.models import Account
from klaviyo_admin.audit.log import record
from klaviyo_admin.audit.models import Entry
from klaviyo_admin.exports import audit_file
from klaviyo_admin.pages.audit_search import SearchForm, question
from klaviyo_admin.pages.render import account_for, person_of

FREE_TEXT = {"words", "person", "object", "operation"}  # may hold a customer's address, which the audit must not keep


@require_safe
def audit_export(request: HttpRequest, account: int) -> HttpResponse | StreamingHttpResponse:
    """`format` is csv or jsonl; the other parameters are those of the audit page. Oldest line first, as the chain runs."""
    here = account_for(request, account, "audit")
    form, format = SearchForm(request.GET), request.GET.get("format", "csv")
    if format not in audit_file.FORMATS or not form.is_valid():
        return HttpResponse("There is no such export.", status=400, content_type="text/plain; charset=utf-8")
    entries = question(here, form).entries().order_by("id")
    own = recorded(request, here, entries.count(), format)
    answer = StreamingHttpResponse(
        audit_file.blocks(entries.filter(id__lt=own.id), format), content_type=audit_file.FORMATS[format]
    )
    answer["Content-Disposition"] = f'attachment; filename="audit-{timezone.localtime():%Y-%m-%d-%H%M}.{format}"'
    answer["Cache-Control"] = "no-store"
    return answer


def recorded(request: HttpRequest, here: Account, lines: int, format: str) -> Entry:
    """The line of the audit that says who took what out of it."""
    asked = {
        name: "(typed)" if name in FREE_TEXT else value
        for name, value in request.GET.items()
        if value and name in SearchForm.base_fields
    }
    said = f"Exported {lines:,} line{'' if lines == 1 else 's'} of the audit as {format.upper()}."
    detail = {"format": format, "lines": lines, "search": asked}
    with transaction.atomic():
        return record("export.audit", sentence=said, person=person_of(request), account=here, detail=detail)
