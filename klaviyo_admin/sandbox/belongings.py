"""What belongs to a profile, wherever it is kept: handed over in a merge, removed with a deletion."""

import sqlite3


def hand_over(db: sqlite3.Connection, source: int, target: int) -> None:
    """Everything that is the source's becomes the target's; what the target has already is dropped."""
    for table, _ in _holders(db):
        db.execute(f"UPDATE OR IGNORE {table} SET profile = ? WHERE profile = ?", (target, source))
        db.execute(f"DELETE FROM {table} WHERE profile = ?", (source,))


def remove(db: sqlite3.Connection, profile: int) -> None:
    """The profile and all that is its own; what can do without it only forgets it."""
    for table, needs in _holders(db):
        act = f"DELETE FROM {table}" if needs else f"UPDATE {table} SET profile = NULL"
        db.execute(f"{act} WHERE profile = ?", (profile,))
    db.execute("DELETE FROM profile WHERE n = ?", (profile,))


def _holders(db: sqlite3.Connection) -> list[tuple[str, bool]]:
    """Tables with a column `profile`, and whether their rows need one."""
    rows = db.execute(
        'SELECT t.name, c."notnull" OR c.pk AS needs FROM sqlite_master t JOIN pragma_table_info(t.name) c '
        "WHERE t.type = 'table' AND c.name = 'profile' ORDER BY t.name"
    )
    return [(row["name"], bool(row["needs"])) for row in rows.fetchall()]
