"""Taking back what a change did: the thing equals its before-image, and nobody else's work is overwritten."""

from typing import Any

import pytest

from klaviyo_admin import api
from klaviyo_admin.areas.fields import REMOVE
from klaviyo_admin.areas.lists import service as lists
from klaviyo_admin.areas.profiles.resources import PROFILES
from klaviyo_admin.changes import review, undo
from klaviyo_admin.changes.models import Change, Step
from klaviyo_admin.changes.review import ReviewRefused
from klaviyo_admin.intents import FieldChange, Intent, Request, Target
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.values import Item
from tests.changes.stage import Stage, actions

# What changes with every write and is no part of what somebody wanted.
MOVING = ("updated",)


def held(stage: Stage, read: str, ident: str) -> dict[str, Any]:
    item = api.reader(stage.account).item(read, path={"id": ident})
    return {key: value for key, value in item.attributes.items() if key not in MOVING}


def profile(stage: Stage) -> Item:
    return api.reader(stage.account).page("get_profiles").items[0]


def built(change: Change, only: int = 0) -> Intent:
    return planned(change, only).intent


def planned(change: Change, only: int = 0) -> undo.Undo:
    return undo.build(change, list(Step.objects.filter(change=change)), only)


def undone(stage: Stage, change: Change, only: int = 0) -> Change:
    proposal = review.undo(stage.marketer, change, built(change, only), "It was a mistake.")
    return stage.carried_out(review.approve(stage.admin, proposal, proposal.digest))


ANSWERS: list[dict[str, Any]] = [
    {"first_name": "Ada", "city": "Porto"},
    {"first_name": None, "city": None, "title": "Dr"},
    {"properties": {"loves": "hats", "size": 3, "nested": {"a": [1, None]}}},
    {"properties": {"old": REMOVE, "kept": "new value", "list": [], "flag": False}, "last_name": None},
]


@pytest.mark.parametrize("answers", ANSWERS)
def test_a_profile_equals_its_before_image_after_an_undo(stage: Stage, answers: dict[str, Any]) -> None:
    start = profile(stage)
    first = {
        "title": None,
        "organization": "Acme",
        "properties": {"old": {"b": 1}, "kept": 1.5, "list": ["x"], "flag": True},
    }
    assert stage.carried_out(stage.approved(stage.editing(start, first))).status == "done"
    before = held(stage, "get_profile", start.id)
    change = stage.carried_out(
        stage.approved(stage.editing(PROFILES.item(api.reader(stage.account), start.id), answers))
    )
    assert change.status == "done"
    assert held(stage, "get_profile", start.id) != before
    assert undone(stage, change).status == "done"
    assert held(stage, "get_profile", start.id) == before


@pytest.mark.parametrize(
    "answers",
    [{"name": "Other"}, {"opt_in_process": "single_opt_in"}, {"name": "B", "opt_in_process": "double_opt_in"}],
)
def test_a_list_equals_its_before_image_after_an_undo(stage: Stage, answers: dict[str, str]) -> None:
    start = stage.lists()[0]
    before = held(stage, "get_list", start.id)
    change = stage.carried_out(stage.approved(lists.edit([start], answers)))
    assert undone(stage, change).status == "done"
    assert held(stage, "get_list", start.id) == before


def test_a_created_list_is_deleted_by_the_id_that_the_answer_names(stage: Stage) -> None:
    before = {item.id for item in stage.lists()}
    change = stage.carried_out(stage.approved(lists.create([], {"name": "Spring"})))
    assert len(stage.lists()) == len(before) + 1
    back = undone(stage, change)
    assert (back.status, back.risk, back.reversibility) == ("done", "destructive", "re-create")
    assert {item.id for item in stage.lists()} == before


def test_a_created_list_that_was_renamed_since_is_not_deleted(stage: Stage) -> None:
    change = stage.carried_out(stage.approved(lists.create([], {"name": "Spring"})))
    made = next(item for item in stage.lists() if item.get("name") == "Spring")
    stage.carried_out(stage.approved(lists.edit([made], {"name": "Summer"})))
    assert undone(stage, change).status == "stale"
    assert made.id in {item.id for item in stage.lists()}


