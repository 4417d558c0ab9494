"""What of a thing that was read may be written again: read-only members left out, by the schema of the write."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from klaviyo_admin.klaviyo.values import Json

Schema = Mapping[str, Any]
_JSON = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


class Fitting:
    """The schemas of an area, and the name of the one that describes a body."""

    def __init__(self, schemas: Mapping[str, Schema], name: str) -> None:
        self._schemas = schemas
        self._name = name

    def names(self, *path: str) -> tuple[str, ...]:
        """The members that the body may have at a path; none where that is no object."""
        return tuple(self._at(path).get("properties", ()))

    def many(self, *path: str) -> bool:
        """Whether the body holds a list at a path."""
        return self._at(path).get("type") == "array"

    def row_names(self, *path: str) -> tuple[str, ...]:
        """The members of what a list holds: the last two parts of the path are the list, and the member asked for."""
        rows = self._plain(self._at(path[:-1]).get("items", {}))
        return tuple(self._plain(rows.get("properties", {}).get(path[-1], {})).get("properties", ()))

    def fitted(self, document: Json, dropped: Callable[[str], None]) -> Json:
        """The document without members that the body does not take; `dropped` is told of each, by its dotted path."""
        return self._fitted({"$ref": f"#/$defs/{self._name}"}, document, "", dropped)

    def _at(self, path: tuple[str, ...]) -> Schema:
        schema = self._plain({"$ref": f"#/$defs/{self._name}"})
        for name in path:
            schema = self._plain(schema.get("properties", {}).get(name, {}))
        return schema

    def _plain(self, schema: Schema) -> Schema:
        """The schema behind references, and behind a choice that only adds null."""
        while True:
            if "$ref" in schema:
                schema = self._schemas[schema["$ref"].rsplit("/", 1)[1]]
                continue
            rest = [part for part in schema.get("anyOf", ()) if part.get("type") != "null"]
            if len(rest) != 1:
                return schema
            schema = rest[0]

    def _fitted(self, schema: Schema, value: Json, path: str, dropped: Callable[[str], None]) -> Json:
        schema = self._plain(schema)
        if "anyOf" in schema and value is not None:
            return self._best(schema["anyOf"], value, path, dropped)
        if isinstance(value, dict) and schema.get("properties"):
            return dict(self._members(schema["properties"], value, path, dropped))
        if isinstance(value, list) and "items" in schema:
            return [self._fitted(schema["items"], part, path, dropped) for part in value]
        return value

    def _members(
        self, known: Mapping[str, Schema], value: Mapping[str, Json], path: str, dropped: Callable[[str], None]
    ) -> Iterator[tuple[str, Json]]:
        for key, part in value.items():
            where = f"{path}.{key}" if path else key
            if key in known:
                yield key, self._fitted(known[key], part, where, dropped)
            elif part is not None:
                dropped(where)

    def _best(self, branches: list[Schema], value: Json, path: str, dropped: Callable[[str], None]) -> Json:
        """By the alternative that keeps the most of it and is not contradicted by a fixed member, such as its type."""
        tried: list[tuple[int, int, Json, list[str]]] = []
        for number, branch in enumerate(map(self._plain, branches)):
            if self._contradicts(branch, value):
                continue
            lost: list[str] = []
            tried.append((len(lost), number, self._fitted(branch, value, path, lost.append), lost))
        if not tried:
            return value
        _, _, kept, lost = min(tried, key=lambda row: (len(row[3]), row[1]))
        for name in lost:
            dropped(name)
        return kept

    def _contradicts(self, schema: Schema, value: Json) -> bool:
        kinds = schema.get("type", ())
        kinds = [kinds] if isinstance(kinds, str) else list(kinds)
        if kinds and not any(_is(kind, value) for kind in kinds):
            return True
        if "enum" in schema and value not in schema["enum"]:
            return True
        if not isinstance(value, dict) or "properties" not in schema:
            return False
        if any(value.get(name) is None for name in schema.get("required", ()) if name in ("type", "channel", "method")):
            return True
        fixed = ((name, self._plain(part)) for name, part in schema["properties"].items())
        return any(
            "enum" in part and value.get(name) is not None and value[name] not in part["enum"] for name, part in fixed
        )


def _is(kind: str, value: Json) -> bool:
    if kind in ("integer", "number"):
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, _JSON.get(kind, object))
