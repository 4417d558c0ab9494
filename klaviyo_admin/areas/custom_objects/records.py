"""The pure builders of changes to data sources and to records, one by one and in bulk."""

from collections.abc import Sequence, Set

import orjson

from klaviyo_admin.areas import building
from klaviyo_admin.areas.base import Answers
from klaviyo_admin.areas.building import Noun
from klaviyo_admin.areas.custom_objects.columns import title
from klaviyo_admin.areas.custom_objects.fields import scalar
from klaviyo_admin.areas.rows import Row, Rows, chunks
from klaviyo_admin.areas.words import counted, plain
from klaviyo_admin.intents import FieldChange, Intent, Request
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.values import Item, Json

SOURCE = Noun(
    "data source",
    "data sources",
    "data-source",
    "get_data_source",
    title,
    {"title": "Title", "description": "Description", "visibility": "Seen by"},
)
# A record may be about a person, so that changes and the audit call it by its id alone.
RECORD = Noun("record", "records", "object-record", "get_object_record", lambda record: record.id)
MOST = 500  # records of one request
MOST_BYTES = 3_900_000  # of one body; Klaviyo takes 4 MB

create_source = building.creating("custom_objects.create_source", "create_data_source", SOURCE, "title")
delete_sources = building.deleting("custom_objects.delete_source", "delete_data_source", SOURCE)


def add_record(items: Sequence[Item], answers: Answers) -> Intent:
    """One POST of a record, as if the source had sent it."""
    (source,) = items
    record = answers["record"]
    attributes = {"data-source-record": {"data": _resource(record)}}
    fields = tuple(FieldChange(("record", key), key, None, value) for key, value in record.items())
    sentence = "Send 1 record to the data source “{target}”."
    request = _sent("create_data_source_record", source, attributes, fields, 1)
    return Intent("custom_objects.add_record", sentence, (request,), SOURCE.target(source))


def add_records(items: Sequence[Item], answers: Answers) -> Intent:
    """As many POSTs as the rows need; Klaviyo says later, in the log of the type, what it did not take."""
    (source,) = items
    rows: Rows = answers["rows"]
    text = {name.strip().casefold() for name in answers["text"].split(",")}
    resources = [_resource(_record(row, text)) for row in rows]
    requests = tuple(
        _sent(
            "bulk_create_data_source_records",
            source,
            {"data-source-records": {"data": chunk}},
            (FieldChange(("records",), "New or changed records", None, len(chunk)),),
            len(chunk),
        )
        for chunk in chunks(resources, MOST, lambda one: len(orjson.dumps(one)) + 1, MOST_BYTES)
    )
    sentence = f"Send {counted(len(rows), 'record')} from {plain(rows.source)} to the data source “{{target}}”."
    return Intent("custom_objects.add_records", sentence, requests, SOURCE.target(source), rows.details())


def _record(row: Row, text: Set[str]) -> dict[str, Json]:
    """The cells of a row; those under the headings of `text` ("*": all) and the id stay text."""
    kept = {"id", *text}
    return {key: value if "*" in text or key.casefold() in kept else scalar(value) for key, value in row.values.items()}


def _resource(record: Json) -> Json:
    return {"type": "data-source-record", "attributes": {"record": record}}


def _sent(name: str, source: Item, attributes: Json, fields: tuple[FieldChange, ...], counts: int) -> Request:
    found = operation(name)
    related = {"data-source": {"data": {"type": "data-source", "id": source.id}}}
    data = {"type": found.kind, "attributes": attributes, "relationships": related}
    return Request(found.write({}, {"data": data}), SOURCE.target(source), fields, counts=counts)


def delete_records(items: Sequence[Item], answers: Answers) -> Intent:
    """Requests that delete the records."""
    requests = _deleted([item.id for item in items])
    if len(items) == 1:
        sentence = "Delete the record “{target}”."
        return Intent("custom_objects.delete_records", sentence, requests, RECORD.target(items[0]))
    return Intent("custom_objects.delete_records", f"Delete {counted(len(items), 'record')}.", requests)


def delete_by_id(items: Sequence[Item], answers: Answers) -> Intent:
    """The same for the ids of the rows, which are records of the type."""
    (kind,) = items
    rows: Rows = answers["rows"]
    named = [str(row.get("id")) for row in rows]
    idents = list(dict.fromkeys(ident if "::" in ident else f"{kind.id}::{ident}" for ident in named))
    requests = _deleted(idents)
    sentence = f"Delete {counted(len(idents), 'record')} of the object type “{plain(title(kind))}”."
    return Intent("custom_objects.delete_records", sentence, requests, None, rows.details())


def _deleted(idents: Sequence[str]) -> tuple[Request, ...]:
    found = operation("bulk_delete_object_records")
    requests = []
    for chunk in chunks(idents, MOST):
        related = {"object-records": {"data": [{"type": "object-record", "id": ident} for ident in chunk]}}
        write = found.write({}, {"data": {"type": found.kind, "relationships": related}})
        gone = FieldChange(("records",), "Records that go", ", ".join(chunk), None)
        requests.append(Request(write, None, (gone,), counts=len(chunk)))
    return tuple(requests)
