"""The sandbox's own SQLite file: its tables, and one connection behind one lock."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# Every table that is paged through has an integer `n` as its row number: an index then ends with it by itself,
# so (sort key, n) is a total order and the next page is one seek however far down it lies.
_TABLES = """
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS account (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, attributes TEXT NOT NULL);

CREATE TABLE IF NOT EXISTS profile (
  n INTEGER PRIMARY KEY, account INTEGER NOT NULL, id TEXT NOT NULL, email TEXT, phone_number TEXT, external_id TEXT,
  first_name TEXT, last_name TEXT, organization TEXT, locale TEXT, title TEXT, image TEXT,
  created INTEGER NOT NULL, updated INTEGER NOT NULL, last_event INTEGER,
  location TEXT NOT NULL DEFAULT '{}', properties TEXT NOT NULL DEFAULT '{}',
  email_consent TEXT NOT NULL DEFAULT 'NEVER_SUBSCRIBED', email_consent_at INTEGER,
  sms_consent TEXT NOT NULL DEFAULT 'NEVER_SUBSCRIBED', sms_consent_at INTEGER,
  suppression TEXT, suppressed_at INTEGER);
CREATE UNIQUE INDEX IF NOT EXISTS profile_id ON profile (account, id);
CREATE INDEX IF NOT EXISTS profile_by_email ON profile (account, ifnull(email, ''));
CREATE UNIQUE INDEX IF NOT EXISTS profile_email ON profile (account, email) WHERE email IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS profile_phone ON profile (account, phone_number) WHERE phone_number IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS profile_external ON profile (account, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS profile_created ON profile (account, created);
CREATE INDEX IF NOT EXISTS profile_updated ON profile (account, updated);
CREATE INDEX IF NOT EXISTS profile_suppressed ON profile (account, ifnull(suppressed_at, 0));

CREATE TABLE IF NOT EXISTS list_suppression (
  profile INTEGER NOT NULL, circle INTEGER NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (profile, circle)) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS circle (
  n INTEGER PRIMARY KEY, account INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL,
  created INTEGER NOT NULL, updated INTEGER NOT NULL, opt_in TEXT, definition TEXT,
  active INTEGER NOT NULL DEFAULT 1, starred INTEGER NOT NULL DEFAULT 0, counted_at INTEGER);
CREATE UNIQUE INDEX IF NOT EXISTS circle_id ON circle (account, kind, id);

CREATE TABLE IF NOT EXISTS member (
  circle INTEGER NOT NULL, profile INTEGER NOT NULL, joined INTEGER NOT NULL, PRIMARY KEY (circle, profile)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS member_joined ON member (circle, joined, profile);
CREATE INDEX IF NOT EXISTS member_profile ON member (profile);
CREATE TABLE IF NOT EXISTS touched (profile INTEGER PRIMARY KEY, account INTEGER NOT NULL);

CREATE TABLE IF NOT EXISTS metric (
  n INTEGER PRIMARY KEY, account INTEGER NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL,
  created INTEGER NOT NULL, updated INTEGER NOT NULL, integration TEXT NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS metric_id ON metric (account, id);

CREATE TABLE IF NOT EXISTS event (
  n INTEGER PRIMARY KEY, account INTEGER NOT NULL, id TEXT NOT NULL, metric INTEGER NOT NULL, profile INTEGER NOT NULL,
  at INTEGER NOT NULL, value REAL, unique_id TEXT NOT NULL, properties TEXT NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS event_id ON event (account, id);
CREATE INDEX IF NOT EXISTS event_at ON event (account, at);
CREATE INDEX IF NOT EXISTS event_metric ON event (metric, at);
CREATE INDEX IF NOT EXISTS event_profile ON event (profile, at);
CREATE UNIQUE INDEX IF NOT EXISTS event_once ON event (profile, metric, unique_id);

CREATE TABLE IF NOT EXISTS import_job (
  n INTEGER PRIMARY KEY, account INTEGER NOT NULL, id TEXT NOT NULL, circle INTEGER, created INTEGER NOT NULL,
  starts INTEGER NOT NULL, ends INTEGER NOT NULL, total INTEGER NOT NULL, done INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0, status TEXT NOT NULL DEFAULT 'queued');
CREATE UNIQUE INDEX IF NOT EXISTS import_job_id ON import_job (account, id);
CREATE INDEX IF NOT EXISTS import_job_open ON import_job (account) WHERE status <> 'complete';
CREATE TABLE IF NOT EXISTS import_row (
  job INTEGER NOT NULL, n INTEGER NOT NULL, payload TEXT NOT NULL, profile INTEGER, error TEXT, PRIMARY KEY (job, n))
  WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS request (
  n INTEGER PRIMARY KEY, at INTEGER NOT NULL, account TEXT NOT NULL, operation TEXT NOT NULL, method TEXT NOT NULL,
  path TEXT NOT NULL, query TEXT NOT NULL, size INTEGER NOT NULL, sha256 TEXT NOT NULL, status INTEGER, fault TEXT NOT NULL);
"""
DATA_TABLES = (
    *("account", "profile", "list_suppression", "circle", "member", "touched"),
    *("metric", "event", "import_job", "import_row"),
)


class Store:
    """One connection for all threads, used only inside `change` or `look`. A write is on disk, safe from kill -9
    (though not from a power cut), when `change` ends."""

    def __init__(self, database: str) -> None:
        self._lock = threading.RLock()
        self._db = sqlite3.connect(database, isolation_level=None, check_same_thread=False, cached_statements=512)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute("PRAGMA cache_size = -65536")
        self._db.execute("PRAGMA temp_store = MEMORY")
        self._db.executescript(_TABLES)

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

    def clear(self, *tables: str) -> None:
        with self.change() as db:
            for table in tables:
                db.execute(f"DELETE FROM {table}")  # noqa: S608 (names from this module)

    def close(self) -> None:
        with self._lock:
            self._db.close()


def fact(db: sqlite3.Connection, name: str, default: str = "") -> str:
    row = db.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
    return row["value"] if row else default


def remember(db: sqlite3.Connection, name: str, value: str) -> None:
    db.execute("INSERT INTO fact VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, value))
