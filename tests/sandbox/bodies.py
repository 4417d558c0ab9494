"""Bodies for any write: made from the schema of its operation, sound or spoilt, with values that are easily overlooked."""

import json
from copy import deepcopy
from functools import cache
from random import Random
from typing import Any

from klaviyo_admin.klaviyo.catalogue import Operation
from tests.fakes import ROOT

Json = Any
TEXTS = (
    "",
    " ",
    "x",
    "Zoë 🌿",
    "a" * 300,
    "nul\x00",
    "1",
    "null",
    "{% if %}",
    "{{ person.a|b:'c }}",
    "' OR 1=1 --",
    "$.a[",
    "%",
)
FITTING = (
    "any@example.com",
    "+12125550123",
    "https://example.com/a",
    "en-US",
    "data:image/png;base64,AA==",
    "equals(a,1)",
)
NUMBERS = (0, 1, -1, 3, 10**9, 2**63, -(2**70), 1)
TIMES = (
    "2026-01-01T00:00:00Z",
    "2026-11-18T12:00:00+14:00",
    "2026-11-18T12:00:00",
    "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00Z",
)
DEEPEST = 14


@cache
def schemas(area: str) -> dict[str, Json]:
    found: dict[str, Json] = json.loads((ROOT / f"klaviyo_admin/klaviyo/operations/{area}.json").read_bytes())
    return found


class Maker:
    """Makes bodies by chance. `known` are ids of things that exist, by type; `path` those of the address."""

    def __init__(self, operation: Operation, chance: Random, known: dict[str, list[str]], path: dict[str, str]) -> None:
        area = schemas(operation.area)
        self._defs: dict[str, Json] = area["schemas"]
        self._name = area["operations"][operation.id].get("body")
        self.chance, self._known, self._path = chance, known, path

    def sound(self) -> Json:
        """A body that the schema allows."""
        return self._value({"$ref": f"#/$defs/{self._name}"}, 0) if self._name else None

    def spoilt(self, body: Json) -> Json:
        """The body with one place made wrong: a member gone, of another type, or unknown."""
        body = deepcopy(body)
        holders = list(_holders(body))
        if not holders or self.chance.random() < 0.05:
            return self.chance.choice((None, [], "text", 5, {"data": None}, {"data": []}, {"data": {}}, {}))
        holder = self.chance.choice(holders)
        key = self.chance.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
        wrong = self.chance.choice((None, True, 7, -1.5, "wrong", [], {}, [None], {"a": {}}, "x" * 5000))
        if isinstance(holder, dict) and self.chance.random() < 0.4:
            del holder[key]
        elif isinstance(holder, dict) and self.chance.random() < 0.2:
            holder["unknown"] = wrong
        else:
            holder[key] = wrong
        return body

    def _value(self, schema: Json, depth: int) -> Json:
        while "$ref" in schema:
            schema = self._defs[schema["$ref"].rsplit("/", 1)[1]]
        alternatives = schema.get("anyOf") or schema.get("oneOf")
        if alternatives:
            return self._value(self.chance.choice(alternatives), depth + 1)
        if "enum" in schema:
            return self.chance.choice(schema["enum"])
        kind = schema.get("type", "object")
        if isinstance(kind, list):
            kind = self.chance.choice(kind) if self.chance.random() < 0.3 else kind[0]
        if kind == "object":
            return self._object(schema, depth)
        if kind == "array":
            number = self.chance.choice((1, 1, 2, 0)) if depth < DEEPEST else 0
            return [self._value(schema.get("items", {}), depth + 1) for _ in range(number)]
        return self._plain(kind, schema)

    def _object(self, schema: Json, depth: int) -> Json:
        members, required = schema.get("properties", {}), schema.get("required", ())
        if not members:
            return {} if self.chance.random() < 0.5 else {"key": self.chance.choice((*TEXTS, 1, None, [1, {"a": []}]))}
        likely = 0.5 if depth < 5 else 0.15 if depth < DEEPEST else 0
        chosen = [name for name in members if name in required or self.chance.random() < likely]
        made = {name: self._value(members[name], depth + 1) for name in chosen}
        if isinstance(made.get("id"), str):
            made["id"] = self._ident(made.get("type"), depth)
        return made

    def _ident(self, kind: Json, depth: int) -> str:
        if depth <= 1 and self._path and self.chance.random() < 0.9:
            return next(iter(self._path.values()))
        return self.chance.choice([*self._known.get(str(kind), []), "none"])

    def _plain(self, kind: str, schema: Json) -> Json:
        if kind == "boolean":
            return self.chance.random() < 0.5
        if kind in ("integer", "number"):
            return self.chance.choice(NUMBERS) if kind == "integer" else self.chance.choice((*NUMBERS, 0.5, 1e300))
        if kind == "null":
            return None
        if schema.get("format") == "date-time":
            return self.chance.choice(TIMES)
        if schema.get("format") == "date":
            return "2001-02-03"
        anyone = self._known.get(self.chance.choice(list(self._known)), [])
        return self.chance.choice((*FITTING, *TEXTS, *anyone[:2]))


def _holders(value: Json) -> Any:
    if isinstance(value, dict | list) and value:
        yield value
        for part in value.values() if isinstance(value, dict) else value:
            yield from _holders(part)
