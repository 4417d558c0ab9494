"""The page that finds coupon codes: by their coupon, or by whom they were given to."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import path

from klaviyo_admin import api
from klaviyo_admin.accounts import rights
from klaviyo_admin.accounts.models import Account
from klaviyo_admin.areas import area_of
from klaviyo_admin.areas.coupons.columns import STATUSES
from klaviyo_admin.areas.coupons.resources import CODES, COUPONS
from klaviyo_admin.areas.fields import MomentField
from klaviyo_admin.areas.picking import Picked, PickField
from klaviyo_admin.klaviyo import filters
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.errors import KlaviyoError
from klaviyo_admin.klaviyo.values import Page, Query
from klaviyo_admin.pages import picking, tables
from klaviyo_admin.pages.asking import address
from klaviyo_admin.pages.render import account_for, page, trouble

LISTING = operation("get_coupon_codes")
SHOWN = 50


class Find(forms.Form):
    """Which codes: of a coupon, or of a person, or of both."""

    coupon = PickField("coupons", label="Coupon", required=False)
    email = forms.EmailField(label="Given to (whole e-mail address)", required=False)
    status = forms.ChoiceField(label="Status", required=False, choices=(("", "Any"), *STATUSES.items()))
    after = MomentField(label="Good beyond", required=False)
    before = MomentField(label="Good until at most", required=False)


def codes(request: HttpRequest, account: int) -> HttpResponse:
    """GET shows the codes that fit; without any answer those of the first coupon."""
    here = account_for(request, account)
    context = frame(request, here)
    try:
        context |= found(request, here, api.reader(here))
    except KlaviyoError as error:
        context["trouble"] = trouble(error)
    status = context["trouble"].status if "trouble" in context else 200
    return page(request, "coupons/codes.html", context, here, status)


def frame(request: HttpRequest, account: Account) -> dict[str, Any]:
    """Everything but what Klaviyo knows."""
    actions = CODES.actions if rights.may(request.user, account, "propose") else ()
    return {
        "here": CODES.key,
        "resource": CODES,
        "area": area_of(CODES.key),
        "place": "coupon-codes",
        "bulk_actions": [action for action in actions if action.on == "many"],
        "form": Find(),
    }


def found(request: HttpRequest, account: Account, reader: Reader) -> dict[str, Any]:
    """The form and the codes that it finds. Raises KlaviyoError."""
    data = request.GET.copy()
    if not any(data.get(name) for name in ("coupon", "coupon-words", "email")):
        first = reader.page("get_coupons", query=Query(size=1)).items
        if not first:
            return {}
        data["coupon"] = first[0].id
    form = Find(data, use_required_attribute=False)
    picking.prepare(form, account)
    if not form.is_valid():
        return {"form": form}
    try:
        asked = form.cleaned_data | {"coupon": coupon(reader, form.cleaned_data["coupon"])}
    except ValidationError as error:
        form.add_error("coupon", error)
        return {"form": form}
    listed = read(reader, asked, data.get("cursor", ""))
    return {"form": form} | (drawn(account, data, listed) if listed else {"nobody": asked["email"]})


def coupon(reader: Reader, picked: Picked) -> str:
    """The id of the coupon that was picked, or typed by its name; "" for any. Raises ValidationError for a name of none; and KlaviyoError."""
    if picked.ids or not picked.words:
        return next(iter(picked.ids), "")
    return picking.called(reader, COUPONS, picked.words).id


def read(reader: Reader, asked: dict[str, Any], cursor: str) -> Page | None:
    """One page of codes; None if nobody has the e-mail address. Raises KlaviyoError."""
    conditions = []
    if asked["coupon"]:
        conditions.append(("coupon.id", "equals", [asked["coupon"]]))
    if asked["email"]:
        whose = filters.for_operation(operation("get_profiles"), "email", "equals", asked["email"])
        people = reader.page("get_profiles", query=Query(whose, size=1)).items
        if not people:
            return None
        conditions.append(("profile.id", "equals", [people[0].id]))
    fields = (
        ("status", "equals", "status"),
        ("expires_at", "greater-than", "after"),
        ("expires_at", "less-than", "before"),
    )
    conditions += [(field, operator, asked[key]) for field, operator, key in fields if asked[key]]
    text = ",".join(filters.for_operation(LISTING, *condition) for condition in conditions)
    return reader.page(LISTING.id, query=Query(text, size=SHOWN, cursor=cursor))


def drawn(account: Account, data: Any, listed: Page) -> dict[str, Any]:
    shown = [column for column in CODES.columns if column.first]
    return {
        "heads": tables.heads(shown),
        "rows": tables.rows(listed.items, shown, account, CODES.key),
        "as_of": listed.as_of,
        "first_url": address(data, cursor="") if data.get("cursor") else "",
        "next_url": address(data, cursor=listed.next_cursor) if listed.next_cursor else "",
    }


urlpatterns = [path("a/<int:account>/coupon-codes/", codes, name="coupon-codes")]
