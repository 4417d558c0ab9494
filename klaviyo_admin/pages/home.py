"""Where a person starts: the accounts, and what waits in one of them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from klaviyo_admin.accounts import rights
from klaviyo_admin.pages.render import account_for, page


def home(request: HttpRequest) -> HttpResponse:
    """The only account at once; with several (or none) a choice."""
    found = list(rights.accounts_of(request.user)[:2])
    if len(found) == 1:
        return redirect("account-home", account=found[0].pk)
    return page(request, "home/accounts.html")


def account_home(request: HttpRequest, account: int) -> HttpResponse:
    here = account_for(request, account)
    return page(request, "home/account.html", account=here)


urlpatterns = [
    path("", home, name="home"),
    path("a/<int:account>/", account_home, name="account-home"),
]
