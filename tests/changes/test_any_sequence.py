"""No sequence of clicks, crashes and double deliveries sends what nobody approved, or anything twice, or loses a line."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from klaviyo_admin.accounts.rights import NotAllowed
from klaviyo_admin.audit.models import Entry
from klaviyo_admin.audit.verify import verify
from klaviyo_admin.changes import execution, review
from klaviyo_admin.changes.models import Approval, Change, Step
from klaviyo_admin.changes.review import ReviewRefused
from klaviyo_admin.sandbox.faults import Order
from tests.changes.stage import Killed, Stage

PEOPLE = st.sampled_from(["marketer", "admin", "colleague", "viewer"])
WHICH = st.integers(0, 2)
TROUBLE = st.sampled_from(
    ["none", "none", "dies before", "dies after", "drop_before", "drop_after", "throttle", "refuse"]
)
serial = iter(range(10**9))


class AnySequence(RuleBasedStateMachine):
    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.stage = stage
        self.changes: list[Change] = []
        self.expected: Counter[tuple[int, str]] = Counter()

    def one(self, which: int) -> Change:
        return Change.objects.get(pk=self.changes[which % len(self.changes)].pk)

    def click(self, change: Change, action: str, act: Callable[[], Any]) -> None:
        """What a person does; whatever is not refused must be on record."""
        with suppress(ReviewRefused, NotAllowed):
            act()
            self.expected[change.pk, action] += 1

    @precondition(lambda self: len(self.changes) < 3)
    @rule(author=st.sampled_from(["marketer", "admin"]), count=st.integers(1, 3))
    def propose(self, author: str, count: int) -> None:
        intent = self.stage.renaming(count, to=f"Name {next(serial)}")
        change = review.propose(getattr(self.stage, author), self.stage.account, intent, "Because.")
        self.changes.append(change)
        self.expected[change.pk, "change.proposed"] += 1

    @precondition(lambda self: self.changes)
    @rule(which=WHICH, who=PEOPLE)
    def approve(self, which: int, who: str) -> None:
        change, person = self.one(which), getattr(self.stage, who)
        self.click(change, "change.approved", lambda: review.approve(person, change, change.digest))

    @precondition(lambda self: self.changes)
    @rule(which=WHICH, who=PEOPLE)
    def reject(self, which: int, who: str) -> None:
        change, person = self.one(which), getattr(self.stage, who)
        self.click(change, "change.rejected", lambda: review.reject(person, change, "No."))

    @precondition(lambda self: self.changes)
    @rule(which=WHICH, who=PEOPLE)
    def withdraw(self, which: int, who: str) -> None:
        change, person = self.one(which), getattr(self.stage, who)
        self.click(change, "change.withdrawn", lambda: review.withdraw(person, change))

    @precondition(lambda self: self.changes)
    @rule(which=WHICH, trouble=TROUBLE, after=st.integers(0, 2))
    def deliver(self, which: int, trouble: str, after: int) -> None:
        change, line, orders = self.one(which), self.stage.line, self.stage.sandbox.faults
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
    @rule(which=WHICH)
    def time_passes(self, which: int) -> None:
        self.stage.time_passes(self.one(which))

    @precondition(lambda self: self.changes)
    @rule(which=WHICH, who=PEOPLE, verdict=st.sampled_from(["done", "send again", "skip"]))
    def settle(self, which: int, who: str, verdict: str) -> None:
        change, person = self.one(which), getattr(self.stage, who)
        for step in change.steps.filter(status__in=("failed", "unclear")):
            self.click(change, "step.resolved", lambda step=step: review.resolve(person, step, verdict))

    @precondition(lambda self: self.changes)
    @rule(which=WHICH, who=PEOPLE)
    def resume(self, which: int, who: str) -> None:
        change, person = self.one(which), getattr(self.stage, who)
        self.click(change, "change.resumed", lambda: review.resume(person, change))

    @invariant()
    def nothing_unapproved_and_nothing_twice(self) -> None:
        received = Counter((write["path"], write["sha256"]) for write in self.stage.writes())
        for change in self.changes:
            approved = Approval.objects.filter(change=change, decision="approve").exclude(person_id=change.author_id)
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
            for action in ("proposed", "approved", "rejected", "withdrawn", "resumed"):
                assert lines[f"change.{action}"] == self.expected[change.pk, f"change.{action}"]
            assert lines["step.resolved"] == self.expected[change.pk, "step.resolved"]
            status = Change.objects.get(pk=change.pk).status
            assert lines["change.ended"] >= (status in ("done", "failed", "unclear", "stale"))

    def teardown(self) -> None:
        assert verify().first_broken is None


def test_no_sequence_sends_the_unapproved_or_anything_twice_or_loses_a_line(stage: Stage) -> None:
    run_state_machine_as_test(
        lambda: AnySequence(stage),
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
