"""An approved change leaves exactly once, request by request, and ends in a named state."""

from collections.abc import Callable

import httpx
import orjson
import pytest

from klaviyo_admin import api
from klaviyo_admin.audit.models import Entry
from klaviyo_admin.audit.verify import verify
from klaviyo_admin.changes import execution, holding, review, waiting
from klaviyo_admin.changes.models import Approval, Change, Step
from klaviyo_admin.changes.review import ReviewRefused
from klaviyo_admin.sandbox.faults import Order
from tests.changes.stage import Killed, Stage, actions, statuses


def once(action: Callable[[], None]) -> Callable[[httpx.Request], None]:
    """A hook that acts on the first write only."""
    left = [action]

    def hook(request: httpx.Request) -> None:
        if request.method != "GET" and left:
            left.pop()()

    return hook


def die() -> None:
    raise Killed


def test_an_approved_change_is_sent_as_it_was_proposed(stage: Stage) -> None:
    change = stage.carried_out(stage.approved(stage.renaming(to="Spring")))
    (sent,) = stage.writes()
    assert (change.status, statuses(change)) == ("done", ["done"])
    assert sent["sha256"] == Step.objects.get(change=change).body_sha256
    assert "Spring 1" in {item.get("name") for item in stage.lists()}
    assert actions(change)[2:] == ["change.started", "step.sent", "step.done", "change.ended"]
    assert verify().first_broken is None


def test_a_change_that_nobody_approved_is_never_sent(stage: Stage) -> None:
    change = stage.proposed()
    execution.carry_out(change.pk)
    Change.objects.filter(pk=change.pk).update(status="approved")
    change = stage.carried_out(change)
    assert (change.status, change.outcome) == ("failed", execution.NOT_APPROVED)
    assert stage.writes() == []


def test_an_approval_of_an_older_digest_does_not_count(stage: Stage) -> None:
    change = stage.approved()
    Approval.objects.filter(change=change).update(digest="0" * 64)
    assert stage.carried_out(change).status == "failed"
    assert stage.writes() == []


def test_delivering_the_task_again_sends_nothing_again(stage: Stage) -> None:
    change = stage.carried_out(stage.approved(stage.renaming(3)))
    for _ in range(3):
        execution.carry_out(change.pk)
    assert len(stage.writes()) == 3


def test_a_change_is_held_by_one_worker(stage: Stage) -> None:
    change = stage.approved()
    assert holding.take(change.pk) is not None
    assert holding.take(change.pk) is None


def test_a_target_that_moved_makes_the_change_stale_and_nothing_is_sent(stage: Stage) -> None:
    change = stage.approved(stage.renaming(5))
    rival = stage.carried_out(stage.approved(stage.renaming(1, to="Rival")))
    change = stage.carried_out(change)
    assert (change.status, set(statuses(change))) == ("stale", {"waiting"})
    assert "Nothing was sent" in change.outcome
    assert Step.objects.get(change=change, number=1).seen == ["Rival 1"]
    assert Entry.objects.get(change_id=change.pk, action="change.ended").detail["moved"] == [
        {"step": 1, "fields": ["Name"]}
    ]
    assert [rival.status, len(stage.writes())] == ["done", 1]


def test_a_target_that_moves_while_the_change_runs_stops_the_rest(stage: Stage) -> None:
    intent = stage.renaming(3)
    change = stage.approved(intent)
    stage.line.after = once(die)
    with pytest.raises(Killed):
        execution.carry_out(change.pk)
    stage.carried_out(change)
    third = intent.requests[2].target
    assert third is not None
    other = stage.renaming(3, to="Rival").requests[2]
    api.writer(stage.account).send(other.write)
    review.resolve(stage.admin, Step.objects.get(change=change, number=1), "done")
    Step.objects.filter(change=change).update(checked_at=None)
    review.resume(stage.admin, change)
    change = stage.carried_out(change)
    assert (change.status, statuses(change)) == ("stale", ["done", "waiting", "waiting"])
    assert "1 of 3" in change.outcome


