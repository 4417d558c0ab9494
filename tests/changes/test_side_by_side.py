"""Requests on different things are on their way together; what belongs in order stays in order."""

import threading

import httpx

from klaviyo_admin.changes import execution, order, review
from klaviyo_admin.changes.models import Change, Step
from klaviyo_admin.changes.timing import Plan
from klaviyo_admin.intents import Intent, Ref, Request
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.sandbox.faults import Order
from tests.changes.stage import Stage, actions, statuses


class Crowd:
    """Watches how many writes are on their way at one time."""

    def __init__(self, stage: Stage) -> None:
        self.now = self.most = 0
        self.lock = threading.Lock()
        stage.line.before, stage.line.after = self.come, self.go

    def come(self, request: httpx.Request) -> None:
        with self.lock:
            self.now += request.method != "GET"
            self.most = max(self.most, self.now)

    def go(self, request: httpx.Request) -> None:
        with self.lock:
            self.now -= request.method != "GET"


def test_requests_on_different_things_go_four_at_a_time(stage: Stage) -> None:
    crowd = Crowd(stage)
    stage.sandbox.faults.add(Order("update_list", "slow", seconds=0.03))
    change = stage.carried_out(stage.approved(stage.renaming(6)))
    assert (change.status, crowd.most) == ("done", order.AT_ONCE)
    assert len(stage.writes()) == 6
    assert actions(change).count("step.sent") == actions(change).count("step.done") == 6


def test_requests_on_one_thing_go_one_after_another(stage: Stage) -> None:
    crowd = Crowd(stage)
    stage.sandbox.faults.add(Order("update_list", "slow", seconds=0.01))
    requests = tuple(r for name in "ABCD" for r in stage.renaming(to=name).requests)
    change = stage.carried_out(stage.approved(Intent("lists.often", "Often.", requests)))
    assert (change.status, crowd.most) == ("done", 1)
    assert stage.lists()[0].get("name") == "D 1"


def test_requests_without_a_named_thing_or_with_a_reference_go_alone(stage: Stage) -> None:
    crowd = Crowd(stage)
    made = [
        operation("create_list").write(document={"data": {"type": "list", "attributes": {"name": f"New {n}"}}})
        for n in range(3)
    ]
    gone = [operation("delete_list").write({"id": Ref(n)}) for n in (1, 2, 3)]
    change = stage.carried_out(stage.approved(Intent("lists.x", "X.", tuple(map(Request, [*made, *gone])))))
    assert (change.status, crowd.most) == ("done", 1)


def test_one_refused_and_one_lost_among_four_leave_the_others_done(stage: Stage) -> None:
    change = review.propose(stage.marketer, stage.account, stage.renaming(6), "Why.", plan=Plan(tolerate=50))
    review.approve(stage.admin, change, change.digest)
    execution.do_slice(holding_of(change), 20, 1)
    stage.sandbox.faults.add(Order("update_list", "error_before", times=1, status=400))
    stage.sandbox.faults.add(Order("update_list", "drop_after", times=1))
    change = stage.carried_out(change)
    found = statuses(change)
    assert (change.status, sorted(found)) == ("unclear", ["done", "done", "done", "failed", "unclear", "waiting"])
    assert len(stage.writes()) == 5


def test_a_throttled_one_among_four_comes_again(stage: Stage) -> None:
    change = stage.approved(stage.renaming(5))
    execution.do_slice(holding_of(change), 20, 1)
    stage.sandbox.faults.add(Order("update_list", "throttle", times=1, seconds=30))
    change = stage.carried_out(change)
    assert (change.status, "step.postponed" in actions(change)) == ("done", True)
    done = [write for write in stage.writes() if write["status"] < 300]
    assert len(done) == len({write["path"] for write in done}) == 5


def holding_of(change: Change) -> execution.Hold:
    hold = execution.holding.take(change.pk)
    assert hold
    return hold


def test_what_may_go_together_is_of_one_operation(stage: Stage) -> None:
    change = stage.approved(stage.renaming(4))
    steps = list(Step.objects.filter(change=change))
    assert [s.number for s in order.batch(steps, Plan(), False)] == [1]
    steps[0].status = "done"
    assert [s.number for s in order.batch(steps, Plan(), False)] == [2, 3, 4]
    steps[2].operation = "delete_list"
    assert [s.number for s in order.batch(steps, Plan(), False)] == [2]
    steps[1].operation = steps[3].operation = "merge_profiles"  # privacy: one at a time
    assert [s.number for s in order.batch(steps, Plan(), False)] == [2]
    assert order.batch(steps, Plan(canary=1), False) == []
