"""Ledgers in a small SQLite file of their own, for all threads and processes of one machine.

Not in the main database: whoever asks Klaviyo inside a transaction holds the main file's one write lock, and would wait
for itself. (Speed does not decide it: beside two busy writers both files gave a place in 0.4 ms.)
"""

import os
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from klaviyo_admin.klaviyo.limits import StoreDown

T = TypeVar("T")
_UPDATE = "UPDATE budget SET ledger = ? WHERE name = ?"
_INSERT = "INSERT INTO budget (ledger, name) VALUES (?, ?)"
_TIMEOUT = 5.0  # seconds; a change takes a tenth of a millisecond


class _Opened:
    """The connection of one process, used by one thread at a time."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.connection: sqlite3.Connection | None = None


class File:
    """A store in a file that is made when it is first needed. Thread-safe, and safe across a fork."""

    def __init__(self, path: Path | str) -> None:
        self._path = str(path)
        # One for each process: neither the connection nor a lock that another thread held may cross a fork. The
        # parent's stays here untouched, because closing it in the child would disturb the parent's locks.
        self._opened: dict[int, _Opened] = {}

    def change(self, name: str, move: Callable[[bytes, float], tuple[bytes | None, T]]) -> T:
        opened = self._opened.setdefault(os.getpid(), _Opened())
        with opened.lock:
            try:
                if opened.connection is None:
                    opened.connection = self._connect()
                return _changed(opened.connection, name, move)
            except sqlite3.Error as error:
                raise StoreDown(f"{self._path}: {error}") from error

    def close(self) -> None:
        """Closes this process's connection; the next change opens it again."""
        opened = self._opened.pop(os.getpid(), None)
        if opened and opened.connection:
            opened.connection.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=_TIMEOUT, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA synchronous=NORMAL")
        if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE IF NOT EXISTS budget (name TEXT PRIMARY KEY, ledger BLOB)")
        return connection


def _changed(connection: sqlite3.Connection, name: str, move: Callable[[bytes, float], tuple[bytes | None, T]]) -> T:
    connection.execute("BEGIN IMMEDIATE")
    try:
        row = connection.execute("SELECT ledger FROM budget WHERE name = ?", (name,)).fetchone()
        kept, result = move(row[0] if row else b"", time.time())
        if kept is not None:
            connection.execute(_UPDATE if row else _INSERT, (kept, name))
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return result
