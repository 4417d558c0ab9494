"""What the hash of a line covers: a canonical JSON of every column, with the hash of the line before it."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from django.db import connections, router

from klaviyo_admin.audit.models import Entry

START = "0" * 64
BLOCK = 2_000  # lines that a check fetches at once
COLUMNS = tuple(f.attname for f in Entry._meta.concrete_fields if f.attname != "hash")
# The moment as text: a check reads all lines there are, and a date is dear to make and to write.
_AT = {
    "postgresql": "to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US+00:00')",
    "sqlite": "at || ''",
}


def read(first: int, last: int) -> Iterator[tuple[dict[str, Any], str]]:
    """The lines with these numbers as the database holds them now, in order: COLUMNS, for `holds`, and the hash; those
    that are not there are left out. Without the costs of a model: a check reads all there are."""
    connection = connections[router.db_for_read(Entry)]
    names = [_AT[connection.vendor] if name == "at" else name for name in (*COLUMNS, "hash")]
    asked = f"SELECT {', '.join(names)} FROM audit_entry WHERE id BETWEEN %s AND %s ORDER BY id"  # noqa: S608 own names
    with connection.chunked_cursor() as cursor:
        cursor.execute(asked, [first, last])
        while rows := cursor.fetchmany(BLOCK):
            for row in rows:
                yield dict(zip(COLUMNS, row, strict=False)), row[-1]


def holds(line: dict[str, Any], hash: str) -> bool:
    """Whether a line as `read` gives it has this hash. Its `at` and `detail` are put into the form that is hashed."""
    at, detail = line["at"], line["detail"]
    if at[10:11] != "T":
        line["at"] = _utc(at)
    # The quick reader knows no half of a surrogate pair, and makes a fraction of a number beyond 64 bits.
    for parsed in (orjson.loads, json.loads):
        try:
            line["detail"] = parsed(detail)
        except ValueError:
            continue
        if hashlib.sha256(text(line)).hexdigest() == hash:
            return True
    return False


def _utc(at: str) -> str:
    # SQLite keeps moments in UTC without saying so, and whole seconds without a fraction.
    if len(at) == len("2026-01-31 12:00:00.000000"):
        return f"{at[:10]}T{at[11:]}+00:00"
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:  # as only somebody else wrote it
        return at
    return _moment(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def digest(columns: Mapping[str, Any]) -> str:
    """SHA-256 in hex over COLUMNS (`previous_hash` is one of them), keys sorted, times in UTC with microseconds."""
    return hashlib.sha256(text({name: columns[name] for name in COLUMNS})).hexdigest()


def pieces(columns: Mapping[str, Any]) -> tuple[bytes, bytes, bytes]:
    """The canonical JSON of a line that has no place yet: what comes before `id`, between it and `previous_hash`, and
    after that, each without braces."""
    given = [name for name in sorted(COLUMNS) if name not in ("id", "previous_hash")]
    parts = (
        [name for name in given if name < "id"],
        [name for name in given if "id" < name < "previous_hash"],
        [name for name in given if name > "previous_hash"],
    )
    before, between, after = (text({name: columns[name] for name in names})[1:-1] for names in parts)
    return before, between, after


def text(columns: Mapping[str, Any]) -> bytes:
    """Columns as JSON with sorted keys and no spaces, in UTF-8: the form that is hashed and exported."""
    canonical = columns
    if isinstance(at := columns.get("at"), datetime):  # no other column is a moment
        canonical = {**columns, "at": _moment(at)}
    try:
        # The same bytes as below at a tenth of the cost, except for what it cannot write at all.
        return orjson.dumps(canonical, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        plain = json.dumps(canonical, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return plain.encode("utf-8", "surrogatepass")
