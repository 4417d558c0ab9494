"""The audit log on a page: searched, read line by line, and one change told whole."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from klaviyo_admin.accounts.models import Account
from klaviyo_admin.audit.models import Entry, Head
from klaviyo_admin.audit.search import END
from klaviyo_admin.audit.verify import Verdict, verify
from klaviyo_admin.klaviyo import catalogue
from klaviyo_admin.pages import undo_links
from klaviyo_admin.pages.audit_export import audit_export
from klaviyo_admin.pages.audit_search import ACTIONS, SearchForm, question
from klaviyo_admin.pages.audit_story import Story, story
from klaviyo_admin.pages.evidence import evidence
from klaviyo_admin.pages.numbers import whole
from klaviyo_admin.pages.render import account_for, page

LINES = 50
CHECKED = 200  # of the newest lines whenever the page is looked at, which takes a few milliseconds
CHECKED_ON_DEMAND = 100_000
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Line:
    """One entry with what its details say in plain words; `undo` is the query of the page that undoes it, None for none."""

    entry: Entry
    action: str
    tone: str
    facts: tuple[tuple[str, Any, str], ...]
    undo: str | None = None


def audit(request: HttpRequest, account: int) -> HttpResponse:
    """One page of what the address asks for, newest first; for one change the full story above it."""
    here = account_for(request, account, "audit")
    form = SearchForm(request.GET)
    context: dict[str, Any] = {"form": form, "asked": _asked(request), "chain": _chain("check" in request.GET)}
    if form.is_valid():
        context |= {"story": _story(here, form.cleaned_data["change"])} | _lines(request, here, form)
    return page(request, "audit/audit.html", context, here, 200 if form.is_valid() else 422)


def _lines(request: HttpRequest, here: Account, form: SearchForm) -> dict[str, Any]:
    # By the last line seen, not by a count of pages: lines that are added meanwhile move nothing.
    before = whole(request.GET.get("before"))
    shown = question(here, form).newest(LINES + 1, min(before, END) if before else END)
    query = request.GET.copy()
    query.pop("before", None)
    first = f"?{query.urlencode()}" if before else ""
    more = ""
    if len(shown) > LINES:
        query["before"] = str(shown[LINES - 1].id)
        more = f"?{query.urlencode()}"
    numbers = {entry.change_id for entry in shown if entry.change_id and entry.account_id == here.pk}
    open_ = undo_links.undoable(request.user, here, numbers)
    lines = [replace(_line(entry), undo=undo_links.asked(entry, open_)) for entry in shown[:LINES]]
    return {"lines": lines, "first_url": first, "next_url": more}


def _story(here: Account, number: int | None) -> Story | None:
    if number is None:
        return None
    told = story(here, number)
    if told is None:
        raise Http404("This account has no such change.")
    return told


def _asked(request: HttpRequest) -> str:
    """The conditions of this address, for the links to the export."""
    query = request.GET.copy()
    for name in ("before", "check", *(name for name, value in request.GET.items() if not value)):
        query.pop(name, None)
    return query.urlencode()


def _chain(on_demand: bool) -> dict[str, Any]:
    """What the line about the chain says: the verdict, how many lines there are, and whether all were read."""
    verdict: Verdict = verify(CHECKED_ON_DEMAND if on_demand else CHECKED)
    lines = Head.objects.values_list("lines", flat=True).first() or 0
    return {"verdict": verdict, "lines": lines, "whole": verdict.lines >= lines, "on_demand": on_demand}


def _line(entry: Entry) -> Line:
    last = entry.action.rpartition(".")[2]
    tone = {
        "failed": "bad",
        "broken": "bad",
        "cancelled": "wary",
        "expired": "wary",
        "unclear": "wary",
        "rejected": "bad",
        "approved": "good",
        "done": "good",
    }.get(last, "plain")
    named = f"{entry.object_type} {entry.object_id}".strip()
    facts = [
        ("Line", entry.id, "number"),
        ("At", f"{entry.at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f} UTC", "text"),
        ("Person", entry.person_name, "text"),
        ("Account", entry.account_name, "text"),
        ("Request", entry.step, "number"),
        ("Klaviyo operation", _operation(entry.operation), "text"),
        ("Object", named, "text"),
        ("Its name", "" if entry.object_name == named else entry.object_name, "text"),
        *((label, value, "id" if _HASH.fullmatch(value) else "text") for label, value in in_words(entry.detail)),
        ("Hash", entry.hash, "id"),
        ("Hash of the line before", entry.previous_hash, "id"),
    ]
    shown = tuple(fact for fact in facts if fact[1] not in ("", None))
    return Line(entry, ACTIONS.get(entry.action, entry.action), tone, shown)


def _operation(name: str) -> str:
    try:
        return f"{catalogue.operation(name).label} ({name})" if name else ""
    except LookupError:
        # A line outlives the catalogue that it was written with.
        return name


def in_words(detail: Any, label: str = "") -> Iterator[tuple[str, str]]:
    """The details of a line as (label, words): a field with before and after becomes one row."""
    if isinstance(detail, dict) and "field" in detail:
        change = f"{_said(detail.get('before'))} → {_said(detail.get('after'))}" if "after" in detail else "changed"
        yield str(detail["field"]), change
    elif isinstance(detail, dict):
        for key, value in detail.items():
            yield from in_words(value, f"{label} · {_label(key)}" if label else _label(key))
    elif isinstance(detail, list) and any(isinstance(part, dict) for part in detail):
        for number, part in enumerate(detail, start=1):
            yield from in_words(part, f"{label} {number}")
    else:
        yield label, _said(detail)


def _label(key: str) -> str:
    return key.replace("_", " ").capitalize()


def _said(value: Any) -> str:
    if value is None or value == "":
        return "empty"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(_said, value)) if isinstance(value, list) else str(value)


urlpatterns = [
    path("a/<int:account>/audit/", audit, name="audit"),
    path("a/<int:account>/audit/export/", audit_export, name="audit-export"),
    path("a/<int:account>/changes/<int:pk>/evidence/", evidence, name="change-evidence"),
]