def test_a_target_that_is_gone_makes_the_change_stale(stage: Stage) -> None:
    change = stage.approved()
    target = Step.objects.get(change=change).target_id
    with stage.sandbox.store.change() as db:
        db.execute("DELETE FROM circle WHERE id = ?", (target,))
    assert stage.carried_out(change).status == "stale"


def test_two_requests_on_one_field_do_not_make_each_other_stale(stage: Stage) -> None:
    one, two = stage.renaming(to="First"), stage.renaming(to="Second")
    both = type(one)("lists.twice", "Rename twice.", one.requests + two.requests)
    assert stage.carried_out(stage.approved(both)).status == "done"
    assert "Second 1" in {item.get("name") for item in stage.lists()}


def test_a_refusal_stops_the_change_and_says_why(stage: Stage) -> None:
    change = stage.approved(stage.renaming(3))
    stage.sandbox.faults.add(Order("update_list", "error_before", times=1, status=400))
    change = stage.carried_out(change)
    assert (change.status, statuses(change)) == ("failed", ["failed", "waiting", "waiting"])
    step = Step.objects.get(change=change, number=1)
    assert (step.response_status, step.error.startswith("Klaviyo refused it (400")) == (400, True)
    assert step.problems["problems"]
    assert len(stage.writes()) == 1


@pytest.mark.parametrize("fault", ["error_before", "error_after", "drop_before", "drop_after", "html"])
def test_a_lost_answer_is_unclear_and_never_sent_again_by_itself(stage: Stage, fault: str) -> None:
    change = stage.approved(stage.renaming(2))
    stage.sandbox.faults.add(Order("update_list", fault, times=1))
    change = stage.carried_out(change)
    assert (change.status, statuses(change)) == ("unclear", ["unclear", "waiting"])
    execution.carry_out(change.pk)
    assert len(stage.writes()) == 1


def test_a_long_wait_is_left_to_the_sweep_and_then_the_request_goes_out(stage: Stage) -> None:
    change = stage.approved()
    stage.sandbox.faults.add(Order("update_list", "throttle", times=1, seconds=40))
    execution.carry_out(change.pk)
    change.refresh_from_db()
    assert (change.status, statuses(change), change.lease_until) == ("running", ["waiting"], None)
    assert change.not_before is not None
    execution.carry_out(change.pk)
    assert len(stage.writes()) == 1
    assert stage.carried_out(change).status == "done"
    assert "step.postponed" in actions(change)


def test_an_unreachable_klaviyo_is_tried_again_and_then_handed_to_a_person(stage: Stage) -> None:
    change = stage.approved()

    def unplugged(request: httpx.Request) -> None:
        raise httpx.ConnectError("no route", request=request)

    stage.line.before = lambda request: unplugged(request) if request.method == "PATCH" else None
    change = stage.carried_out(change)
    assert (change.status, statuses(change), stage.writes()) == ("failed", ["waiting"], [])
    assert actions(change).count("step.sent") == waiting.UNREACHABLE_TRIES + 1
    stage.line.before = lambda _: None
    review.resume(stage.admin, change)
    assert stage.carried_out(change).status == "done"
    assert len(stage.writes()) == 1


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_worker_that_dies_in_mid_request_leaves_an_unclear_step(stage: Stage, moment: str) -> None:
    change = stage.approved(stage.renaming(3))
    setattr(stage.line, moment, once(die))
    with pytest.raises(Killed):
        execution.carry_out(change.pk)
    execution.carry_out(change.pk)
    assert statuses(change)[0] == "sent"  # the lease still runs, so nobody touches it
    change = stage.carried_out(change)
    assert (change.status, statuses(change)) == ("unclear", ["unclear", "waiting", "waiting"])
    assert len(stage.writes()) == (0 if moment == "before" else 1)


