"""The room of object records: sent to a data source one by one or many at once, read by type, deleted in bulk."""

import json
from collections.abc import Mapping

from klaviyo_admin.sandbox import records, things
from klaviyo_admin.sandbox.asking import Ask, Json, Reply
from klaviyo_admin.sandbox.refusals import invalid
from klaviyo_admin.sandbox.rooms.object_shelves import LOG, LOGS, RECORD, RECORDS, SOURCES, TYPES
from klaviyo_admin.sandbox.rooms.reading import Room, one_of, related

_MOST = 500
_LARGEST = 512 * 1024  # bytes of one record
_HERE = "/data/attributes"


def create_data_source_record(ask: Ask) -> Reply:
    return _take(ask, [ask.attributes["data-source-record"]["data"]], f"{_HERE}/data-source-record/data", single=True)


def bulk_create_data_source_records(ask: Ask) -> Reply:
    rows = (ask.attributes.get("data-source-records") or {}).get("data") or []
    pointer = f"{_HERE}/data-source-records/data"
    if not 0 < len(rows) <= _MOST:
        raise invalid(f"Between 1 and {_MOST} records may be given at once.", pointer)
    return _take(ask, rows, pointer, single=False)


def _take(ask: Ask, rows: list[Json], pointer: str, *, single: bool) -> Reply:
    given = ((ask.document["data"].get("relationships") or {}).get("data-source") or {}).get("data")
    at = "/data/relationships/data-source/data"
    if not given:
        raise invalid("A data source must be given.", at)
    source = things.named(ask, SOURCES, given["id"], f"{at}/id")
    for place, row in enumerate(rows):
        if len(json.dumps(row["attributes"]["record"], ensure_ascii=False).encode()) > _LARGEST:
            raise invalid("A record may not be larger than 512 KB.", pointer if single else f"{pointer}/{place}")
    content = {"source": source["id"], "records": [row["attributes"]["record"] for row in rows]}
    records.queue(things.ledger(ask), records.BATCH, content, ask.speed, ask.chance)
    return Reply()


def bulk_delete_object_records(ask: Ask) -> Reply:
    """Ids of records that do not exist are passed over."""
    rows = ask.document["data"]["relationships"]["object-records"].get("data") or []
    if not 0 < len(rows) <= _MOST:
        pointer = "/data/relationships/object-records/data"
        raise invalid(f"Between 1 and {_MOST} records may be given at once.", pointer)
    content = {"ids": [row["id"] for row in rows]}
    records.queue(things.ledger(ask), records.REMOVAL, content, ask.speed, ask.chance)
    return Reply()


_RECORDS, _RECORD_IDS = related(TYPES, RECORDS, things.children(RECORD))
_LOGS, _LOG_IDS = related(TYPES, LOGS, things.children(LOG))
ROOM: Mapping[str, Room] = {
    "create_data_source_record": create_data_source_record,
    "bulk_create_data_source_records": bulk_create_data_source_records,
    "bulk_delete_object_records": bulk_delete_object_records,
    "get_object_record": one_of(RECORDS),
    "get_records_for_object_type": _RECORDS,
    "get_record_ids_for_object_type": _RECORD_IDS,
    "get_ingestion_logs_for_object_type": _LOGS,
    "get_ingestion_log_ids_for_object_type": _LOG_IDS,
}
