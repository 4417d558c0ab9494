"""Knows how lines of the audit leave: as a table for people, or as JSON lines by which the chain can be verified."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet

from klaviyo_admin.audit.chain import COLUMNS
from klaviyo_admin.audit.models import Entry
from klaviyo_admin.exports import csv_file

FORMATS = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson; charset=utf-8"}
_ALL = (*COLUMNS, "hash")
_AT_ONCE = 500


def blocks(entries: QuerySet[Entry], format: str) -> Iterator[bytes]:
    """The file in blocks, in the order of the query; `format` is a key of FORMATS. Memory: _AT_ONCE lines."""
    return csv_file.blocks(_rows(entries)) if format == "csv" else _json_lines(entries)


def _rows(entries: QuerySet[Entry]) -> Iterator[list[str]]:
    yield list(_ALL)
    for line in entries.values(*_ALL).iterator(chunk_size=_AT_ONCE):
        yield [_as_text(line[name]) for name in _ALL]


def _json_lines(entries: QuerySet[Entry]) -> Iterator[bytes]:
    """One line for each entry, in the very form that its hash covers: put without `hash` through SHA-256, with sorted
    keys and no spaces, a line gives its `hash`."""
    held: list[str] = []
    for line in entries.values(*_ALL).iterator(chunk_size=_AT_ONCE):
        plain = {name: _plain(line[name]) for name in _ALL}
        held.append(json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n")
        if len(held) == _AT_ONCE:
            yield "".join(held).encode("utf-8", "surrogatepass")
            held = []
    if held:
        yield "".join(held).encode("utf-8", "surrogatepass")


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else value


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
