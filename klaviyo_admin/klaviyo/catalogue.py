"""The one source of facts about the operations of Klaviyo's API: found by id, by alias, or by method and path."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote

import orjson

from klaviyo_admin.klaviyo.bodies import BadBody, Body, Fault
from klaviyo_admin.klaviyo.facts import READ, UNJUDGED, FilterField, Judgement, Limits, Parameter, Reduced
from klaviyo_admin.klaviyo.operation import BadQuery, Operation

__all__ = [
    "BadBody",
    "BadQuery",
    "Fault",
    "FilterField",
    "Limits",
    "Operation",
    "Parameter",
    "Reduced",
    "UnknownOperation",
    "areas",
    "match",
    "operation",
    "operations",
]

_FOLDER = Path(__file__).parent / "operations"


class UnknownOperation(KeyError):
    """No operation of that id or alias, or no such area."""

    def __str__(self) -> str:
        return f"Klaviyo's API has no {self.args[0]}."


@dataclass(frozen=True, slots=True)
class _Index:
    """Where to find each operation, without loading any area."""

    area: Mapping[str, str]
    aliases: Mapping[str, str]
    routes: Mapping[tuple[str, int], tuple[tuple[tuple[str, ...], str], ...]]


@dataclass(frozen=True, slots=True)
class _Area:
    operations: Mapping[str, Operation]
    schemas: Mapping[str, Any]


def operation(name: str) -> Operation:
    """The operation of this id or alias; UnknownOperation if there is none."""
    index = _index()
    name = index.aliases.get(name, name)
    if name not in index.area:
        raise UnknownOperation(f"operation “{name}”")
    return _area(index.area[name]).operations[name]


def operations(area: str | None = None) -> tuple[Operation, ...]:
    """All operations of an area, or of all areas, sorted by area and id."""
    if area is None:
        return tuple(found for key in areas() for found in operations(key))
    if area not in areas():
        raise UnknownOperation(f"area “{area}”")
    return tuple(_area(area).operations.values())


@lru_cache(maxsize=1)
def areas() -> tuple[str, ...]:
    """The keys of all areas ("profiles", "custom_objects"), sorted."""
    return tuple(sorted(set(_index().area.values())))


def match(method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
    """The operation that answers at this address, with its decoded path parts; None if there is none.

    A query string and a trailing slash are ignored, as the live service takes both forms.
    """
    parts = path.partition("?")[0].strip("/").split("/")
    for template, name in _index().routes.get((method.upper(), len(parts)), ()):
        pairs = list(zip(template, parts, strict=True))
        if all(given and (wanted[0] == "{" or wanted == given) for wanted, given in pairs):
            return operation(name), {wanted[1:-1]: unquote(given) for wanted, given in pairs if wanted[0] == "{"}
    return None


@lru_cache(maxsize=1)
def _index() -> _Index:
    rows = orjson.loads((_FOLDER / "index.json").read_bytes())["operations"]
    routes: dict[tuple[str, int], list[tuple[tuple[str, ...], str]]] = {}
    for name, (_, method, path, _) in rows.items():
        template = tuple(path.strip("/").split("/"))
        routes.setdefault((method, len(template)), []).append((template, name))
    return _Index(
        area={name: row[0] for name, row in rows.items()},
        aliases={alias: name for name, row in rows.items() for alias in row[3]},
        # A fixed segment wins over a parameter at the same place: "{" sorts after every letter.
        routes={key: tuple(sorted(found)) for key, found in routes.items()},
    )


@lru_cache(maxsize=1)
def _judgements() -> Mapping[str, Judgement]:
    lines = (_FOLDER / "judgements.tsv").read_text(encoding="utf-8").splitlines()[1:]
    rows = (line.split("\t") for line in lines)
    return {name: Judgement(*rest) for name, *rest in rows}


@cache
def _area(area: str) -> _Area:
    content = orjson.loads((_FOLDER / f"{area}.json").read_bytes())
    shared = {key: tuple(names) for key, names in content["fields"].items()}
    found = {name: _operation(area, name, facts, shared) for name, facts in content["operations"].items()}
    return _Area(MappingProxyType(found), content["schemas"])


@cache
def _schema(area: str, name: str) -> Body:
    return Body(_area(area).schemas, name)


def _operation(area: str, name: str, facts: Mapping[str, Any], shared: Mapping[str, tuple[str, ...]]) -> Operation:
    judged = READ if facts["method"] == "GET" else _judgements().get(name, UNJUDGED)
    fields = {kind: shared[key] for kind, key in facts.get("fields", {}).items()}
    additional = {kind: tuple(names) for kind, names in facts.get("additional_fields", {}).items()}
    page = facts.get("page", {})
    return Operation(
        id=name,
        area=area,
        method=facts["method"],
        path=facts["path"],
        parameters=_parameters(facts, fields, additional),
        filters=tuple(_filter(key, rule) for key, rule in facts.get("filters", {}).items()),
        filter_required=facts.get("filter_required", False),
        sorts=tuple(facts.get("sorts", ())),
        includes=tuple(facts.get("includes", ())),
        fields=MappingProxyType(fields),
        additional_fields=MappingProxyType(additional),
        cursor=facts.get("cursor", ""),
        page_default=page.get("default"),
        page_max=page.get("maximum"),
        successes=tuple(facts["success"]),
        limits=_limits(facts["limits"]),
        scopes=tuple(facts.get("scopes", ())),
        aliases=tuple(facts.get("aliases", ())),
        kind=facts.get("kind", ""),
        media=facts.get("media", ""),
        risk=judged.risk,
        retry=judged.retry,
        undo=judged.undo,
        inverse=judged.inverse,
        warning=judged.warning,
        schema=partial(_schema, area, facts["body"]) if "body" in facts else None,
    )


def _parameters(
    facts: Mapping[str, Any], fields: Mapping[str, tuple[str, ...]], additional: Mapping[str, tuple[str, ...]]
) -> tuple[Parameter, ...]:
    """All parameters: those stored as such, and those that stand in the facts as sorts, includes, fields and so on."""
    found = [Parameter(**{**p, "enum": tuple(p.get("enum", ()))}) for p in facts.get("parameters", ())]
    found += [Parameter(f"fields[{kind}]", "query", "array", enum=names) for kind, names in fields.items()]
    found += [
        Parameter(f"additional-fields[{kind}]", "query", "array", enum=names) for kind, names in additional.items()
    ]
    if "filters" in facts:
        found.append(Parameter("filter", "query", required=facts.get("filter_required", False)))
    if "includes" in facts:
        found.append(Parameter("include", "query", "array", enum=tuple(facts["includes"])))
    if "sorts" in facts:
        found.append(Parameter("sort", "query", enum=tuple(facts["sorts"])))
    if "cursor" in facts:
        found.append(Parameter(facts["cursor"], "query"))
    if "page" in facts:
        found.append(Parameter("page[size]", "query", "integer", **facts["page"]))
    return tuple(found)


def _filter(name: str, rule: Mapping[str, Any]) -> FilterField:
    operators: dict[str, tuple[str, ...]] = {}
    for shape, names in rule["operators"].items():
        for operator in names:
            operators[operator] = (*operators.get(operator, ()), shape)
    return FilterField(
        name=name,
        operators=MappingProxyType(operators),
        type=rule.get("type", ""),
        format=rule.get("format", ""),
        enum=tuple(rule.get("enum", ())),
    )


def _limits(facts: Mapping[str, Any]) -> Limits:
    reduced = tuple(Reduced(**rule) for rule in facts.get("reduced", ()))
    return Limits(facts.get("burst"), facts.get("minute"), facts.get("day"), reduced)
