"""Every operation that has an opposite: carried out, undone, and the whole sandbox is as it was, ids aside."""

from collections import Counter

import pytest

from klaviyo_admin import api
from klaviyo_admin.changes import policy, review, undo
from klaviyo_admin.changes.models import Change, Step
from klaviyo_admin.changes.undoing import shapes
from klaviyo_admin.changes.undoing.reasons import REASONS
from klaviyo_admin.intents import Intent, Request
from klaviyo_admin.klaviyo.catalogue import operation, operations
from klaviyo_admin.klaviyo.values import Query
from tests.changes.stage import Stage
from tests.changes.undoable import facts, goods, messages, people
from tests.changes.undoable.world import Ask, World

CASES = goods.CASES | messages.CASES | facts.CASES | people.CASES
# What stays after an undo that only makes up for what was done: a part of each line that may be left over.
REMAINS = {
    "upload_image_from_url": "/image/dot",
    "upload_image_from_file": "/image/dot",
    "create_flow": "/template/",  # the copies that the letters of a flow were given stay behind in the library
    "delete_flow": "/template/",
    "create_push_token": "push.marketing",  # the device is gone; that its owner agreed to such messages is not taken back
    "create_client_push_token": "push.marketing",
}


def wanted(name: str, ask: Ask) -> Intent:
    done = operation(name)
    write = done.write(ask.path, ask.document, ask.body, Query(others=ask.query))
    return Intent("console.write", "Do it.", (Request(write, follow=shapes.following(done)),))


def undone(stage: Stage, change: Change) -> Change:
    whole = undo.build(change, list(Step.objects.filter(change=change)), reader=api.reader(stage.account))
    proposal = review.undo(stage.marketer, change, whole.intent, "A mistake.")
    return stage.carried_out(review.approve(stage.admin, proposal, proposal.digest))


def told(one: Counter[str], other: Counter[str]) -> str:
    lines = [f"- {line}" for line in (one - other).elements()] + [f"+ {line}" for line in (other - one).elements()]
    return "\n".join(line[:600] for line in lines[:12])


@pytest.mark.parametrize("name", CASES)
def test_what_was_done_is_taken_back(stage: Stage, name: str) -> None:
    world = World(stage)
    ask = CASES[name](world)
    before = world.state()
    change = stage.carried_out(stage.approved(wanted(name, ask)))
    assert change.status == "done", change.outcome
    assert world.state() != before
    back = undone(stage, change)
    assert back.status == "done", (back.outcome, [s.problems for s in back.steps.all()])
    after = world.state()
    left = [line for line in (after - before).elements() if REMAINS.get(name, line + "?") not in line]
    assert not left, told(before, after)
    assert not before - after, told(before, after)


def test_every_operation_with_an_opposite_is_tried_or_known_to_have_none() -> None:
    invertible = {o.id for o in operations() if o.writes and o.undo not in ("", "irreversible")}
    assert invertible == CASES.keys() | REASONS.keys()
    assert not CASES.keys() & REASONS.keys()


@pytest.mark.parametrize("name", REASONS)
def test_what_cannot_be_taken_back_says_why_before_it_is_approved(name: str) -> None:
    done = operation(name)
    step = Step(number=1, operation=name, method=done.method, path=done.path, status="done")
    assert undo.why_not(step) == REASONS[name]
    assert policy.reversibility([done]) == "irreversible"
