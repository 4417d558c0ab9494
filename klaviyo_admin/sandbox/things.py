"""Things: how resources that are a name, a status and a document are kept, joined and found."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from klaviyo_admin.sandbox.asking import Ask, Json
from klaviyo_admin.sandbox.filtering import Literal
from klaviyo_admin.sandbox.paging import one
from klaviyo_admin.sandbox.refusals import Problem, Refusal
from klaviyo_admin.sandbox.shelves import Extras, Loader, Relation, Row, Rows, Shelf, Sql, loader


@dataclass(frozen=True, slots=True)
class Ledger:
    """Where and when something is written: an account's row number and the clock in microseconds."""

    db: sqlite3.Connection
    account: int
    now: int


def ledger(ask: Ask) -> Ledger:
    return Ledger(ask.db, ask.account, ask.now)


def shelf(
    kind: str,
    path: str,
    show: Callable[[Row, Extras], dict[str, Any]],
    *,
    columns: Mapping[str, str] | None = None,
    relations: tuple[Relation, ...] = (),
    special: Mapping[str, Callable[[str, Literal, int], Sql]] | None = None,
    sort: str = "id",
    links: bool = True,
    addresses: tuple[str, ...] = (),
    computed: Mapping[str, str] | None = None,
) -> Shelf:
    """A shelf of things of this kind; id, name, status and the two times can be filtered and sorted by under any name."""
    plain = {"id": "thing.id", "name": "thing.name", "status": "thing.status"}
    times = {name: f"thing.{name[:7]}" for name in ("created", "created_at", "updated", "updated_at")}
    return Shelf(
        *(kind, path, "thing", {**plain, **times, **(columns or {})}, show, relations, special or {}),
        sort=sort,
        only=f"thing.kind = '{kind}'",
        links=links,
        addresses=addresses,
        computed=computed or {},
    )


def add(
    where: Ledger, kind: str, ident: str, data: Json, *, name: str = "", status: str = "", parent: int | None = None
) -> Row:
    """A new thing. The caller has made sure that its id is free."""
    cursor = where.db.execute(
        "INSERT INTO thing (account, kind, id, name, status, parent, created, updated, data) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (where.account, kind, ident, name, status, parent, where.now, where.now, _text(data)),
    )
    return row_of(where.db, int(cursor.lastrowid or 0))


def change(
    where: Ledger, row: Row, *, data: Json | None = None, name: str | None = None, status: str | None = None
) -> Row:
    """Overwrites what is given; `data` is merged by key."""
    merged = row["data"] if data is None else _text({**content(row), **data})
    where.db.execute(
        "UPDATE thing SET data = ?, name = ?, status = ?, updated = ? WHERE n = ?",
        (
            *(merged, row["name"] if name is None else name, row["status"] if status is None else status),
            *(where.now, row["n"]),
        ),
    )
    return row_of(where.db, row["n"])


def remove(db: sqlite3.Connection, row: Row) -> None:
    """With all that belongs to it, and all bonds."""
    for child in db.execute("SELECT * FROM thing WHERE parent = ?", (row["n"],)).fetchall():
        remove(db, child)
    db.execute("DELETE FROM bond WHERE holder = ? OR held = ?", (row["n"], row["n"]))
    db.execute("DELETE FROM thing WHERE n = ?", (row["n"],))


def content(row: Row) -> dict[str, Any]:
    """The document of a thing."""
    return loaded(row["data"])


def loaded(text: str) -> dict[str, Any]:
    """The document in a column that is not called `data`."""
    found: dict[str, Any] = json.loads(text)
    return found


def row_of(db: sqlite3.Connection, n: int) -> Row:
    row: Row = db.execute("SELECT * FROM thing WHERE n = ?", (n,)).fetchone()
    return row


def find(where: Ledger, kind: str, ident: str) -> Row | None:
    row: Row | None = where.db.execute(
        "SELECT * FROM thing WHERE account = ? AND kind = ? AND id = ?", (where.account, kind, ident)
    ).fetchone()
    return row


def count(where: Ledger, kind: str, status: str | None = None) -> int:
    sql = "SELECT count(*) FROM thing WHERE account = ? AND kind = ? AND status = ifnull(?, status)"
    return int(where.db.execute(sql, (where.account, kind, status)).fetchone()[0])


def named(ask: Ask, of: Shelf, ident: str, pointer: str = "/data/id") -> Row:
    """The row of any shelf that a body names. Raises Refusal (404) pointing there."""
    row = one(ask, of, ident)
    if row is None:
        raise Refusal(Problem("not_found", f"A {of.type} with id {ident} does not exist.", pointer))
    return row


def tie(db: sqlite3.Connection, kind: str, holder: int, held: Iterable[int]) -> None:
    db.executemany("INSERT OR IGNORE INTO bond VALUES (?, ?, ?)", [(kind, holder, n) for n in held])


def untie(db: sqlite3.Connection, kind: str, holder: int, held: Iterable[int] | None = None) -> None:
    """From those given; None means from all."""
    if held is None:
        db.execute("DELETE FROM bond WHERE kind = ? AND holder = ?", (kind, holder))
        return
    db.executemany("DELETE FROM bond WHERE kind = ? AND holder = ? AND held = ?", [(kind, holder, n) for n in held])


def held_rows(db: sqlite3.Connection, kind: str, holder: Row) -> list[Row]:
    """What a thing holds by a bond, in the order in which it was made."""
    sql = (
        "SELECT thing.* FROM bond JOIN thing ON thing.n = bond.held WHERE bond.kind = ? AND bond.holder = ? ORDER BY n"
    )
    return db.execute(sql, (kind, holder["n"])).fetchall()


def children(kind: str) -> Callable[[Ask, Row], Rows]:
    """What belongs to a thing, for paging."""
    return lambda ask, row: Rows("thing", "thing.parent = ? AND thing.kind = ?", (row["n"], kind))


def parent(ask: Ask, row: Row) -> Rows:
    """What a thing belongs to, for paging."""
    return Rows("thing", "thing.n = ?", (row["parent"],))


def held(kind: str) -> Callable[[Ask, Row], Rows]:
    """What a thing holds by a bond, for paging."""
    return lambda ask, row: Rows(
        "bond JOIN thing ON thing.n = bond.held", "bond.kind = ? AND bond.holder = ?", (kind, row["n"])
    )


def holders(kind: str) -> Callable[[Ask, Row], Rows]:
    """What holds a thing by a bond, for paging."""
    return lambda ask, row: Rows(
        "bond JOIN thing ON thing.n = bond.holder", "bond.kind = ? AND bond.held = ?", (kind, row["n"])
    )


def loading_children(kind: str) -> Loader:
    return loader(f"SELECT parent AS owner, * FROM thing WHERE kind = '{kind}' AND parent IN ({{}}) ORDER BY n")


LOADING_PARENT = loader("SELECT n AS owner, * FROM thing WHERE n IN ({})", "parent")


def loading_held(kind: str) -> Loader:
    return loader(
        "SELECT bond.holder AS owner, thing.* FROM bond JOIN thing ON thing.n = bond.held "
        f"WHERE bond.kind = '{kind}' AND bond.holder IN ({{}}) ORDER BY thing.n"
    )


def _text(data: Json) -> str:
    return json.dumps(data, ensure_ascii=False)
