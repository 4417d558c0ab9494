"""The pages of what a website or an app reads from Klaviyo: one table each."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import path

from klaviyo_admin import api
from klaviyo_admin.accounts.models import Account
from klaviyo_admin.areas import area_of
from klaviyo_admin.areas.onsite.tables import TABLES, Table
from klaviyo_admin.klaviyo.errors import KlaviyoError
from klaviyo_admin.pages import tables
from klaviyo_admin.pages.render import account_for, page, trouble


def table(request: HttpRequest, account: int, place: str) -> HttpResponse:
    """One page of a table, asked for as the address says; what is no choice of its form counts as not said."""
    here, found = account_for(request, account), TABLES[place]
    form = found.form(request.GET or None)
    said = form.cleaned_data if form.is_bound and form.is_valid() else {}
    context: dict[str, Any] = {
        "found": found,
        "form": form,
        "place": place,
        "area": area_of("onsite"),
        "here": "onsite",
    }
    context |= rows(here, found, said, request.GET)
    status = context["trouble"].status if "trouble" in context else 200
    return page(request, "onsite/table.html", context, here, status)


def rows(account: Account, found: Table, said: dict[str, Any], data: QueryDict) -> dict[str, Any]:
    """What was read, with the address of the next page; or the `trouble` with reading it."""
    try:
        read = found.read(api.reader(account), account.klaviyo_id, said, data.get("cursor", ""))
    except KlaviyoError as error:
        return {"trouble": trouble(error)}
    onward, back = data.copy(), data.copy()
    onward["cursor"] = read.next_cursor or ""
    back.pop("cursor", None)
    return {
        "heads": tables.heads(found.columns),
        "rows": tables.rows(read.items, found.columns),
        "as_of": read.as_of,
        "first_url": f"?{back.urlencode()}" if data.get("cursor") else "",
        "next_url": f"?{onward.urlencode()}" if read.next_cursor else "",
    }


urlpatterns = [
    path(f"a/<int:account>/{place.replace('-', '/', 1)}/", table, {"place": place}, name=place) for place in TABLES
]