@pytest.mark.parametrize(("verdict", "sent"), [("done", 3), ("skip", 3), ("send again", 4)])
def test_a_person_settles_an_unclear_request_and_the_rest_goes_on(stage: Stage, verdict: str, sent: int) -> None:
    change = stage.approved(stage.renaming(3))
    stage.line.after = once(die)
    with pytest.raises(Killed):
        execution.carry_out(change.pk)
    change = stage.carried_out(change)
    with pytest.raises(ReviewRefused, match="First decide"):
        review.resume(stage.admin, change)
    review.resolve(stage.admin, Step.objects.get(change=change, number=1), verdict, "I looked.")
    review.resume(stage.admin, change)
    change = stage.carried_out(change)
    assert (change.status, len(stage.writes())) == ("done", sent)
    assert statuses(change) == ["skipped" if verdict == "skip" else "done", "done", "done"]
    entry = Entry.objects.get(change_id=change.pk, action="step.resolved")
    assert (entry.person_id, entry.detail["verdict"]) == (stage.admin.pk, verdict)


def test_settling_the_last_stuck_request_ends_the_change(stage: Stage) -> None:
    stage.sandbox.faults.add(Order("update_list", "drop_after", times=1))
    change = stage.carried_out(stage.approved())
    step = Step.objects.get(change=change)
    review.resolve(stage.admin, step, "done")
    change.refresh_from_db()
    assert (change.status, actions(change)[-2:]) == ("done", ["step.resolved", "change.ended"])
    with pytest.raises(ReviewRefused):
        review.resolve(stage.admin, step, "done")


def test_an_admin_does_not_send_their_own_unclear_request_again(stage: Stage) -> None:
    change = review.propose(stage.admin, stage.account, stage.renaming(), "Because.")
    review.approve(stage.colleague, change, change.digest)
    stage.sandbox.faults.add(Order("update_list", "drop_after", times=1))
    change = stage.carried_out(change)
    with pytest.raises(ReviewRefused, match="somebody else"):
        review.resolve(stage.admin, Step.objects.get(change=change), "send again")
    review.resolve(stage.colleague, Step.objects.get(change=change), "send again")


def test_a_long_change_runs_in_slices(stage: Stage) -> None:
    change = stage.approved(stage.renaming(7))
    rounds = 0
    while Change.objects.get(pk=change.pk).status in ("approved", "running"):
        hold = holding.take(change.pk)
        assert hold is not None
        execution.do_slice(hold, seconds=20, sends=2)
        rounds += 1
    assert (rounds, len(stage.writes()), set(statuses(change))) == (4, 7, {"done"})


def test_what_kills_its_worker_again_and_again_is_given_up(stage: Stage) -> None:
    change = stage.approved()
    stage.line.before = lambda _: die()
    for _ in range(holding.MAX_ATTEMPTS):
        with pytest.raises(Killed):
            execution.carry_out(change.pk)
        stage.time_passes(change)
    change = stage.carried_out(change)
    assert (change.status, change.outcome, stage.writes()) == ("failed", execution.GIVEN_UP, [])


def test_an_answer_that_comes_too_late_is_on_record_and_changes_nothing(stage: Stage) -> None:
    change = stage.approved()

    def somebody_else_takes_over() -> None:
        stage.time_passes(change)
        stage.line.after = lambda _: None
        execution.carry_out(change.pk)

    stage.line.after = once(somebody_else_takes_over)
    execution.carry_out(change.pk)
    change.refresh_from_db()
    assert (change.status, statuses(change), len(stage.writes())) == ("unclear", ["unclear"], 1)
    assert actions(change)[-3:] == ["step.unclear", "change.ended", "step.late"]


def test_the_audit_names_no_customer(stage: Stage) -> None:
    profile = api.reader(stage.account).page("get_profiles").items[0]
    from_form = {"first_name": "Zebedee", "properties": {"Plan": "gold"}}
    change = stage.carried_out(stage.approved(stage.editing(profile, from_form)))
    assert change.status == "done"
    told = orjson.dumps([[e.sentence, e.object_name, e.detail] for e in Entry.objects.all()]).decode()
    for secret in ("Zebedee", str(profile.get("email")), str(profile.get("first_name"))):
        assert secret not in told
    assert profile.id in told
