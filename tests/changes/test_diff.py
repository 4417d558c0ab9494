"""Values before and after read like what a person would say, and a look at Klaviyo says how they stand."""

from typing import Any

import pytest

from klaviyo_admin.changes import diff, reconcile
from klaviyo_admin.changes.models import Change, Step
from klaviyo_admin.changes.staleness import same
from klaviyo_admin.klaviyo.values import Item
from klaviyo_admin.pages.bodies_text import indented
from klaviyo_admin.sandbox.faults import Order
from tests.changes.stage import Stage


def step(*fields: tuple[list[str], str, Any, Any], seen: list[Any] | None = None) -> Step:
    names = ("path", "label", "before", "after")
    return Step(fields=[dict(zip(names, field, strict=True)) for field in fields], seen=seen)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "empty"),
        ("", "blank"),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        (1.5, "1.5"),
        ("Ana", "Ana"),
        ([], "empty list"),
        (["a", 1, None], "a, 1, empty"),
        ({}, "empty"),
        ({"a": 1, "b": [True]}, "a: 1; b: yes"),
    ],
)
def test_a_value_is_spoken_plainly(value: Any, said: str) -> None:
    assert diff.spoken(value) == said


def test_nothing_turns_around_what_people_decide_about() -> None:
    turned, said = "\u202egnp.ecila\u2066", "[U+202E]gnp.ecila[U+2066]"
    (row,) = diff.rows(step((["properties"], "Properties", {turned: ""}, {turned: turned})))
    assert (row.label, row.after) == (f"Properties · {said}", said)
    assert Change(sentence=f"Rename the list to “{turned}”.").aloud == f"Rename the list to “{said}”."
    assert said in indented(f'{{"name": "{turned}"}}'.encode())
    assert diff.spoken("שלום \u200f") == "שלום \u200f"


def test_a_plain_field_is_one_row() -> None:
    (row,) = diff.rows(step((["name"], "Name", None, "News")))
    assert (row.label, row.before, row.after, row.now, row.verdict) == ("Name", "empty", "News", None, "")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("yes", True, ('"yes"', "true")),
        ("1", 1, ('"1"', "1")),
        ("empty", None, ('"empty"', "null")),
        (1, 1.0, ("1", "1.0")),
    ],
)
def test_values_that_only_sound_alike_are_told_apart(before: Any, after: Any, said: tuple[str, str]) -> None:
    (row,) = diff.rows(step((["x"], "X", before, after)))
    assert (row.before, row.after) == said


def test_an_object_is_told_key_by_key_and_only_where_it_differs() -> None:
    before, after = {"a": 1, "b": {"c": 1, "d": 2}, "same": 0}, {"a": 2, "b": {"c": 1, "d": 3}, "same": 0, "new": "x"}
    rows = diff.rows(step((["properties", "prefs"], "prefs", before, after)))
    assert [(row.label, row.before, row.after) for row in rows] == [
        ("prefs · a", "1", "2"),
        ("prefs · b · d", "2", "3"),
        ("prefs · new", "empty", "x"),
    ]


def test_a_key_that_moved_is_told_even_where_nothing_was_wanted_of_it() -> None:
    item = Item("profile", "1", {"prefs": {"a": 1, "b": 9}})
    rows = diff.rows(step((["prefs"], "prefs", {"a": 1, "b": 2}, {"a": 5, "b": 2})), item)
    assert [(row.label, row.now, row.verdict) for row in rows] == [
        ("prefs · a", "1", "before"),
        ("prefs · b", "9", "other"),
    ]


def test_an_object_that_became_text_is_told_whole() -> None:
    item = Item("profile", "1", {"prefs": "gone"})
    (row,) = diff.rows(step((["prefs"], "prefs", {"a": 1}, {"a": 2})), item)
    assert (row.before, row.after, row.now, row.verdict) == ("a: 1", "a: 2", "gone", "other")


def test_what_a_stale_step_saw_is_the_third_column() -> None:
    (row,) = diff.rows(step((["name"], "Name", "Old", "New"), seen=["Other"]))
    assert (row.now, row.verdict) == ("Other", "other")


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (None, None, True),
        (1, 1.0, True),
        (1, True, False),
        ("1", 1, False),
        ({"a": None}, {}, True),
        ({"a": [1, {"b": None}]}, {"a": [1, {}]}, True),
        ([1, 2], [2, 1], False),
        (None, "", False),
    ],
)
def test_values_are_compared_as_json_and_absent_is_null(one: Any, other: Any, equal: bool) -> None:
    assert same(one, other) is equal
    assert same(other, one) is equal


def test_a_look_tells_what_worked_what_did_not_and_what_is_odd(stage: Stage) -> None:
    change = stage.proposed(stage.renaming(to="Wanted"))
    stuck = Step.objects.get(change=change)
    assert "still as before" in reconcile.look(stuck).sentence
    stage.carried_out(stage.approved(stage.renaming(to="Theirs")))
    assert "neither" in reconcile.look(stuck).sentence
    stage.carried_out(stage.approved(stage.renaming(to="Wanted")))
    assert "already as wanted" in reconcile.look(stuck).sentence
    with stage.sandbox.store.change() as db:
        db.execute("DELETE FROM circle WHERE id = ?", (stuck.target_id,))
    assert "not in Klaviyo any more" in reconcile.look(stuck).sentence
    Step.objects.filter(pk=stuck.pk).update(target_read="")
    assert "Nothing in Klaviyo can be read" in reconcile.look(Step.objects.get(pk=stuck.pk)).sentence


def test_a_look_that_cannot_be_had_says_so(stage: Stage) -> None:
    stuck = Step.objects.get(change=stage.proposed())
    stage.sandbox.faults.add(Order("get_list", "error_before", status=500))
    finding = reconcile.look(stuck)
    assert finding.sentence == "Klaviyo could not be asked."
    assert finding.trouble is not None
