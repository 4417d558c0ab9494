"""What was done to everybody on a list or in a segment is taken back for those whom it changed."""

import pytest

from klaviyo_admin import api
from klaviyo_admin.changes import undo
from klaviyo_admin.changes.undoing import crowds
from klaviyo_admin.klaviyo.catalogue import operation
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
