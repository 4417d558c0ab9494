"""What stood there when a change was proposed, beyond the values that it overwrites: who belonged, and all of what goes, be
it deleted or replaced by another."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from klaviyo_admin import api
from klaviyo_admin.accounts.models import Account
from klaviyo_admin.changes.models import Step
from klaviyo_admin.changes.staleness import MEMBERS, Place, look, place, whole
from klaviyo_admin.changes.undoing import images, shapes
from klaviyo_admin.changes.volatile import settled
from klaviyo_admin.intents import Request
from klaviyo_admin.klaviyo import catalogue
from klaviyo_admin.klaviyo.catalogue import Operation
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.errors import KlaviyoError
from klaviyo_admin.klaviyo.values import Item

# Beyond so many, a proposal would keep somebody waiting; their requests are sent without this comparison.
MOST_NAMED, MOST_DELETED = 1000, 100

Basis = dict[str, Any]


def of(account: Account, requests: Sequence[Request]) -> list[Basis | None]:
    """For each request what has to be the same when it leaves; None where that is nothing, or cannot be read."""
    kinds = [_kind(request) for request in requests]
    chosen: list[int] = []
    named = deleted = 0
    for number, kind in enumerate(kinds):
        named += requests[number].counts if kind == "members" else 0
        deleted += kind == "whole"
        if kind and (named <= MOST_NAMED if kind == "members" else deleted <= MOST_DELETED):
            chosen.append(number)
    found: list[Basis | None] = [None] * len(requests)
    if not chosen:
        return found
    try:
        reader = api.reader(account)
    except KlaviyoError:
        return found
    for number, read in zip(chosen, reader.gather(*(partial(_read, reader, requests[n]) for n in chosen)), strict=True):
        found[number] = None if isinstance(read, KlaviyoError) else read
    return found


def with_members(reader: Reader, steps: Iterable[Step], items: Mapping[Place, Item]) -> dict[Place, Item]:
    """The targets of steps as read now, with those of the people or things named who belong to them as their attribute
    MEMBERS. Raises KlaviyoError."""
    found = dict(items)
    for step in steps:
        where, item = place(step), found.get(place(step))
        if item is None or not step.basis or "named" not in step.basis:
            continue
        inside = _belonging(reader, catalogue.operation(step.operation), step.path, step.basis["named"]) or []
        known = item.attributes.get(MEMBERS) or []
        found[where] = replace(item, attributes={**item.attributes, MEMBERS: sorted({*known, *inside})})
    return found


def _kind(request: Request) -> str:
    """members, whole, or "" for a request that needs no basis."""
    done = catalogue.operation(request.write.operation)
    if request.write.gaps:
        return ""
    if shapes.shape(done) == "bond":
        return "members" if done.method != "PATCH" else ""
    seen = request.target.read if request.target is not None else ""
    if shapes.shape(done) == "template":
        return "whole" if seen == shapes.TEMPLATE_OF else ""
    return "whole" if done.method == "DELETE" and seen and "/relationships/" not in done.path else ""


def _read(reader: Reader, request: Request) -> Basis | None:
    write, target = request.write, request.target
    done = catalogue.operation(write.operation)
    if _kind(request) == "members":
        named = [str(row.get("id", "")) for row in shapes.named(images.parsed(done, write.body))]
        inside = _belonging(reader, done, write.path, named)
        return None if inside is None else {"ids": inside, "named": named}
    if target is None:
        return None
    item = look(reader, (target.read, target.id), [field.path for field in request.fields])
    return {"attributes": settled(whole(item))}


def _belonging(reader: Reader, done: Operation, address: str, named: Sequence[str]) -> list[str] | None:
    """Who of those named belongs to the thing at the address; None if too many do to tell."""
    found = catalogue.match(done.method, address.partition("?")[0])
    try:
        told = images.members(reader, done, found[1] if found else {}, {"data": [{"id": ident} for ident in named]})
    except images.TooMany:
        return None
    ids: list[str] | None = told.get("ids")
    return ids
