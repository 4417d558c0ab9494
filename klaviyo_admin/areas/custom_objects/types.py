"""Types of custom objects, declared: what a shop keeps beside people and products."""

from klaviyo_admin.areas.base import Action, Filter, Resource, Source, Tab
from klaviyo_admin.areas.custom_objects import columns as look
from klaviyo_admin.areas.custom_objects import forms, links, records, service
from klaviyo_admin.areas.fields import NoQuestions
from klaviyo_admin.areas.naming import named

SCHEMAS = "object-schemas"


TABS = (
    Tab(
        "versions",
        "Versions of its schema",
        "get_schema_versions_for_object_type",
        look.SCHEMA,
        links_to=SCHEMAS,
        empty="No schema yet: start a draft.",
        ids="get_schema_version_ids_for_object_type",
    ),
    Tab(
        "records",
        "Records",
        "get_records_for_object_type",
        look.RECORD,
        links_to="object-records",
        empty="No records yet.",
        ids="get_record_ids_for_object_type",
    ),
    Tab(
        "logs",
        "What could not be taken in, last 14 days",
        "get_ingestion_logs_for_object_type",
        look.LOG,
        empty="Nothing was refused.",
        ids="get_ingestion_log_ids_for_object_type",
        lazy=True,
    ),
    Tab(
        "current",
        "Schema in force",
        "get_current_schema_for_object_type",
        look.SCHEMA,
        links_to=SCHEMAS,
        empty="None is published yet.",
        ids="get_current_schema_id_for_object_type",
        lazy=True,
    ),
    Tab(
        "draft",
        "Draft of the next schema",
        "get_draft_schema_for_object_type",
        look.SCHEMA,
        links_to=SCHEMAS,
        empty="No draft.",
        ids="get_draft_schema_id_for_object_type",
        lazy=True,
    ),
    Tab(
        "linked-types",
        "Linked object types",
        "get_object_type_relationships",
        look.NAMED,
        links_to="object-types",
        empty="None.",
        ids="get_object_type_relationships",
        lazy=True,
        page=named("get_object_type_relationships", "get_object_type", links.leads_to),
    ),
    Tab(
        "linked-profiles",
        "Links to profiles",
        "get_profile_type_relationships",
        look.ONLY_ID,
        empty="None.",
        ids="get_profile_type_relationships",
        lazy=True,
    ),
)

OBJECT_TYPES = Resource(
    key="object-types",
    one="object type",
    many="object types",
    type="object-type",
    source=Source(
        "get_object_types",
        "get_object_type",
        include=("current-schema", "draft-schema", "object-types", "profile-object-types"),
    ),
    name=look.title,
    columns=(look.TITLE, look.STATUS, look.DESCRIPTION, look.CREATED, look.UPDATED, look.NAMESPACE, look.ID),
    filters=(Filter("namespace", "Namespace is", "get_object_types", "namespace"),),
    tabs=TABS,
    actions=(
        Action(
            "draft",
            "New draft of its schema",
            forms.NewDraft,
            service.create_draft,
            ("create_object_schema",),
            start=service.start_draft,
            hint="What is in force stays so until the draft is published.",
            suits=lambda kind: not kind.related.get("draft-schema"),
        ),
        Action("create", "New object type", forms.NewType, service.create_type, ("create_object_type",), on="new"),
        Action(
            "delete-records",
            "Delete records by ID",
            forms.ManyIds,
            records.delete_by_id,
            ("bulk_delete_object_records",),
            hint="They are gone for good, and Klaviyo does not tell when.",
        ),
        Action(
            "delete",
            "Delete",
            NoQuestions,
            service.delete_types,
            ("delete_object_type",),
            on="many",
            hint="Its schema and its records go with it; segments and flows that use them break.",
        ),
    ),
)
