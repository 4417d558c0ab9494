"""Filters: what is written can be read back, whatever is in it, and what an operation does not list is refused."""

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klaviyo_admin.klaviyo import filters
from klaviyo_admin.klaviyo.catalogue import Operation, operation, operations
from klaviyo_admin.klaviyo.facts import FilterField
from klaviyo_admin.klaviyo.filters import BadFilter, for_operation
from klaviyo_admin.sandbox import filtering

Condition = tuple[str, str, Any]
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BARE = re.compile(r"[^,()\[\]\"]+")
TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",)), max_size=40)
MOMENTS = st.datetimes(timezones=st.just(timezone(timedelta(hours=2))), min_value=datetime(1990, 1, 1))
NUMBERS = st.one_of(st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False))


def parse(text: str) -> list[Condition]:
    """The filter language read strictly: nothing but `operator(field[,literal])`, joined by commas."""
    found: list[Condition] = []
    at = 0
    while at < len(text):
        head = re.compile(r"([a-z-]+)\(([\w.$-]+)").match(text, at)
        assert head, text[at:]
        at = head.end()
        value = None
        if text[at] == ",":
            value, at = _literal(text, at + 1)
        assert text[at] == ")"
        found.append((head[1], head[2], value))
        at += 1
        assert at == len(text) or text[at] == ","
        at += 1
    return found


def _literal(text: str, at: int) -> tuple[Any, int]:
    if text[at] == "[":
        values, at = [], at + 1
        while text[at] != "]":
            value, at = _literal(text, at + (text[at] == ","))
            values.append(value)
        return values, at + 1
    pattern = _QUOTED if text[at] == '"' else _BARE
    word = pattern.match(text, at)
    assert word, text[at:]
    if text[at] == '"' or word[0] in ("true", "false") or re.fullmatch(r"-?\d+(\.\d+)?(e[+-]?\d+)?", word[0]):
        return json.loads(word[0]), word.end()
    return datetime.fromisoformat(word[0]), word.end()


@given(TEXT)
def test_any_text_survives(text: str) -> None:
    assert parse(filters.equals("email", text)) == [("equals", "email", text)]


@given(st.lists(st.one_of(TEXT, NUMBERS, st.booleans(), MOMENTS), min_size=1, max_size=5))
def test_any_list_survives(values: list[Any]) -> None:
    assert parse(filters.any_of("properties.x", values)) == [("any", "properties.x", values)]


@given(st.lists(st.tuples(st.sampled_from(["equals", "contains", "starts_with", "ends_with"]), TEXT), max_size=4))
def test_several_conditions_stay_apart(given_conditions: list[tuple[str, str]]) -> None:
    written = filters.all_of(*(getattr(filters, name)("name", value) for name, value in given_conditions))
    assert parse(written) == [(name.replace("_", "-"), "name", value) for name, value in given_conditions]


@given(st.lists(st.one_of(TEXT, st.integers(-(2**53), 2**53), st.booleans()), min_size=1, max_size=5), TEXT)
def test_the_sandbox_reads_what_is_written(values: list[Any], text: str) -> None:
    written = filters.all_of(filters.any_of("id", values), filters.contains("name", text), filters.has("metric"))
    assert filtering.parse(written) == (
        filtering.Condition("any", "id", tuple(values)),
        filtering.Condition("contains", "name", text),
        filtering.Condition("has", "metric"),
    )


@given(MOMENTS)
def test_moments_are_bare_and_in_utc(moment: datetime) -> None:
    written = filters.greater_than("created", moment)
    assert written.endswith("Z)")
    assert '"' not in written
    assert parse(written) == [("greater-than", "created", moment)]


