"""The sweep tells the queue again of what nobody holds, and of nothing else, and not too often."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from klaviyo_admin.changes import execution, holding, sweep
from klaviyo_admin.changes.models import Change
from klaviyo_admin.sandbox.faults import Order
from tests.changes.stage import Killed, Stage


def hints() -> int:
    sweep.once()
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM django_q_ormq")
        count = int(cursor.fetchone()[0])
        cursor.execute("DELETE FROM django_q_ormq")
    return count


def ago(change: Change, seconds: float, *columns: str) -> None:
    then = timezone.now() - timedelta(seconds=seconds)
    Change.objects.filter(pk=change.pk).update(**dict.fromkeys(columns, then))


def test_a_fresh_approval_is_hinted_by_itself_and_again_only_when_its_hint_was_lost(stage: Stage) -> None:
    change = stage.approved()
    assert hints() == 1  # the approver's own
    assert hints() == 0
    ago(change, 31, "hinted_at")
    assert [hints(), hints()] == [1, 0]


def test_what_a_dead_worker_left_is_hinted_once_its_lease_has_run_out(stage: Stage) -> None:
    change = stage.approved()
    stage.line.before = lambda _: (_ for _ in ()).throw(Killed())
    with pytest.raises(Killed):
        execution.carry_out(change.pk)
    hints()
    assert hints() == 0
    ago(change, 100, "hinted_at")
    ago(change, 1, "lease_until")
    assert [hints(), hints()] == [1, 0]


def test_a_clock_that_is_set_back_an_hour_keeps_nothing_waiting_for_that_hour(stage: Stage) -> None:
    change = stage.approved()
    stage.line.before = lambda _: (_ for _ in ()).throw(Killed())
    with pytest.raises(Killed):
        execution.carry_out(change.pk)
    hints()
    ago(change, -3600, "hinted_at", "lease_until")
    assert hints() == 0, "its holder may live"
    held = Change.objects.get(pk=change.pk)
    assert held.lease_until
    assert held.lease_until < timezone.now() + timedelta(seconds=holding.LEASE_SECONDS)
    ago(change, 1, "lease_until")
    assert [hints(), hints()] == [1, 0]


def test_a_job_is_asked_again_though_the_clock_was_set_back(stage: Stage) -> None:
    change = stage.approved()
    Change.objects.filter(pk=change.pk).update(status="running")
    ago(change, -3600, "not_before", "hinted_at")
    assert hints() == 2  # the approver's own is one
    assert holding.take(change.pk)


def test_what_waits_for_its_own_time_waits_whatever_the_clock_did(stage: Stage) -> None:
    change = stage.approved()
    hints()
    Change.objects.filter(pk=change.pk).update(waits_for="time")
    ago(change, -3600, "not_before")
    assert (hints(), holding.take(change.pk)) == (0, None)


def test_what_waits_for_its_time_is_hinted_then_and_not_before(stage: Stage) -> None:
    change = stage.approved()
    stage.sandbox.faults.add(Order("update_list", "throttle", times=1, seconds=40))
    execution.carry_out(change.pk)
    hints()
    ago(change, 35, "hinted_at")
    assert hints() == 0
    ago(change, 1, "not_before")
    assert [hints(), hints()] == [1, 0]


@pytest.mark.parametrize("status", ["proposed", "done", "failed", "unclear", "stale", "rejected", "withdrawn"])
def test_nothing_but_what_is_under_way_is_hinted(stage: Stage, status: str) -> None:
    change = stage.approved()
    hints()
    Change.objects.filter(pk=change.pk).update(status=status)
    ago(change, 100, "hinted_at")
    assert hints() == 0


def test_a_held_change_is_left_alone(stage: Stage) -> None:
    change = stage.approved()
    hints()
    assert holding.take(change.pk)
    ago(change, 100, "hinted_at")
    assert hints() == 0


def test_a_slice_that_ends_early_tells_the_queue_itself(stage: Stage, settings: Any) -> None:
    change = stage.approved(stage.renaming(3))
    hints()
    hold = holding.take(change.pk)
    assert hold
    execution.do_slice(hold, seconds=20, sends=1)
    assert [hints(), hints()] == [1, 0]
