"""A change is sent at its time, in its window, or not at all; and what nobody approves in time lapses."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from klaviyo_admin.changes import digests, execution, expiry, policing, policy, review, sweep, timing
from klaviyo_admin.changes.models import Change
from klaviyo_admin.changes.review import ReviewRefused
from klaviyo_admin.changes.rules import Hours, Rule
from klaviyo_admin.changes.timing import Plan
from tests.changes.stage import Stage, actions

HOUR = timedelta(hours=1)


def planned(stage: Stage, plan: Plan, approve: bool = True) -> Change:
    change = review.propose(stage.marketer, stage.account, stage.renaming(), "For Thursday.", plan=plan)
    return review.approve(stage.admin, change, change.digest) if approve else change


def its_time_comes(change: Change, late: timedelta = timedelta(seconds=1)) -> Change:
    """Moves everything that the change knows of time into the past, as if it had been proposed that much earlier."""
    change.refresh_from_db()
    plan = timing.of(change)
    back = (plan.at or plan.approve_by or timezone.now()) - timezone.now() + late
    moved = {key: value - back for key in ("at", "approve_by") if (value := getattr(plan, key))}
    earlier = {
        key: value - back for key in ("not_before", "expires_at", "hinted_at") if (value := getattr(change, key))
    }
    Change.objects.filter(pk=change.pk).update(plan=timing.written(replace(plan, **moved)), **earlier)
    fresh = digests.of(*digests.read(change.pk))
    Change.objects.filter(pk=change.pk).update(digest=fresh)
    change.approvals.update(digest=fresh)
    return Change.objects.get(pk=change.pk)


def test_a_change_with_a_time_waits_for_it_and_is_sent_then(stage: Stage) -> None:
    change = planned(stage, Plan(at=timezone.now() + HOUR))
    assert (change.status, change.waits_for) == ("approved", "time")
    execution.carry_out(change.pk)
    assert not sweep.due().exists()
    assert (Change.objects.get(pk=change.pk).status, stage.writes()) == ("approved", [])
    change = its_time_comes(change)
    assert sweep.due().get() == change
    assert stage.carried_out(change).status == "done"


def test_a_forged_moment_does_not_send_it_early(stage: Stage) -> None:
    change = planned(stage, Plan(at=timezone.now() + HOUR))
    Change.objects.filter(pk=change.pk).update(not_before=None, expires_at=None)
    execution.carry_out(change.pk)
    change.refresh_from_db()
    assert (change.status, change.waits_for, stage.writes()) == ("running", "time", [])
    Change.objects.filter(pk=change.pk).update(plan={}, not_before=None)
    execution.carry_out(change.pk)
    assert (Change.objects.get(pk=change.pk).outcome, stage.writes()) == (digests.ALTERED, [])


def test_what_is_late_by_more_than_its_grace_is_never_sent(stage: Stage) -> None:
    change = its_time_comes(planned(stage, Plan(at=timezone.now() + HOUR)), late=timedelta(minutes=61))
    execution.carry_out(change.pk)
    change.refresh_from_db()
    assert (change.status, stage.writes()) == ("expired", [])
    assert "That time has passed, so nothing was sent." in change.outcome
    assert actions(change)[-1] == "change.ended"


def test_what_is_late_by_less_is_sent(stage: Stage) -> None:
    change = its_time_comes(planned(stage, Plan(at=timezone.now() + HOUR)), late=timedelta(minutes=59))
    assert stage.carried_out(change).status == "done"


def test_an_approved_change_whose_time_went_by_while_no_worker_ran_expires(stage: Stage) -> None:
    change = its_time_comes(planned(stage, Plan(at=timezone.now() + HOUR, grace=5)), late=timedelta(minutes=6))
    expiry.once()
    expiry.once()
    change.refresh_from_db()
    assert (change.status, stage.writes()) == ("expired", [])
    assert actions(change).count("change.expired") == 1


def test_what_has_begun_does_not_expire(stage: Stage) -> None:
    change = planned(stage, Plan(at=timezone.now() + HOUR))
    change = its_time_comes(change)
    stage.carried_out(change)
    Change.objects.filter(pk=change.pk).update(status="running", expires_at=timezone.now() - HOUR)
    expiry.once()
    assert Change.objects.get(pk=change.pk).status == "running"


def test_a_proposal_that_nobody_approves_lapses(stage: Stage) -> None:
    change = planned(stage, Plan(approve_by=timezone.now() + HOUR), approve=False)
    expiry.once()
    assert Change.objects.get(pk=change.pk).status == "proposed"
    change = its_time_comes(change)
    with pytest.raises(ReviewRefused, match="Nobody approved it before"):
        review.approve(stage.admin, change, change.digest)
    expiry.once()
    change.refresh_from_db()
    assert change.status == "expired"
    assert actions(change) == ["change.proposed", "change.expired"]


def test_a_proposal_without_a_word_on_time_holds_for_thirty_days(stage: Stage) -> None:
    change = stage.proposed()
    assert change.expires_at == change.proposed_at + timedelta(days=30)
    Change.objects.filter(pk=change.pk).update(proposed_at=timezone.now() - timedelta(days=31))
    with pytest.raises(ReviewRefused, match="Nobody approved it before"):
        review.approve(stage.admin, change, change.digest)


def test_a_policy_that_nobody_approves_lapses_like_any_change(stage: Stage) -> None:
    change = policing.propose(stage.admin, stage.account, [Rule(approvals=2)], "House rules.")
    assert change.expires_at == change.proposed_at + timedelta(days=30)
    Change.objects.filter(pk=change.pk).update(expires_at=timezone.now() - HOUR)
    expiry.once()
    change.refresh_from_db()
    assert change.status == "expired"
    assert policy.current(stage.account) is None


def test_a_proposal_for_a_moment_that_has_passed_cannot_be_approved(stage: Stage) -> None:
    change = planned(stage, Plan(at=timezone.now() - 2 * HOUR), approve=False)
    with pytest.raises(ReviewRefused, match="That time has passed"):
        review.approve(stage.admin, change, change.digest)


def at(change: Change, plan: Plan, now: str) -> Any:
    change.plan, change.status = timing.written(plan), "approved"
    return timing.wait(change, False, datetime.fromisoformat(now).replace(tzinfo=UTC))


NIGHTS = Hours(days=(0, 1, 2, 3, 4), begin=22 * 60, end=6 * 60)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-11-23 21:59", "2026-11-24 03:00"),  # Monday; ten in the evening in New York is three in UTC
        ("2026-11-24 03:00", None),
        ("2026-11-24 10:59", None),
        ("2026-11-24 11:00", "2026-11-25 03:00"),
        ("2026-07-06 21:00", "2026-07-07 02:00"),  # in summer it is two
    ],
)
def test_a_window_is_one_of_the_accounts_zone(stage: Stage, now: str, opens: str | None) -> None:
    wait = at(stage.proposed(), Plan(window=NIGHTS, zone="America/New_York"), now)
    assert (wait.until.astimezone(UTC).strftime("%Y-%m-%d %H:%M") if wait else None) == opens


def test_windows_of_two_zones_agree_about_an_hour_that_comes_twice(stage: Stage) -> None:
    change = stage.proposed()
    change.terms = {"approvals": 1, "windows": [{"days": [], "begin": 150, "end": 300}], "zone": "Europe/Berlin"}
    wait = at(change, Plan(window=Hours((), 150, 300), zone="Europe/Paris"), "2026-10-25 01:15")
    assert wait == timing.Wait(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "window")


def test_a_window_and_the_policys_window_have_to_be_open_both(stage: Stage) -> None:
    change = stage.proposed()
    change.terms = {"approvals": 1, "windows": [{"days": [], "begin": 4 * 60, "end": 5 * 60}]}
    wait = at(change, Plan(window=NIGHTS, zone="America/New_York"), "2026-11-23 12:00")
    assert wait.until == datetime(2026, 11, 24, 4, tzinfo=UTC)
    change.terms = {"approvals": 1, "windows": [{"days": [], "begin": 12 * 60, "end": 13 * 60}]}
    with pytest.raises(timing.Over, match="never open"):
        at(change, Plan(window=NIGHTS, zone="America/New_York"), "2026-11-23 12:00")


def test_a_plan_survives_being_written() -> None:
    for plan in (
        Plan(),
        Plan(at=datetime(2026, 11, 26, 9, tzinfo=UTC), grace=5, canary=3, tolerate=10),
        Plan(window=NIGHTS, zone="Europe/London", approve_by=datetime(2026, 12, 1, tzinfo=UTC)),
    ):
        assert timing.read(timing.written(plan)) == plan
    assert timing.written(Plan()) == {}
    for forged in ({"at": "2026-11-26T09:00"}, {"zone": "Mars/Base"}, {"window": {"days": [9]}}, {"foo": 1}):
        with pytest.raises((ValueError, TypeError)):
            timing.read(forged)


@pytest.mark.parametrize("forged", [{"at": 7}, {"at": "soon"}, {"foo": 1}, {"window": {"days": [9]}}])
def test_a_plan_that_was_tampered_with_keeps_no_other_change_from_expiring(
    stage: Stage, forged: dict[str, Any]
) -> None:
    changes = [planned(stage, Plan(approve_by=timezone.now() + HOUR), approve=False) for _ in range(2)]
    Change.objects.update(expires_at=timezone.now() - HOUR)
    Change.objects.filter(pk=changes[0].pk).update(plan=forged)
    expiry.once()
    assert set(Change.objects.values_list("status", flat=True)) == {"expired"}
