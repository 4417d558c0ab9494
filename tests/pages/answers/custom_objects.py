"""Answers to the forms of custom objects, their schemas, sources and records."""

from collections.abc import Mapping

from klaviyo_admin.klaviyo.values import Item


def draft(schema: Item) -> bool:
    return bool(schema.get("status") == "draft")


def linked(schema: Item) -> bool:
    return draft(schema) and bool(schema.related.get("object-schemas") and schema.related.get("profile-object-schemas"))


_PROPERTIES = {
    "columns-name": ["number", "seats", ""],
    "columns-kind": ["string", "int", "string"],
    "columns-required": ["yes", "", ""],
    "columns-description": ["", "How many", ""],
    "columns-id": ["", "", ""],
}
_SCHEMAS = ("edit", "publish", "map", "link-object", "link-people")
_LINKS = ("rename-object-link", "remove-object-link", "rename-profile-link", "remove-profile-link")

ANSWERS: Mapping[tuple[str, str], object] = {
    ("object-types", "create"): {"title": "Table", "visibility": "private", "id_path": "$.id", **_PROPERTIES},
    ("object-types", "draft"): {"title": "Workshop 2", **_PROPERTIES},
    ("object-types", "delete-records"): {"rows": "W001\nW002"},
    ("object-schemas", "edit"): {"title": "Booking 2", **_PROPERTIES},
    ("object-schemas", "map"): {"id_path": "$.key"},
    ("source-mappings", "edit"): {"property_mappings": "[]"},
    ("data-sources", "add-record"): {
        "record-key": ["id", "seats"],
        "record-text": ["W900", "12"],
        "record-kind": ["text", "number"],
        "record-was": ["", ""],
        "record-was_kind": ["", ""],
    },
    ("data-sources", "add-records"): {"rows": "id,title,seats,sold_out\nW901,Weaving,4,no\nW902,Dyeing,6,yes"},
}
SUITED = {
    **{("object-schemas", action): draft for action in _SCHEMAS},
    **{("object-schemas", action): linked for action in _LINKS},
    ("object-types", "draft"): lambda kind: not kind.related.get("draft-schema"),
}
