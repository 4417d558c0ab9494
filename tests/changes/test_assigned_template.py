"""The template that a message holds has to be the one that stood there when another was proposed for it."""

from typing import Any

from klaviyo_admin import api
from klaviyo_admin.areas.campaigns import messages
from klaviyo_admin.changes import diff, merging, reconcile, review, staleness
from klaviyo_admin.changes.models import Change, Step
from klaviyo_admin.intents import Intent
from klaviyo_admin.klaviyo.values import Item, Query
from tests.changes.stage import Stage
from tests.changes.undoable.messages import campaign, template
from tests.changes.undoable.world import World
from tests.contract.official import one, to


def letter(world: World, name: str) -> str:
    made = template(world)
    world.call("update_template", one("template", made, name=name), id=made)
    return made


def give(world: World, message: str, ident: str) -> None:
    related = {"template": to("template", ident)}
    world.call("assign_template_to_campaign_message", one("campaign-message", message, related=related))


def wanting(stage: Stage, message: str, ident: str) -> Intent:
    """The template for the message, as their form asks for it."""
    reader = api.reader(stage.account)
    held = reader.item("get_campaign_message", {"id": message}, Query(include=("template",)))
    return messages.assign((held,), {"template": reader.item("get_template", {"id": ident})})


def held(stage: Stage, message: str) -> str:
    found = api.reader(stage.account).item("get_template_for_campaign_message", {"id": message})
    return str(found.get("name"))


def step(change: Change) -> Step:
    return change.steps.get()


def present(stage: Stage, change: Change) -> dict[Any, Item]:
    where = staleness.place(step(change))
    return {where: staleness.look(api.reader(stage.account), where)}


def test_it_is_stale_where_another_was_given_meanwhile_and_settled_by_name(stage: Stage) -> None:
    world = World(stage)
    _, message = campaign(world)
    old, other, new = (letter(world, name) for name in ("Old", "Other", "New"))
    give(world, message, old)
    change = stage.approved(wanting(stage, message, new))
    give(world, message, other)
    change = stage.carried_out(change)
    assert (change.status, held(stage, message)) == ("stale", "Other")
    (row,) = diff.rows(step(change))
    assert (row.label, row.before, row.after, row.now, row.verdict) == ("Template", "Old", "New", "Other", "other")
    intent = merging.settle(change, [step(change)], present(stage, change), ())
    again = review.propose(stage.marketer, stage.account, intent, "All the same.", supersedes=change)
    assert stage.carried_out(review.approve(stage.admin, again, again.digest)).status == "done"
    assert held(stage, message) == "New"


def test_it_is_stale_where_somebody_wrote_in_the_copy_that_the_message_holds(stage: Stage) -> None:
    world = World(stage)
    _, message = campaign(world)
    give(world, message, letter(world, "Old"))
    change = stage.approved(wanting(stage, message, letter(world, "New")))
    copy = world.call("get_template_for_campaign_message", id=message)["data"]["id"]
    world.call("update_template", one("template", copy, html="<p>Written in the campaign</p>"), id=copy)
    change = stage.carried_out(change)
    assert change.status == "stale"
    assert [row.label for row in diff.rows(step(change))] == ["Template", "Html"]


def test_a_message_without_a_template_takes_one_unless_it_has_got_one_meanwhile(stage: Stage) -> None:
    world = World(stage)
    (_, first), (_, second) = campaign(world), campaign(world)
    new = letter(world, "New")
    changes = [stage.approved(wanting(stage, message, new)) for message in (first, second)]
    assert "There is none, as before" in reconcile.look(step(changes[0])).sentence
    assert [row.before for row in diff.rows(step(changes[0]))] == ["empty"]
    nothing = {staleness.place(step(changes[0])): Item("", "", {})}
    assert not merging.questions(step(changes[0]), nothing)[0].gone
    give(world, second, letter(world, "Other"))
    assert [stage.carried_out(change).status for change in changes] == ["done", "stale"]
    assert [held(stage, message) for message in (first, second)] == ["New", "Other"]
    assert "already as wanted" in reconcile.look(step(changes[0])).sentence


def test_a_template_whose_name_nobody_read_is_compared_all_the_same(stage: Stage) -> None:
    world = World(stage)
    _, message = campaign(world)
    give(world, message, letter(world, "Old"))
    bare = api.reader(stage.account).item("get_campaign_message", {"id": message}, Query(include=("template",)))
    unread = Item(bare.type, bare.id, bare.attributes, bare.related)
    wanted = api.reader(stage.account).item("get_template", {"id": letter(world, "New")})
    build = messages.assign((unread,), {"template": wanted})
    quiet, moved = stage.approved(build), stage.approved(build)
    assert stage.carried_out(quiet).status == "done"
    assert stage.carried_out(moved).status == "stale"
