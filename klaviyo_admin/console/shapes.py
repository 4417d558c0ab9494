"""Knows what kind of field a JSON schema asks for: objects, lists, choices and plain values, each unfolded when looked at."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from klaviyo_admin.klaviyo.catalogue import Operation
from klaviyo_admin.klaviyo.values import Json

_BY_FORMAT = {"date-time": "moment", "date": "date", "time": "time", "binary": "file"}
_BY_TYPE = {"string": "text", "integer": "whole", "number": "number", "boolean": "flag", "array": "list"}
_WORDS = {"text": "Text", "whole": "A whole number", "number": "A number", "flag": "Yes or no", "list": "A list"}
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True)
class Shape:
    """What may stand at one place of a body.

    kind: object (known members), list, choice (one of several shapes), options (one of some values), text, whole, number,
    flag, moment, date, time, file, or json (anything, or an object of unknown members: `open` tells those apart).
    """

    kind: str
    schema: Mapping[str, Json] = field(repr=False)
    schemas: Mapping[str, Json] = field(repr=False)
    name: str = ""
    nullable: bool = False

    @property
    def options(self) -> tuple[Json, ...]:
        return tuple(value for value in self.schema.get("enum", ()) if value is not None)

    @property
    def default(self) -> Json:
        return self.schema.get("default")

    @property
    def required(self) -> frozenset[str]:
        return frozenset(self.schema.get("required", ()))

    @property
    def open(self) -> bool:
        """Whether this is an object whose members nobody lists."""
        return self.kind == "json" and "object" in _types(self.schema)

    @property
    def container(self) -> bool:
        return self.kind in ("object", "list")

    @cached_property
    def members(self) -> Mapping[str, "Shape"]:
        """The members of an object, those that must be there first."""
        parts = self.schema.get("properties", {})
        names = sorted(parts, key=lambda name: (name != "type", name != "id", name not in self.required))
        return {name: shape(parts[name], self.schemas) for name in names}

    @cached_property
    def line(self) -> "Shape":
        """What each line of a list is."""
        return shape(self.schema.get("items", {}), self.schemas)

    @cached_property
    def alternatives(self) -> tuple["Shape", ...]:
        """The shapes to choose from, without null."""
        return tuple(_unfolded(self.schema, self.schemas))

    def constant(self, needed: bool) -> bool:
        """Whether only one value can stand here, so that nobody has to say it."""
        return needed and self.kind == "options" and len(self.options) == 1 and not self.nullable

    def labels(self) -> tuple[str, ...]:
        """A name for each alternative: by the value that sets it apart, else by its schema's name."""
        told = [_told(alternative) for alternative in self.alternatives]
        apart = next((key for key in told[0] if _sets_apart(key, told)), "") if told else ""
        return tuple(
            str(values[apart]) if apart else _spoken(alternative)
            for alternative, values in zip(self.alternatives, told, strict=True)
        )


def of_body(found: Operation) -> Shape | None:
    """The shape of an operation's body; None where it takes none."""
    if found.schema is None:
        return None
    body = found.schema()
    return shape({"$ref": f"#/$defs/{body.name}"}, body.schemas)


def shape(schema: Mapping[str, Json], schemas: Mapping[str, Json]) -> Shape:
    """The shape that a schema describes; references lead to `schemas`."""
    schema, name = _resolved(schema, schemas)
    nullable = "null" in _types(schema) or None in schema.get("enum", ())
    if "anyOf" in schema:
        found = list(_unfolded(schema, schemas))
        nullable = nullable or _takes_null(schema, schemas)
        if len(found) == 1:
            return Shape(found[0].kind, found[0].schema, schemas, found[0].name, nullable or found[0].nullable)
        return Shape("choice", schema, schemas, name, nullable)
    return Shape(_kind(schema), schema, schemas, name, nullable)


def _kind(schema: Mapping[str, Json]) -> str:
    if "enum" in schema:
        return "options"
    types = [one for one in _types(schema) if one != "null"]
    if len(types) != 1:
        return "json"
    if types[0] == "object":
        return "object" if schema.get("properties") or schema.get("maxProperties") == 0 else "json"
    if types[0] == "string" and schema.get("format") in _BY_FORMAT:
        return _BY_FORMAT[schema["format"]]
    return _BY_TYPE.get(types[0], "json")


def _types(schema: Mapping[str, Json]) -> list[str]:
    given = schema.get("type", [])
    return [given] if isinstance(given, str) else list(given)


def _resolved(schema: Mapping[str, Json], schemas: Mapping[str, Json]) -> tuple[Mapping[str, Json], str]:
    name = ""
    while "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        schema = schemas[name]
    return schema, name


def _unfolded(schema: Mapping[str, Json], schemas: Mapping[str, Json]) -> list[Shape]:
    """The alternatives of a choice, those of a choice inside it among them."""
    found: list[Shape] = []
    for part in schema["anyOf"]:
        resolved, _ = _resolved(part, schemas)
        if "anyOf" in resolved:
            found += _unfolded(resolved, schemas)
        elif _types(resolved) != ["null"]:
            found.append(shape(part, schemas))
    return found


def _takes_null(schema: Mapping[str, Json], schemas: Mapping[str, Json]) -> bool:
    parts = [_resolved(part, schemas)[0] for part in schema["anyOf"]]
    return any(_takes_null(part, schemas) if "anyOf" in part else "null" in _types(part) for part in parts)


def _told(alternative: Shape) -> dict[str, Json]:
    """The members of an object that can only have one value."""
    if alternative.kind != "object":
        return {}
    members = alternative.members
    return {
        name: part.options[0]
        for name, part in members.items()
        if part.kind == "options" and len(part.options) == 1 and name in alternative.required
    }


def _sets_apart(key: str, told: list[dict[str, Json]]) -> bool:
    values = [values.get(key) for values in told]
    return None not in values and len(set(map(str, values))) == len(values)


def _spoken(alternative: Shape) -> str:
    if alternative.kind == "options" and len(alternative.options) == 1:
        return str(alternative.options[0])
    if alternative.name:
        return _HUMP.sub(" ", alternative.name).capitalize()
    if alternative.kind == "list":
        return f"A list of {_spoken(alternative.line).lower()}"
    return _WORDS.get(alternative.kind, alternative.kind.capitalize())
