"""The vocabulary in which a room declares how a kind of resource is stored and shown."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from klaviyo_admin.sandbox.filtering import Literal

Row = sqlite3.Row
Extras = frozenset[str]
Loader = Callable[[sqlite3.Connection, Sequence[Row]], list[tuple[int, Row]]]
Sql = tuple[str, tuple[Any, ...]]  # an SQL expression and its parameters


@dataclass(frozen=True, slots=True)
class Relation:
    """A relationship of a resource. `load` reads the related rows for several owners at once, as (owner's row number,
    row of the other shelf); None where the sandbox has nothing to relate. `always` shows `data` without include;
    `own_link` False leaves out `links.self`, as the live service does for some. `told_by` names the operations that tell
    of it; all do if there are none."""

    name: str
    shelf: Callable[[], "Shelf"] | None = None
    load: Loader | None = None
    many: bool = True
    always: bool = False
    own_link: bool = True
    told_by: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Shelf:
    """A kind of resource: where its rows are, how they are filtered, sorted and shown.

    columns: an API field to an SQL expression, for filters and sorts. special: filter fields that need more than a
    comparison, as a function of operator, value and account number. show: attributes of a row; the names in the second argument are
    the additional fields asked for. sort: what a collection is sorted by unless asked.
    """

    type: str
    path: str
    table: str
    columns: Mapping[str, str]
    show: Callable[[Row, Extras], dict[str, Any]]
    relations: tuple[Relation, ...] = ()
    special: Mapping[str, Callable[[str, Literal, int], Sql]] = field(default_factory=dict)
    sort: str = "id"
    only: str = ""  # an SQL condition that holds for all rows of this shelf
    links: bool = True
    addresses: tuple[str, ...] = ()  # attributes that are paths of this sandbox, shown as full addresses
    computed: Mapping[str, str] = field(default_factory=dict)  # an additional field to the SQL columns that it needs
    odd_prev: bool = False  # a filtered first page has a `prev` whose cursor is no cursor, as recorded for lists

    def __post_init__(self) -> None:
        _SHELVES[self.type] = self


_SHELVES: dict[str, Shelf] = {}


def shelf_of(kind: str) -> Callable[[], Shelf]:
    """The shelf of a type, looked up when it is needed: so two rooms can relate to each other."""
    return lambda: _SHELVES[kind]


@dataclass(frozen=True, slots=True)
class Rows:
    """Which rows to page through: SQL after FROM, the conditions that hold for all of them, and further columns."""

    table: str
    where: str
    values: tuple[Any, ...]
    extra: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    n: str = ""  # the expression of the row number, where an index spells it differently


def loader(sql: str, key: str = "n") -> Loader:
    """Reads related rows for many owners; the SQL has a column `owner` and `{}` for the list of owners' keys."""

    def load(db: sqlite3.Connection, rows: Sequence[Row]) -> list[tuple[int, Row]]:
        keys = sorted({row[key] for row in rows if row[key] is not None})
        found = db.execute(sql.format(",".join("?" * len(keys))), keys).fetchall()
        by_key: dict[int, list[Row]] = {}
        for row in found:
            by_key.setdefault(row["owner"], []).append(row)
        return [(row["n"], other) for row in rows for other in by_key.get(row[key], ())]

    return load
