"""Knows how Klaviyo's OpenAPI document states the shape of what is answered: of each kind of thing, its attributes.

A shape is "text", "number" or "flag", "plain" for what may be any of them; [shape] for a list of it; an object of shapes
by name, {} for any object; None for what may be anything.
"""

from collections.abc import Iterator, Mapping
from functools import reduce
from typing import Any

from klaviyo_admin.klaviyo.values import Json

Shape = Any
_PREFIX = "#/components/schemas/"
_PLAIN = {"string": "text", "integer": "number", "number": "number", "boolean": "flag"}
_ALTERNATIVES = ("allOf", "oneOf", "anyOf")


def shapes_of(document: Json) -> dict[str, Shape]:
    """The shape of the attributes of every kind of thing that an OpenAPI document has in its answers, by JSON:API type.

    Where several schemas describe one kind, only what they agree about is stated.
    """
    schemas: Mapping[str, Mapping[str, Any]] = document["components"]["schemas"]
    found: dict[str, Shape] = {}
    for name, schema in schemas.items():
        for members in _things(schemas, schema) if "Response" in name else ():
            kind, shape = _kind(schemas, members["type"]), _shape(schemas, members["attributes"], ())
            if kind:
                found[kind] = merged(found[kind], shape) if kind in found else shape
    return dict(sorted(found.items()))


def merged(one: Shape, other: Shape) -> Shape:
    """What both fit: objects have the members of both, whatever differs in kind may be anything."""
    if isinstance(one, dict) and isinstance(other, dict):
        both = {name: merged(one[name], other[name]) for name in one if name in other}
        return {**one, **other, **both}
    if isinstance(one, list) and isinstance(other, list):
        return [merged(one[0], other[0])]
    if isinstance(one, str) and isinstance(other, str):
        return one if one == other else "plain"
    return None


def _things(schemas: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The members of each thing with attributes that a schema describes: itself, or what its document holds."""
    members = _members(schemas, schema)
    if "type" in members and "attributes" in members:
        yield members
    for inner in (members[name] for name in ("data", "included") if name in members):
        rows = inner.get("items", inner)
        for part in rows.get("oneOf", [rows]):
            yield from _things(schemas, part)


def _members(schemas: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """The members of an object, its parts taken together."""
    while "$ref" in schema:
        schema = schemas[schema["$ref"].removeprefix(_PREFIX)]
    found = dict(schema.get("properties", {}))
    for part in schema.get("allOf", ()):
        for name, member in _members(schemas, part).items():
            found[name] = {"allOf": [found[name], member]} if name in found else member
    return found


def _kind(schemas: Mapping[str, Any], named: Mapping[str, Any]) -> str:
    """The one JSON:API type that a schema of types allows; "" where it is not one."""
    while "$ref" in named or "allOf" in named:
        named = schemas[named["$ref"].removeprefix(_PREFIX)] if "$ref" in named else named["allOf"][0]
    kinds = named.get("enum", [])
    return str(kinds[0]) if len(kinds) == 1 else ""


def _shape(schemas: Mapping[str, Any], schema: Mapping[str, Any], inside: tuple[str, ...]) -> Shape:
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_PREFIX)
        return None if name in inside else _shape(schemas, schemas[name], (*inside, name))
    for key in _ALTERNATIVES:
        if key in schema:
            return reduce(merged, (_shape(schemas, part, inside) for part in schema[key]))
    if "properties" in schema:
        return {name: _shape(schemas, part, inside) for name, part in schema["properties"].items()}
    match schema.get("type"):
        case "array":
            return [_shape(schemas, schema.get("items", {}), inside)]
        case "object":
            return {}
        case plain:
            return _PLAIN.get(str(plain))
