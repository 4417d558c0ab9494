"""Makes forms in which people pick things by name work: the search behind the box, the names of what is ticked, and the
things themselves in place of ids before a builder sees the answers."""

from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse

from klaviyo_admin import api
from klaviyo_admin.accounts.models import Account
from klaviyo_admin.areas import find, finding
from klaviyo_admin.areas.base import Resource
from klaviyo_admin.areas.picking import Picked, PickField, as_picked
from klaviyo_admin.areas.profiles.people import People, PeopleField
from klaviyo_admin.areas.profiles.people import find as find_people
from klaviyo_admin.areas.rows import Rows
from klaviyo_admin.areas.segments.builder import OFFERED, ConditionsField
from klaviyo_admin.intents import PEOPLE
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.errors import KlaviyoError, NotFound
from klaviyo_admin.klaviyo.values import Item
from klaviyo_admin.pages.render import account_for, part, trouble

OFFERED_MOST = 300  # things of one resource in a choice


def pickers(form: forms.Form) -> dict[str, PickField]:
    return {name: field for name, field in form.fields.items() if isinstance(field, PickField)}


def named(form: type[forms.Form]) -> list[str]:
    """The pick fields of a kind of form, by name."""
    return [name for name, field in form.base_fields.items() if isinstance(field, PickField)]


def prepare(form: forms.Form, account: Account) -> None:
    """Gives every pick field of a form its search, the names of what is ticked, and the first things to tick; and fields
    that speak of things in several places the names of all of them."""
    for field in form.fields.values():
        if isinstance(field, ConditionsField):
            field.widget.offers, field.widget.cut = _offers(api.reader(account))
    fields = pickers(form)
    if not fields:
        return
    reader = api.reader(account)
    answers = reader.gather(*(partial(_known, reader, form, name, field) for name, field in fields.items()))
    for field, known in zip(fields.values(), answers, strict=True):
        field.widget.url = reverse("pick", args=[account.pk, field.resource])
        field.widget.asks = asks(resource_of(field.resource))
        if not isinstance(known, KlaviyoError):
            field.widget.names, field.widget.offered, field.widget.foreign = known


def asks(resource: Resource) -> str:
    """What a search box over the resource asks for: a part of the name, of people the whole of what they are known by."""
    by = "whole e-mail address, phone or ID" if resource.type in PEOPLE else "name"
    return f"Search {resource.many} by {by}"


def _offers(reader: Reader) -> tuple[dict[str, tuple[tuple[str, str], ...]], list[str]]:
    """What the conditions of a segment may speak of, by resource, without what cannot be read; and of what there is more
    than that."""
    found = reader.gather(*(partial(finding.find, reader, resource_of(key), shown=OFFERED_MOST) for key in OFFERED))
    read = {key: each for key, each in zip(OFFERED, found, strict=True) if not isinstance(each, KlaviyoError)}
    offers = {key: tuple((item.id, resource_of(key).name(item)) for item in each.items) for key, each in read.items()}
    return offers, [resource_of(key).many for key, each in read.items() if each.more]


def resolved(form: forms.Form, account: Account) -> dict[str, Any]:
    """The answers with the things themselves in place of what was picked. Raises ValidationError by field."""
    answers = dict(form.cleaned_data)
    errors: dict[str, ValidationError] = {}
    reader = api.reader(account)
    for name, field in pickers(form).items():
        if name not in answers:
            continue
        try:
            answers[name] = _things(reader, field, answers[name])
        except ValidationError as error:
            errors[name] = error
    for name, rows_field in people(form).items():
        try:
            answers[name] = _people(reader, rows_field, answers[name])
        except ValidationError as error:
            errors[name] = error
    if errors:
        raise ValidationError(errors)
    return answers


def people(form: forms.Form) -> dict[str, PeopleField]:
    return {name: field for name, field in form.fields.items() if isinstance(field, PeopleField)}


def _people(reader: Reader, field: PeopleField, rows: Rows) -> People:
    """The profiles that rows name. Raises ValidationError for rows that name nobody, unless they may be left out."""
    try:
        found = find_people(reader, rows)
    except KlaviyoError as error:
        raise ValidationError(f"{trouble(error).title}. {trouble(error).remedy}") from error
    field.judge(found.rows)
    if not found.profiles:
        raise ValidationError("No line names a profile, so nothing is left to change.")
    return found


