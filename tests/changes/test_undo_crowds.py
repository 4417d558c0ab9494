"""What was done to everybody on a list or in a segment is taken back for those whom it changed."""

import pytest

from klaviyo_admin import api
from klaviyo_admin.areas.lists import service as lists
from klaviyo_admin.areas.profiles import consent
from klaviyo_admin.changes import undo
from klaviyo_admin.changes.undoing import crowds
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.values import Query
from tests.changes.stage import Stage
from tests.changes.test_undo_everywhere import undone, wanted
from tests.changes.undoable.people import all_suppressed
from tests.changes.undoable.world import World


@pytest.mark.parametrize("kind", ["list", "segment"])
@pytest.mark.parametrize("verb", ["create", "delete"])
def test_who_was_changed_is_as_before(stage: Stage, verb: str, kind: str) -> None:
    world = World(stage)
    name = {"create": "bulk_suppress_profiles", "delete": "bulk_unsuppress_profiles"}[verb]
    ask = all_suppressed(world, verb, kind)
    before = world.state()
    change = stage.carried_out(stage.approved(wanted(name, ask)))
    assert change.status == "done", change.outcome
    assert world.state() != before
    back = undone(stage, change)
    assert back.details["not_brought_back"][1].startswith("1 of 3 " if verb == "create" else "2 of 3 ")
    assert world.state() == before


def test_of_too_many_nobody_is_kept_and_it_says_so(stage: Stage) -> None:
    world = World(stage)
    document = all_suppressed(world, "create", "list").document
    reader = api.reader(stage.account)
    image = crowds.everybody(reader, operation("bulk_suppress_profiles"), document, most=2)
    assert image == {"fault": crowds.TOO_MANY_MEMBERS}


def test_before_it_is_approved_it_says_of_how_many_people_an_undo_would_know(stage: Stage) -> None:
    whole = stage.proposed(wanted("bulk_suppress_profiles", all_suppressed(World(stage), "create", "list")))
    steps = list(whole.steps.all())
    assert undo.beyond(steps, 10_000) == ""
    assert "cannot be undone" in undo.beyond(steps, 10_001)
    assert "If they are more than 10,000" in undo.beyond(steps, None)
    assert undo.beyond(stage.proposed().steps.all(), None) == ""


def test_where_it_changed_nobody_there_is_nothing_to_take_back(stage: Stage) -> None:
    world = World(stage)
    ask = all_suppressed(world, "create", "list")
    stage.carried_out(stage.approved(wanted("bulk_suppress_profiles", ask)))
    again = stage.carried_out(stage.approved(wanted("bulk_suppress_profiles", ask)))
    with pytest.raises(undo.Impossible, match="nobody's state was changed"):
        undo.build(again, list(again.steps.all()))


def test_who_was_on_a_list_and_had_never_agreed_is_put_back_on_it(stage: Stage) -> None:
    reader, (circle, *_) = api.reader(stage.account), stage.lists()
    query = Query(size=100, additional_fields=crowds.CONSENT)
    people = reader.page("get_profiles", query=query).items
    never = next(p for p in people if p.get("subscriptions.email.marketing.consent") == "NEVER_SUBSCRIBED")

    def on_it() -> bool:
        members = reader.pages("get_profile_ids_for_list", {"id": circle.id}, Query(size=100))
        return any(never.id == one.id for page in members for one in page.items)

    stage.carried_out(stage.approved(lists.add([circle], {"profiles": [never]})))
    answers = {"channels": ("email.marketing",), "to_list": circle}
    change = stage.carried_out(stage.approved(consent.unsubscribe([never], answers)))
    stage.sandbox.advance(400)  # as long as it may take until consent shows
    assert not on_it()
    back = undone(stage, change)
    assert back.details["not_brought_back"][0].startswith("1 of 1 people stay unsubscribed")
    assert on_it()
