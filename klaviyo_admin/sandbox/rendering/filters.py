"""The filters of the template language: `value|filter:argument`."""

import html
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from klaviyo_admin.sandbox.rendering.dates import formatted, moment

Value = Any
Filter = Callable[[Value, Value], Value]
_TAG = re.compile(r"<[^<>]*>")


class Safe(str):
    """Text that is markup already and is not escaped again."""

    __slots__ = ()


def text(value: Value) -> str:
    """As the template language prints it: nothing for None, and True as a word."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _number(value: Value) -> float | int | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except ValueError:
        return None
    return int(found) if found.is_integer() and not isinstance(value, float) else found


def _float(value: Value, argument: Value) -> Value:
    number, places = _number(value), _number(argument)
    if number is None:
        return ""
    wanted = -1 if places is None else max(-12, min(12, int(places)))
    if wanted < 0 and float(number).is_integer():
        return f"{number:.0f}"
    return f"{number:.{abs(wanted)}f}"


def _add(value: Value, argument: Value) -> Value:
    left, right = _number(value), _number(argument)
    if left is not None and right is not None:
        return left + right
    if isinstance(value, list) and isinstance(argument, list):
        return value + argument
    return text(value) + text(argument)


def _arithmetic(act: Callable[[float, float], float]) -> Filter:
    def filtered(value: Value, argument: Value) -> Value:
        left, right = _number(value), _number(argument)
        if left is None or right is None:
            return ""
        try:
            return act(left, right)
        except (ZeroDivisionError, OverflowError):
            return ""

    return filtered


def _cut_words(value: Value, argument: Value) -> Value:
    words, most = text(value).split(), _number(argument)
    if most is None or len(words) <= most:
        return " ".join(words)
    return " ".join(words[: int(most)]) + " …"


def _cut_letters(value: Value, argument: Value) -> Value:
    given, most = text(value), _number(argument)
    if most is None or len(given) <= most:
        return given
    return given[: max(0, int(most) - 1)] + "…"


def _lookup(value: Value, argument: Value) -> Value:
    if isinstance(value, Mapping):
        return value.get(text(argument), "")
    place = _number(argument)
    if isinstance(value, list) and isinstance(place, int) and -len(value) <= place < len(value):
        return value[place]
    return ""


def _slice(value: Value, argument: Value) -> Value:
    try:
        parts = [int(part) if part else None for part in text(argument).split(":")]
        return value[slice(*parts)]
    except (TypeError, ValueError):
        return value


def _date(value: Value, argument: Value) -> Value:
    at = moment(value)
    return "" if at is None else formatted(at, text(argument) or "N j, Y")


def _plural(value: Value, argument: Value) -> Value:
    one, _, many = ("," + (text(argument) or "s")).rpartition(",")
    return one.lstrip(",") if _number(value) == 1 or (isinstance(value, list) and len(value) == 1) else many


def _sized(value: Value, argument: Value) -> int:
    return len(value) if isinstance(value, str | list | Mapping) else 0


def _end(place: int) -> Filter:
    return lambda value, argument: value[place] if isinstance(value, str | list) and value else ""


def _grouped(value: Value, argument: Value) -> Value:
    number = _number(value)
    return text(value) if number is None else f"{number:,}"


FILTERS: Mapping[str, Filter] = {
    "add": _add,
    "capfirst": lambda value, argument: text(value)[:1].upper() + text(value)[1:],
    "cut": lambda value, argument: text(value).replace(text(argument), ""),
    "date": _date,
    "default": lambda value, argument: value or argument,
    "default_if_none": lambda value, argument: argument if value is None else value,
    "divide": _arithmetic(lambda left, right: left / right),
    "escape": lambda value, argument: Safe(html.escape(text(value))),
    "first": _end(0),
    "floatformat": _float,
    "format_date_string": lambda value, argument: moment(value) or "",
    "intcomma": _grouped,
    "join": lambda value, argument: (
        text(argument).join(text(v) for v in value) if isinstance(value, list) else text(value)
    ),
    "last": _end(-1),
    "length": _sized,
    "linebreaksbr": lambda value, argument: Safe(html.escape(text(value)).replace("\n", "<br>")),
    "lookup": _lookup,
    "lower": lambda value, argument: text(value).lower(),
    "multiply": _arithmetic(lambda left, right: left * right),
    "pluralize": _plural,
    "safe": lambda value, argument: Safe(text(value)),
    "slice": _slice,
    "split": lambda value, argument: text(value).split(text(argument) or None),
    "striptags": lambda value, argument: _TAG.sub("", text(value)),
    "subtract": _arithmetic(lambda left, right: left - right),
    "title": lambda value, argument: text(value).title(),
    "trim": lambda value, argument: text(value).strip(),
    "truncatechars": _cut_letters,
    "truncatewords": _cut_words,
    "upper": lambda value, argument: text(value).upper(),
    "urlencode": lambda value, argument: quote(text(value), safe="/"),
}