def _things(reader: Reader, field: PickField, picked: Picked) -> Item | tuple[Item, ...] | None:
    resource = resource_of(field.resource)
    try:
        if picked.words and not picked.ids:
            named = called(reader, resource, picked.words)
            return (named,) if field.many else named
        found = reader.gather(*(partial(resource.item, reader, ident) for ident in picked.ids))
    except KlaviyoError as error:
        raise ValidationError(f"{trouble(error).title}. {trouble(error).remedy}") from error
    for ident, one in zip(picked.ids, found, strict=True):
        if isinstance(one, KlaviyoError):
            raise ValidationError(f"The {resource.one} {ident} cannot be read: {one.summary} Pick another one.")
    things = tuple(one for one in found if isinstance(one, Item))
    return things if field.many else next(iter(things), None)


def called(reader: Reader, resource: Resource, words: str) -> Item:
    """The one thing of this name or id. Raises ValidationError if there is none, or several; and KlaviyoError."""
    found = finding.exact(reader, resource, words)
    if found is None:
        raise ValidationError(f"No one {resource.one} is called “{words}”. Search, and tick the one you mean.")
    return found


def _known(
    reader: Reader, form: forms.Form, name: str, field: PickField
) -> tuple[dict[str, str], tuple[tuple[str, str], ...], frozenset[str]]:
    """The names of what is ticked by id, what is offered to begin with, and the ids that are another resource's."""
    resource = resource_of(field.resource)
    picked = as_picked(form[name].value())
    offered = () if resource.type in PEOPLE else finding.find(reader, resource).items
    names = {item.id: resource.name(item) for item in offered}
    rest = [ident for ident in picked.ids if ident not in names]
    read = reader.gather(*(partial(resource.item, reader, ident) for ident in rest))
    names.update((one.id, resource.name(one)) for one in read if isinstance(one, Item))
    foreign = (ident for ident, one in zip(rest, read, strict=True) if field.mixed and isinstance(one, NotFound))
    return names, tuple((item.id, resource.name(item)) for item in offered), frozenset(foreign)


def resource_of(key: str) -> Resource:
    resource = find(key)
    if resource is None or not resource.source.list:
        raise Http404("There is nothing of this kind to pick.")
    return resource


def pick(request: HttpRequest, account: int, key: str) -> HttpResponse:
    """The choices for the words in a pick field's search box: what is ticked already, then what fits."""
    here, resource = account_for(request, account), resource_of(key)
    name = request.GET.get("field", "")
    # The box that htmx puts the answer into keeps its id: forms differ in how they call their fields.
    context: dict[str, Any] = {"box_id": request.headers.get("HX-Target", f"id_{name}_options"), "name": name}
    context |= {kind: request.GET.get(kind) == "1" for kind in ("many", "none")}
    context |= choices(
        api.reader(here), resource, request.GET.get(f"{name}-words", "")[:200], request.GET.getlist(name)
    )
    return part(request, "widgets/_pick_options.html", context, here)


def choices(reader: Reader, resource: Resource, words: str, ids: list[str]) -> dict[str, Any]:
    ticked = reader.gather(*(partial(resource.item, reader, ident) for ident in ids[:100]))
    chosen = [(item.id, resource.name(item)) for item in ticked if isinstance(item, Item)]
    try:
        found = finding.find(reader, resource, words)
    except KlaviyoError as error:
        return {"chosen": chosen, "trouble": trouble(error)}
    offered = [(item.id, resource.name(item)) for item in found.items if item.id not in ids]
    whole = " Type a whole e-mail address, phone or ID." if resource.type in PEOPLE else ""
    nothing = "" if offered or not words else f"No {resource.one} fits “{words}”.{whole}"
    return {"chosen": chosen, "offered": offered, "more": found.more, "nothing": nothing}


urlpatterns = [path("a/<int:account>/pick/<slug:key>/", pick, name="pick")]
