"""The pure builders of changes to types and schemas of custom objects."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError

from klaviyo_admin.areas import building
from klaviyo_admin.areas.base import Answers
from klaviyo_admin.areas.building import Noun, patched, posted, to_one
from klaviyo_admin.areas.custom_objects.columns import KINDS, mapping_name, title
from klaviyo_admin.areas.custom_objects.fields import Line, rooted
from klaviyo_admin.areas.words import counted, listed, plain
from klaviyo_admin.intents import FieldChange, Intent, Request
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.values import Item, Json

TYPE = Noun(
    "object type",
    "object types",
    "object-type",
    "get_object_type",
    title,
    {"title": "Title", "description": "Description", "visibility": "Seen by"},
)
SCHEMA = Noun(
    "schema",
    "schemas",
    "object-schema",
    "get_object_schema",
    title,
    {"title": "Title", "description": "Description", "properties": "Properties", "required": "Required"},
)
MAPPING = Noun("mapping", "mappings", "source-mapping", "get_source_mapping", mapping_name)
DRAFT = "draft"
_MAPPED = {"property_mappings": "Where values come from", "relationship_mappings": "Where links come from"}

delete_types = building.deleting("custom_objects.delete_type", "delete_object_type", TYPE)
start_by_hand = building.starting(replace(MAPPING, labels=_MAPPED))
map_by_hand = building.editing("custom_objects.map_by_hand", "update_source_mapping", replace(MAPPING, labels=_MAPPED))


def create_type(items: Sequence[Item], answers: Answers) -> Intent:
    """One POST of a type with its first schema, which takes its values from the picked `source` if there is one."""
    target = TYPE.new(answers["title"])
    schema = _schema(answers["columns"])
    if answers["source"]:
        lines = [{**line, "path": rooted(line["name"])} for line in answers["columns"]]
        attributes = {"property_mappings": _mappings(lines, answers["source"].id, rooted(answers["id_path"]))}
        schema["source-mapping"] = {"data": {"type": "source-mapping", "attributes": attributes}}
    if answers["publish"]:
        schema["status"] = "active"
    fields = TYPE.changes({key: value for key, value in answers.items() if value})
    inner = {"object-schema": {"data": {"type": "object-schema", "attributes": schema}}}
    request = posted("create_object_type", target, fields, attributes=inner)
    shown = (*fields, FieldChange(("schema",), "Properties", None, _spoken(answers["columns"])))
    count = counted(len(answers["columns"]), "property", "properties")
    sentence = f"Create the object type “{{target}}” with {count}{' and publish it' if answers['publish'] else ''}."
    return Intent("custom_objects.create_type", sentence, (replace(request, fields=shown),), target)


def _schema(lines: Sequence[Line]) -> dict[str, Json]:
    properties = [
        {"id": line["id"], "name": line["name"], "type": line["kind"], "description": line["description"]}
        for line in lines
    ]
    return {"properties": properties, "required": [line["name"] for line in lines if line["required"]]}


def _spoken(lines: Sequence[Line]) -> list[str]:
    return [
        f"{line['name']} ({KINDS[line['kind']].lower()}{', required' if line['required'] else ''})" for line in lines
    ]


def start_draft(items: Sequence[Item]) -> dict[str, Any]:
    """A new draft begins with the schema in force, as far as there is one."""
    (kind,) = items
    now = next(iter(kind.ones("current-schema")), None)
    if now is None:
        return {"title": title(kind)}
    return {"title": title(now), "description": now.get("description", ""), "columns": lines_of(now)}


def start_schema(items: Sequence[Item]) -> dict[str, Any]:
    (schema,) = items
    return {"title": title(schema), "description": schema.get("description", ""), "columns": lines_of(schema)}


def lines_of(schema: Item) -> list[Line]:
    """The properties of a schema as the lines of a form."""
    required = schema.get("required", ())
    return [
        {
            "name": str(each.get("name") or ""),
            "kind": str(each.get("type") or ""),
            "required": "yes" if each.get("name") in required else "",
            "description": each.get("description") or "",
            "id": each.get("id"),
        }
        for each in schema.get("properties", ())
    ]


def create_draft(items: Sequence[Item], answers: Answers) -> Intent:
    """One POST of a schema that is not published yet, for the type."""
    (kind,) = items
    if waiting := kind.related.get("draft-schema"):
        raise ValidationError(f"“{title(kind)}” has a draft already ({waiting[0].id}). Edit or publish that one.")
    values = {"title": answers["title"], "description": answers["description"], **_schema(answers["columns"])}
    fields = SCHEMA.changes({key: value for key, value in values.items() if value})
    request = posted("create_object_schema", None, fields, {"object-type": to_one(kind)})
    shown = (
        FieldChange(("draft", "title"), "Title of the draft", None, answers["title"]),
        FieldChange(("draft", "properties"), "Properties", None, _spoken(answers["columns"])),
    )
    request = Request(request.write, TYPE.target(kind), shown)
    sentence = "Start a new draft of the schema of “{target}”."
    return Intent("custom_objects.create_draft", sentence, (request,), TYPE.target(kind))


def edit_schema(items: Sequence[Item], answers: Answers) -> Intent:
    """One PATCH of a draft with the answers given."""
    (schema,) = items
    _demand_draft(schema)
    values = {key: answers[key] for key in ("title", "description") if key in answers}
    if "columns" in answers:
        values |= _schema(answers["columns"])
    return building.editing("custom_objects.edit_schema", "update_object_schema", SCHEMA)(items, values)


def publish(items: Sequence[Item], answers: Answers) -> Intent:
    """One PATCH that makes a draft the schema in force."""
    (schema,) = items
    _demand_draft(schema)
    field = FieldChange(("status",), "Status", schema.get("status"), "active")
    request = patched("update_object_schema", SCHEMA, schema, [field])
    return Intent(
        "custom_objects.publish_schema", "Publish the draft of the schema “{target}”.", (request,), request.target
    )


def _demand_draft(schema: Item) -> None:
    if schema.get("status") != DRAFT:
        raise ValidationError(
            f"This schema is {schema.get('status')}: only a draft can be changed. Start a new draft on its object type."
        )


def mapping_of(schema: Item) -> Item | None:
    """The mapping that came with a schema."""
    return next(iter(schema.ones("source-mapping")), None)


def start_mapping(items: Sequence[Item]) -> dict[str, Any]:
    """Every property of the schema with where its value comes from now; the source that most of them name."""
    (schema,) = items
    mapping = mapping_of(schema)
    known = {entry.get("id"): entry for entry in (mapping.get("property_mappings", ()) if mapping else ())}
    sources = [entry["source"] for entry in known.values() if entry.get("source")]
    lines = [
        {
            "id": each.get("id"),
            "name": each.get("name"),
            "path": (known.get(each.get("id"), {}).get("source") or {}).get("data_path", ""),
            "constant": known.get(each.get("id"), {}).get("value"),
        }
        for each in schema.get("properties", ())
    ]
    first = {"source": sources[0].get("source_id"), "id_path": sources[0].get("id_path")} if sources else {}
    return {"mappings": lines, **first}


def map_schema(items: Sequence[Item], answers: Answers) -> Intent:
    """One PATCH of the schema's mapping."""
    (schema,) = items
    mapping = mapping_of(schema)
    if mapping is None:
        raise ValidationError("Klaviyo shows no mapping of this schema, so there is nothing to change.")
    after = _mappings(answers["mappings"], answers["source"].id, rooted(answers["id_path"]))
    before = mapping.get("property_mappings", [])
    field = FieldChange(("property_mappings",), _MAPPED["property_mappings"], before, after)
    request = patched("update_source_mapping", MAPPING, mapping, [field])
    named = listed([str(line["name"]) for line in answers["mappings"]], of="properties")
    sentence = f"Take {named} of the schema “{{target}}” from the data source “{plain(title(answers['source']))}”."
    return Intent("custom_objects.map", sentence, (request,), SCHEMA.target(schema))


def _mappings(lines: Sequence[Line], source: str, id_path: str) -> list[Json]:
    return [
        {"id": line["id"], "type": "constant", "value": line["constant"]}
        if "constant" in line
        else {
            "id": line["id"],
            "type": "simple",
            "source": {"source_id": source, "id_path": id_path, "data_path": line["path"]},
        }
        for line in lines
    ]


def schema_of(kind: Item) -> str:
    """The schema by which other schemas link to a type: the one in force, else its draft. Raises ValidationError."""
    for relation in ("current-schema", "draft-schema"):
        if found := kind.related.get(relation):
            return found[0].id
    raise ValidationError({"other": f"“{title(kind)}” has no schema yet, so nothing can be linked to it."})


def linking(name: str, noun: Noun, schema: Item, data: Json, fields: Sequence[FieldChange]) -> Request:
    """A change of the links of a schema."""
    write = operation(name).write({"id": schema.id}, {"data": data})
    return Request(write, noun.target(schema), tuple(fields))
