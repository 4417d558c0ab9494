"""How what a data source sends becomes object records: by the mappings of published schemas, or a line in a log."""

import random
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from klaviyo_admin.sandbox import ids, things
from klaviyo_admin.sandbox.moments import DAY, SECOND
from klaviyo_admin.sandbox.shelves import Row

_SCHEMA, _MAPPING, _RECORD, _LOG = "object-schema", "source-mapping", "object-record", "object-ingestion-log"
BATCH, REMOVAL, DUE = "record-batch", "record-removal", "due"
WAITS = 1.0  # seconds from a request to its effect
_LOGGED = 14 * DAY


def queue(where: things.Ledger, kind: str, content: dict[str, Any], speed: float, chance: random.Random) -> None:
    """Notes records to be taken in (BATCH) or removed (REMOVAL) a moment later."""
    kept = {**content, "due": where.now + int(WAITS * SECOND / speed)}
    things.add(where, kind, ids.ulid(where.now, chance), kept, status=DUE)


def advance(db: sqlite3.Connection, account: int, now: int, chance: random.Random) -> None:
    """Publishes schemas, takes records in and removes them, as far as that is due."""
    where = things.Ledger(db, account, now)
    for schema in _due(where, _SCHEMA, "publishing"):
        _publish(where, schema)
    for batch in _due(where, BATCH, DUE):
        kept = things.content(batch)
        for record in kept["records"]:
            take(where, kept["source"], record, chance)
        things.remove(db, batch)
    for removal in _due(where, REMOVAL, DUE):
        for ident in things.content(removal)["ids"]:
            record = things.find(where, _RECORD, ident)
            if record:
                things.remove(db, record)
        things.remove(db, removal)
    db.execute("DELETE FROM thing WHERE account = ? AND kind = ? AND created < ?", (account, _LOG, now - _LOGGED))


def _due(where: things.Ledger, kind: str, status: str) -> list[Row]:
    return where.db.execute(
        "SELECT * FROM thing WHERE account = ? AND kind = ? AND status = ? AND data ->> '$.due' <= ? ORDER BY n",
        (where.account, kind, status, where.now),
    ).fetchall()


def _publish(where: things.Ledger, schema: Row) -> None:
    """The schema becomes the type's current one, and the one before it history."""
    where.db.execute(
        "UPDATE thing SET status = 'superseded' WHERE parent = ? AND kind = ? AND status = 'active'",
        (schema["parent"], _SCHEMA),
    )
    things.change(where, schema, data={"published_at": things.content(schema)["due"]}, status="active")
    things.change(where, things.row_of(where.db, schema["parent"]), status="active")


def take(where: things.Ledger, source: str, record: dict[str, Any], chance: random.Random) -> None:
    """Turns one record of a source into a record of every type that takes from it."""
    rows = where.db.execute(
        "SELECT m.data AS mapping, s.data AS schema, s.parent AS type, t.id AS type_id FROM thing m "
        "JOIN thing s ON s.n = m.parent AND s.status = 'active' JOIN thing t ON t.n = s.parent "
        "WHERE m.account = ? AND m.kind = ? AND m.data LIKE ?",
        (where.account, _MAPPING, f'%"{source}"%'),
    ).fetchall()
    for row in rows:
        mapping, schema = (things.loaded(row[name]) for name in ("mapping", "schema"))
        _fill(where, row, mapping["property_mappings"], schema, source, record, chance)


def _fill(
    where: things.Ledger,
    kind: Row,
    mappings: list[dict[str, Any]],
    schema: dict[str, Any],
    source: str,
    record: dict[str, Any],
    chance: random.Random,
) -> None:
    mine = [entry for entry in mappings if entry["type"] == "constant" or entry["source"]["source_id"] == source]
    paths = [entry["source"]["id_path"] for entry in mine if entry["type"] == "simple"]
    ident = at(record, paths[0]) if paths else None
    known = {entry["id"]: entry for entry in schema["properties"]}
    values = {
        known[entry["id"]]["name"]: entry["value"]
        if entry["type"] == "constant"
        else at(record, entry["source"]["data_path"])
        for entry in mine
    }
    errors = list(_errors(schema, values))
    if ident in (None, ""):
        errors.append(
            {"code": "missing_id", "message": "The record has no id.", "property": "id", "invalid_value": None}
        )
    full = f"{kind['type_id']}::{ident}"
    if errors:
        summary = f"The record could not be taken in: {errors[0]['message']}"
        kept = {"event_type": "validation_error", "summary": summary, "errors": errors, "record_id": full}
        log = ids.ulid(where.now, chance)
        things.add(where, _LOG, log, kept, status="error", parent=kind["type"])
        return
    shown = {name: value for name, value in values.items() if value is not None}
    before = things.find(where, _RECORD, full)
    if before:
        things.change(where, before, data={"properties": {**things.content(before)["properties"], **shown}})
    else:
        things.add(where, _RECORD, full, {"properties": shown}, parent=kind["type"])


def at(record: dict[str, Any], path: str) -> Any:
    """What lies at a path ("$.customer.id" or "customer.id"); None if nothing does."""
    found: Any = record
    for part in path.removeprefix("$").strip(".").split("."):
        if isinstance(found, list) and part.isascii() and part.isdigit() and int(part) < len(found):
            found = found[int(part)]
        else:
            found = found.get(part) if isinstance(found, dict) else None
    return found


def _errors(schema: dict[str, Any], values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    kinds = {entry["name"]: entry["type"] for entry in schema["properties"]}
    for name in schema["required"]:
        if values.get(name) is None:
            yield _error("missing_required", f"'{name}' is required.", name, None)
    for name, value in values.items():
        if value is not None and not _fits(kinds[name], value):
            yield _error("invalid_type", f"'{name}' must be of type {kinds[name]}.", name, str(value)[:200])


def _error(code: str, message: str, name: str, value: str | None) -> dict[str, Any]:
    return {"code": code, "message": message, "property": name, "invalid_value": value}


def _fits(kind: str, value: Any) -> bool:
    if kind == "boolean" or isinstance(value, bool):
        return kind == "boolean" and isinstance(value, bool)
    if kind == "timestamp":
        return _is_time(value)
    expected: dict[str, tuple[type, ...]] = {"int": (int,), "float": (int, float), "string": (str,)}
    return isinstance(value, expected[kind])


def _is_time(value: Any) -> bool:
    if isinstance(value, int):
        return True
    try:
        return isinstance(value, str) and datetime.fromisoformat(value) is not None
    except ValueError:
        return False
