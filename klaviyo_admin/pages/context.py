"""What every page knows: who looks, at which account, what waits, and in which light."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from klaviyo_admin.accounts import rights
from klaviyo_admin.accounts.models import Account, Person
from klaviyo_admin.changes.models import Change, Changes

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "theme"


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """person, account, accounts, may (right -> bool), inbox_count, theme, self_approval.

    What needs the database is a function: a template that does not draw it does not pay for it.
    """
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "theme": theme if theme in THEMES else "auto",
        "self_approval": settings.SELF_APPROVAL,
        **of_person(request, getattr(request, "user", None)),
    }


def of_person(request: HttpRequest, person: Any) -> dict[str, Any]:
    if not isinstance(person, Person):
        return {"person": None, "account": None, "accounts": (), "may": {}, "inbox_count": 0}

    @cache
    def accounts() -> tuple[Account, ...]:
        return rights.accounts_of(person)

    @cache
    def account() -> Account | None:
        return known_account(person, account_in_address(request))

    @cache
    def may() -> dict[str, bool]:
        here = account()
        held = rights.held(person, here) if here else frozenset()
        return {right: right in held for right in rights.RIGHTS} if here else {}

    @cache
    def inbox_count() -> int:
        here = account()
        return waiting(person, here).count() if here else 0

    return {"person": person, "account": account, "accounts": accounts, "may": may, "inbox_count": inbox_count}


def waiting(person: Any, account: Account) -> Changes:
    """The changes that this person can decide now; their own too where the installation lets people approve themselves."""
    return Change.objects.waiting_for(person, account, own=settings.SELF_APPROVAL)


def known_account(person: Any, pk: int | None) -> Account | None:
    """The account if the person has a role there; an archived one only for those who may still read its audit."""
    known = (*rights.accounts_of(person), *rights.accounts_of(person, "audit"))
    return next((account for account in known if account.pk == pk), None)


def account_in_address(request: HttpRequest) -> int | None:
    """The number after /a/ in this page's address."""
    match = request.resolver_match
    number = match.kwargs.get("account") if match else None
    return number if isinstance(number, int) else None
