"""Who belonged, and all of what is deleted, has to be as it was when the change was proposed."""

from typing import Any

import pytest

from klaviyo_admin import api
from klaviyo_admin.areas.lists import service as lists
from klaviyo_admin.changes import basis, diff, digests, merging, purge, reconcile, review, staleness, undo
from klaviyo_admin.changes.models import Change, Step
from klaviyo_admin.changes.staleness import place
from klaviyo_admin.changes.undoing.done import Impossible
from klaviyo_admin.intents import Intent, Request
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.values import Item
from tests.changes.stage import Stage
from tests.changes.undoable.world import World
from tests.contract.official import many, one


def people(stage: Stage, count: int = 3) -> list[Item]:
    return list(api.reader(stage.account).page("get_profiles").items[:count])


def empty_list(world: World) -> str:
    return world.made("create_list", one("list", name="Guests"))


def the(stage: Stage, ident: str) -> Item:
    return api.reader(stage.account).item("get_list", {"id": ident})


def adding(stage: Stage, ident: str) -> Change:
    return stage.approved(lists.add([the(stage, ident)], {"profiles": people(stage)}))


def removing(stage: Stage, ident: str) -> Change:
    return stage.approved(lists.remove([the(stage, ident)], {"profiles": people(stage)}))


def members(world: World, ident: str) -> set[str]:
    return set(world.idents_of("get_profile_ids_for_list", ident))


def step(change: Change) -> Step:
    return change.steps.get()


def put(world: World, ident: str, who: list[Item]) -> None:
    world.call("add_profiles_to_list", many("profile", *(one.id for one in who)), id=ident)


def take(world: World, ident: str, who: list[Item]) -> None:
    world.call("remove_profiles_from_list", many("profile", *(one.id for one in who)), id=ident)


def test_who_has_joined_meanwhile_is_no_conflict_and_stays_after_an_undo(stage: Stage) -> None:
    world, who = World(stage), people(stage)
    ident = empty_list(world)
    change = adding(stage, ident)
    put(world, ident, who[:1])
    change = stage.carried_out(change)
    assert (change.status, members(world, ident)) == ("done", {one.id for one in who})
    whole = undo.build(change, list(change.steps.all()), reader=api.reader(stage.account))
    back = review.undo(stage.marketer, change, whole.intent, "A mistake.")
    assert stage.carried_out(review.approve(stage.admin, back, back.digest)).status == "done"
    assert members(world, ident) == {who[0].id}


@pytest.mark.parametrize("adds", [True, False])
def test_who_came_or_went_against_what_is_wanted_makes_it_stale(stage: Stage, adds: bool) -> None:
    world, who = World(stage), people(stage)
    ident = empty_list(world)
    put(world, ident, who[:2])
    change = adding(stage, ident) if adds else removing(stage, ident)
    if adds:
        take(world, ident, who[:1])
    else:
        put(world, ident, who[2:])
    before = members(world, ident)
    change = stage.carried_out(change)
    assert (change.status, members(world, ident)) == ("stale", before)
    (row,) = diff.rows(step(change))
    names = [str(one.get("first_name")) for one in who]
    told = (row.before, row.after, row.now)
    assert [[name for name in names if name in words] for words in told] == (
        [names[:2], names, names[1:2]] if adds else [names[:2], [], names]
    )
    assert row.verdict == "other"


def settled(stage: Stage, change: Change, *, theirs: bool = False) -> Intent:
    reader, steps = api.reader(stage.account), list(change.steps.all())
    items = {where: staleness.look(reader, where, asked) for where, asked in staleness.paths(steps).items()}
    found = basis.with_members(reader, steps, items)
    keys = {question.key for question in merging.moved(steps, found)}
    assert keys
    return merging.settle(change, steps, found, keys if theirs else ())


