"""Proposing a change anew: where its form is, and what was wanted, put back into that form."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import orjson
from django.http import HttpRequest
from django.urls import reverse

from klaviyo_admin.accounts import rights
from klaviyo_admin.accounts.models import Account, Person
from klaviyo_admin.areas import AREAS
from klaviyo_admin.areas.base import Action, Resource
from klaviyo_admin.changes import bodies, digests
from klaviyo_admin.changes.models import Change, Step
from klaviyo_admin.klaviyo import secrets
from klaviyo_admin.klaviyo.values import Item, Json
from klaviyo_admin.pages.numbers import whole
from klaviyo_admin.sealing import Unreadable

# A change in one of these states can be proposed anew; one that waits only by its author.
OVER = ("stale", "rejected", "withdrawn", "expired", "failed", "cancelled")
LAPSED = ("withdrawn", "rejected", "expired")  # a change that ended so stands in nobody's way
MOST = 100  # things that one form takes


def url(person: Person, change: Change) -> str:
    """The address of the form that proposes a change anew; "" where there is none, not for this person, or where that was
    done already."""
    address = _address(person, change)
    return "" if address and change.superseded_by.exclude(status__in=LAPSED).exists() else address


def _address(person: Person, change: Change) -> str:
    waits = change.status == "proposed" and change.author_id == person.pk
    if not (waits or change.status in OVER) or change.undoes_id or not rights.may(person, change.account, "propose"):
        return ""
    found = _declared(change)
    ids = _ids(change) if found and found[1].on != "new" else []
    if (
        found is None
        or (found[1].on != "new" and not 1 <= len(ids) <= MOST)
        or (found[1].on == "item" and len(ids) > 1)
    ):
        return ""
    address = reverse("act", args=[change.account_id, found[0].key, found[1].key])
    return f"{address}?{urlencode({'id': ids, 'again': change.pk}, doseq=True)}"


def replaced(request: HttpRequest, person: Person, account: Account) -> Change | None:
    """The change that the form on this address proposes anew; None for a form that begins from nothing, or where this is
    not the form of that change."""
    number = whole(request.GET.get("again"))
    found = Change.objects.filter(account=account, pk=number).first() if number else None
    return found if found and _address(person, found).partition("?")[0] == request.path else None


def wanted(old: Change | None, items: Sequence[Item]) -> Sequence[Item]:
    """Things as the old change wanted them, for the start of a form; as they are where it is not to be trusted."""
    steps = _trusted(old)
    return [_overlaid(item, [step for step in steps if step.target_id == item.id]) for item in items]


def typed(old: Change | None, fields: Mapping[str, Any]) -> dict[str, Json]:
    """What the old change wanted of a new thing, under the names of those fields of a form that are called alike."""
    for step in _trusted(old)[:1]:
        try:
            document = orjson.loads(bodies.of(step) or b"null")
        except (bodies.Damaged, orjson.JSONDecodeError):
            return {}
        data = document.get("data") if isinstance(document, dict) else None
        attributes = data.get("attributes") if isinstance(data, dict) else None
        return {key: value for key, value in (attributes or {}).items() if key in fields and not secrets.named([key])}
    return {}


def begun(old: Change, action: Action, items: Sequence[Item], initial: Mapping[str, Any]) -> dict[str, Any]:
    """What a form shows at first: what the old change wanted, over what holds now."""
    if action.on == "new":
        return {**initial, **typed(old, action.form.base_fields)}
    return action.start(wanted(old, items)) if action.start and items else dict(initial)


def _declared(change: Change) -> tuple[Resource, Action] | None:
    """The resource and action that a change was proposed with, by the name that its Intent gave itself."""
    area, _, verb = change.action.partition(".")
    for each in AREAS:
        for resource in each.resources:
            if area in (each.key, resource.key) and change.target_type in ("", resource.type):
                action = resource.action(verb)
                if action is not None:
                    return resource, action
    return None


def _ids(change: Change) -> list[str]:
    found = change.steps.order_by("number").values_list("target_id", flat=True)
    return list(dict.fromkeys(ident for ident in found if ident))


def _trusted(old: Change | None) -> list[Step]:
    try:
        return digests.check(old.pk)[1] if old else []
    except (digests.Altered, Unreadable):
        return []


def _overlaid(item: Item, steps: Sequence[Step]) -> Item:
    attributes = deepcopy(dict(item.attributes))
    for field in (field for step in steps for field in step.fields):
        *way, last = field["path"]
        place = attributes
        for key in way:
            inside = place.get(key)
            place[key] = dict(inside) if isinstance(inside, Mapping) else {}
            place = place[key]
        place[last] = field["after"]
    return replace(item, attributes=attributes)
