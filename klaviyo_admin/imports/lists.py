"""Knows how a list is found by a part of its name, which Klaviyo itself cannot do."""

from collections.abc import Iterator
from dataclasses import dataclass

from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.values import Item, Query

SHOWN = 10
READ = 30  # pages of ten; more are not searched


@dataclass(frozen=True, slots=True)
class Found:
    """Lists by name, and whether there may be more than these."""

    lists: tuple[Item, ...]
    more: bool


def find(reader: Reader, words: str) -> Found:
    """The first lists, by name, with `words` in their names. Raises KlaviyoError."""
    wanted = words.casefold().strip()
    found: list[Item] = []
    for item in _by_name(reader):
        if wanted in str(item.get("name", "")).casefold():
            if len(found) == SHOWN:
                return Found(tuple(found), more=True)
            found.append(item)
    return Found(tuple(found), more=False)


def _by_name(reader: Reader) -> Iterator[Item]:
    for number, page in enumerate(reader.pages("get_lists", query=Query(sort="name")), start=1):
        yield from page.items
        if number == READ:
            return
