"""Data sources and records of custom objects, declared: what sends, and what came of it."""

from klaviyo_admin.areas.base import Action, Column, Resource, Source
from klaviyo_admin.areas.custom_objects import columns as look
from klaviyo_admin.areas.custom_objects import forms, records
from klaviyo_admin.areas.fields import NoQuestions

_LATER = "What Klaviyo does not take stands later in the log of the object type, and nowhere else."

DATA_SOURCES = Resource(
    key="data-sources",
    one="data source",
    many="data sources",
    type="data-source",
    source=Source("get_data_sources", "get_data_source"),
    name=look.title,
    columns=(look.TITLE, look.DESCRIPTION, look.SEEN_BY, look.NAMESPACE, look.ID),
    actions=(
        Action(
            "add-record",
            "Send one record",
            forms.OneRecord,
            records.add_record,
            ("create_data_source_record",),
            hint=_LATER,
        ),
        Action(
            "add-records",
            "Send records from a file",
            forms.ManyRecords,
            records.add_records,
            ("bulk_create_data_source_records",),
            hint=_LATER,
        ),
        Action("create", "New data source", forms.NewSource, records.create_source, ("create_data_source",), on="new"),
        Action(
            "delete",
            "Delete",
            NoQuestions,
            records.delete_sources,
            ("delete_data_source",),
            on="many",
            hint="No more records can arrive through it. Those that came stay.",
        ),
    ),
)

OBJECT_RECORDS = Resource(
    key="object-records",
    one="record",
    many="records",
    type="object-record",
    source=Source("", "get_object_record"),
    name=look.record_name,
    columns=(Column("name", "Record", look.record_name), look.ID),
    actions=(
        Action(
            "delete",
            "Delete",
            NoQuestions,
            records.delete_records,
            ("bulk_delete_object_records",),
            on="many",
            hint="It is gone for good, and Klaviyo does not tell when.",
        ),
    ),
)
