"""Many at once: one of them wins, and the others change nothing."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from klaviyo_admin.audit.models import Entry
from klaviyo_admin.audit.verify import verify
from klaviyo_admin.changes import execution, holding, review
from klaviyo_admin.changes.models import Approval, Change, Step
from klaviyo_admin.changes.review import ReviewRefused
from klaviyo_admin.sandbox.faults import Order
from tests.changes.stage import Stage, actions, set_up, statuses

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stage(settings: Any, tmp_path: Path, transactional_db: None) -> Iterator[Stage]:
    settings.MEDIA_ROOT = tmp_path
    with set_up() as made:
        yield made


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Runs all of them side by side, started in the same instant; the results or exceptions, in order."""
    gate = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        gate.wait()
        try:
            results[place] = act()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_eight_deliveries_at_once_send_each_request_once(stage: Stage) -> None:
    change = stage.approved(stage.renaming(5))
    stage.sandbox.faults.add(Order("update_list", "slow", seconds=0.02))
    results = at_once(*[lambda: execution.carry_out(change.pk)] * 8)
    assert results == [None] * 8
    assert (statuses(change), len(stage.writes())) == (["done"] * 5, 5)
    assert actions(change).count("change.started") == 1
    assert verify().first_broken is None


def test_eight_claims_at_once_give_one_holder(stage: Stage) -> None:
    change = stage.approved()
    holds = [hold for hold in at_once(*[lambda: holding.take(change.pk)] * 8) if hold]
    assert len(holds) == 1
    assert Change.objects.get(pk=change.pk).fence == 1


def test_approving_and_rejecting_in_the_same_instant_has_one_outcome(stage: Stage) -> None:
    for round_ in range(10):
        change = stage.proposed(stage.renaming(to=f"Round {round_}"))
        results = at_once(
            lambda change=change: review.approve(stage.admin, change, change.digest),
            lambda change=change: review.reject(stage.colleague, change, "No."),
            lambda change=change: review.withdraw(stage.marketer, change),
        )
        won = [result for result in results if isinstance(result, Change)]
        lost = [result for result in results if isinstance(result, ReviewRefused)]
        status = Change.objects.get(pk=change.pk).status
        # An approved change may still be withdrawn before a worker begins; nothing else happens twice.
        assert (len(won), len(lost)) in ((1, 2), (2, 1))
        assert len(won) == 1 or actions(change)[1:] == ["change.approved", "change.withdrawn"]
        assert status in ("approved", "rejected", "withdrawn")
        assert Approval.objects.filter(change=change).count() <= 1
        assert len(actions(change)) == 1 + len(won)


def test_one_admin_clicking_twice_approves_once(stage: Stage) -> None:
    change = stage.proposed()
    results = at_once(*[lambda: review.approve(stage.admin, change, change.digest)] * 4)
    assert sum(isinstance(result, Change) for result in results) == 1
    assert Entry.objects.filter(action="change.approved").count() == 1


def test_two_people_settling_one_request_settle_it_once(stage: Stage) -> None:
    change = stage.approved(stage.renaming(2))
    stage.sandbox.faults.add(Order("update_list", "drop_after", times=1))
    stage.carried_out(change)
    step = Step.objects.get(change=change, number=1)
    results = at_once(
        lambda: review.resolve(stage.admin, step, "done"), lambda: review.resolve(stage.colleague, step, "send again")
    )
    assert sum(isinstance(result, Step) for result in results) == 1
    resumed = at_once(*[lambda: review.resume(stage.admin, change)] * 3)
    assert sum(isinstance(result, Change) for result in resumed) == 1
    assert actions(change).count("step.resolved") == 1
    assert actions(change).count("change.resumed") == 1


def test_a_withdrawal_and_a_claim_at_once_never_both_win(stage: Stage) -> None:
    for round_ in range(10):
        change = stage.approved(stage.renaming(to=f"Round {round_}"))
        before = len(stage.writes())
        at_once(
            lambda change=change: review.withdraw(stage.marketer, change),
            lambda change=change: execution.carry_out(change.pk),
        )
        change.refresh_from_db()
        assert (change.status, len(stage.writes()) - before) in (("withdrawn", 0), ("done", 1))
