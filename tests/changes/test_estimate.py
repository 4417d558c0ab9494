"""How long a change will take: from limits and what is spent of them, to the minute that a person is told."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as some

from klaviyo_admin import api
from klaviyo_admin.changes import estimate, freezes
from klaviyo_admin.changes.estimate import EACH, Load
from klaviyo_admin.changes.proposing import propose
from klaviyo_admin.changes.rules import Hours
from klaviyo_admin.changes.timing import Plan
from klaviyo_admin.klaviyo import catalogue
from klaviyo_admin.klaviyo.ledger import DAY, MINUTE, Spent
from tests.changes.stage import Stage

MONDAY = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)


def window(seconds: int, allowed: int, *frees: tuple[float, int]) -> Spent:
    return Spent(seconds, allowed, frees)


def test_three_hundred_updates_with_a_hundred_a_day_are_done_two_days_later() -> None:
    found = estimate.estimate([Load("Update", 300, (window(DAY, 100),))], MONDAY)
    assert found.done.replace(second=0, microsecond=0) == datetime(2026, 11, 25, 9, 10, tzinfo=UTC)
    assert (found.lines[0].limit, found.lines[0].left) == ("100 a day", 100)


def test_what_is_spent_today_comes_off_and_comes_back() -> None:
    spent = window(DAY, 100, (3600.0, 60), (7200.0, 20))
    assert spent.left == 20
    assert estimate.last_leaves(spent, 20) == 0
    assert estimate.last_leaves(spent, 21) == 3600
    assert estimate.last_leaves(spent, 80) == 3600
    assert estimate.last_leaves(spent, 81) == 7200
    assert estimate.last_leaves(spent, 101) == DAY


def test_a_few_requests_take_as_long_as_their_way() -> None:
    line = estimate.line(Load("Update", 3, (window(1, 3), window(MINUTE, 60))))
    assert (line.seconds, line.limit) == (3 * EACH, "")


def test_the_tightest_window_is_the_one_that_is_named() -> None:
    line = estimate.line(Load("Update", 1000, (window(1, 75), window(MINUTE, 60), window(DAY, 5000))))
    assert line.limit == "60 a minute"
    assert line.seconds == pytest.approx(16 * 60 + EACH)


def test_one_operation_is_sent_after_the_other() -> None:
    loads = [Load("A", 61, (window(MINUTE, 60),)), Load("B", 61, (window(MINUTE, 60),))]
    assert estimate.estimate(loads, MONDAY).seconds == pytest.approx(2 * (60 + EACH))


@given(
    some.integers(1, 20),
    some.integers(1, 200),
    some.lists(some.floats(0, 60, allow_nan=False), max_size=20),
)
def test_the_closed_form_equals_sending_one_by_one(allowed: int, requests: int, busy: list[float]) -> None:
    spent = window(MINUTE, allowed, *((at, 1) for at in busy[:allowed]))
    places = sorted([*busy[:allowed], *([0.0] * (allowed - len(busy[:allowed])))])
    last = 0.0
    for _ in range(requests):
        last = places.pop(0)
        places = sorted([*places, last + MINUTE])
    assert estimate.last_leaves(spent, requests) == pytest.approx(last)


def test_a_change_is_estimated_from_the_budgets_of_its_account(stage: Stage) -> None:
    budget = api.reader(stage.account).budget
    assert budget
    change = stage.proposed(stage.renaming(5))
    found = estimate.of(change, budget)
    assert found
    assert found.seconds == pytest.approx(5 * EACH)
    assert not found.long
    stage.carried_out(stage.approved(stage.renaming(to="Other")))
    spending = budget.spending(catalogue.operation("update_list"))
    assert [s.allowed - s.left for s in spending] == [1] * len(spending)
    assert estimate.of(stage.carried_out(stage.approved(stage.renaming(2, to="Third"))), budget) is None


def test_what_is_sent_at_a_time_is_done_after_it_and_what_never_opens_is_not_estimated(stage: Stage) -> None:
    budget = api.reader(stage.account).budget
    assert budget
    later = timezone.now() + timedelta(days=3)
    change = propose(stage.marketer, stage.account, stage.renaming(), "Because.", plan=Plan(at=later))
    found = estimate.of(change, budget)
    assert found
    assert found.begins == later
    assert found.long
    shut = propose(
        stage.marketer, stage.account, stage.renaming(to="Other"), "Because.", plan=Plan(window=Hours((), 5, 5))
    )
    assert estimate.of(shut, budget) is None


def test_a_freeze_holds_the_estimate_too(stage: Stage) -> None:
    budget = api.reader(stage.account).budget
    assert budget
    now = timezone.now()
    change = stage.proposed()
    freezes.set_up(stage.admin, stage.account, now - timedelta(hours=1), now + timedelta(hours=5), "Black Friday.")
    freezes.set_up(stage.admin, stage.account, now + timedelta(hours=4), now + timedelta(hours=9), "And after.")
    found = estimate.of(change, budget)
    assert found
    assert found.begins == now + timedelta(hours=9)
