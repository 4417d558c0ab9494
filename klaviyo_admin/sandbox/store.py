"""The sandbox's own SQLite file: one connection behind one lock."""

import sqlite3
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from klaviyo_admin.sandbox.tables import SCHEMA

_OWN = """
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS request (
  n INTEGER PRIMARY KEY, at INTEGER NOT NULL, account TEXT NOT NULL, operation TEXT NOT NULL, method TEXT NOT NULL,
  path TEXT NOT NULL, query TEXT NOT NULL, size INTEGER NOT NULL, sha256 TEXT NOT NULL, status INTEGER, fault TEXT NOT NULL);
"""
_SHAPE = zlib.crc32((_OWN + SCHEMA).encode()) >> 1  # SQLite keeps a signed number


class Store:
    """One connection for all threads, used only inside `change` or `look`. A write is on disk, safe from kill -9
    (though not from a power cut), when `change` ends."""

    def __init__(self, database: str, image: bytes = b"") -> None:
        self._lock = threading.RLock()
        self._db = sqlite3.connect(database, isolation_level=None, check_same_thread=False, cached_statements=512)
        if image:
            self._db.deserialize(image)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute("PRAGMA cache_size = -65536")
        self._discard_other_shapes()
        self._db.executescript(_OWN + SCHEMA)

    def _discard_other_shapes(self) -> None:
        """Empties a file that another version of the sandbox has written: it is sown anew rather than misread."""
        if self._db.execute("PRAGMA user_version").fetchone()[0] == _SHAPE:
            return
        tables = self._db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        for (name,) in tables.fetchall():
            self._db.execute(f"DROP TABLE {name}")
        self._db.execute(f"PRAGMA user_version = {_SHAPE}")

    def log_ahead(self) -> None:
        """From now on a change is written beside the file first, which is the quicker for small ones.

        A new file is sown before that: its rollback journal holds nothing, as there is nothing to go back to, while a log
        would hold every page once more.
        """
        with self._lock:
            self._db.execute("PRAGMA journal_mode = WAL")

    @contextmanager
    def look(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            yield self._db

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """One transaction, undone if the block raises."""
        with self._lock:
            if self._db.in_transaction:
                yield self._db
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def image(self) -> bytes:
        """All that is kept, for another store in memory to begin with."""
        with self._lock:
            return self._db.serialize()

    def clear(self, *tables: str) -> None:
        with self.change() as db:
            for table in tables:
                db.execute(f"DELETE FROM {table}")

    def close(self) -> None:
        with self._lock:
            self._db.close()


@contextmanager
def unindexed(db: sqlite3.Connection, *tables: str) -> Iterator[None]:
    """Takes the indexes off these tables and builds them anew at the end: sorting once is quicker than finding the place
    of each of many rows."""
    marks = ",".join("?" * len(tables))
    found = db.execute(
        f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({marks})",
        tables,
    ).fetchall()
    for row in found:
        db.execute(f"DROP INDEX {row['name']}")
    yield
    for row in found:
        db.execute(row["sql"])


def fact(db: sqlite3.Connection, name: str, default: str = "") -> str:
    row = db.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
    return row["value"] if row else default


def remember(db: sqlite3.Connection, name: str, value: str) -> None:
    db.execute("INSERT INTO fact VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, value))
