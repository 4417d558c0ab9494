"""Knows how a line takes its place at the end of the chain, while every other writer waits its turn."""

from collections.abc import Mapping
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from klaviyo_admin.audit.chain import digest, pieces
from klaviyo_admin.audit.models import Entry, Head


def append(connection: BaseDatabaseWrapper, columns: Mapping[str, Any], entry: Entry) -> None:
    """Writes the line with these columns (all but its place and hash) at the end of the chain; `entry`, the same line as
    a value, is told its place.

    PostgreSQL keeps the turn until the commit; a transaction of SQLite is the only writer as it is.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM audit_append(%s, %s, %s)", [part.decode() for part in pieces(columns)])
            entry.id, entry.previous_hash, entry.hash = cursor.fetchone()
        return
    head = Head.objects.first() or Head.objects.create(pk=1)
    placed = {**columns, "id": head.lines + 1, "previous_hash": head.hash}
    entry.id, entry.previous_hash, entry.hash = head.lines + 1, head.hash, digest(placed)
    entry.save()
    Head.objects.filter(pk=head.pk).update(lines=entry.id, hash=entry.hash)
