"""Which areas a key cannot read: one small question to each list of another scope, because Klaviyo has no way to ask a key."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from klaviyo_admin.areas import AREAS
from klaviyo_admin.areas.base import Asked, Resource
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.errors import Forbidden, KlaviyoError
from klaviyo_admin.klaviyo.values import Page


@dataclass(frozen=True, slots=True)
class Missing:
    """Scopes that the key lacks, and the labels of the areas that need them."""

    scopes: tuple[str, ...]
    areas: tuple[str, ...]


def missing(reader: Reader) -> tuple[Missing, ...]:
    """What the key may not read. Raises KlaviyoError where nothing at all could be asked."""
    asked = dict(_questions())
    answers = reader.gather(*(partial(_ask, reader, resource) for resource in asked.values()))
    failed = [each for each in answers if isinstance(each, KlaviyoError)]
    if failed and len(failed) == len(answers) and not any(isinstance(each, Forbidden) for each in failed):
        raise failed[0]
    refused = [scopes for scopes, found in zip(asked, answers, strict=True) if isinstance(found, Forbidden)]
    return tuple(Missing(scopes, _areas(scopes)) for scopes in refused)


def _questions() -> Iterator[tuple[tuple[str, ...], Resource]]:
    """One list for each set of scopes."""
    seen = set()
    for area in AREAS:
        for resource in area.resources:
            scopes = operation(resource.source.list).scopes if resource.source.list else ()
            if scopes and scopes not in seen:
                seen.add(scopes)
                yield scopes, resource


def _ask(reader: Reader, resource: Resource) -> Page:
    conditions = ",".join(each.expression(each.default) for each in resource.filters if each.default)
    size = 1 if operation(resource.source.list).page_max else None
    return resource.page(reader, Asked(filter=conditions, size=size))


def _areas(scopes: tuple[str, ...]) -> tuple[str, ...]:
    """The areas of which something needs one of these scopes to be read."""
    return tuple(
        area.label
        for area in AREAS
        if any(set(operation(r.source.list).scopes) & set(scopes) for r in area.resources if r.source.list)
    )
