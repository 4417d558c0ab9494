"""Knows how Klaviyo's OpenAPI document states the facts of an operation, and writes them down without its prose."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from klaviyo_admin.klaviyo.corrections import corrected
from klaviyo_admin.klaviyo.schemas import closure, plain_schema
from klaviyo_admin.klaviyo.shapes import shapes_of
from klaviyo_admin.klaviyo.values import Json

FOLDER = Path(__file__).parent / "operations"
INDEX = "index.json"
ANSWERS = "answers.json"
Facts = dict[str, Any]

_QUERY = re.compile(r"(page\[size\]|page\[cursor\]|page_cursor|filter|sort|include|(additional-)?fields\[.+\])$")
_REDUCED = re.compile(
    r"Rate limits when using the `([^`]+)` parameter in your API request:"
    r"<br>Burst: `(\d+)/s`<br>Steady: `(\d+)/m`"
)
_WINDOWS = {"burst": "burst", "steady": "minute", "daily": "day"}


def areas_of(document: Json) -> dict[str, Facts]:
    """The facts of every area of an OpenAPI document, by area ("custom_objects")."""
    found: dict[str, list[tuple[str, Facts, Facts]]] = {}
    for path, method, operation in _operations(document):
        area = operation["tags"][0].lower().replace(" ", "_")
        facts = _operation(document, path, method, operation)
        found.setdefault(area, []).append((path, operation, facts))
    return {area: _area(document, area, found[area]) for area in sorted(found)}


def index_of(areas: Mapping[str, Facts]) -> Facts:
    """Where each operation is found: its area, method, path and aliases."""
    rows = {
        name: [area, facts["method"], facts["path"], facts.get("aliases", [])]
        for area, content in areas.items()
        for name, facts in content["operations"].items()
    }
    return {"operations": dict(sorted(rows.items()))}


def write(document: Json, folder: Path = FOLDER) -> int:
    """Writes one file per area, the index and the shapes of answers; removes areas that are gone. Returns the number of operations."""
    areas = areas_of(document)
    files = {f"{area}.json": lines(content) for area, content in areas.items()}
    index = index_of(areas)
    files[INDEX] = lines(index)
    files[ANSWERS] = lines({"shapes": shapes_of(document)})
    for stale in {p.name for p in folder.glob("*.json")} - set(files):
        (folder / stale).unlink()
    for name, text in files.items():
        (folder / name).write_bytes(text)
    return len(index["operations"])


def read(folder: Path = FOLDER) -> dict[str, Facts]:
    """The facts as stored, by area; the counterpart of `areas_of`."""
    return {
        p.stem: orjson.loads(p.read_bytes()) for p in sorted(folder.glob("*.json")) if p.name not in (INDEX, ANSWERS)
    }


def _operations(document: Json) -> Iterator[tuple[str, str, Facts]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method.upper(), operation


def _area(document: Json, area: str, found: list[tuple[str, Facts, Facts]]) -> Facts:
    fields: dict[str, list[str]] = {}
    roots: set[str] = set()
    read = {path: _answered(document, operation) for path, operation, facts in found if facts["method"] == "GET"}
    operations: Facts = {}
    for path, operation, facts in sorted(found, key=lambda row: row[1]["operationId"]):
        for kind, names in facts.get("fields", {}).items():
            facts["fields"][kind] = _shared(fields, kind, names)
        if "body" in facts:
            roots.add(facts["body"])
        kind = _asked(document, operation) if facts["method"] != "GET" else ""
        kind = kind or _answered(document, operation) or read.get(path, "")
        operations[operation["operationId"]] = {**facts, **({"kind": kind} if kind else {})}
    schemas = document["components"]["schemas"]
    return {
        "area": area,
        "revision": document["info"]["version"],
        "operations": operations,
        "fields": dict(sorted(fields.items())),
        "schemas": {name: corrected(name, plain_schema(schemas[name])) for name in sorted(closure(schemas, roots))},
    }


def _shared(fields: dict[str, list[str]], kind: str, names: list[str]) -> str:
    """The key under which a field list is kept once per file: the kind, numbered when operations differ."""
    number = 1
    while True:
        key = kind if number == 1 else f"{kind}/{number}"
        if fields.setdefault(key, names) == names:
            return key
        number += 1


def _operation(document: Json, path: str, method: str, operation: Facts) -> Facts:
    parameters = [p for p in operation["parameters"] if p["name"] != "revision"]
    query = {p["name"]: p for p in parameters if p["in"] == "query"}
    others = [_parameter(p) for p in parameters if p["in"] != "query" or not _QUERY.match(p["name"])]
    size = query.get("page[size]", {}).get("schema", {})
    facts: Facts = {
        "method": method,
        "path": path,
        "success": sorted(int(code) for code in operation["responses"] if code.startswith("2")),
        "limits": _limits(operation),
        "scopes": sorted(operation["x-klaviyo-scopes"]),
        "aliases": operation.get("x-klaviyo-operation-aliases"),
        "parameters": others,
        "filters": {name: _filter(rule) for name, rule in operation.get("x-klaviyo-filters", {}).items()},
        "filter_required": query.get("filter", {}).get("required", False),
        "sorts": query.get("sort", {}).get("schema", {}).get("enum"),
        "includes": query.get("include", {}).get("schema", {}).get("items", {}).get("enum"),
        "cursor": next((name for name in ("page[cursor]", "page_cursor") if name in query), None),
        "page": {k: size[k] for k in ("default", "minimum", "maximum") if k in size},
        "fields": _by_kind(query, "fields["),
        "additional_fields": _by_kind(query, "additional-fields["),
        **_body(operation),
    }
    return {key: value for key, value in facts.items() if value}


def _by_kind(query: Mapping[str, Facts], prefix: str) -> dict[str, list[str]]:
    return {
        name.removeprefix(prefix).removesuffix("]"): query[name]["schema"]["items"]["enum"]
        for name in sorted(query)
        if name.startswith(prefix)
    }


def _parameter(given: Facts) -> Facts:
    schema = given["schema"]
    facts = {key: schema[key] for key in ("enum", "minimum", "maximum", "default") if key in schema}
    return {
        "name": given["name"],
        "place": given["in"],
        "type": schema["type"],
        "required": given.get("required", False),
        **facts,
    }


def _filter(rule: Facts) -> Facts:
    value = rule.get("value", {})
    return {
        "operators": {shape: sorted(names) for shape, names in sorted(rule["operators"].items())},
        **{key: value[key] for key in ("type", "format", "enum") if key in value},
    }


def _limits(operation: Facts) -> Facts:
    declared = operation["x-klaviyo-ratelimit"]
    limits: Facts = {ours: int(declared[his].split("/")[0]) for his, ours in _WINDOWS.items() if his in declared}
    reduced = [
        {"when": when, "burst": int(burst), "minute": int(minute)}
        for when, burst, minute in _REDUCED.findall(operation["description"])
    ]
    return {**limits, "reduced": reduced} if reduced else limits


def _body(operation: Facts) -> Facts:
    content = operation.get("requestBody", {}).get("content", {})
    for media, entry in content.items():
        facts = {"body": entry["schema"]["$ref"].rsplit("/", 1)[1]}
        return facts if media == "application/vnd.api+json" else {**facts, "media": media}
    return {}


def _asked(document: Json, operation: Facts) -> str:
    """The JSON:API type of `data` in the request body, "" without one."""
    content = operation.get("requestBody", {}).get("content", {})
    return _kind(document, content.get("application/vnd.api+json", {}).get("schema", {}))


def _answered(document: Json, operation: Facts) -> str:
    success = min(code for code in operation["responses"] if code.startswith("2"))
    content = operation["responses"][success].get("content", {})
    return _kind(document, content.get("application/vnd.api+json", {}).get("schema", {}))


def _kind(document: Json, schema: Facts) -> str:
    """The one JSON:API type that `data` of this document may have; "" where there are several or none."""
    data = _resolved(document, _resolved(document, schema).get("properties", {}).get("data", {}))
    if "items" in data:
        data = _resolved(document, data["items"])
    kinds = _resolved(document, data.get("properties", {}).get("type", {})).get("enum", [])
    return str(kinds[0]) if len(kinds) == 1 else ""


def _resolved(document: Json, schema: Facts) -> Facts:
    """The schema behind a reference; of an `allOf` the first part, which is the one that names the type."""
    while "$ref" in schema or "allOf" in schema:
        if "$ref" in schema:
            schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        else:
            schema = schema["allOf"][0]
    return schema


def lines(content: Facts) -> bytes:
    """JSON with one operation, field list or schema per line, so that a difference between revisions can be read."""
    parts = []
    for key, value in content.items():
        text = orjson.dumps(value).decode()
        if isinstance(value, dict) and value:
            rows = ",\n".join(f"  {orjson.dumps(k).decode()}: {orjson.dumps(v).decode()}" for k, v in value.items())
            text = "{\n" + rows + "\n }"
        parts.append(f" {orjson.dumps(key).decode()}: {text}")
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode()
