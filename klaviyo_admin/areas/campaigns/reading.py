"""Knows what is read beside a campaign: its message with what it shows, its audience by name, its counts and its sending."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial

from klaviyo_admin.areas.base import Asked
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.errors import KlaviyoError, NotFound
from klaviyo_admin.klaviyo.filters import any_of
from klaviyo_admin.klaviyo.values import Item, Page, Query

_AT_ONCE = 10  # ids of one question; lists and segments come ten to a page


def messages(reader: Reader, ident: str, asked: Asked) -> Page:
    """The messages of a campaign with their templates and images. Raises KlaviyoError."""
    query = Query(include=("image", "template"), cursor=asked.cursor)
    return reader.page("get_messages_for_campaign", path={"id": ident}, query=query)


def perhaps(name: str) -> Callable[[Reader, str, Asked], Page]:
    """Reads the one thing that this operation gives; nothing where there is none, which Klaviyo calls not found."""

    def read(reader: Reader, ident: str, asked: Asked) -> Page:
        try:
            return Page((reader.item(name, path={"id": ident}),), datetime.now(UTC))
        except NotFound:
            return Page((), datetime.now(UTC))

    return read


def audience(reader: Reader, ident: str, asked: Asked) -> Page:
    """The lists and segments of a campaign: as items that know whether they are left out. Raises KlaviyoError."""
    campaign = reader.item("get_campaign", path={"id": ident})
    included, excluded = (tuple(campaign.get(f"audiences.{way}", ())) for way in ("included", "excluded"))
    wanted = tuple(dict.fromkeys((*included, *excluded)))
    chunks = [wanted[at : at + _AT_ONCE] for at in range(0, len(wanted), _AT_ONCE)]
    calls = [partial(_named, reader, name, chunk) for name in ("get_lists", "get_segments") for chunk in chunks]
    answers = reader.gather(*calls)
    for error in (answer for answer in answers if isinstance(answer, KlaviyoError)):
        raise error
    found = {item.id: item for answer in answers if not isinstance(answer, KlaviyoError) for item in answer}
    rows = [_member(found.get(ident), ident, ident in excluded) for ident in wanted]
    return Page(tuple(rows), datetime.now(UTC))


def _named(reader: Reader, name: str, ids: Sequence[str]) -> tuple[Item, ...]:
    found = operation(name)
    return reader.page(found.id, query=Query(filter=any_of("id", list(ids)), size=found.page_max)).items


def _member(group: Item | None, ident: str, left_out: bool) -> Item:
    """A list or segment with `left_out` among its attributes; one without a name where it is gone."""
    if group is None:
        return Item("", ident, {"name": "No longer in Klaviyo", "left_out": left_out})
    return Item(group.type, ident, {**group.attributes, "left_out": left_out})
