"""Knows how a thing is found by what a person remembers of it: a part of its name, or a profile's whole address."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from klaviyo_admin.areas.base import Asked, Filter, Resource
from klaviyo_admin.intents import PEOPLE
from klaviyo_admin.klaviyo import filters
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.errors import NotFound
from klaviyo_admin.klaviyo.values import Item, Page

SHOWN = 10
READ = 30  # pages of a collection that are searched; more are not
CALLED = ("name", "title")


@dataclass(frozen=True, slots=True)
class Found:
    """Things in the order of their collection, and whether there may be more than these: beyond those shown, or beyond
    the pages that are read."""

    items: tuple[Item, ...]
    more: bool


def find(
    reader: Reader, resource: Resource, words: str = "", shown: int = SHOWN, filter: str = "", sort: str = ""
) -> Found:
    """The first things with `words` in their names, of those that meet a finished `filter`; by their names, unless another
    `sort` is asked for. Klaviyo searches where it can; elsewhere the collection is read through. People are found by whole
    addresses and ids only. Raises KlaviyoError.
    """
    found: list[Item] = []
    unread = False
    for page in _pages(reader, resource, words.strip(), filter, sort):
        for item in page.items:
            if resource.type in PEOPLE or fits(resource, item, words):
                if len(found) == shown:
                    return Found(tuple(found), more=True)
                found.append(item)
        unread = bool(page.next_cursor)
    return Found(tuple(found), more=unread)


def fits(resource: Resource, item: Item, words: str) -> bool:
    """Whether the words are a part of the thing's name, or its id."""
    wanted = words.casefold().strip()
    return wanted in resource.name(item).casefold() or wanted == item.id.casefold()


def exact(reader: Reader, resource: Resource, words: str) -> Item | None:
    """The only thing of this very name or id; None if there is none, or several. Raises KlaviyoError."""
    wanted = words.casefold().strip()
    found = find(reader, resource, words, shown=200).items
    same = [item for item in found if wanted in (resource.name(item).casefold(), item.id.casefold())]
    if resource.type in PEOPLE:
        same = list(found)
    if len(same) == 1:
        return same[0]
    try:
        return resource.item(reader, words.strip()) if not same and words.strip().isalnum() else None
    except NotFound:
        return None


def searched(resource: Resource) -> str:
    """The field that Klaviyo itself can search for a part of the name, "" if it cannot."""
    taken = {f.name: f.operators for f in operation(resource.source.list).filters}
    return next((name for name in CALLED if "contains" in taken.get(name, ())), "")


def _pages(reader: Reader, resource: Resource, words: str, filter: str, sort: str) -> Iterator[Page]:
    reading = operation(resource.source.list)
    conditions = [filter] if filter else [f.expression(f.default) for f in resource.filters if f.default]
    if resource.type in PEOPLE:
        if (meant := _meant_for(resource, words)) is None:
            return
        conditions.append(meant.expression(words))
    elif words and (name := searched(resource)):
        conditions.append(filters.for_operation(reading, name, "contains", words))
    sort = sort or next((name for name in CALLED if name in reading.sorts), "")
    asked = Asked(filter=",".join(conditions), sort=sort, size=reading.page_max if words else None)
    for _ in range(READ):
        page = resource.page(reader, asked)
        yield page
        if not page.next_cursor:
            return
        asked = replace(asked, cursor=page.next_cursor)


def _meant_for(resource: Resource, words: str) -> Filter | None:
    return next((f for f in resource.filters if f.guess and f.guess(words)), None)
