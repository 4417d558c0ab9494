"""Answers: what is of another kind than declared is shown as what it is, or is missing; what fits is left alone."""

from datetime import UTC, date, datetime
from typing import Any

import orjson
import pytest

from klaviyo_admin.klaviyo import documents
from klaviyo_admin.klaviyo.answers import fitted, moment


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        (
            {"email": "ada@example.com", "location": {"zip": None}},
            {"email": "ada@example.com", "location": {"zip": None}},
        ),
        ({"email": {"a": [1]}}, {"email": '{"a":[1]}'}),
        ({"email": 7, "title": True, "image": [None]}, {"email": "7", "title": "true", "image": "[null]"}),
        ({"location": ["Lisbon"]}, {"location": None}),
        (
            {"location": {"latitude": 38.7, "longitude": {"x": 1}}},
            {"location": {"latitude": 38.7, "longitude": '{"x":1}'}},
        ),
        (
            {"properties": {"shoes": {"size": [44]}}, "new": [{}]},
            {"properties": {"shoes": {"size": [44]}}, "new": [{}]},
        ),
    ],
)
def test_attributes_are_taken_as_they_are_declared(given: dict[str, Any], taken: dict[str, Any]) -> None:
    assert fitted("profile", given) == taken


def test_a_misfit_is_left_out_of_its_list_and_a_figure_may_stand_in_quotation_marks() -> None:
    given = {"images": [None, "https://example.com/1.png"], "price": "12.5", "published": "yes", "custom_metadata": 3}
    assert fitted("catalog-item", given) == {
        "images": ["https://example.com/1.png"],
        "price": 12.5,
        "published": None,
        "custom_metadata": None,
    }
    assert fitted("catalog-item", {"price": "dear"}) == {"price": None}


def test_what_fits_is_not_copied_and_what_nobody_declared_is_not_judged() -> None:
    given = {"email": "ada@example.com"}
    assert fitted("profile", given) is given
    assert fitted("new-kind", {"email": [7]}) == {"email": [7]}


def test_what_has_too_many_parts_inside_one_another_is_told_in_short() -> None:
    deep: list[Any] = []
    for _ in range(900):
        deep = [deep]
    assert fitted("profile", {"email": deep, "properties": {"a": 1}}) == {"email": "…", "properties": {"a": 1}}


def test_things_that_came_beside_a_thing_fit_too() -> None:
    beside = {"type": "metric", "id": "M", "attributes": {"name": ["Placed", "Order"]}}
    event = {
        "type": "event",
        "id": "E",
        "attributes": {},
        "relationships": {"metric": {"data": {"type": "metric", "id": "M"}}},
    }
    item = documents.item(orjson.loads(orjson.dumps({"data": event, "included": [beside]})))
    assert item is not None
    assert [one.get("name") for one in item.ones("metric")] == ['["Placed","Order"]']


@pytest.mark.parametrize(
    "value", [None, 7, [], "soon", "2026-02-30T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31"]
)
def test_what_is_no_moment_is_none(value: Any) -> None:
    assert moment(value) is None


def test_a_moment_keeps_its_zone_or_has_none() -> None:
    assert moment("2026-02-28T10:00:00Z") == datetime(2026, 2, 28, 10, tzinfo=UTC)
    assert moment("2026-02-28") == datetime.combine(date(2026, 2, 28), datetime.min.time())
