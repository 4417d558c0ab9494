"""Knows how OpenAPI 3.0 writes a schema differently from JSON Schema, and what of it is fact rather than prose."""

from collections.abc import Iterable, Mapping
from typing import Any

from klaviyo_admin.klaviyo.values import Json

Schema = dict[str, Any]
_PREFIX = "#/components/schemas/"
_KEPT = ("enum", "default", "format", "required", "readOnly", "maxProperties", "minimum", "maximum", "pattern")


def closure(schemas: Mapping[str, Schema], names: Iterable[str], prefix: str = _PREFIX) -> set[str]:
    """The names of all schemas that the named ones refer to, themselves included."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(_references(schemas[name], prefix))
    return found


def plain_schema(schema: Schema) -> Schema:
    """The schema as JSON Schema 2020-12 without prose: `nullable` becomes a type list or `anyOf`, references `$defs`."""
    plain = _shape(schema)
    return with_null(plain) if schema.get("nullable") else plain


def _shape(schema: Schema) -> Schema:
    if "$ref" in schema:
        return {"$ref": "#/$defs/" + schema["$ref"].removeprefix(_PREFIX)}
    plain: Schema = {key: schema[key] for key in ("type", *_KEPT) if key in schema}
    if "properties" in schema:
        plain["properties"] = {name: plain_schema(part) for name, part in schema["properties"].items()}
    if "items" in schema:
        plain["items"] = plain_schema(schema["items"])
    # Klaviyo's alternatives overlap (a string and a date string), so "exactly one" would refuse what it accepts.
    for key in ("oneOf", "anyOf"):
        if key in schema:
            plain["anyOf"] = [plain_schema(part) for part in schema[key]]
    if isinstance(schema.get("additionalProperties"), dict):
        plain["additionalProperties"] = plain_schema(schema["additionalProperties"])
    return plain


def with_null(plain: Schema) -> Schema:
    """A plain schema that takes null too."""
    if "$ref" in plain:
        return {"anyOf": [plain, {"type": "null"}]}
    if "anyOf" in plain:
        return {**plain, "anyOf": [*plain["anyOf"], {"type": "null"}]}
    if "type" not in plain or isinstance(plain["type"], list):
        return plain
    wide = {**plain, "type": [plain["type"], "null"]}
    if "enum" in plain and None not in plain["enum"]:
        wide["enum"] = [*plain["enum"], None]
    return wide


def _references(part: Json, prefix: str) -> set[str]:
    if isinstance(part, list):
        return set().union(*(_references(value, prefix) for value in part))
    if not isinstance(part, dict):
        return set()
    own = {part["$ref"].removeprefix(prefix)} if isinstance(part.get("$ref"), str) else set()
    return own.union(*(_references(value, prefix) for value in part.values()))