def test_a_stale_membership_is_settled_and_sent_over_what_holds_now(stage: Stage) -> None:
    world, who = World(stage), people(stage)
    ident = empty_list(world)
    put(world, ident, who[:1])
    change = adding(stage, ident)
    take(world, ident, who[:1])
    change = stage.carried_out(change)
    with pytest.raises(Impossible):
        settled(stage, change, theirs=True)
    intent = settled(stage, change)
    new = review.propose(stage.marketer, stage.account, intent, "All the same.", supersedes=change)
    assert step(new).basis["ids"] == []
    assert stage.carried_out(review.approve(stage.admin, new, new.digest)).status == "done"
    assert members(world, ident) == {one.id for one in who}


def test_what_the_same_change_did_before_is_no_conflict(stage: Stage) -> None:
    world, who = World(stage), people(stage)
    ident = empty_list(world)
    put(world, ident, who)
    target = the(stage, ident)
    both = [build([target], {"profiles": who}) for build in (lists.remove, lists.add)]
    intent = Intent("lists.renew", "Renew.", tuple(request for one in both for request in one.requests))
    assert stage.carried_out(stage.approved(intent)).status == "done"
    assert members(world, ident) == {one.id for one in who}


def test_a_stuck_membership_is_looked_up_by_who_belongs(stage: Stage) -> None:
    world, who = World(stage), people(stage)
    ident = empty_list(world)
    change = adding(stage, ident)
    assert "still as before" in reconcile.look(step(change)).sentence
    put(world, ident, who)
    assert "already as wanted" in reconcile.look(step(change)).sentence
    Step.objects.update(basis=None)
    assert "shows nowhere" in reconcile.look(step(change)).sentence


def deleting(stage: Stage, ident: str) -> Change:
    return stage.approved(lists.delete([the(stage, ident)], {}))


def test_a_deletion_is_stale_where_anything_of_the_thing_has_changed(stage: Stage) -> None:
    world = World(stage)
    ident = empty_list(world)
    change = deleting(stage, ident)
    world.call("update_list", one("list", ident, name="Kept after all"), id=ident)
    change = stage.carried_out(change)
    assert (change.status, the(stage, ident).get("name")) == ("stale", "Kept after all")
    (row,) = diff.rows(step(change))
    assert (row.label, row.before, row.now) == ("Name", "Guests", "Kept after all")
    new = review.propose(stage.marketer, stage.account, settled(stage, change), "Still.", supersedes=change)
    assert stage.carried_out(review.approve(stage.admin, new, new.digest)).status == "done"


def test_a_deletion_of_what_is_gone_already_is_stale_and_leaves_nothing_to_do(stage: Stage) -> None:
    world = World(stage)
    ident = empty_list(world)
    change = deleting(stage, ident)
    world.call("delete_list", id=ident)
    change = stage.carried_out(change)
    assert change.status == "stale"
    found: dict[Any, Item] = {place(step(change)): Item("", "", {})}
    (question,) = merging.questions(step(change), found)
    assert (question.label, question.gone) == ("All of it", True)
    with pytest.raises(Impossible):
        merging.settle(change, list(change.steps.all()), found, ())


def test_what_nobody_touched_is_deleted(stage: Stage) -> None:
    ident = empty_list(World(stage))
    assert stage.carried_out(deleting(stage, ident)).status == "done"


def test_the_digest_seals_it_and_a_purge_removes_it(stage: Stage) -> None:
    change = adding(stage, empty_list(World(stage)))
    found = step(change)
    Step.objects.filter(pk=found.pk).update(basis={**found.basis, "ids": [found.basis["named"][0]]})
    with pytest.raises(digests.Altered):
        digests.check(change.pk)
    change = stage.carried_out(adding(stage, empty_list(World(stage))))
    Change.objects.filter(pk=change.pk).update(purge_after=change.proposed_at)
    purge.once()
    assert step(change).basis is None


def test_of_very_many_nobody_asks(stage: Stage) -> None:
    write = operation("add_profiles_to_list").write({"id": "X"}, many("profile", "01H"))
    request = Request(write, counts=basis.MOST_NAMED + 1)
    assert basis.of(stage.account, [request]) == [None]
