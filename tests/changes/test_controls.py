"""A change can be held up, looked at after its first requests, cut short, and tried again; and it stops by itself."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from klaviyo_admin.accounts.rights import NotAllowed
from klaviyo_admin.changes import controls, deciders, execution, holding, review, timing
from klaviyo_admin.changes.models import Change, Step
from klaviyo_admin.changes.review import ReviewRefused
from klaviyo_admin.changes.timing import Plan
from klaviyo_admin.intents import Intent
from klaviyo_admin.sandbox.faults import Order
from tests.changes.stage import Stage, actions, statuses


def planned(stage: Stage, count: int = 5, **plan: Any) -> Change:
    change = review.propose(stage.marketer, stage.account, stage.renaming(count), "Tidy up.", plan=Plan(**plan))
    return review.approve(stage.admin, change, change.digest)


def meanwhile(stage: Stage, after: int, act: Any) -> None:
    """Somebody acts while the request of this number is on its way."""
    seen = []

    def watch(request: httpx.Request) -> None:
        if request.method != "GET":
            seen.append(request)
            if len(seen) == after:
                act()

    stage.line.after = watch


def test_a_paused_change_sends_nothing_until_somebody_lets_it_go_on(stage: Stage) -> None:
    change = planned(stage)
    controls.pause(stage.marketer, change)
    execution.carry_out(change.pk)
    change.refresh_from_db()
    assert (change.status, change.waits_for, stage.writes()) == ("paused", "person", [])
    controls.go_on(stage.colleague, change)
    assert stage.carried_out(change).status == "done"
    assert [a for a in actions(change) if a.startswith("change.")] == [
        *("change.proposed", "change.approved", "change.paused", "change.resumed", "change.started", "change.ended")
    ]


def test_a_pause_while_a_request_is_on_its_way_lets_that_one_arrive(stage: Stage) -> None:
    change = planned(stage)
    meanwhile(stage, 1, lambda: controls.pause(stage.admin, change))
    execution.carry_out(change.pk)
    change.refresh_from_db()
    assert (change.status, statuses(change)) == ("paused", ["done", *["waiting"] * 4])
    controls.go_on(stage.admin, change)
    assert stage.carried_out(change).status == "done"
    assert len(stage.writes()) == 5


def test_a_pause_that_is_taken_back_before_the_worker_meets_it_changes_nothing(stage: Stage) -> None:
    change = planned(stage)

    def waver() -> None:
        controls.pause(stage.admin, change)
        controls.go_on(stage.admin, change)

    meanwhile(stage, 1, waver)
    assert stage.carried_out(change).status == "done"


@pytest.mark.parametrize("who", ["viewer", "auditor"])
def test_only_its_author_and_approvers_hold_a_change_up(stage: Stage, who: str) -> None:
    change = planned(stage)
    for act in (controls.pause, lambda p, c: controls.cancel(p, c, "No."), controls.go_on, controls.retry):
        with pytest.raises(NotAllowed):
            act(getattr(stage, who), change)
    controls.pause(stage.marketer, change)
    with pytest.raises(NotAllowed):
        controls.go_on(stage.marketer, change)


def test_cancelling_leaves_out_what_was_not_sent(stage: Stage) -> None:
    change = planned(stage)
    meanwhile(stage, 1, lambda: controls.cancel(stage.marketer, change, "Wrong names."))
    execution.carry_out(change.pk)
    execution.carry_out(change.pk)
    change.refresh_from_db()
    assert (change.status, statuses(change)) == ("cancelled", ["done", *["skipped"] * 4])
    assert change.outcome == "1 of 5 requests were carried out. 4 left out."
    assert len(stage.writes()) == 1
    with pytest.raises(ReviewRefused):
        controls.cancel(stage.marketer, change, "Again.")


@pytest.mark.parametrize("paused", [False, True])
def test_a_change_that_nobody_holds_is_cancelled_at_once(stage: Stage, paused: bool) -> None:
    change = planned(stage)
    if paused:
        controls.pause(stage.admin, change)
    controls.cancel(stage.admin, change, "Not today.")
    change.refresh_from_db()
    assert (change.status, set(statuses(change)), stage.writes()) == ("cancelled", {"skipped"}, [])
    execution.carry_out(change.pk)
    assert stage.writes() == []


def test_cancelling_needs_a_reason_and_something_left_to_cancel(stage: Stage) -> None:
    change = planned(stage)
    with pytest.raises(ReviewRefused, match="Say why"):
        controls.cancel(stage.admin, change, " ")
    stage.carried_out(change)
    with pytest.raises(ReviewRefused, match="cannot be cancelled"):
        controls.cancel(stage.admin, change, "No.")
    with pytest.raises(ReviewRefused, match="on its way"):
        controls.pause(stage.admin, change)


def test_the_first_requests_are_looked_at_before_the_others_go(stage: Stage) -> None:
    change = stage.carried_out(planned(stage, canary=2))
    assert (change.status, change.waits_for) == ("paused", "canary")
    assert statuses(change) == ["done"] * 2 + ["waiting"] * 3
    assert actions(change)[-1] == "change.paused"
    controls.go_on(stage.colleague, change)
    assert stage.carried_out(change).status == "done"
    assert len(stage.writes()) == 5


def test_a_pause_between_the_first_requests_is_no_look_at_them(stage: Stage) -> None:
    change = planned(stage, canary=2)
    controls.pause(stage.admin, change)
    controls.go_on(stage.admin, change)
    assert stage.carried_out(change).waits_for == "canary"


def test_it_goes_on_while_few_enough_fail(stage: Stage) -> None:
    change = planned(stage, tolerate=20)
    stage.sandbox.faults.add(Order("update_list", "error_before", times=1, status=400))
    change = stage.carried_out(change)
    assert (change.status, statuses(change)) == ("failed", ["failed", *["done"] * 4])


def test_it_stops_when_more_fail_than_it_tolerates(stage: Stage) -> None:
    change = planned(stage, tolerate=20)
    stage.sandbox.faults.add(Order("update_list", "error_before", times=5, status=400))
    change = stage.carried_out(change)
    assert change.status == "failed"
    assert statuses(change).count("failed") > 1
    assert len(stage.writes()) == statuses(change).count("failed")


def test_an_unclear_request_stops_it_whatever_it_tolerates(stage: Stage) -> None:
    change = planned(stage, tolerate=100)
    stage.sandbox.faults.add(Order("update_list", "drop_after", times=1))
    change = stage.carried_out(change)
    assert (change.status, statuses(change)) == ("unclear", ["unclear", *["waiting"] * 4])


def test_what_failed_is_tried_again_by_one_click(stage: Stage) -> None:
    change = planned(stage, tolerate=60)
    stage.sandbox.faults.add(Order("update_list", "error_before", times=2, status=400))
    change = stage.carried_out(change)
    assert statuses(change).count("failed") == 2
    controls.retry(stage.colleague, change)
    assert stage.carried_out(change).status == "done"
    assert actions(change).count("step.resolved") == 2
    with pytest.raises(ReviewRefused, match="No request of this change has failed"):
        controls.retry(stage.colleague, change)


def test_a_later_request_about_a_thing_that_failed_is_not_sent(stage: Stage) -> None:
    once, again = stage.renaming(to="Once"), stage.renaming(to="Again")
    other = replace(stage.renaming(3).requests[2])
    intent = Intent("lists.twice", "Twice.", (*once.requests, *again.requests, other))
    change = review.propose(stage.marketer, stage.account, intent, "Why.", plan=Plan(tolerate=90))
    review.approve(stage.admin, change, change.digest)
    stage.sandbox.faults.add(Order("update_list", "error_before", times=1, status=400))
    stage.carried_out(change)
    assert statuses(change) == ["failed", "failed", "done"]
    assert Step.objects.get(change=change, number=2).error == "Request 1, about the same thing, failed before it."
    assert len(stage.writes()) == 2


def test_another_plan_voids_what_was_approved(stage: Stage) -> None:
    change = planned(stage)
    digest = change.digest
    controls.reschedule(stage.admin, change, Plan(canary=1))
    change.refresh_from_db()
    assert (change.status, timing.of(change).canary) == ("proposed", 1)
    execution.carry_out(change.pk)
    assert stage.writes() == []
    with pytest.raises(ReviewRefused, match="no longer the one you looked at"):
        review.approve(stage.colleague, change, digest)
    with pytest.raises(ReviewRefused, match="You changed when"):
        review.approve(stage.admin, change, change.digest)
    assert stage.admin not in deciders.of(change)
    assert change not in Change.objects.waiting_for(stage.admin, stage.account)
    assert change in Change.objects.waiting_for(stage.colleague, stage.account)
    review.approve(stage.colleague, change, change.digest)
    assert stage.carried_out(change).waits_for == "canary"
    with pytest.raises(ReviewRefused, match="before it begins"):
        controls.reschedule(stage.admin, change, Plan())


def test_who_planned_it_anew_is_sealed_and_its_author_plans_as_before(stage: Stage) -> None:
    change = planned(stage)
    controls.reschedule(stage.admin, change, Plan(canary=1))
    change = controls.reschedule(stage.marketer, change, Plan(canary=2))
    assert review.approve(stage.admin, change, change.digest).planner is None
    other = planned(stage)
    controls.reschedule(stage.admin, other, Plan(canary=1))
    Change.objects.filter(pk=other.pk).update(planner=None)
    other.refresh_from_db()
    with pytest.raises(ReviewRefused, match="not what was proposed"):
        review.approve(stage.admin, other, other.digest)


def test_a_worker_that_lost_its_change_marks_nothing_as_sent(stage: Stage) -> None:
    change = planned(stage)
    hold = holding.take(change.pk)
    assert hold
    Change.objects.filter(pk=change.pk).update(fence=hold.fence + 1)
    with pytest.raises(holding.Lost):
        execution.do_slice(hold, 20, 200)
    assert stage.writes() == []
