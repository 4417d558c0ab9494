"""What is read before a request leaves: in time, once, and never at the price of sending something unseen."""

import json
from typing import Any

import httpx
import pytest

from klaviyo_admin import api
from klaviyo_admin.changes import review, undo
from klaviyo_admin.changes.models import Change, Step
from klaviyo_admin.changes.undoing import images
from klaviyo_admin.intents import FieldChange, Intent, Ref, Request, Target
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.pages import undoing
from klaviyo_admin.sandbox.faults import Order
from tests.changes.stage import Stage
from tests.changes.test_undo_everywhere import undone
from tests.changes.undoable.messages import LATE, MAIL
from tests.changes.undoable.world import World
from tests.contract.official import many, one, to


def deleting(stage: Stage, number: int = 1) -> Intent:
    item = stage.lists()[number]
    write = operation("delete_list").write({"id": item.id})
    return Intent("lists.delete", "Delete it.", (Request(write, Target("list", item.id, "x", "get_list")),))


def adding(stage: Stage, count: int = 3) -> Intent:
    people = [item.id for item in api.reader(stage.account).page("get_profiles").items[:count]]
    write = operation("add_profiles_to_list").write({"id": stage.lists()[1].id}, many("profile", *people))
    return Intent("lists.add", "Add people.", (Request(write, counts=count),))


def of(change: Change, number: int = 1) -> Any:
    return change.steps.get(number=number).image


def test_an_image_that_may_not_be_read_does_not_hold_the_change_and_says_why(stage: Stage) -> None:
    stage.sandbox.faults.add(Order("get_list", "error_before", status=403))
    change = stage.carried_out(stage.approved(deleting(stage)))
    assert change.status == "done"
    assert of(change) == {"fault": images.UNKNOWN}
    with pytest.raises(undo.Impossible, match="could not be read"):
        undo.build(change, list(change.steps.all()))


def test_what_cannot_be_read_for_the_moment_is_waited_for(stage: Stage) -> None:
    change = stage.approved(deleting(stage))
    stage.sandbox.faults.add(Order("get_list", "error_before", times=3, status=503))
    assert stage.carried_out(change).status == "done"
    assert [write["operation"] for write in stage.writes()] == ["delete_list"]
    assert "things" in of(change)


def test_a_request_that_is_sent_again_keeps_the_image_of_the_time_before_the_first(stage: Stage) -> None:
    stage.sandbox.faults.add(Order("add_profiles_to_list", "drop_after", times=1))
    change = stage.carried_out(stage.approved(adding(stage)))
    assert change.status == "unclear"
    before = of(change)
    review.resolve(stage.admin, change.steps.get(), "send again")
    change = stage.carried_out(review.resume(stage.admin, Change.objects.get(pk=change.pk)))
    assert change.status == "done"
    assert of(change) == before


def test_a_worker_that_dies_before_sending_reads_anew(stage: Stage) -> None:
    change = stage.approved(adding(stage))

    def cut(request: httpx.Request) -> None:
        if request.method == "POST":
            raise httpx.ConnectError("no route", request=request)

    stage.line.before = cut
    stage.carried_out(change, rounds=1)
    stage.line.before = lambda _: None
    ident = stage.lists()[1].id
    World(stage).call("add_profiles_to_list", many("profile", *of(change).get("ids", ())), id=ident)
    assert stage.carried_out(Change.objects.get(pk=change.pk)).status == "done"


def test_the_image_is_sealed_in_the_database(stage: Stage) -> None:
    change = stage.carried_out(stage.approved(deleting(stage)))
    name = of(change)["things"][0]["attributes"]["name"].encode()
    (token,) = Step.objects.filter(change=change).extra(select={"raw": "image"}).values_list("raw", flat=True)
    assert name not in bytes(token)


def campaign(stage: Stage) -> Change:
    """A campaign is created, told in words as a form tells it, its template assigned, and it is set to be sent."""
    world = World(stage)
    audience, template = stage.lists()[0].id, world.first("get_templates")
    message = {"data": [{"type": "campaign-message", "attributes": {"definition": MAIL}}]}
    told = {"name": "Undone", "audiences": {"included": [audience]}, "campaign-messages": message}
    make = operation("create_campaign").write({}, one("campaign", attributes=told | {"send_strategy": LATE}))
    words = (FieldChange(("Gets it",), "Gets it", None, "Everybody"),)
    within = Ref(1, "/data/relationships/campaign-messages/data/0/id")
    related = {"template": to("template", template)}
    assign = operation("assign_template_to_campaign_message").write(
        {}, one("campaign-message", within, related=related)
    )
    send = operation("send_campaign").write({}, one("campaign-send-job", Ref(1)))
    requests = (Request(make, Target("campaign", "", "Undone"), words), Request(assign), Request(send))
    change = stage.carried_out(stage.approved(Intent("campaigns.send", "Send it.", requests)))
    assert change.status == "done", change.outcome
    return change


def test_what_a_change_made_and_then_changed_is_undone_by_deleting_it(stage: Stage) -> None:
    world = World(stage)
    before = world.state()
    change = campaign(stage)
    plan = undoing.plan(stage.account, change, 0)
    assert plan.intent is not None, plan.fault
    assert not any(part.left_out for part in plan.parts)
    back = undone(stage, change)
    assert back.status == "done", back.outcome
    assert list(back.steps.values_list("operation", flat=True)) == ["cancel_campaign_send", "delete_campaign"]
    left = list((world.state() - before).elements())
    assert all("/template/" in line for line in left), "only the copy that the message was given stays in the library"


def test_what_somebody_has_changed_since_stays_with_all_that_belongs_to_it(stage: Stage) -> None:
    change = campaign(stage)
    ident = json.loads(bytes(change.steps.get(number=1).response))["data"]["id"]
    world = World(stage)
    world.call("cancel_campaign_send", one("campaign-send-job", ident, action="revert"), id=ident)
    world.call("update_campaign", one("campaign", ident, name="Theirs now"), id=ident)
    plan = undoing.plan(stage.account, change, 0)
    assert plan.intent is not None, plan.fault
    assert [request.write.operation for request in plan.intent.requests] == ["cancel_campaign_send"]
    assert {part.step.number: part.left_out for part in plan.parts} == {3: False, 2: False, 1: True}
    assert plan.parts[1].lost == (undo.STAYS,)