def test_the_forms_are_those_of_klaviyo() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    assert filters.equals("email", 'a"b\\c@example.com') == 'equals(email,"a\\"b\\\\c@example.com")'
    assert filters.any_of("id", ["a", "b"]) == 'any(id,["a","b"])'
    assert filters.less_or_equal("size", 10) == "less-or-equal(size,10)"
    assert filters.greater_or_equal("size", 1.5) == "greater-or-equal(size,1.5)"
    assert filters.equals("archived", False) == "equals(archived,false)"
    assert filters.less_than("updated", moment) == "less-than(updated,2026-01-01T00:00:00Z)"
    assert filters.has("metric") == "has(metric)"
    assert filters.all_of("", filters.has("a"), filters.has("b")) == "has(a),has(b)"
    assert filters.all_of() == ""


@pytest.mark.parametrize(
    "write",
    [
        lambda: filters.equals("email),has(x", "y"),
        lambda: filters.equals("", "y"),
        lambda: filters.equals("email", "a\x00b"),
        lambda: filters.equals("email", "\ud800"),
        lambda: filters.equals("value", float("nan")),
        lambda: filters.equals("value", float("inf")),
        lambda: filters.equals("created", datetime(2026, 1, 1)),
        lambda: filters.any_of("id", []),
    ],
)
def test_what_cannot_be_said_is_refused(write: Any) -> None:
    with pytest.raises(BadFilter):
        write()


SAMPLES = {"string": "x", "boolean": True, "integer": 7, "number": 2.5}
CASES = [
    pytest.param(found, rule, operator, shape, id=f"{found.id}-{rule.name}-{operator}-{shape}")
    for found in operations()
    for rule in found.filters
    for operator, shapes in rule.operators.items()
    for shape in shapes
]


@pytest.mark.parametrize(("found", "rule", "operator", "shape"), CASES)
def test_every_filter_of_every_operation_can_be_written(
    found: Operation, rule: FilterField, operator: str, shape: str
) -> None:
    moment = datetime(2026, 7, 15, 9, 30, tzinfo=UTC)
    value = moment if rule.format == "date-time" else rule.enum[0] if rule.enum else SAMPLES.get(rule.type)
    given_value = {"none": None, "single": value, "list": [value]}[shape]
    assert parse(for_operation(found, rule.name, operator, given_value)) == [(operator, rule.name, given_value)]


def test_a_single_value_becomes_a_list_where_only_lists_are_taken() -> None:
    assert for_operation(operation("get_lists"), "name", "equals", "VIPs") == 'equals(name,["VIPs"])'
    assert for_operation(operation("get_lists"), "id", "equals", "AbC123") == 'equals(id,"AbC123")'


def test_moments_may_be_given_as_text() -> None:
    written = for_operation(operation("get_profiles"), "created", "greater-than", "2026-07-15T11:30:00+02:00")
    assert written == "greater-than(created,2026-07-15T09:30:00Z)"


@pytest.mark.parametrize(
    ("name", "field", "operator", "value", "says"),
    [
        ("get_profiles", "shoe_size", "equals", "x", "cannot be filtered by “shoe_size”"),
        ("get_profile", "id", "equals", "x", "it can by nothing"),
        ("get_profiles", "email", "contains", "x", "knows no “contains”"),
        ("get_profiles", "_kx", "equals", ["x"], "takes one value"),
        ("get_profiles", "email", "any", [], "needs at least one value"),
        ("get_profiles", "email", "equals", 5, "must be text"),
        ("get_profiles", "email", "equals", None, "must be text"),
        ("get_profiles", "created", "greater-than", "yesterday", "must be a date and time"),
        ("get_profiles", "created", "greater-than", 5, "must be a date and time"),
        ("get_profiles", "created", "greater-than", "2026-07-15T09:30:00", "time zone"),
        ("get_campaigns", "messages.channel", "equals", "pigeon", "must be one of"),
        ("get_campaigns", "archived", "equals", 1, "must be true or false"),
        ("get_images", "size", "greater-than", True, "must be"),
        ("get_events", "metric", "has", "x", "takes no value"),
    ],
)
def test_what_an_operation_does_not_list_is_refused(
    name: str, field: str, operator: str, value: Any, says: str
) -> None:
    with pytest.raises(BadFilter, match=says):
        for_operation(operation(name), field, operator, value)
