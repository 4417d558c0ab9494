"""The pages of the areas: lists, details and actions, all driven by what an area declares."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from klaviyo_admin import api
from klaviyo_admin.accounts import rights
from klaviyo_admin.accounts.models import Account
from klaviyo_admin.areas import area_of
from klaviyo_admin.areas.base import Resource
from klaviyo_admin.klaviyo.errors import KlaviyoError
from klaviyo_admin.pages import detail, listing, picked_filters
from klaviyo_admin.pages.act import act, list_url, resource_of
from klaviyo_admin.pages.asking import Question, typed
from klaviyo_admin.pages.audit_history import history
from klaviyo_admin.pages.audit_reads import looked_at
from klaviyo_admin.pages.render import account_for, page, part, person_of, trouble, wants_part
from klaviyo_admin.pages.tables import cookie_name
from klaviyo_admin.pages.templatetags.places import is_job

A_YEAR = 60 * 60 * 24 * 365


def resource_list(request: HttpRequest, account: int, key: str) -> HttpResponse:
    """One page of a list, read from Klaviyo as the address asks; for htmx only the list itself."""
    here, resource = account_for(request, account), resource_of(key)
    if not resource.source.list and not any(action.on == "new" for action in resource.actions):
        return redirect(list_url(here, resource))
    question = picked_filters.asked(request, here, resource)
    if typed(resource, request.GET) and not (question.fault or wants_part(request)):
        return redirect(request.path + question.url())
    context = listing.frame(request, here, question) | {"area": area_of(key)}
    if not question.fault and resource.source.list:
        context |= listing.read(request, here, question)
    if wants_part(request):
        return list_part(request, here, question, context)
    status = context["trouble"].status if "trouble" in context else 200
    return page(request, [f"areas/{key}/list.html", "areas/list.html"], context, here, status)


def list_part(request: HttpRequest, account: Account, question: Question, context: dict[str, Any]) -> HttpResponse:
    """The list alone; as a success, whatever it says: htmx swaps nothing else, and a panel that says what is wrong is
    worth it."""
    answer = part(request, "areas/_list.html", context, account)
    if question.data != request.GET:  # a form sends its empty fields too: the address bar is spared them
        answer["HX-Push-Url"] = request.path + question.url()
    return answer


@require_POST
def columns(request: HttpRequest, account: int, key: str) -> HttpResponse:
    """Remembers which columns a person wants to see in an area, for a year in this browser."""
    here, resource = account_for(request, account), resource_of(key)
    wanted = set(request.POST.getlist("columns"))
    picked = [c.key for c in resource.columns[1:] if c.key in wanted]
    query = QueryDict(request.POST.get("query", "")).urlencode()
    answer = redirect(reverse("resource-list", args=[here.pk, key]) + (f"?{query}" if query else ""))
    value = ".".join(picked) or "all-off"
    answer.set_cookie(
        cookie_name(resource), value, max_age=A_YEAR, samesite="Lax", secure=request.is_secure(), httponly=True
    )
    return answer


def resource_item(request: HttpRequest, account: int, key: str, id: str) -> HttpResponse:
    """One thing with its related things, read side by side; what fails shows a panel in its own place."""
    here, resource = account_for(request, account), resource_of(key)
    if not resource.source.item:
        raise Http404("Things of this kind have no page of their own.")
    if wants_part(request) and request.GET.get("tab"):
        return turned(request, here, resource, id)
    item, panels = detail.gather(api.reader(here), here, resource, id, request.GET)
    if isinstance(item, KlaviyoError):
        panel = trouble(item)
        context = {"trouble": panel, "resource": resource, "id": id, "here": key}
        return page(request, "areas/unread.html", context, here, panel.status)
    may_propose = rights.may(request.user, here, "propose")
    looked_at(person_of(request), here, item)
    context = detail.frame(here, resource, item, panels, may_propose) | {"history": history(request.user, here, item)}
    return page(request, looks(resource), context, here)


def turned(request: HttpRequest, account: Account, resource: Resource, id: str) -> HttpResponse:
    """One tab alone, in its own look where it has one."""
    panel = detail.panel(api.reader(account), account, resource, id, request.GET)
    templates = [f"areas/{resource.key}/_panel_{panel.key}.html", "areas/_panel.html"]
    return part(request, templates, {"panel": panel}, account)


def looks(resource: Resource) -> list[str]:
    """The templates that draw a thing, the first that exists: its own, else that of jobs, else that of anything."""
    return [f"areas/{resource.key}/detail.html", "areas/job.html" if is_job(resource) else "areas/detail.html"]


def ids(request: HttpRequest, account: int, key: str, tab: str, id: str) -> StreamingHttpResponse:
    """The ids of everything in a tab, one to a line, as far as Klaviyo gives them; a last line says what went wrong."""
    here, resource = account_for(request, account), resource_of(key)
    found = next((each for each in resource.tabs if each.key == tab and each.ids), None)
    if found is None:
        raise Http404("There is no such file.")
    answer = StreamingHttpResponse(detail.ids(api.reader(here), found, id), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{key}-{tab}-ids.txt"'
    answer["Cache-Control"] = "no-store"
    return answer


urlpatterns = [
    path("a/<int:account>/<slug:key>/", resource_list, name="resource-list"),
    path("a/<int:account>/<slug:key>/columns/", columns, name="resource-columns"),
    path("a/<int:account>/<slug:key>/ids/<slug:tab>/<path:id>/", ids, name="resource-ids"),
    path("a/<int:account>/<slug:key>/act/<slug:action>/", act, name="act"),
    path("a/<int:account>/<slug:key>/<path:id>/", resource_item, name="resource-item"),
]
