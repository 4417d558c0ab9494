"""How related things of which Klaviyo tells only the ids get their names: read beside, ten at a time."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial

from klaviyo_admin.areas.base import Asked
from klaviyo_admin.klaviyo import filters
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.errors import KlaviyoError
from klaviyo_admin.klaviyo.values import Item, Page, Query

AT_ONCE = 10  # things whose names are read for one page of a tab


def named(ids: str, read: str, meant: Callable[[str], str] = str) -> Callable[[Reader, str, Asked], Page]:
    """The page of a Tab whose relationship `ids` is not paged. `read` is the operation that lists such things by their
    ids, or else shows one of them; what it does not tell stays without a name. `meant` is the id of a thing in what the
    relationship calls it."""

    def page(reader: Reader, ident: str, asked: Asked) -> Page:
        start = int(asked.cursor) if asked.cursor.isdecimal() else 0
        whole = reader.page(ids, path={"id": ident})
        part, rest = whole.items[start : start + AT_ONCE], whole.items[start + AT_ONCE :]
        things = [replace(item, id=meant(item.id)) for item in part]
        known = {item.id: item for item in _read(reader, read, list(dict.fromkeys(item.id for item in things)))}
        return Page(
            tuple(known.get(item.id, item) for item in things),
            whole.as_of,
            next_cursor=str(start + AT_ONCE) if rest else None,
            previous_cursor="0" if start else None,
        )

    return page


def _read(reader: Reader, name: str, ids: Sequence[str]) -> Iterable[Item]:
    if not ids:
        return ()
    if "{" in operation(name).path:
        found = reader.gather(*(partial(reader.item, name, {"id": ident}) for ident in ids))
        return [item for item in found if isinstance(item, Item)]
    try:
        return reader.page(name, query=Query(filter=filters.any_of("id", ids))).items
    except KlaviyoError:
        return ()
