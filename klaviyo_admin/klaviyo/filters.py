"""Writes filters in Klaviyo's filter language: from values, with everything escaped."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from math import isfinite

import orjson

from klaviyo_admin.klaviyo.facts import FilterField
from klaviyo_admin.klaviyo.operation import Operation

Value = str | int | float | bool | datetime
Filter = str

_FIELD = re.compile(r"[A-Za-z_$][A-Za-z0-9_$.-]*")
_TAKES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
}
_TAKES_WORDS = {"string": "text", "boolean": "true or false", "integer": "a whole number", "number": "a number"}


class BadFilter(ValueError):
    """A filter that the operation does not take; the message is a sentence for a person."""


def equals(field: str, value: Value) -> Filter:
    return _single("equals", field, value)


def any_of(field: str, values: Sequence[Value]) -> Filter:
    """True where the field is one of the values."""
    return _list("any", field, values)


def contains(field: str, value: str) -> Filter:
    return _single("contains", field, value)


def starts_with(field: str, value: str) -> Filter:
    return _single("starts-with", field, value)


def ends_with(field: str, value: str) -> Filter:
    return _single("ends-with", field, value)


def greater_than(field: str, value: Value) -> Filter:
    return _single("greater-than", field, value)


def greater_or_equal(field: str, value: Value) -> Filter:
    return _single("greater-or-equal", field, value)


def less_than(field: str, value: Value) -> Filter:
    return _single("less-than", field, value)


def less_or_equal(field: str, value: Value) -> Filter:
    return _single("less-or-equal", field, value)


def has(field: str) -> Filter:
    """True where the field has any value."""
    return f"has({_named(field)})"


def all_of(*filters: Filter) -> Filter:
    """All filters at once; empty ones do not count. Klaviyo has no "or" between fields."""
    return ",".join(one for one in filters if one)


def for_operation(
    operation: Operation, field: str, operator: str, value: Value | Sequence[Value] | None = None
) -> Filter:
    """One condition, checked against what the operation lists. Times may be given as datetime or as RFC 3339 text.

    A single value is put into a list where the operation takes only lists. Raises BadFilter.
    """
    rule = next((known for known in operation.filters if known.name == field), None)
    if rule is None:
        names = ", ".join(known.name for known in operation.filters) or "nothing"
        raise BadFilter(f"{operation.id} cannot be filtered by “{field}”; it can by {names}.")
    shapes = rule.operators.get(operator)
    if shapes is None:
        raise BadFilter(f"“{field}” of {operation.id} knows no “{operator}”; it knows {', '.join(rule.operators)}.")
    if "none" in shapes:
        if value is not None:
            raise BadFilter(f"“{operator}” takes no value.")
        return f"{operator}({field})"
    if isinstance(value, Sequence) and not isinstance(value, str):
        if "list" not in shapes:
            raise BadFilter(f"“{operator}” of “{field}” takes one value, not a list.")
        return _list(operator, field, [_checked(rule, one) for one in value])
    checked = _checked(rule, value)
    return _single(operator, field, checked) if "single" in shapes else _list(operator, field, [checked])


def _checked(rule: FilterField, value: Value | None) -> Value:
    """The value in the type that the field takes; BadFilter if it is of another."""
    if rule.format == "date-time":
        return _moment(rule.name, value)
    takes = _TAKES.get(rule.type, (str,))
    if value is None or not isinstance(value, takes) or (isinstance(value, bool) and bool not in takes):
        raise BadFilter(f"“{rule.name}” must be {_TAKES_WORDS.get(rule.type, 'text')}.")
    if rule.enum and value not in rule.enum:
        raise BadFilter(f"“{rule.name}” must be one of {', '.join(map(str, rule.enum))}.")
    return value


def _moment(field: str, value: Value | None) -> datetime:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise BadFilter(f"“{field}” must be a date and time such as 2026-07-15T09:30:00Z.") from None
    if not isinstance(value, datetime):
        raise BadFilter(f"“{field}” must be a date and time.")
    return value


def _single(operator: str, field: str, value: Value) -> Filter:
    return f"{operator}({_named(field)},{_literal(value)})"


def _list(operator: str, field: str, values: Sequence[Value]) -> Filter:
    if not values:
        raise BadFilter(f"“{operator}” of “{field}” needs at least one value.")
    return f"{operator}({_named(field)},[{','.join(map(_literal, values))}])"


def _named(field: str) -> str:
    if not _FIELD.fullmatch(field):
        raise BadFilter(f"“{field}” is no name of a field.")
    return field


def _literal(value: Value) -> str:
    if isinstance(value, datetime):
        return _rfc3339(value)
    if isinstance(value, str) and "\x00" in value:
        raise BadFilter("A filter cannot hold a NUL character.")
    if isinstance(value, float) and not isfinite(value):
        raise BadFilter("A filter cannot hold a number without end.")
    try:
        # Klaviyo escapes text as JSON does, and writes numbers and truth values the same way.
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError as error:
        raise BadFilter(f"A filter cannot hold this value ({error}).") from None


def _rfc3339(value: datetime) -> str:
    if value.tzinfo is None:
        raise BadFilter("A filter needs a moment with its time zone.")
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
