"""A body becomes the fields of a form and comes back the same; what a form cannot hold is said."""

from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from klaviyo_admin.console import drafts, nodes, shapes
from klaviyo_admin.console.drafts import Unshowable
from klaviyo_admin.console.editing import edited
from klaviyo_admin.klaviyo.catalogue import Operation, operation, operations
from tests.sandbox.bodies import Maker

WITH_BODY = [found for found in operations() if found.body]


def shape_of(name: str) -> shapes.Shape:
    found = shapes.of_body(operation(name))
    assert found
    return found


@pytest.mark.parametrize("found", WITH_BODY, ids=lambda found: found.id)
@settings(max_examples=5, deadline=None, derandomize=True, database=None, suppress_health_check=[*HealthCheck])
@given(seed=st.integers(0, 2**32))
def test_a_body_survives_the_form(found: Operation, seed: int) -> None:
    body = Maker(found, Random(seed), {"x": ["a"]}, {}).sound()
    shape = shapes.of_body(found)
    assert shape
    if found.faults(body):
        return
    try:
        draft = drafts.write(shape, body)
    except Unshowable:
        assert any(sign in repr(body) for sign in ("\\x00", str(2**70))), body
        return
    reading = drafts.read(shape, draft)
    assert reading.document == body
    assert not reading.faults


def test_an_untouched_form_holds_what_must_be_there_and_no_more() -> None:
    assert drafts.read(shape_of("create_list"), {}).document == {"data": {"type": "list", "attributes": {}}}
    lines = drafts.read(shape_of("add_profiles_to_list"), {}).document
    assert lines == {"data": [{"type": "profile"}]}


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("b/data/attributes/first_name", "Zoë\r\n2", "Zoë\n2"),
        ("b/data/attributes/first_name#blank", "null", None),
        ("b/data/attributes/first_name#blank", "text", ""),
        ("b/data/attributes/properties", '{"Plan": [1]}', {"Plan": [1]}),
    ],
)
def test_what_is_typed_is_what_is_meant(field: str, text: str, value: Any) -> None:
    attributes = drafts.read(shape_of("create_profile"), {field: text}).document["data"]["attributes"]
    assert list(attributes.values()) == [value]


def test_text_in_a_field_of_numbers_stays_for_the_check_to_name() -> None:
    found = operation("query_metric_aggregates")
    reading = drafts.read(shape_of(found.id), {"b/data/attributes/page_size": "many"})
    said = [str(fault) for fault in found.faults(reading.document)]
    assert "/data/attributes/page_size is “many”, but must be a whole number or null" in said


@pytest.mark.parametrize("number", ["1e400", "99999999999999999999", "0x10", "--1", "NaN", "true"])
def test_no_number_breaks_the_reading(number: str) -> None:
    document = drafts.read(shape_of("create_event"), {"b/data/attributes/value": number}).document
    assert operation("create_event").faults(document)


def test_broken_json_is_a_fault_of_its_field() -> None:
    reading = drafts.read(shape_of("create_profile"), {"b/data/attributes/properties": "{Plan: 1}"})
    assert [fault.pointer for fault in reading.faults] == ["/data/attributes/properties"]


def test_a_removed_line_takes_its_own_fields_and_the_others_move_up() -> None:
    shape = shape_of("add_profiles_to_list")
    draft: dict[str, str] = {}
    for _ in range(2):
        draft = edited(draft, "add", "b/data", 1 if not draft else 0)
    draft |= {f"b/data/{n}/id": name for n, name in enumerate("abc")}
    assert [row["id"] for row in drafts.read(shape, draft).document["data"]] == ["a", "b", "c"]
    draft = edited(draft, "remove", "b/data/1")
    assert [row["id"] for row in drafts.read(shape, draft).document["data"]] == ["a", "c"]
    assert edited(draft, "remove", "b/data/7") == draft
    assert edited(draft, "remove", "b/data/x") == draft


def test_a_part_comes_and_goes_with_what_was_typed_in_it() -> None:
    shape = shape_of("create_profile")
    place = "b/data/attributes/location"
    draft = edited({f"{place}/city": "Porto"}, "in", place)
    assert drafts.read(shape, draft).document["data"]["attributes"] == {"location": {"city": "Porto"}}
    gone = edited(draft, "out", place)
    assert "location" not in drafts.read(shape, gone).document["data"]["attributes"]
    assert gone[f"{place}/city"] == "Porto"


def test_choices_are_named_by_what_sets_them_apart_or_by_their_schema() -> None:
    flow = shape_of("create_flow").members["data"].members["attributes"].members["definition"]
    assert "send-email" in flow.members["actions"].line.labels()
    groups = shape_of("create_segment").members["data"].members["attributes"].members["definition"]
    condition = groups.members["condition_groups"].line.members["conditions"].line
    assert "Profile property condition" in condition.labels()
    assert len(set(condition.labels())) == len(condition.alternatives)


def test_a_form_that_nobody_could_read_is_not_drawn() -> None:
    shape = shape_of("add_profiles_to_list")
    draft = {"b/data#n": "200", "b/data#is": "in"} | {f"b/data/{n}/id": "x" for n in range(200)}
    root, kept = nodes.tree(shape, draft, {})
    assert not kept
    assert len(root.inside[0].inside) == 200
    many = shape_of("bulk_import_profiles")
    place = "b/data/attributes/profiles/data"
    with pytest.raises(nodes.TooMany):
        nodes.tree(many, {f"{place}#n": "300"}, {})


def test_what_a_form_does_not_draw_it_keeps() -> None:
    draft = {"b/data/attributes/location/city": "Porto", "b/data/attributes/first_name": "Ana"}
    _, kept = nodes.tree(shape_of("create_profile"), draft, {})
    assert kept == {"b/data/attributes/location/city": "Porto"}
