"""The vocabulary in which an area declares what exists and what can be asked of it.

Frozen data that points at plain functions. None of them receives a request, a user or a database.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from klaviyo_admin.intents import Intent
from klaviyo_admin.klaviyo import filters
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.values import Item, Page

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
    badge, flag, json. `sort` is the API's sort field. `first` False leaves the column out until a person picks it."""

    key: str
    label: str
    show: Callable[[Item], Any]
    as_: str = "text"
    sort: str = ""
    first: bool = True


@dataclass(frozen=True, slots=True)
class Filter:
    """One server-side filter of a list: the operation it belongs to, its field and operator, how a person gives the value.

    kind: text, moment (a local date and time), choice (`choices` as value/label pairs), flag.
    `guess` answers whether a word typed into the search box is meant for this filter.
    """

    key: str
    label: str
    operation: str
    field: str
    operator: str = "equals"
    kind: str = "text"
    choices: tuple[tuple[str, str], ...] = ()
    guess: Callable[[str], bool] | None = None

    def expression(self, value: Any) -> str:
        """Klaviyo's filter for a cleaned value; raises BadFilter for a value the operation does not take.

        Several filters are joined with a comma, which means "and".
        """
        return filters.for_operation(operation(self.operation), self.field, self.operator, value)


@dataclass(frozen=True, slots=True)
class Tab:
    """Related things on a detail page: read beside the item itself, drawn with `columns`, linked to area `links_to`."""

    key: str
    label: str
    page: Callable[[Reader, str, Asked], Page]
    columns: tuple[Column, ...]
    links_to: str = ""
    empty: str = "Nothing here yet."


@dataclass(frozen=True, slots=True)
class Action:
    """A form and the pure function that turns its answers into an Intent.

    on: "item" (one thing: `build` gets a sequence of one Item), "many" (a selection) or "new" (an empty sequence).
    `start` gives the form's initial values from the items. `verb` is what the button says. `scopes` are what a key needs.
    """

    key: str
    verb: str
    form: type[forms.Form]
    build: Callable[[Sequence[Item], Answers], Intent]
    on: str = "item"
    start: Callable[[Sequence[Item]], dict[str, Any]] | None = None
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Resource:
    """A noun of the dashboard. `key` is its place in URLs ("profiles"), `one`/`many` are the words people use."""

    key: str
    one: str
    many: str
    page: Callable[[Reader, Asked], Page]
    item: Callable[[Reader, str], Item]
    name: Callable[[Item], str]
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...] = ()
    tabs: tuple[Tab, ...] = ()
    actions: tuple[Action, ...] = ()

    def action(self, key: str) -> Action | None:
        return next((a for a in self.actions if a.key == key), None)
