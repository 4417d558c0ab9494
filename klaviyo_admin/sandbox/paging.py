"""Pages: filters and sorts to SQL, and cursors that are a place in the order rather than a count."""

import base64
import binascii
import json
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

from klaviyo_admin.sandbox.asking import Ask
from klaviyo_admin.sandbox.filtering import Condition
from klaviyo_admin.sandbox.refusals import invalid
from klaviyo_admin.sandbox.shelves import Row, Rows, Shelf, Sql

_COMPARE = {
    "equals": "=",
    "greater-than": ">",
    "greater-or-equal": ">=",
    "less-than": "<",
    "less-or-equal": "<=",
}


@dataclass(frozen=True, slots=True)
class Found:
    """One page of rows and the full addresses of its neighbours."""

    rows: list[Row]
    next: str | None
    prev: str | None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a page starts: after (or, going back, before) the row with this sort key and row number."""

    back: bool
    sort: str
    key: Any
    n: int

    def cursor(self) -> str:
        text = f"{'prev' if self.back else 'next'}::{self.sort}::{json.dumps([self.key, self.n])}"
        return base64.urlsafe_b64encode(text.encode()).decode()


def page(ask: Ask, shelf: Shelf, rows: Rows | None = None) -> Found:
    """The page that was asked for. Raises Refusal for a cursor of another order."""
    source = rows or everything(ask, shelf)
    sort = ask.query.sort or source.sort or shelf.sort
    key = {**shelf.columns, **source.columns}[sort.removeprefix("-")]
    n = source.n or f"{shelf.table}.n"
    place = _place(ask.query.cursor, sort)
    down = sort.startswith("-") != (place is not None and place.back)
    wheres, values = _wheres(ask, shelf, source)
    if place:
        # The pair alone says where the page starts; the first comparison lets an index on an expression find it.
        wheres.append(f"{key} {'<=' if down else '>='} ? AND ({key}, {n}) {'<' if down else '>'} (?, ?)")
        values += [place.key, place.key, place.n]
    way = "DESC" if down else "ASC"
    sql = (
        f"SELECT {shelf.table}.*, {key} AS sort_key{source.extra}{_computed(ask, shelf)} FROM {source.table} "
        f"WHERE {' AND '.join(wheres)} ORDER BY {key} {way}, {n} {way} LIMIT ?"
    )
    found = ask.db.execute(sql, (*values, ask.query.size + 1)).fetchall()
    page = _neighbours(ask, sort, found, place)
    if shelf.odd_prev and ask.query.conditions and place is None:
        page = replace(page, prev=_address(ask, f"<Filters: {dict(ask.query.pairs)['filter']}>"))
    return page


def everything(ask: Ask, shelf: Shelf) -> Rows:
    """All rows of the shelf in this account."""
    only = f" AND {shelf.only}" if shelf.only else ""
    return Rows(shelf.table, f"{shelf.table}.account = ?{only}", (ask.account,))


def one(ask: Ask, shelf: Shelf, ident: str) -> Row | None:
    rows = everything(ask, shelf)
    extra = _computed(ask, shelf)
    sql = f"SELECT {shelf.table}.*{extra} FROM {rows.table} WHERE {rows.where} AND id = ?"
    found: Row | None = ask.db.execute(sql, (*rows.values, ident)).fetchone()
    return found


def _computed(ask: Ask, shelf: Shelf) -> str:
    """The columns that the additional fields asked for need, with a comma before each."""
    wanted = ask.query.additional.get(shelf.type, frozenset())
    return "".join(f", {sql}" for name, sql in shelf.computed.items() if name in wanted)


def _wheres(ask: Ask, shelf: Shelf, rows: Rows) -> tuple[list[str], list[Any]]:
    wheres, values = [rows.where], list(rows.values)
    for condition in ask.query.conditions:
        sql, given = _condition(ask, shelf, rows, condition)
        wheres.append(sql)
        values += given
    return wheres, values


def _condition(ask: Ask, shelf: Shelf, rows: Rows, condition: Condition) -> Sql:
    if condition.field in shelf.special:
        return shelf.special[condition.field](condition.operator, condition.value, ask.account)
    column = {**shelf.columns, **rows.columns}[condition.field]
    return compare(column, condition.operator, condition.value)


def compare(column: str, operator: str, value: Any) -> Sql:
    """A comparison as SQL. A list literal means any of its members."""
    if isinstance(value, tuple):
        return f"{column} IN ({','.join('?' * len(value))})", value
    if operator == "contains":
        return f"instr(lower({column}), lower(?)) > 0", (value,)
    if operator == "starts-with":
        return f"substr(lower({column}), 1, length(?)) = lower(?)", (value, value)
    if operator == "ends-with":
        return f"substr(lower({column}), -length(?)) = lower(?)", (value, value)
    return f"{column} {_COMPARE[operator]} ?", (value,)


def _neighbours(ask: Ask, sort: str, found: list[Row], place: _Place | None) -> Found:
    more = len(found) > ask.query.size
    rows = found[: ask.query.size]
    back = place is not None and place.back
    if back:
        rows.reverse()
    following = bool(rows) and (more or back)
    preceding = bool(rows) and (more if back else place is not None)
    return Found(
        rows,
        _address(ask, _at(False, sort, rows[-1]).cursor()) if following else None,
        _address(ask, _at(True, sort, rows[0]).cursor()) if preceding else None,
    )


def _at(back: bool, sort: str, row: Row) -> _Place:
    return _Place(back, sort, row["sort_key"], row["n"])


def _address(ask: Ask, cursor: str) -> str:
    pairs = [p for p in ask.query.pairs if p[0] != "page[cursor]"] + [("page[cursor]", cursor)]
    path = ask.target.partition("?")[0].rstrip("/")
    return f"{ask.here}{path}?{urlencode(pairs, quote_via=quote)}"


def _place(cursor: str, sort: str) -> _Place | None:
    """The place a cursor names. One sign before it is let pass, as the live service does."""
    if not cursor:
        return None
    try:
        text = base64.b64decode(cursor.lstrip("="), altchars=b"-_", validate=True).decode()
        way, of, place = text.split("::", 2)
        key, n = json.loads(place)
        if way not in ("next", "prev") or of != sort or not (_storable(key) and isinstance(n, int) and _storable(n)):
            raise ValueError(cursor)
    except (ValueError, binascii.Error) as fault:
        raise invalid("Invalid cursor provided.", "/data/") from fault
    return _Place(way == "prev", sort, key, n)


def _storable(key: Any) -> bool:
    return isinstance(key, str) or (isinstance(key, int | float) and abs(key) < 2**63)
