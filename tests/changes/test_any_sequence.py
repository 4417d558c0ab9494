"""No sequence of clicks, crashes and double deliveries sends what nobody approved, or anything twice, or loses a line."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import httpx
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from klaviyo_admin.accounts.models import Membership
from klaviyo_admin.accounts.rights import NotAllowed
from klaviyo_admin.audit.models import Entry
from klaviyo_admin.audit.verify import verify
from klaviyo_admin.changes import controls, emergency, execution, freezes, review
from klaviyo_admin.changes.models import Approval, Change, Freeze, Step
from klaviyo_admin.changes.review import ReviewRefused
from klaviyo_admin.changes.timing import Plan
from klaviyo_admin.sandbox.faults import Order
from tests.changes.stage import Killed, Stage
from tests.soak.sizes import SIZES

PEOPLE = st.sampled_from(["colleague", "admin", "colleague", "marketer", "viewer"])
WHICH = st.sampled_from([0, 0, 1, 2])  # a place among the changes, those under way first
TROUBLE = st.sampled_from(
    ["dies after", "none", "dies before", "drop_before", "none", "drop_after", "throttle", "refuse"]
)
DELIVERY = st.tuples(
    TROUBLE, st.sampled_from([0, 0, 1, 2]), st.sampled_from([True, True, False])
)  # what goes wrong, after how many writes, and when
ENDED = ("done", "stale", "rejected", "withdrawn", "cancelled", "expired")
PLANS = st.builds(Plan, canary=st.sampled_from([0, 0, 1, 2]), tolerate=st.sampled_from([0, 0, 40]))
HOUR, PLAIN = timedelta(hours=1), Plan()
serial = iter(range(10**9))


class AnySequence(RuleBasedStateMachine):
    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.stage = stage
        self.changes: list[Change] = []
        self.expected: Counter[tuple[int, str]] = Counter()
        Freeze.objects.all().delete()
        Membership.objects.filter(person=stage.colleague).update(emergency=True)

    def one(self, which: int) -> Change:
        found = Change.objects.filter(pk__in=[change.pk for change in self.changes])
        ordered = sorted(found, key=lambda change: (change.status in ENDED, change.status == "proposed", change.pk))
        return ordered[which % len(ordered)]

    def click(self, change: Change, action: str, act: Callable[[], Any]) -> None:
        """What a person does; whatever is not refused must be on record."""
        with suppress(ReviewRefused, NotAllowed):
            act()
            self.expected[change.pk, action] += 1

    @initialize(author=st.sampled_from(["marketer", "admin"]), count=st.integers(1, 3), agreed=st.integers(0, 3))
    def begin(self, author: str, count: int, agreed: int) -> None:
        self.propose(author, count)
        if agreed:
            self.approve(0, "colleague")

    @precondition(lambda self: len(self.changes) < 3)
    @rule(author=st.sampled_from(["marketer", "admin"]), count=st.integers(1, 6), plan=PLANS)
    def propose(self, author: str, count: int, plan: Plan = PLAIN) -> None:
        intent = self.stage.renaming(count, to=f"Name {next(serial)}")
        change = review.propose(getattr(self.stage, author), self.stage.account, intent, "Because.", plan=plan)
        self.changes.append(change)
        self.expected[change.pk, "change.proposed"] += 1

    @precondition(lambda self: self.changes)
    @rule(which=WHICH, who=PEOPLE)
    def approve(self, which: int, who: str) -> None:
        change, person = self.one(which), getattr(self.stage, who)
        self.click(change, "change.approved", lambda: review.approve(person, change, change.digest))

    @precondition(lambda self: self.changes)
    @rule(which=WHICH, who=PEOPLE, back=st.booleans())
    def reject_or_withdraw(self, which: int, who: str, back: bool) -> None:
        change, person = self.one(which), getattr(self.stage, who)
        if back:
            self.click(change, "change.withdrawn", lambda: review.withdraw(person, change))
        else:
            self.click(change, "change.rejected", lambda: review.reject(person, change, "No."))

    @precondition(lambda self: self.changes)
    @rule(which=WHICH, who=PEOPLE, what=st.sampled_from(["pause", "go_on", "cancel", "go_on", "retry"]))
    def hold_up_or_go_on(self, which: int, who: str, what: str) -> None:
        change, person = self.one(which), getattr(self.stage, who)
        match what:
            case "pause":
                self.click(change, "change.paused", lambda: controls.pause(person, change))
            case "go_on":
                self.click(change, "change.resumed", lambda: controls.go_on(person, change))
            case "cancel":
                self.click(change, "change.cancelled", lambda: controls.cancel(person, change, "No."))
            case "retry":
                failed = change.steps.filter(status="failed").count()
                with suppress(ReviewRefused, NotAllowed):
                    found = controls.retry(person, change)
                    self.expected[change.pk, "step.resolved"] += failed
                    self.expected[change.pk, "change.resumed"] += found.status == "approved"

    @precondition(lambda self: self.changes)
    @rule(which=WHICH, who=PEOPLE, plan=PLANS)
    def plan_anew(self, which: int, who: str, plan: Plan) -> None:
        change, person = self.one(which), getattr(self.stage, who)
        self.click(change, "change.rescheduled", lambda: controls.reschedule(person, change, plan))

    @rule(lift=st.booleans())
    def freeze(self, lift: bool) -> None:
        now = timezone.now()
        for freeze in Freeze.objects.filter(lifted_at=None):
            freezes.lift(self.stage.admin, freeze, "Over.")
        if not lift:
            freezes.set_up(self.stage.admin, self.stage.account, now - HOUR, now + HOUR, "Quiet.")

    @precondition(lambda self: self.changes)
    @rule(which=WHICH, who=PEOPLE)
    def break_glass(self, which: int, who: str) -> None:
        change, person = self.one(which), getattr(self.stage, who)
        self.click(change, "glass.broken", lambda: emergency.break_glass(person, change, change.digest, "Now!"))

    @precondition(lambda self: self.changes)
    @rule(which=WHICH, times=st.lists(DELIVERY, min_size=1, max_size=4))
    def work(self, which: int, times: list[tuple[str, int, bool]]) -> None:
        change = self.one(which)
        for trouble, after, later in times:
            still = self.must_hold_still(change)
            self.deliver(change, trouble, after, later)
            assert still is None or still == len(self.stage.writes())

    def must_hold_still(self, change: Change) -> int | None:
        """How many writes there were, if this change may not send any now."""
        change.refresh_from_db()
        held = change.status == "paused" or change.wish == "pause" or Freeze.objects.filter(lifted_at=None).exists()
        return (
            len(self.stage.writes()) if (held and not emergency.waives(change)) or change.status == "paused" else None
        )

    def deliver(self, change: Change, trouble: str, after: int, later: bool) -> None:
        line, orders = self.stage.line, self.stage.sandbox.faults
        if later:
            self.stage.time_passes(change)
        left = [after]

        def die(request: httpx.Request) -> None:
            if request.method != "GET":
                left[0] -= 1
                if left[0] < 0:
                    raise Killed

        self.stage.sandbox.advance(61)
        if trouble.startswith("dies"):
            setattr(line, trouble.partition(" ")[2], die)
        elif trouble == "refuse":
            orders.add(Order("update_list", "error_before", times=1, status=400))
        elif trouble != "none":
            orders.add(Order("update_list", trouble, times=1, seconds=30))
        with suppress(Killed):
            execution.carry_out(change.pk)
        line.before = line.after = lambda _: None
        orders.clear()

    @precondition(lambda self: self.changes)
    @rule(which=WHICH, who=PEOPLE, verdict=st.sampled_from(["done", "send again", "skip"]), go_on=st.booleans())
    def settle(self, which: int, who: str, verdict: str, go_on: bool) -> None:
        change, person = self.one(which), getattr(self.stage, who)
        for step in change.steps.filter(status__in=("failed", "unclear")):
            self.click(change, "step.resolved", lambda step=step: review.resolve(person, step, verdict))
        if go_on:
            self.click(change, "change.resumed", lambda: review.resume(person, change))

    @invariant()
    def nothing_unapproved_and_nothing_twice(self) -> None:
        received = Counter((write["path"], write["sha256"]) for write in self.stage.writes())
        for change in self.changes:
            approved = Approval.objects.filter(change=change, decision="approve").exclude(person_id=change.author_id)
            signed = set(approved.values_list("digest", flat=True))
            sent = Entry.objects.filter(change_id=change.pk, action="step.sent").values_list("detail", flat=True)
            assert {line["digest"] for line in sent} <= signed
            for step in Step.objects.filter(change=change):
                lines = Counter(
                    Entry.objects.filter(change_id=change.pk, step=step.number).values_list("action", flat=True)
                )
                again = Entry.objects.filter(
                    change_id=change.pk, step=step.number, detail__verdict="send again"
                ).count()
                arrived = received[step.path, step.body_sha256]
                assert arrived == 0 or approved.exists()
                assert arrived <= lines["step.sent"] <= 1 + again + lines["step.postponed"]
                ends = lines["step.done"] + lines["step.failed"] + lines["step.unclear"] + lines["step.postponed"]
                assert ends == lines["step.sent"] - (step.status == "sent")

    @invariant()
    def every_line_is_there(self) -> None:
        for change in self.changes:
            lines = Counter(Entry.objects.filter(change_id=change.pk).values_list("action", flat=True))
            for action in ("proposed", "approved", "rejected", "withdrawn", "resumed", "cancelled", "rescheduled"):
                assert lines[f"change.{action}"] == self.expected[change.pk, f"change.{action}"]
            assert lines["step.resolved"] == self.expected[change.pk, "step.resolved"]
            assert lines["glass.broken"] == self.expected[change.pk, "glass.broken"]
            assert lines["change.paused"] >= self.expected[change.pk, "change.paused"]
            status = Change.objects.get(pk=change.pk).status
            assert lines["change.ended"] >= (status in ("done", "failed", "unclear", "stale", "cancelled"))

    def teardown(self) -> None:
        assert verify().first_broken is None


def test_no_sequence_sends_the_unapproved_or_anything_twice_or_loses_a_line(stage: Stage) -> None:
    run_state_machine_as_test(
        lambda: AnySequence(stage),
        settings=settings(
            max_examples=SIZES.sequences,
            stateful_step_count=SIZES.length,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
