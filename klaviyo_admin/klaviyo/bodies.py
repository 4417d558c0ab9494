"""Checks a request body against the schemas of its area and says in plain sentences what is wrong with it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from typing import Any

import jsonschema_rs

from klaviyo_admin.klaviyo.fitting import Fitting
from klaviyo_admin.klaviyo.schemas import Schema, closure
from klaviyo_admin.klaviyo.values import Json

_MOST = 20  # faults reported at once; a bulk body that is wrong throughout would give thousands
_WORDS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "object": "an object",
    "array": "a list",
    "null": "null",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a body: where (a JSON pointer), and a sentence with what was given and what is allowed."""

    pointer: str
    message: str

    def __str__(self) -> str:
        return f"{self.pointer or '/'} {self.message}"


class BadBody(ValueError):
    """A body that its operation does not take. `faults` names every place."""

    def __init__(self, operation: str, faults: tuple[Fault, ...]) -> None:
        super().__init__(f"{operation}: " + "; ".join(str(fault) for fault in faults))
        self.operation = operation
        self.faults = faults


class Body:
    """The compiled schema of one operation's body, and its source. Building it costs milliseconds, so keep it."""

    def __init__(self, schemas: Mapping[str, Schema], name: str) -> None:
        self.schemas, self.name = schemas, name
        needed = sorted(closure(schemas, [name], "#/$defs/"))
        schema = {"$ref": f"#/$defs/{name}", "$defs": {key: _closed(schemas[key]) for key in needed}}
        self._validator = jsonschema_rs.Draft202012Validator(schema, formats=_FORMATS, validate_formats=True)
        self.fitting = Fitting(schemas, name)

    def faults(self, document: Json) -> tuple[Fault, ...]:
        """What is wrong with a parsed document: the first twenty faults, none when it fits."""
        try:
            if self._validator.is_valid(document):
                return ()
            errors = list(islice(self._validator.iter_errors(document), _MOST))
        except ValueError:  # of the checker's own: nothing that people write has so many parts inside one another
            return (Fault("", "has too many parts inside one another to be checked"),)
        return tuple(islice(_told(errors), _MOST))


def _closed(schema: Json) -> Json:
    """The schema with undeclared members refused, as the live service does ("… is not a valid field for the resource").

    An object that declares no members (custom properties) stays open.
    """
    if isinstance(schema, list):
        return [_closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {
        key: part if key in ("enum", "default", "required") else _closed_part(key, part) for key, part in schema.items()
    }
    if closed.get("properties") and "additionalProperties" not in closed:
        closed["additionalProperties"] = False
    return closed


def _closed_part(key: str, part: Json) -> Json:
    # Inside `properties` the keys are names, not keywords: a member may well be called "properties".
    return {name: _closed(value) for name, value in part.items()} if key == "properties" else _closed(part)


def _told(errors: list[jsonschema_rs.ValidationError]) -> Iterator[Fault]:
    # Where the allowed values are listed, the list says the type too.
    listed = [error.instance_path for error in errors if error.kind.name == "enum"]
    for error in errors:
        if error.kind.name == "type" and error.instance_path in listed:
            continue
        details: dict[str, Any] = error.kind.as_dict()
        if "context" in details and (branch := _meant(error, details["context"])):
            yield from _told(branch)
        else:
            yield Fault(_pointer(error.instance_path), _sentence(error.kind.name, details, error.instance))


def _meant(error: jsonschema_rs.ValidationError, branches: list[list[Any]]) -> list[Any]:
    """The alternative that the author most likely meant: the one whose faults lie deepest and are fewest."""
    depth = len(error.instance_path)
    inside = [b for b in branches if b and all(len(e.instance_path) > depth or e.kind.name != "type" for e in b)]
    # A wrong `type` member means another alternative was meant.
    return min(inside, key=lambda b: (sum(e.kind.name in ("enum", "const") for e in b), len(b)), default=[])


def _pointer(path: list[str | int]) -> str:
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def _sentence(kind: str, details: dict[str, Any], given: Json) -> str:
    match kind:
        case "required":
            return f"lacks “{details['property']}”"
        case "additionalProperties":
            names = ", ".join(f"“{name}”" for name in details["unexpected"])
            return f"has {names}, which this operation does not know"
        case "enum":
            return (
                f"is {_shown(given)}, but must be one of {', '.join(_shown(option) for option in details['options'])}"
            )
        case "type":
            words = " or ".join(sorted((_WORDS[name] for name in details["types"]), key=lambda word: word == "null"))
            return f"is {_shown(given)}, but must be {words}"
        case "format":
            return f"is {_shown(given)}, but must be {_FORMAT_WORDS.get(details['format'], details['format'])}"
        case "maxProperties":
            return f"is {_shown(given)}, but must be empty"
        case "anyOf":
            return f"is {_shown(given)}, which fits none of the allowed forms ({_forms(details['context'])})"
    return f"is {_shown(given)}, which is not allowed here ({kind})"


def _forms(branches: list[list[Any]]) -> str:
    words = {
        _WORDS[name]
        for branch in branches
        for e in branch
        if e.kind.name == "type"
        for name in e.kind.as_dict()["types"]
    }
    return ", ".join(sorted(words, key=lambda word: (word == "null", word))) or "see the operation's schema"


def _shown(value: Json) -> str:
    if value is None or isinstance(value, bool | int | float):
        return (
            {None: "null", True: "true", False: "false"}.get(value, str(value))
            if value is None or isinstance(value, bool)
            else str(value)
        )
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    return f"“{value}”" if len(value) <= 60 else f"“{value[:59]}…”"


def _reads(parse: Callable[[str], object]) -> Callable[[str], bool]:
    def accepted(text: str) -> bool:
        try:
            parse(text)
        except ValueError:
            return False
        return True

    return accepted


# Python's readers accept times without an offset, as Klaviyo does; the strict RFC 3339 check would refuse them.
_FORMATS = {
    "date-time": _reads(datetime.fromisoformat),
    "date": _reads(date.fromisoformat),
    "time": _reads(time.fromisoformat),
}
_FORMAT_WORDS = {
    "date-time": "a date and time such as 2026-07-15T09:30:00Z",
    "date": "a date such as 2026-07-15",
    "time": "a time such as 09:30:00",
}
