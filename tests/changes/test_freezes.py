"""In a freeze nothing leaves, also not what was planned for it; and whoever breaks the glass is seen and looked at."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from klaviyo_admin.accounts.models import Account, Membership, Person
from klaviyo_admin.accounts.rights import NotAllowed
from klaviyo_admin.audit.models import Entry
from klaviyo_admin.changes import controls, emergency, execution, freezes, holding, review, sweep
from klaviyo_admin.changes.models import BrokenGlass, Change, Freeze, PolicyVersion
from klaviyo_admin.changes.review import ReviewRefused
from klaviyo_admin.changes.timing import Plan
from klaviyo_admin.sandbox.faults import Order
from tests.changes.stage import Stage, actions, statuses
from tests.changes.test_controls import meanwhile
from tests.changes.test_timing import its_time_comes, planned

HOUR = timedelta(hours=1)


def frozen(stage: Stage, account: Account | None = None, hours: int = 2) -> Freeze:
    now = timezone.now()
    if account is None:
        Person.objects.filter(pk=stage.admin.pk).update(is_superuser=True)
    person = Person.objects.get(pk=stage.admin.pk)
    return freezes.set_up(person, account, now - HOUR, now + hours * HOUR, "Black Friday")


def emergency_person(stage: Stage, person: Person) -> None:
    Membership.objects.filter(person=person, account=stage.account).update(emergency=True)


@pytest.mark.parametrize("everywhere", [False, True])
def test_nothing_leaves_in_a_freeze_and_all_goes_on_after_it(stage: Stage, everywhere: bool) -> None:
    freeze = frozen(stage, None if everywhere else stage.account)
    change = stage.approved(stage.renaming(2))
    execution.carry_out(change.pk)
    change.refresh_from_db()
    assert (change.status, change.waits_for, change.not_before) == ("running", "freeze", freeze.ends_at)
    assert stage.writes() == []
    past = timezone.now() - timedelta(seconds=1)
    Freeze.objects.update(ends_at=past)
    Change.objects.update(not_before=past)
    assert stage.carried_out(change).status == "done"


def test_a_freeze_of_another_account_holds_nothing_here(stage: Stage) -> None:
    other = Account.objects.create(
        **{"name": "Other", "klaviyo_id": "X", "colour": "rose", "place": "sandbox", "sealed_key": b"x"},
        key_added_by=stage.admin,
    )
    now = timezone.now()
    Freeze.objects.create(account=other, begins_at=now - HOUR, ends_at=now + HOUR, reason="X", made_by=stage.admin)
    assert stage.carried_out(stage.approved()).status == "done"


def test_a_freeze_that_begins_while_a_change_runs_stops_it_before_its_next_request(stage: Stage) -> None:
    change = stage.approved(stage.renaming(6))
    meanwhile(stage, 1, lambda: frozen(stage, stage.account))
    execution.carry_out(change.pk)
    change.refresh_from_db()
    assert (change.waits_for, statuses(change)) == ("freeze", ["done", *["waiting"] * 5])


def test_a_freeze_that_begins_while_klaviyo_lets_a_request_wait_keeps_it_from_leaving_again(stage: Stage) -> None:
    stage.sandbox.faults.add(Order("update_list", "throttle", times=1, seconds=0))
    change = stage.approved(stage.renaming(3))
    meanwhile(stage, 1, lambda: frozen(stage, stage.account))
    execution.carry_out(change.pk)
    assert [line["status"] for line in stage.writes()] == [429]
    stage.time_passes(change)
    execution.carry_out(change.pk)
    change.refresh_from_db()
    assert (change.waits_for, statuses(change), len(stage.writes())) == ("freeze", ["waiting"] * 3, 1)


def test_a_request_that_is_to_be_sent_again_waits_for_the_end_of_a_freeze(stage: Stage) -> None:
    stage.sandbox.faults.add(Order("update_list", "drop_after", times=1))
    change = stage.carried_out(stage.approved(stage.renaming(2)))
    assert statuses(change) == ["unclear", "waiting"]
    frozen(stage, stage.account)
    review.resolve(stage.colleague, change.steps.get(number=1), "send again")
    review.resume(stage.colleague, change)
    execution.carry_out(change.pk)
    change.refresh_from_db()
    assert (change.waits_for, statuses(change), len(stage.writes())) == ("freeze", ["waiting"] * 2, 1)


def test_a_change_planned_for_a_time_in_a_freeze_expires_and_is_not_sent_late(stage: Stage) -> None:
    frozen(stage, stage.account)
    change = its_time_comes(planned(stage, Plan(at=timezone.now() + HOUR)), late=timedelta(minutes=61))
    execution.carry_out(change.pk)
    assert (Change.objects.get(pk=change.pk).status, stage.writes()) == ("expired", [])


@pytest.mark.django_db(transaction=True)
def test_nothing_leaves_where_the_freezes_cannot_be_read(stage: Stage) -> None:
    change = stage.approved()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE changes_freeze RENAME TO changes_gone")
    try:
        execution.carry_out(change.pk)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE changes_gone RENAME TO changes_freeze")
    change.refresh_from_db()
    assert (change.status, change.waits_for, stage.writes()) == ("running", "freeze", [])
    assert stage.carried_out(change).status == "done"


def test_a_lifted_freeze_lets_what_waits_go_on_at_once(stage: Stage) -> None:
    freeze = frozen(stage, stage.account)
    change = stage.approved()
    execution.carry_out(change.pk)
    assert not sweep.due().exists()
    with pytest.raises(ReviewRefused, match="Say why"):
        freezes.lift(stage.colleague, freeze, "")
    freezes.lift(stage.colleague, freeze, "The shop is up again.")
    assert sweep.due().get() == change
    assert stage.carried_out(change).status == "done"
    with pytest.raises(ReviewRefused, match="over already"):
        freezes.lift(stage.colleague, freeze, "Again.")
    assert list(Entry.objects.filter(action__startswith="freeze").order_by("id").values_list("action", flat=True)) == [
        "freeze.set",
        "freeze.lifted",
    ]


def test_who_sets_freezes(stage: Stage) -> None:
    now = timezone.now()
    for who, account in (("marketer", stage.account), ("auditor", stage.account), ("admin", None)):
        with pytest.raises(NotAllowed):
            freezes.set_up(getattr(stage, who), account, now, now + HOUR, "X")
    for begins, ends, reason in ((now, now, "X"), (now - HOUR, now - HOUR / 2, "X"), (now, now + HOUR, " ")):
        with pytest.raises(ReviewRefused):
            freezes.set_up(stage.admin, stage.account, begins, ends, reason)


def test_an_emergency_person_sends_a_change_in_a_freeze_and_others_look_at_it_afterwards(stage: Stage) -> None:
    frozen(stage, stage.account)
    emergency_person(stage, stage.admin)
    change = stage.proposed()
    change = emergency.break_glass(stage.admin, change, change.digest, "Wrong price in the list’s name.")
    assert stage.carried_out(change).status == "done"
    assert actions(change)[1:3] == ["glass.broken", "change.started"]
    line = Entry.objects.get(action="glass.broken")
    assert line.sentence.startswith("BROKE THE GLASS to send this although a freeze holds everything of this account")
    assert [glass.change for glass in emergency.to_review(stage.account)] == [change]
    for who in (stage.admin, stage.marketer):
        with pytest.raises((ReviewRefused, NotAllowed)):
            emergency.close_review(who, change, "Fine.")
    with pytest.raises(ReviewRefused, match="Say what you found"):
        emergency.close_review(stage.colleague, change, "")
    emergency.close_review(stage.colleague, change, "It was right.")
    assert not emergency.to_review(stage.account).exists()
    assert actions(change)[-1] == "glass.reviewed"


def test_the_glass_never_lifts_four_eyes(stage: Stage) -> None:
    frozen(stage, stage.account)
    for person in (stage.admin, stage.colleague):
        emergency_person(stage, person)
    change = review.propose(stage.admin, stage.account, stage.renaming(), "Mine.")
    with pytest.raises(ReviewRefused, match="other than the author"):
        emergency.break_glass(stage.admin, change, change.digest, "Now!")
    with pytest.raises(IntegrityError), transaction.atomic():
        BrokenGlass.objects.create(
            **{"change": change, "account": stage.account, "reason": "X", "digest": change.digest},
            person=stage.admin,
            author=stage.admin,
        )
    change = emergency.break_glass(stage.colleague, change, change.digest, "Now!")
    assert stage.carried_out(change).status == "done"


def test_a_forged_glass_sends_nothing(stage: Stage) -> None:
    frozen(stage, stage.account)
    change = stage.approved()
    BrokenGlass.objects.create(
        **{"change": change, "account": stage.account, "reason": "X", "digest": change.digest},
        person=stage.colleague,
        author=stage.marketer,
    )
    execution.carry_out(change.pk)
    assert stage.writes() == []


@pytest.mark.parametrize(
    ("who", "digest", "reason", "words"),
    [
        ("colleague", "", "Now!", "Only an emergency person"),
        ("admin", "0" * 64, "Now!", "no longer the one you looked at"),
        ("admin", "", " ", "Say why this cannot wait"),
    ],
)
def test_what_the_glass_asks_for(stage: Stage, who: str, digest: str, reason: str, words: str) -> None:
    frozen(stage, stage.account)
    emergency_person(stage, stage.admin)
    change = stage.proposed()
    with pytest.raises(ReviewRefused, match=words):
        emergency.break_glass(getattr(stage, who), change, digest or change.digest, reason)
    with pytest.raises(NotAllowed):
        emergency.break_glass(stage.marketer, change, change.digest, "Now!")


def test_the_glass_is_for_what_is_held(stage: Stage) -> None:
    emergency_person(stage, stage.admin)
    change = stage.proposed()
    with pytest.raises(ReviewRefused, match="Nothing holds this change"):
        emergency.break_glass(stage.admin, change, change.digest, "Now!")


def test_the_glass_stands_in_for_approvals_that_are_missing_but_not_for_a_denial(stage: Stage) -> None:
    emergency_person(stage, stage.admin)
    holder = stage.proposed(stage.renaming(to="Holder"))
    rule = {"approvals": 3}
    policy = {"account": stage.account, "author": stage.admin, "number": 1, "rules": [rule], "change": holder}
    PolicyVersion.objects.create(**policy)
    change = stage.proposed()
    change = emergency.break_glass(stage.admin, change, change.digest, "Now!")
    assert stage.carried_out(change).status == "done"
    later = stage.proposed(stage.renaming(to="Later"))
    second = stage.proposed(stage.renaming(to="Second"))
    PolicyVersion.objects.create(**{**policy, "number": 2, "rules": [{"deny": True}], "change": second})
    with pytest.raises(ReviewRefused, match="does not allow this"):
        emergency.break_glass(stage.admin, later, later.digest, "Now!")


def test_another_plan_puts_the_glass_back(stage: Stage) -> None:
    frozen(stage, stage.account)
    emergency_person(stage, stage.admin)
    change = stage.proposed()
    change = emergency.break_glass(stage.admin, change, change.digest, "Now!")
    controls.reschedule(stage.marketer, change, Plan(canary=1))
    change = Change.objects.get(pk=change.pk)
    change = review.approve(stage.colleague, change, change.digest)
    execution.carry_out(change.pk)
    assert stage.writes() == []


def test_a_moment_is_spoken_in_the_accounts_zone(stage: Stage) -> None:
    Account.objects.filter(pk=stage.account.pk).update(zone="America/New_York")
    stage.account.refresh_from_db()
    begins = datetime.fromisoformat("2030-11-23T12:00:00+00:00")
    freezes.set_up(stage.admin, stage.account, begins, begins + HOUR, "Sale")
    assert "Saturday 23 November 2030, 07:00 (America/New_York)" in Entry.objects.get(action="freeze.set").sentence


def test_the_glass_is_not_broken_under_the_hands_of_a_worker(stage: Stage) -> None:
    frozen(stage, stage.account)
    emergency_person(stage, stage.admin)
    change = stage.approved()
    assert holding.take(change.pk)
    with pytest.raises(ReviewRefused, match="A worker is at this change right now"):
        emergency.break_glass(stage.admin, change, change.digest, "Now!")
