"""The filters of a list with which people pick a thing by its name: the search behind the box, and names in place of ids."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse

from klaviyo_admin import api
from klaviyo_admin.accounts.models import Account
from klaviyo_admin.areas.base import Resource
from klaviyo_admin.intents import PEOPLE
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.errors import KlaviyoError
from klaviyo_admin.klaviyo.values import Item
from klaviyo_admin.pages import picking
from klaviyo_admin.pages.asking import TYPED, UNREAD, Chip, Question, ask, typed
from klaviyo_admin.pages.render import trouble


def asked(request: HttpRequest, account: Account, resource: Resource) -> Question:
    """The question of a list's address. A name that was typed and not ticked counts as the one thing of that name; the
    question's own address has its id. Where there is no one such thing, the box offers what comes near."""
    data, said = request.GET.copy(), typed(resource, request.GET)
    if not said:
        return _prepared(ask(resource, data), account)
    reader, unknown = api.reader(account), dict[str, ValidationError]()
    for key, words in said.items():
        of = next(each.of for each in resource.filters if each.key == key)
        try:
            data[key] = picking.called(reader, picking.resource_of(of), words).id
            data.pop(f"{key}{TYPED}")
        except ValidationError as error:
            unknown[key] = error
        except KlaviyoError as error:
            unknown[key] = ValidationError(f"{trouble(error).title}. {trouble(error).remedy}")
    question = _prepared(ask(resource, data), account)
    if not unknown:
        return question
    for key, words in typed(resource, data).items():
        _offer(reader, question, key, words)
        question.form.add_error(key, unknown[key])
    return replace(question, fault=UNREAD)


def _offer(reader: Reader, question: Question, key: str, words: str) -> None:
    """Puts the things with these words in their names under the box, so that one of them can be ticked."""
    field = picking.pickers(question.form)[key]
    near = picking.choices(reader, picking.resource_of(field.resource), words, [])
    field.widget.offered = tuple(near.get("offered", ()))


def _prepared(question: Question, account: Account) -> Question:
    """The question with a search for each of its boxes. Nothing is asked of Klaviyo before a person comes to one of them."""
    for field in picking.pickers(question.form).values():
        resource = picking.resource_of(field.resource)
        field.widget.url = reverse("pick", args=[account.pk, field.resource])
        field.widget.asks = picking.asks(resource)
        field.widget.late = resource.type not in PEOPLE
    return question


def readings(reader: Reader, question: Question) -> list[Callable[[], Item]]:
    """A call for each thing that the question speaks of, in the order of its chips."""
    return [partial(picking.resource_of(chip.of).item, reader, chip.value) for chip in question.chips if chip.of]


def named(question: Question, things: Sequence[Item | KlaviyoError]) -> Question:
    """The question in the names of the things that `readings` gave; what could not be read keeps its id."""
    names = {
        (chip.of, chip.value): picking.resource_of(chip.of).name(thing)
        for chip, thing in zip((chip for chip in question.chips if chip.of), things, strict=True)
        if isinstance(thing, Item)
    }
    for field in picking.pickers(question.form).values():
        field.widget.names = {ident: name for (of, ident), name in names.items() if of == field.resource}

    def said(chip: Chip) -> Chip:
        return replace(chip, value=names.get((chip.of, chip.value), chip.value))

    return replace(question, chips=tuple(map(said, question.chips)))
