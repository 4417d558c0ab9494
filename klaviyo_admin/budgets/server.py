"""Ledgers in PostgreSQL, for all machines that share it, by the database's own clock.

Over a connection of its own: a ledger must be open to everybody the moment it is written, whatever transaction the
caller is in, and threads that read side by side must not each hold a connection of Django's.
"""

import os
import threading
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import psycopg

from klaviyo_admin.klaviyo.limits import StoreDown

T = TypeVar("T")
_LOOK = "SELECT ledger, extract(epoch FROM clock_timestamp())::float8 FROM budgets_budget WHERE name = %s FOR UPDATE"
_BEGIN = "INSERT INTO budgets_budget (name, ledger) VALUES (%s, '') ON CONFLICT DO NOTHING"
_WRITE = "UPDATE budgets_budget SET ledger = %s WHERE name = %s"


class _Opened:
    """The connection of one process, used by one thread at a time."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.connection: psycopg.Connection[tuple[Any, ...]] | None = None


class Table:
    """A store in the table of models.Budget. `parameters` are asked for when a connection is made. Thread-safe, and
    safe across a fork."""

    def __init__(self, parameters: Callable[[], Mapping[str, Any]]) -> None:
        self._parameters = parameters
        self._opened: dict[int, _Opened] = {}

    def change(self, name: str, move: Callable[[bytes, float], tuple[bytes | None, T]]) -> T:
        opened = self._opened.setdefault(os.getpid(), _Opened())
        with opened.lock:
            try:
                if opened.connection is None or opened.connection.closed:
                    opened.connection = self._connect()
                return _changed(opened.connection, name, move)
            except psycopg.Error as error:
                if opened.connection is not None:
                    opened.connection.close()
                raise StoreDown(str(error)) from error

    def close(self) -> None:
        """Closes this process's connection; the next change opens it again."""
        opened = self._opened.pop(os.getpid(), None)
        if opened and opened.connection:
            opened.connection.close()

    def _connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        connection = psycopg.connect(**{**self._parameters(), "autocommit": True})
        # What a crash of the database forgets is the last half second, and the worst that can bring is one refusal.
        connection.execute("SET synchronous_commit = off")
        connection.execute("SET lock_timeout = '5s'")
        return connection


def _changed(
    connection: psycopg.Connection[tuple[Any, ...]],
    name: str,
    move: Callable[[bytes, float], tuple[bytes | None, T]],
) -> T:
    with connection.transaction():
        row = connection.execute(_LOOK, (name,)).fetchone()
        if row is None:
            connection.execute(_BEGIN, (name,))
            row = connection.execute(_LOOK, (name,)).fetchone()
        if row is None:
            raise StoreDown(f"the ledger of {name} cannot be made")
        kept, result = move(bytes(row[0]), row[1])
        if kept is not None:
            connection.execute(_WRITE, (kept, name))
    return result
