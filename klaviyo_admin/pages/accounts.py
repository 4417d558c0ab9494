"""Connected Klaviyo accounts: the cards, connecting another one, and the settings of one."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from klaviyo_admin import api
from klaviyo_admin.accounts import rights, service
from klaviyo_admin.accounts.models import Account, Membership
from klaviyo_admin.klaviyo.errors import Forbidden, KlaviyoError, Unauthorised, Unavailable
from klaviyo_admin.pages.account_forms import ArchiveForm, ConnectForm, DescribeForm, KeyForm
from klaviyo_admin.pages.render import Trouble, account_for, page, person_of, trouble, way_back

ACCOUNTS_READ = "accounts:read"


def accounts(request: HttpRequest) -> HttpResponse:
    """A card for each account in which the person has a role; an owner sees the others by name only."""
    mine = {m.account_id: m.get_role_display() for m in Membership.objects.filter(person=person_of(request))}
    found = Account.objects.filter(archived_at=None)
    if not person_of(request).is_superuser:
        found = found.filter(pk__in=mine)
    cards = [(account, mine.get(account.pk, "")) for account in found]
    return page(request, "accounts/accounts.html", {"cards": cards})


@require_POST
def check(request: HttpRequest, account: int) -> HttpResponse:
    """Asks Klaviyo whether the account's key works, and goes back to where the person was."""
    here = account_for(request, account)
    if error := service.check(here, api.ask):
        messages.error(request, f"{here.name}: {trouble(error).title}. {error.summary}")
    else:
        messages.success(request, f"{here.name}: Klaviyo answers, and the key works.")
    return way_back(request, reverse("accounts"))


@sensitive_post_parameters("key")
def connect(request: HttpRequest) -> HttpResponse:
    """The form to connect an account; what was typed stays, except the key."""
    rights.demand_owner(request.user)
    form = ConnectForm(request.POST or None, initial={"colour": _next_colour()})
    made, panel = _connected(request, form) if form.is_valid() else (None, None)
    if made:
        messages.success(request, f"{made} is connected. You are its admin; give others their roles here.")
        return redirect("account-people", account=made.pk)
    context = {"form": form, "trouble": panel}
    return page(request, "accounts/connect.html", context, status=422 if form.is_bound else 200)


def _connected(request: HttpRequest, form: ConnectForm) -> tuple[Account | None, Trouble | None]:
    try:
        return service.connect(person_of(request), probe=api.probe, **form.cleaned_data), None
    except KlaviyoError as error:
        return None, key_trouble(error, form.cleaned_data["place"])
    except service.AccountRefused as refused:
        form.add_error(refused.field or None, refused.sentence)
        return None, None


def account_settings(request: HttpRequest, account: int) -> HttpResponse:
    return _settings(request, account_for(request, account, "manage"))


@require_POST
def describe(request: HttpRequest, account: int) -> HttpResponse:
    here = account_for(request, account, "manage")
    form = DescribeForm(request.POST)
    if not form.is_valid():
        return _settings(request, here, describe=form)
    service.describe(person_of(request), here, **form.cleaned_data)
    messages.success(request, "Saved.")
    return redirect("account-settings", account=here.pk)


@require_POST
@sensitive_post_parameters("key")
def replace_key(request: HttpRequest, account: int) -> HttpResponse:
    here = account_for(request, account, "manage")
    form = KeyForm(request.POST)
    panel: Trouble | None = None
    if form.is_valid():
        try:
            service.replace_key(person_of(request), here, form.cleaned_data["key"], api.probe)
        except KlaviyoError as error:
            panel = key_trouble(error, here.place)
        except service.AccountRefused as refused:
            form.add_error(refused.field or None, refused.sentence)
        else:
            messages.success(request, "The new key works and is in place.")
            return redirect("account-settings", account=here.pk)
    return _settings(request, here, panel, key=form)


@require_POST
def archive(request: HttpRequest, account: int) -> HttpResponse:
    here = account_for(request, account, "manage")
    form = ArchiveForm(here, request.POST)
    if not form.is_valid():
        return _settings(request, here, archive=form)
    service.archive(person_of(request), here)
    messages.success(request, f"{here} is archived, and its key is forgotten.")
    return redirect("accounts")


def _settings(request: HttpRequest, here: Account, panel: Trouble | None = None, **tried: Form) -> HttpResponse:
    """The page of all three forms; those of `tried` come with what was wrong in them."""
    forms: dict[str, Form] = {
        "describe": DescribeForm(initial={"name": here.name, "colour": here.colour}),
        "key": KeyForm(),
        "archive": ArchiveForm(here),
    }
    context = {"forms": forms | tried, "trouble": panel, "facts": _facts(here)}
    return page(request, "accounts/settings.html", context, here, 422 if tried else 200)


def key_trouble(error: KlaviyoError, place: str) -> Trouble:
    """The panel for a key that could not be verified."""
    host = settings.KLAVIYO_HOSTS[place]
    match error:
        case Unauthorised():
            return Trouble(
                "This key is not accepted",
                error.summary,
                "Copy the private key once more, whole. If it was deleted in Klaviyo, make another one there.",
            )
        case Forbidden():
            return Trouble(
                "The key may not say which account it belongs to",
                error.summary,
                f"Make a private key that has the scope {ACCOUNTS_READ} beside those for your work, and paste that one.",
                scopes=error.scopes or (ACCOUNTS_READ,),
            )
        case Unavailable():
            start = " Is the sandbox running (manage.py sandbox)?" if place == "sandbox" else ""
            return Trouble(
                f"{host} cannot be reached",
                error.summary,
                f"Nothing was saved. Check that this server may reach {host}, and try again.{start}",
            )
        case _:
            return trouble(error)


def _facts(here: Account) -> list[tuple[str, Any, str]]:
    return [
        ("Klaviyo account", here.klaviyo_id, "id"),
        ("Where it is", f"{here.get_place_display()}, {settings.KLAVIYO_HOSTS[here.place]}", "text"),
        ("Key added by", here.key_added_by.name, "text"),
        ("Key added", here.key_added_at, "moment"),
        ("Last check", here.checked_at, "moment"),
        ("What it found", here.check_problem or ("The key works" if here.checked_at else ""), "text"),
    ]


def _next_colour() -> str:
    """The first colour that no account has yet."""
    taken = set(Account.objects.filter(archived_at=None).values_list("colour", flat=True))
    colours = [colour for colour, _ in Account._meta.get_field("colour").choices or ()]
    return str(next((colour for colour in colours if colour not in taken), colours[0]))


urlpatterns = [
    path("accounts/", accounts, name="accounts"),
    path("accounts/connect/", connect, name="account-connect"),
    path("a/<int:account>/settings/", account_settings, name="account-settings"),
    path("a/<int:account>/settings/describe/", describe, name="account-describe"),
    path("a/<int:account>/settings/key/", replace_key, name="account-key"),
    path("a/<int:account>/settings/archive/", archive, name="account-archive"),
    path("a/<int:account>/check/", check, name="account-check"),
]
