"""A stale change, settled value by value: a new change takes its place, and holds what counts."""

import json
from typing import Any

import pytest

from klaviyo_admin import api
from klaviyo_admin.areas.fields import REMOVE
from klaviyo_admin.changes import bodies, merging, review
from klaviyo_admin.changes.models import Change
from klaviyo_admin.changes.staleness import Place, look, place
from klaviyo_admin.changes.undoing.done import Impossible
from klaviyo_admin.klaviyo.values import Item
from tests.changes.stage import Stage

ANSWERS: dict[str, Any] = {
    "first_name": "Mine",
    "city": "Porto",
    "properties": {"size": 3, "old": REMOVE},
}


def person(stage: Stage) -> Item:
    return api.reader(stage.account).page("get_profiles").items[0]


def stale(stage: Stage) -> Change:
    """A change of one person, of whom somebody has changed the name, the city and a property meanwhile."""
    stage.carried_out(stage.approved(stage.editing(person(stage), {"properties": {"old": 1}})))
    change = stage.approved(stage.editing(person(stage), ANSWERS))
    theirs = {"first_name": "Theirs", "city": "Lisbon", "properties": {"old": 2}}
    stage.carried_out(stage.approved(stage.editing(person(stage), theirs)))
    change = stage.carried_out(change)
    assert change.status == "stale"
    return change


def found(stage: Stage, change: Change) -> dict[Place, Item]:
    reader = api.reader(stage.account)
    return {place(s): look(reader, place(s), [f["path"] for f in s.fields]) for s in change.steps.all()}


def key(stage: Stage, change: Change, label: str) -> str:
    (step,) = change.steps.all()
    return next(q.key for q in merging.questions(step, found(stage, change)) if label.lower() in q.label.lower())


def settled(stage: Stage, change: Change, *labels: str) -> Change:
    theirs = {key(stage, change, label) for label in labels}
    intent = merging.settle(change, list(change.steps.all()), found(stage, change), theirs)
    return review.propose(stage.marketer, stage.account, intent, "Settled.", supersedes=change)


def body(change: Change) -> Any:
    return json.loads(bodies.of(change.steps.get()))["data"]


def test_what_moved_is_asked_and_nothing_else(stage: Stage) -> None:
    change = stale(stage)
    asked = {q.label.lower(): q for q in merging.moved(list(change.steps.all()), found(stage, change))}
    assert len(asked) == 3
    assert {q.now for q in asked.values()} == {"Theirs", "Lisbon", 2}


def test_mine_over_theirs_is_a_new_change_with_a_digest_of_its_own(stage: Stage) -> None:
    change = stale(stage)
    new = settled(stage, change)
    assert (new.status, new.supersedes) == ("proposed", change)
    assert new.digest != change.digest
    assert body(new) == body(change)
    assert stage.carried_out(review.approve(stage.admin, new, new.digest)).status == "done"
    now = person(stage)
    assert (now.get("first_name"), now.get("location.city")) == ("Mine", "Porto")
    assert now.get("properties.old") is None


def test_what_is_theirs_is_not_sent(stage: Stage) -> None:
    change = stale(stage)
    new = settled(stage, change, "first name", "old")
    assert "first_name" not in body(new)["attributes"]
    assert "meta" not in body(new)
    assert "stays as Klaviyo holds it" in new.sentence
    assert stage.carried_out(review.approve(stage.admin, new, new.digest)).status == "done"
    now = person(stage)
    assert (now.get("first_name"), now.get("location.city")) == ("Theirs", "Porto")
    assert now.at(("properties", "old")) == 2
    assert now.at(("properties", "size")) == 3


def test_theirs_everywhere_leaves_nothing_to_propose(stage: Stage) -> None:
    change = stale(stage)
    with pytest.raises(Impossible, match="nothing is left"):
        settled(stage, change, "first name", "city", "size", "old")


def test_a_settled_change_that_moves_again_is_stale_again(stage: Stage) -> None:
    change = stale(stage)
    new = settled(stage, change, "city")
    stage.carried_out(stage.approved(stage.editing(person(stage), {"first_name": "Again"})))
    assert stage.carried_out(review.approve(stage.admin, new, new.digest)).status == "stale"
    assert person(stage).get("first_name") == "Again"


def test_what_is_wanted_already_is_not_sent_again(stage: Stage) -> None:
    change = stale(stage)
    stage.carried_out(stage.approved(stage.editing(person(stage), {"city": "Porto"})))
    assert "city" not in body(settled(stage, change))["attributes"].get("location", {})


def test_a_thing_that_is_gone_is_left_out(stage: Stage) -> None:
    change = stale(stage)
    (step,) = change.steps.all()
    asked = merging.questions(step, {place(step): Item("", "", {})})
    assert all(q.gone and q.moved for q in asked)
    with pytest.raises(Impossible):
        merging.settle(change, [step], {place(step): Item("", "", {})}, ())
