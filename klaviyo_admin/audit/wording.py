"""Knows how lines are found by parts of their words among a million: an index of three-letter pieces in the database.

SQLite keeps it in a full-text table filled by a trigger, PostgreSQL in an index of the extension pg_trgm. Where the
database has neither, nothing breaks: a search then reads line by line.
"""

from collections.abc import Iterable

from django.db import DatabaseError, connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

COLUMNS = ("sentence", "person_name", "account_name", "operation", "object_id", "object_name")
ENOUGH = 2_000  # lines: what more of them hold is common, and found quickly by reading from the newest
_SHORTEST = 3  # letters of a piece
_TEXT = " || chr(10) || ".join((*COLUMNS, "(detail - 'digest')::text"))
_POSTGRESQL = f"CREATE INDEX IF NOT EXISTS audit_words ON audit_entry USING gin (lower({_TEXT}) gin_trgm_ops)"
_NEW = " || char(10) || ".join(f"NEW.{name}" for name in (*COLUMNS, "detail"))
_OLD = _NEW.replace("NEW.", "")
_SQLITE_TRIGGER = f"""CREATE TRIGGER IF NOT EXISTS audit_entry_words AFTER INSERT ON audit_entry
    BEGIN INSERT INTO audit_words (rowid, text) VALUES (NEW.id, {_NEW}); END"""  # noqa: S608 own names
_THERE = {
    "sqlite": "SELECT count(*) FROM sqlite_master WHERE name = 'audit_entry_words'",
    "postgresql": "SELECT to_regclass('audit_words') IS NOT NULL",
}


def install(connection: BaseDatabaseWrapper) -> None:
    """Puts the index in place, with all lines in it; harmless where it is, or cannot be."""
    try:
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
                cursor.execute(_POSTGRESQL)
                return
            cursor.execute("SELECT name FROM sqlite_master WHERE name IN ('audit_words', 'audit_entry_words')")
            there = {name for (name,) in cursor.fetchall()}
            if there == {"audit_words", "audit_entry_words"}:
                return
            cursor.execute("DROP TABLE IF EXISTS audit_words")
            cursor.execute("CREATE VIRTUAL TABLE audit_words USING fts5(text, content='', tokenize='trigram')")
            cursor.execute(f"INSERT INTO audit_words (rowid, text) SELECT id, {_OLD} FROM audit_entry")  # noqa: S608 own names
            cursor.execute(_SQLITE_TRIGGER)
    except DatabaseError:  # an old SQLite without pieces, a PostgreSQL whose owner may not add the extension
        return


def rare(model: type, words: Iterable[str]) -> list[int] | None:
    """The numbers of all lines that may hold every one of the words; None where they are too many, or unknown."""
    pieces = [word for word in words if len(word) >= _SHORTEST]
    connection = connections[router.db_for_read(model)]
    if not pieces:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_THERE[connection.vendor])
        if not cursor.fetchone()[0]:
            return None
        cursor.execute(*_asking(connection.vendor, pieces))
        found = [number for (number,) in cursor.fetchall()]
    return found if len(found) <= ENOUGH else None


def _asking(vendor: str, pieces: list[str]) -> tuple[str, list[str | int]]:
    if vendor == "postgresql":
        conditions = " AND ".join([f"lower({_TEXT}) LIKE %s"] * len(pieces))
        likes = [f"%{_plain(piece.lower())}%" for piece in pieces]
        return f"SELECT id FROM audit_entry WHERE {conditions} LIMIT %s", [*likes, ENOUGH + 1]  # noqa: S608 own names
    phrases = " ".join('"' + piece.replace('"', '""') + '"' for piece in pieces)
    asked = "SELECT rowid FROM audit_words WHERE audit_words MATCH %s ORDER BY rowid DESC LIMIT %s"
    return asked, [phrases, ENOUGH + 1]


def _plain(piece: str) -> str:
    return piece.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