def test_a_change_of_many_requests_is_taken_back_last_one_first(stage: Stage) -> None:
    item, other = stage.lists()[:2]
    first, second = (
        lists.edit([item], {"name": "One"}),
        lists.edit([Item("list", item.id, {**item.attributes, "name": "One"})], {"name": "Two"}),
    )
    third = lists.edit([other], {"name": "Three"})
    intent = Intent("lists.edit", "Rename.", first.requests + second.requests + third.requests)
    change = stage.carried_out(stage.approved(intent))
    assert [r.fields[0].after for r in built(change).requests] == [other.get("name"), "One", item.get("name")]
    assert undone(stage, change).status == "done"
    assert [found.get("name") for found in stage.lists()[:2]] == [item.get("name"), other.get("name")]


def test_one_request_of_a_change_can_be_taken_back(stage: Stage) -> None:
    names = [item.get("name") for item in stage.lists()[:3]]
    change = stage.carried_out(stage.approved(stage.renaming(3)))
    back = undone(stage, change, only=2)
    assert back.details["undoes_request"] == 2
    assert [item.get("name") for item in stage.lists()[:3]] == ["Renamed 1", names[1], "Renamed 3"]
    assert review.undone_by(change, 3) is None
    assert review.undone_by(change, 2) == back


def test_an_undo_is_itself_undone(stage: Stage) -> None:
    change = stage.carried_out(stage.approved())
    back = undone(stage, change)
    assert back.undoes == change
    again = undone(stage, back)
    assert again.status == "done"
    assert stage.lists()[0].get("name") == "Renamed 1"


def test_an_undo_is_refused_by_the_stale_check_if_the_thing_moves_before_it_is_sent(stage: Stage) -> None:
    change = stage.carried_out(stage.approved())
    back = review.undo(stage.marketer, change, built(change), "A mistake.")
    stage.carried_out(stage.approved(stage.renaming(to="Moved")))
    review.approve(stage.admin, back, back.digest)
    assert stage.carried_out(back).status == "stale"
    assert stage.lists()[0].get("name") == "Moved 1"


def test_what_has_moved_since_is_left_out_and_said(stage: Stage) -> None:
    change = stage.carried_out(stage.approved(stage.renaming(3)))
    whole = planned(change)
    found = {("get_list", item.id): item for item in stage.lists()}
    assert undo.moved(whole, found) == frozenset()
    place = undo.place_of(whole.intent.requests[0])
    found[place] = Item("list", place[1], {"name": "Somebody else's"})
    assert undo.moved(whole, found) == {3}
    steps = list(Step.objects.filter(change=change))
    narrowed = undo.build(change, steps, without={3}).intent
    assert len(narrowed.requests) == 2
    assert "1 of 3 requests are left out" in narrowed.sentence
    with pytest.raises(undo.Impossible, match="changed again"):
        undo.build(change, steps, without={1, 2, 3})


def test_nothing_is_undone_twice(stage: Stage) -> None:
    change = stage.carried_out(stage.approved())
    first = review.undo(stage.marketer, change, built(change), "A mistake.")
    with pytest.raises(ReviewRefused, match=f"Change {first.pk} undoes this already"):
        review.undo(stage.colleague, change, built(change), "Me too.")
    review.withdraw(stage.marketer, first)
    assert actions(review.undo(stage.colleague, change, built(change), "Me too.")) == ["change.proposed"]


def test_a_change_that_has_not_ended_cannot_be_undone(stage: Stage) -> None:
    with pytest.raises(undo.Impossible, match="has ended"):
        built(stage.approved())


def test_a_request_whose_fields_are_not_all_that_it_wrote_is_undone_by_its_image(stage: Stage) -> None:
    item = stage.lists()[0]
    document = {"data": {"type": "list", "id": item.id, "attributes": {"name": "A", "opt_in_process": "single_opt_in"}}}
    fields = (FieldChange(("name",), "Name", item.get("name"), "A"),)
    write = operation("update_list").write({"id": item.id}, document)
    half = Request(write, Target("list", item.id, "x", "get_list"), fields)
    change = stage.carried_out(stage.approved(Intent("lists.edit", "Rename.", (half,))))
    before = {"name": item.get("name"), "opt_in_process": item.get("opt_in_process")}
    assert {f.path[0]: f.after for f in built(change).requests[0].fields} == before
    Step.objects.filter(change=change).update(image=None)
    with pytest.raises(undo.Impossible, match="values from before were not kept"):
        built(change)
