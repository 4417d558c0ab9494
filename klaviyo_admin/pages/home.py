"""Where a person starts: the accounts, and what waits, runs and happened in one of them."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone

from klaviyo_admin.accounts import rights
from klaviyo_admin.accounts.models import Account, Person
from klaviyo_admin.audit.search import Question
from klaviyo_admin.changes.models import UNDER_WAY, Change, Changes
from klaviyo_admin.pages import outlook
from klaviyo_admin.pages.again import LAPSED
from klaviyo_admin.pages.context import waiting
from klaviyo_admin.pages.render import account_for, page, person_of

SHOWN = 6
LATELY = timedelta(days=7)
NEEDS_A_PERSON = ("failed", "unclear", "stale")


def home(request: HttpRequest) -> HttpResponse:
    """The only account at once; with several (or none) a choice."""
    person = person_of(request)
    found = list(rights.accounts_of(person))
    if len(found) == 1:
        return redirect("account-home", account=found[0].pk)
    choices = [(account, waiting(person, account).count(), role(person, account)) for account in found]
    return page(request, "home/accounts.html", {"choices": choices})


def account_home(request: HttpRequest, account: int) -> HttpResponse:
    here = account_for(request, account)
    return page(request, "home/account.html", overview(person_of(request), here), here)


def overview(person: Person, account: Account) -> dict[str, Any]:
    """What this person should look at first, each at most SHOWN long; `today` only for those who may read the audit."""
    mine = Change.objects.for_account(account).select_related("author")
    to_decide = waiting(person, account).select_related("author")
    audit = rights.may(person, account, "audit")
    return {
        "role": role(person, account),
        "to_decide": to_decide[:SHOWN],
        "to_decide_count": to_decide.count(),
        "decides": rights.may(person, account, "approve"),
        "proposed_by_me": mine.filter(author_id=person.pk, status="proposed")[:SHOWN],
        "running": mine.filter(status__in=(*UNDER_WAY, "paused"))[:SHOWN],
        "troubled": troubled(mine)[:SHOWN],
        "today": Question(frozenset([account.pk]), since=midnight()).newest(12) if audit else None,
    }


def troubled(changes: Changes) -> Changes:
    """What lately got stuck or stale, but for what was proposed again since."""
    again = Change.objects.exclude(status__in=LAPSED).filter(supersedes=OuterRef("pk"))
    lately = changes.filter(status__in=NEEDS_A_PERSON, ended_at__gte=timezone.now() - LATELY)
    return lately.exclude(Exists(again), status="stale")


def midnight() -> datetime:
    """The beginning of the day in the viewer's zone."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def role(person: Person, account: Account) -> str:
    return rights.role_of(person, account).capitalize()


urlpatterns = [
    path("", home, name="home"),
    path("a/<int:account>/", account_home, name="account-home"),
    *outlook.urlpatterns,
]
