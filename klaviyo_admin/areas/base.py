"""The vocabulary in which an area declares what exists and what can be asked of it.

Frozen data that points at plain functions. None of them receives a request, a user or a database.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django import forms

from klaviyo_admin.intents import Intent
from klaviyo_admin.klaviyo import filters
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.errors import NotFound
from klaviyo_admin.klaviyo.operation import Operation
from klaviyo_admin.klaviyo.values import Item, Page, Query

Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asked of a list page: the finished filter string, sort key, cursor, and page size (None: default)."""

    filter: str = ""
    sort: str = ""
    cursor: str = ""
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list. `show` takes the Item to a plain value, drawn by `as_`: text, id, moment, number, money,
    badge, flag, json. `sort` is the API's sort field. `first` False leaves the column out until a person picks it.
    `covers` are attributes beside the one of its key of which it tells enough: a detail page leaves them out."""

    key: str
    label: str
    show: Callable[[Item], Any]
    as_: str = "text"
    sort: str = ""
    first: bool = True
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filter:
    """One server-side filter of a list: the operation it belongs to, its field and operator, how a person gives the value.

    kind: text, moment (a local date and time), choice (`choices` as value/label pairs), flag, thing (the id of a thing of
    the resource `of`, which people pick by its name).
    `guess` answers whether a word typed into the search box is meant for this filter. `default` is in force until a
    person asks for something else: for a filter that Klaviyo demands.
    """

    key: str
    label: str
    operation: str
    field: str
    operator: str = "equals"
    kind: str = "text"
    choices: tuple[tuple[str, str], ...] = ()
    guess: Callable[[str], bool] | None = None
    default: str = ""
    of: str = ""

    def expression(self, value: Any) -> str:
        """Klaviyo's filter for a cleaned value; raises BadFilter for a value the operation does not take.

        Several filters are joined with a comma, which means "and".
        """
        found = operation(self.operation)
        whole = any(each.name == self.field and each.type == "integer" for each in found.filters)
        # What a page gives is text, also where Klaviyo compares numbers.
        number = int(value) if whole and isinstance(value, str) and value.isdecimal() else value
        return filters.for_operation(found, self.field, self.operator, number)


@dataclass(frozen=True, slots=True)
class Source:
    """Where things are read. `list` is the operation of the collection ("": they are found through other things only),
    `item` the one that shows a thing ("": its row is all there is); `include` and `additional` (additional fields by
    type) are asked of each as far as it takes them. `sort` and `size` are what a list begins with. `filter` is a
    condition that always holds; `parameter` is what the path of `item` calls the id."""

    list: str = ""
    item: str = ""
    include: tuple[str, ...] = ()
    additional: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = ""
    size: int | None = None
    filter: str = ""
    parameter: str = "id"

    def page(self, reader: Reader, asked: Asked) -> Page:
        """One page of the collection. Raises KlaviyoError."""
        found = operation(self.list)
        query = Query(
            filter=",".join(filter(None, (self.filter, asked.filter))),
            sort=asked.sort or self.sort,
            size=asked.size or self.size,
            cursor=asked.cursor,
            **self._also(found),
        )
        return reader.page(found.id, query=query)

    def read(self, reader: Reader, ident: str) -> Item:
        """One thing with what is asked for beside it. Raises KlaviyoError."""
        found = operation(self.item)
        return reader.item(found.id, path={self.parameter: ident}, query=Query(**self._also(found)))

    def _also(self, found: Operation) -> dict[str, Any]:
        also = {kind: names for kind, names in self.additional.items() if kind in found.additional_fields}
        return {"include": tuple(n for n in self.include if n in found.includes), "additional_fields": also}


@dataclass(frozen=True, slots=True)
class Tab:
    """Related things on a detail page, one or many: read by `operation` at the thing's id (or by `page`, for what no
    relationship of Klaviyo gives), drawn with `columns`, linked to the resource `links_to`. `ids` is the operation that
    gives the bare ids, offered as a file. A `lazy` tab is read only when a person opens it."""

    key: str
    label: str
    operation: str
    columns: tuple[Column, ...]
    links_to: str = ""
    empty: str = "Nothing here yet."
    ids: str = ""
    sort: str = ""
    lazy: bool = False
    page: Callable[[Reader, str, Asked], Page] | None = None

    def read(self, reader: Reader, ident: str, asked: Asked) -> Page:
        """One page of what is related to the thing of this id; 20 rows where Klaviyo lets the size be chosen. A relation
        that leads to nothing, which Klaviyo says with a 404 where it is to one thing, is an empty page."""
        if self.page is not None:
            return self.page(reader, ident, asked)
        found = operation(self.operation)
        size = asked.size or (20 if found.page_max else None)
        query = Query(asked.filter, asked.sort or self.sort, size, asked.cursor)
        try:
            return reader.page(found.id, path={"id": ident}, query=query)
        except NotFound:
            return Page((), datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class Action:
    """A form and the pure function that turns its answers into an Intent, which may send any of `operations`.

    on: "item" (one thing: `build` gets a sequence of one Item), "many" (a selection) or "new" (an empty sequence).
    `start` gives the form's initial values from the items. `verb` is what the button says. The answer of a
    `fields.PickField` reaches `build` as the Item (or tuple of Items) picked, as Klaviyo has them now. `suits` answers
    whether a thing allows it at all: on the pages of others it is not offered.
    """

    key: str
    verb: str
    form: type[forms.Form]
    build: Callable[[Sequence[Item], Answers], Intent]
    operations: tuple[str, ...]
    on: str = "item"
    start: Callable[[Sequence[Item]], dict[str, Any]] | None = None
    hint: str = ""
    suits: Callable[[Item], bool] | None = None

    @property
    def dangerous(self) -> bool:
        """Whether it can destroy, or send to people: such a button never looks like the obvious one."""
        return any(operation(name).risk not in ("read", "reversible") for name in self.operations)


@dataclass(frozen=True, slots=True)
class Resource:
    """A noun of the dashboard. `key` is its place in URLs ("profiles"), `one`/`many` are the words people use, `type`
    is what JSON:API calls it. `source` is where it is read; without a list, things are found through others."""

    key: str
    one: str
    many: str
    type: str
    source: Source
    name: Callable[[Item], str]
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...] = ()
    tabs: tuple[Tab, ...] = ()
    actions: tuple[Action, ...] = ()

    def page(self, reader: Reader, asked: Asked) -> Page:
        return self.source.page(reader, asked)

    def item(self, reader: Reader, ident: str) -> Item:
        return self.source.read(reader, ident)

    def action(self, key: str) -> Action | None:
        return next((a for a in self.actions if a.key == key), None)

    def operations(self) -> frozenset[str]:
        """Every operation that its pages ask and its actions send."""
        named = {self.source.list, self.source.item}
        named.update(name for tab in self.tabs for name in (tab.operation, tab.ids))
        named.update(name for action in self.actions for name in action.operations)
        return frozenset(named - {""})
