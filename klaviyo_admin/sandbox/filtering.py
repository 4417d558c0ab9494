"""The filter language: text to conditions, and conditions held against what an operation allows."""

import json
import re
from dataclasses import dataclass

from klaviyo_admin.klaviyo.catalogue import FilterField, Operation
from klaviyo_admin.sandbox import moments
from klaviyo_admin.sandbox.refusals import Refusal, invalid

Literal = str | int | float | bool | None | tuple["Literal", ...]

_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
_FIELD = re.compile(r"[A-Za-z_$][\w$.\-]*")
_BARE = re.compile(r"[^\s,()\[\]\"']+")
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?$")
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'", re.DOTALL)

_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Condition:
    """`operator(field, value)`; `value` is a tuple for a list literal and None for `has(field)`."""

    operator: str
    field: str
    value: Literal = None


class Malformed(ValueError):
    """The text is not a filter."""


class _Text:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def skip(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def ahead(self, sign: str) -> bool:
        self.skip()
        return self.text.startswith(sign, self.at)

    def take(self, sign: str) -> bool:
        if not self.ahead(sign):
            return False
        self.at += len(sign)
        return True

    def need(self, sign: str) -> None:
        if not self.take(sign):
            raise Malformed(f"expected {sign!r} at position {self.at}")

    def match(self, pattern: re.Pattern[str], what: str) -> str:
        self.skip()
        found = pattern.match(self.text, self.at)
        if not found:
            raise Malformed(f"expected {what} at position {self.at}")
        self.at = found.end()
        return found.group()


def parse(text: str) -> tuple[Condition, ...]:
    """Conditions that must all hold. A comma joins them, and so does `and(…)`. Raises Malformed."""
    source = _Text(text)
    found = _several(source, 0)
    source.skip()
    if source.at != len(text):
        raise Malformed(f"unexpected text at position {source.at}")
    return tuple(found)


def _several(source: _Text, depth: int) -> list[Condition]:
    found = _one(source, depth)
    while source.take(","):
        found += _one(source, depth)
    return found


def _one(source: _Text, depth: int) -> list[Condition]:
    if depth > _DEEPEST:
        raise Malformed("it is nested too deeply")
    operator = source.match(_WORD, "an operator")
    source.need("(")
    if operator == "and":
        inner = _several(source, depth + 1)
        source.need(")")
        return inner
    field = source.match(_FIELD, "a field")
    value = _literal(source) if source.take(",") else None
    source.need(")")
    return [Condition(operator, field, value)]


def _literal(source: _Text) -> Literal:
    if source.take("["):
        values: list[Literal] = []
        while not source.take("]"):
            if values:
                source.need(",")
            values.append(_scalar(source))
        return tuple(values)
    return _scalar(source)


def _scalar(source: _Text) -> Literal:
    if source.ahead('"') or source.ahead("'"):
        return _unquote(source.match(_QUOTED, "the end of the quotes"))
    word = source.match(_BARE, "a value")
    if word in ("true", "false"):
        return word == "true"
    if _NUMBER.match(word):
        return float(word) if set(word) & set(".eE") else int(word)
    return word


def _unquote(text: str) -> str:
    inner = text[1:-1]
    if text[0] == "'":
        inner = re.sub(
            r"\\(.)|\"", lambda m: "'" if m.group() == "\\'" else '\\"' if m.group() == '"' else m.group(), inner
        )
    try:
        return str(json.loads(f'"{inner}"', strict=False))
    except ValueError as fault:
        raise Malformed("a quoted value holds a wrong escape") from fault


def conditions(operation: Operation, text: str) -> tuple[Condition, ...]:
    """The filter's conditions, each allowed by the operation, literals turned into what the store compares.

    Times become microseconds. Raises Refusal naming the parameter.
    """
    if not text:
        return ()
    try:
        found = parse(text)
    except Malformed as fault:
        raise _no(f"The filter could not be read: {fault}.") from fault
    allowed = {f.name: f for f in operation.filters}
    return tuple(_allowed(allowed, c) for c in found)


def _allowed(allowed: dict[str, FilterField], condition: Condition) -> Condition:
    known = allowed.get(condition.field)
    if known is None:
        raise _no(f"'{condition.field}' is not an allowed filter field for this resource.")
    if condition.operator not in known.operators:
        raise _no(
            f"'{condition.operator}' is not an allowed filter operator for {condition.field}.  "
            f"Allowed operators are {','.join(known.operators)}"
        )
    shape = "none" if condition.value is None else "list" if isinstance(condition.value, tuple) else "single"
    shapes = known.operators[condition.operator]
    if shape not in shapes:
        raise _no(f"'{condition.operator}' on {condition.field} takes {' or '.join(shapes)} values, not {shape}.")
    return Condition(condition.operator, condition.field, _value(known, condition.value))


def _value(known: FilterField, value: Literal) -> Literal:
    if value is None or isinstance(value, tuple):
        return value and tuple(_value(known, v) for v in value)
    if known.enum and value not in known.enum:
        raise _no(f"'{value}' is not an allowed value for {known.name}.  Allowed values are {','.join(known.enum)}")
    if known.format == "date-time":
        try:
            return moments.read(str(value))
        except ValueError as fault:
            raise _no(f"'{value}' is not a valid date and time for {known.name}.") from fault
    expected: dict[str, tuple[type, ...]] = {"boolean": (bool,), "number": (int, float), "integer": (int,)}
    if not isinstance(value, expected.get(known.type, (str,))) or (
        isinstance(value, bool) != (known.type == "boolean")
    ):
        raise _no(f"The value of {known.name} must be of type {known.type}.")
    return value


def _no(detail: str) -> Refusal:
    return invalid(detail, parameter="filter")
