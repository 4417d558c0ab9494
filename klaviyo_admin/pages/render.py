"""How an answer is made: whole pages, parts for htmx, forms in our look, and calm panels for what Klaviyo refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme

from klaviyo_admin.accounts import rights
from klaviyo_admin.accounts.models import Account, Person
from klaviyo_admin.klaviyo.errors import (
    Forbidden,
    Gone,
    KlaviyoError,
    NotFound,
    Refused,
    Throttled,
    Unauthorised,
    Unavailable,
    Unclear,
)
from klaviyo_admin.pages import widgets
from klaviyo_admin.pages.context import known_account

Context = Mapping[str, Any]


class FormRenderer(TemplatesSetting):
    """Forms and fields come out in the dashboard's look, errors tied to their field."""

    form_template_name = "components/_form.html"
    field_template_name = "components/_field.html"

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        drawn = widgets.draw(template_name, context["widget"]) if "widget" in context else None
        return super().render(template_name, context, request) if drawn is None else drawn


def page(
    request: HttpRequest,
    template: str | Sequence[str],
    context: Context | None = None,
    account: Account | None = None,
    status: int = 200,
) -> HttpResponse:
    """A whole page, from the first of the templates that exists.

    Band, menu and inbox come from context.everywhere, which reads the account from the address.
    """
    inside = {} if account is None else {"account": account}
    response = render(request, template, {**(context or {}), **inside}, status=status)
    add_never_cache_headers(response)  # customers' data does not belong into a browser's cache
    return response


def part(
    request: HttpRequest,
    template: str | Sequence[str],
    context: Context | None = None,
    account: Account | None = None,
    status: int = 200,
) -> HttpResponse:
    """A piece of a page for htmx, from a template whose name begins with an underscore."""
    response = page(request, template, context, account, status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a piece of the page on show; going back in the browser's history asks for the whole."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def person_of(request: HttpRequest) -> Person:
    """Who is logged in. The login middleware lets nobody else in; NotAllowed if it ever did."""
    if not isinstance(request.user, Person):
        raise rights.NotAllowed("Log in first.")
    return request.user


def account_for(request: HttpRequest, pk: int, right: str = "read") -> Account:
    """The account of this address. 404 for people without a membership; NotAllowed (403) if the right is missing."""
    account = known_account(request.user, pk)
    if account is None:
        raise Http404("There is no such account, or you have no role in it.")
    rights.demand(request.user, account, right)
    return account


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a panel says about a failed call: what happened, why, what to do; `status` is for the page's answer."""

    title: str
    text: str
    remedy: str
    status: int = 502
    scopes: tuple[str, ...] = ()


def way_back(request: HttpRequest, otherwise: str) -> HttpResponse:
    """Back to where the person was, by the form's `next`, if that is a place of ours; else to the address `otherwise`."""
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    # Not redirect(), which takes a text without a slash for the name of a view.
    return HttpResponseRedirect(back if safe else otherwise)


def trouble(error: KlaviyoError) -> Trouble:
    """The panel for an error; never a stack trace, never a key."""
    match error:
        case Unauthorised():
            return Trouble(
                "Klaviyo does not accept this account's key",
                error.summary,
                "An admin can replace the key in the account's settings.",
            )
        case Forbidden():
            return Trouble(
                "The key may not read this",
                error.summary,
                "Make a private key with the missing scopes in Klaviyo, then let an admin replace it in the account's settings."
                if error.scopes
                else "The account's plan or the key does not include this. An admin can look at both in Klaviyo.",
                status=200,
                scopes=tuple(error.scopes),
            )
        case NotFound():
            return Trouble(
                "This is not in Klaviyo",
                error.summary,
                "It may have been deleted or merged. Go back to the list and look for it there.",
                status=404,
            )
        case Throttled():
            return Trouble("Klaviyo asks to wait", error.summary, wait_text(error.retry_after), status=503)
        case Unavailable():
            return Trouble(
                "Klaviyo cannot be reached",
                error.summary,
                "Nothing was changed. Try again in a minute; if it stays so, check the network of this server.",
                status=503,
            )
        case Unclear():
            return Trouble(
                "No clear answer from Klaviyo", error.summary, "Look at the change: it says what to do next."
            )
        case Gone():
            return Trouble(
                "Klaviyo has retired this call", error.summary, "This version of Klaviyo Admin is too old; update it."
            )
        case Refused():
            return Trouble("Klaviyo refused this request", error.summary, "Change what was asked for and try again.")
        case _:
            return Trouble("Klaviyo gave no usable answer", error.summary, "Try again in a minute.")


def wait_text(seconds: float) -> str:
    """When to try again, in words."""
    whole = max(1, ceil(seconds))
    if whole < 90:
        return f"Its limit for this kind of call is used up. Try again in {whole} second{'' if whole == 1 else 's'}."
    return f"Its limit for this kind of call is used up. Try again in about {ceil(whole / 60)} minutes."
