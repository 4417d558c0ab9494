"""What a request would make of a letter, drawn in a closed frame; and its definitions with the names of things."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.clickjacking import xframe_options_sameorigin

from klaviyo_admin import api
from klaviyo_admin.changes import digests
from klaviyo_admin.changes.models import Step
from klaviyo_admin.klaviyo.errors import KlaviyoError
from klaviyo_admin.pages import plain_diff
from klaviyo_admin.pages.changes import step_or_404
from klaviyo_admin.pages.render import account_for, part

# The letter may show itself, and nothing else: no script, no form, no picture that tells its sender who looked.
POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)


@xframe_options_sameorigin
def letter(request: HttpRequest, account: int, pk: int, step: int, side: str, place: str) -> HttpResponse:
    """One long text of a request as a letter, before or after; its placeholders stay as they are written."""
    found = step_or_404(account_for(request, account), pk, step)
    html = plain_diff.value(found, body_of(found), place, side)
    if html is None or place.rpartition(".")[2] not in ("html", "amp"):
        raise Http404("There is no letter here.")
    answer = HttpResponse(html, content_type="text/html; charset=utf-8")
    answer["Content-Security-Policy"] = POLICY
    answer["Referrer-Policy"] = "no-referrer"
    answer["Cache-Control"] = "no-store"
    return answer


def words(request: HttpRequest, account: int, pk: int, step: int) -> HttpResponse:
    """The definition of a segment with the names of lists, segments and metrics in place of their ids."""
    here = account_for(request, account)
    found = step_or_404(here, pk, step)
    body = body_of(found)
    try:
        names = plain_diff.names(api.reader(here), found, body)
    except KlaviyoError:
        names = {}
    plain = plain_diff.of(found, body, names)
    return part(request, "changes/_definition.html", {"plain": plain, "number": step, "read": True}, here)


def body_of(step: Step) -> bytes:
    """The body of a request whose change is as it was proposed."""
    try:
        digests.check(step.change_id)
        return digests.body(step)
    except digests.Altered:
        raise Http404("This request is not what was proposed.") from None


_STEP = "a/<int:account>/changes/<int:pk>/steps/<int:step>/"
urlpatterns = [
    path(f"{_STEP}letter/<str:side>/<str:place>/", letter, name="step-letter"),
    path(f"{_STEP}words/", words, name="step-words"),
]
