"""Expressions of the template language: paths, literals, filters and the conditions of `if`."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from klaviyo_admin.sandbox.rendering.faults import BadTemplate
from klaviyo_admin.sandbox.rendering.filters import FILTERS, Filter, Safe

Value = Any
Names = Mapping[str, Value]
Expression = Callable[[Names], Value]

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
  | (?P<number>-?\d+(?:\.\d+)?(?![\w.]))
  | (?P<path>[A-Za-z_$][\w$\-]*(?:\.[\w$\-]+)*)
  | (?P<sign>==|!=|>=|<=|>|<|\||:|,|\(|\))
    )""",
    re.VERBOSE,
)
_WORDS: Mapping[str, Value] = {"True": True, "False": False, "None": None, "true": True, "false": False}
_COMPARISONS: Mapping[str, Callable[[Value, Value], bool]] = {
    "==": lambda a, b: bool(a == b),
    "!=": lambda a, b: bool(a != b),
    ">": lambda a, b: bool(a > b),
    "<": lambda a, b: bool(a < b),
    ">=": lambda a, b: bool(a >= b),
    "<=": lambda a, b: bool(a <= b),
    "in": lambda a, b: a in b,
    "not in": lambda a, b: a not in b,
    "is": lambda a, b: a is b,
    "is not": lambda a, b: a is not b,
}


def value_of(source: str) -> Expression:
    """A path or literal with its filters. Raises BadTemplate."""
    reader = _Reader(source)
    found = reader.value()
    reader.end()
    return found


def condition_of(source: str) -> Expression:
    """What stands after `if`. Raises BadTemplate."""
    reader = _Reader(source)
    found = reader.either()
    reader.end()
    return found


def resolve(path: str, names: Names) -> Value:
    """What a dotted path leads to, through keys and places only; an empty text where it leads nowhere."""
    found: Value = names
    for part in path.split("."):
        if isinstance(found, Mapping):
            found = found.get(part, "")
        elif isinstance(found, list) and part.isdigit():
            found = found[int(part)] if int(part) < len(found) else ""
        else:
            return ""
    return found


class _Reader:
    """Reads tokens from left to right: or, and, not, comparison, value."""

    def __init__(self, source: str) -> None:
        self.source, self.at = source.strip(), 0
        self.tokens: list[tuple[str, str]] = []
        while self.at < len(self.source):
            found = _TOKEN.match(self.source, self.at)
            if not found:
                raise BadTemplate(f"Could not parse the remainder '{self.source[self.at :]}' of '{self.source}'.")
            self.tokens.append((str(found.lastgroup), found.group().strip()))
            self.at = found.end()
        self.at = 0

    def ahead(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("", "")

    def take(self, *wanted: str) -> str:
        if self.ahead()[1] not in wanted or self.ahead()[0] == "text":
            return ""
        self.at += 1
        return self.tokens[self.at - 1][1]

    def end(self) -> None:
        if self.at < len(self.tokens):
            raise BadTemplate(f"Unexpected '{self.ahead()[1]}' in '{self.source}'.")

    def either(self) -> Expression:
        found = self.both()
        while self.take("or"):
            found = _or(found, self.both())
        return found

    def both(self) -> Expression:
        found = self.denied()
        while self.take("and"):
            found = _and(found, self.denied())
        return found

    def denied(self) -> Expression:
        if self.take("not"):
            inner = self.denied()
            return lambda names: not inner(names)
        return self.compared()

    def compared(self) -> Expression:
        left = self.value()
        sign = self.take("==", "!=", ">", "<", ">=", "<=", "in", "not", "is")
        if not sign:
            return left
        if sign == "not" and not self.take("in"):
            raise BadTemplate(f"Unexpected 'not' in '{self.source}'.")
        name = {"not": "not in"}.get(sign, "is not" if sign == "is" and self.take("not") else sign)
        compare, right = _COMPARISONS[name], self.value()

        def holds(names: Names) -> bool:
            try:
                return compare(left(names), right(names))
            except TypeError:
                return False

        return holds

    def value(self) -> Expression:
        found = self.atom()
        while self.take("|"):
            name = self.ahead()[1]
            if name not in FILTERS:
                raise BadTemplate(f"Invalid filter: '{name}'.")
            self.at += 1
            argument = self.atom() if self.take(":") else _nothing
            found = _filtered(found, FILTERS[name], argument)
        return found

    def atom(self) -> Expression:
        kind, text = self.ahead()
        self.at += 1
        if kind == "text":
            plain = Safe(re.sub(r"\\(.)", r"\1", text[1:-1]))
            return lambda names: plain
        if kind == "number":
            number = float(text) if "." in text else int(text)
            return lambda names: number
        if kind == "path":
            if text in _WORDS:
                return lambda names: _WORDS[text]
            return lambda names: resolve(text, names)
        raise BadTemplate(f"A value is missing in '{self.source}'.")


def _or(left: Expression, right: Expression) -> Expression:
    return lambda names: left(names) or right(names)


def _and(left: Expression, right: Expression) -> Expression:
    return lambda names: left(names) and right(names)


def _nothing(names: Names) -> Value:
    return None


def _filtered(value: Expression, act: Filter, argument: Expression) -> Expression:
    def found(names: Names) -> Value:
        try:
            return act(value(names), argument(names))
        except (TypeError, ValueError, OverflowError):
            return ""

    return found
