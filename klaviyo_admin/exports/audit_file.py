"""Knows how lines of the audit leave: as a table for people, or as JSON lines; both sealed, so that either can be verified."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet

from klaviyo_admin.audit import chain, checkpoints
from klaviyo_admin.audit.models import Entry
from klaviyo_admin.exports import csv_file
from klaviyo_admin.exports.seals import LINES, Sealer

FORMATS = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson; charset=utf-8"}
ALL = (*chain.COLUMNS, "hash")
Row = Mapping[str, Any]


def blocks(entries: QuerySet[Entry], format: str) -> Iterator[bytes]:
    """The file in blocks, in the order of the query; `format` is a key of FORMATS. Memory: one block of seals.LINES.

    Signs a checkpoint first, so not inside a transaction that adds lines.
    """
    pieces = _sealed(entries)
    return csv_file.blocks(_table(pieces)) if format == "csv" else _json_lines(pieces)


def _sealed(entries: QuerySet[Entry]) -> Iterator[tuple[list[Row], dict[str, Any]]]:
    """The lines in blocks, each with its seal; the last block may be empty."""
    checkpoint = checkpoints.make()
    sealer = Sealer(checkpoints.plain(checkpoint) if checkpoint else None)
    held: list[Row] = []
    for line in entries.values(*ALL).iterator(chunk_size=LINES):
        if len(held) == LINES:
            yield held, sealer.seal([(each["id"], each["hash"]) for each in held], last=False)
            held = []
        held.append(line)
    yield held, sealer.seal([(each["id"], each["hash"]) for each in held], last=True)


def _table(pieces: Iterator[tuple[list[Row], dict[str, Any]]]) -> Iterator[list[str]]:
    yield list(ALL)
    for lines, seal in pieces:
        for line in lines:
            yield [_as_text(line[name]) for name in ALL]
        said = f"Seal {seal['seal']} over the {len(lines)} lines above. {'The file ends here.' if seal['last'] else ''}"
        row = {"action": "seal", "sentence": said.strip(), "detail": seal}
        yield [_as_text(row.get(name)) for name in ALL]


def _json_lines(pieces: Iterator[tuple[list[Row], dict[str, Any]]]) -> Iterator[bytes]:
    """One line for each entry, in the very form that its hash covers: put without `hash` through SHA-256, with sorted
    keys and no spaces, a line gives its `hash`. A line with the key `seal` is a seal."""
    for lines, seal in pieces:
        yield b"".join(chain.text(each) + b"\n" for each in (*lines, seal))


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
