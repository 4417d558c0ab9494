"""Turns items and columns into what templates/components/_table.html draws, and remembers which columns a person likes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from klaviyo_admin.accounts.models import Account
from klaviyo_admin.areas import of_type
from klaviyo_admin.areas.base import Column, Resource
from klaviyo_admin.klaviyo.values import Item
from klaviyo_admin.pages.asking import Question


@dataclass(frozen=True, slots=True)
class Head:
    """`sort` is the value of aria-sort, "" where the column cannot be sorted; `url` sorts by it."""

    label: str
    as_: str = "text"
    sort: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    value: Any
    as_: str = "text"
    url: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """`name` is what a checkbox in front of the row is called; `item` is for lists that are drawn in their own way."""

    id: str
    name: str
    cells: tuple[Cell, ...]
    item: Item | None = field(default=None, repr=False, compare=False)


def heads(columns: Sequence[Column], question: Question | None = None) -> list[Head]:
    """The head of each column; sortable only where the list can be asked for another order."""
    if question is None:
        return [Head(c.label, c.as_) for c in columns]
    return [head(column, question) for column in columns]


def head(column: Column, question: Question) -> Head:
    url = question.sort_url(column)
    if not url:
        return Head(column.label, column.as_)
    now = question.asked.sort
    sort = {column.sort: "ascending", f"-{column.sort}": "descending"}.get(now, "none")
    return Head(column.label, column.as_, sort, url)


def rows(
    items: Sequence[Item], columns: Sequence[Column], account: Account | None = None, links_to: str = ""
) -> list[Row]:
    """One row per item; its first cell links to the item's page in the area `links_to`, with "*" in that of its kind."""
    return [row(item, columns, account, links_to) for item in items]


def row(item: Item, columns: Sequence[Column], account: Account | None, links_to: str) -> Row:
    if links_to == "*":
        links_to = found.key if (found := of_type(item.type)) else ""
    url = reverse("resource-item", args=[account.pk, links_to, item.id]) if account and links_to and item.id else ""
    cells = [Cell(c.show(item), c.as_, url if n == 0 else "") for n, c in enumerate(columns)]
    name = cells[0].value if cells else item.id
    return Row(item.id, str(name or item.id), tuple(cells), item)


def cookie_name(resource: Resource) -> str:
    return f"columns-{resource.key}"


def chosen(request: HttpRequest, resource: Resource) -> tuple[Column, ...]:
    """The columns to show, in the declared order: the person's choice, else those that show at first.

    The first column names the thing and links to it, so it always shows.
    """
    liked = set(request.COOKIES.get(cookie_name(resource), "").split("."))
    picked = [c for c in resource.columns[1:] if c.key in liked]
    if "all-off" not in liked and not picked:
        picked = [c for c in resource.columns[1:] if c.first]
    return (resource.columns[0], *picked)
