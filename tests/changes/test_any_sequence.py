"""No sequence of clicks, crashes and double deliveries sends what nobody approved, or anything twice, or loses a line."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx
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

from klaviyo_admin.accounts.rights import NotAllowed
from klaviyo_admin.audit.models import Entry
from klaviyo_admin.audit.verify import verify
from klaviyo_admin.changes import execution, review
from klaviyo_admin.changes.models import Approval, Change, Step
from klaviyo_admin.changes.review import ReviewRefused
from klaviyo_admin.sandbox.faults import Order
from tests.changes.stage import Killed, Stage

PEOPLE = st.sampled_from(["colleague", "admin", "colleague", "marketer", "viewer"])
WHICH = st.sampled_from([0, 0, 1, 2])  # a place among the changes, those under way first
TROUBLE = st.sampled_from(
    ["dies after", "none", "dies before", "drop_before", "none", "drop_after", "throttle", "refuse"]
)
DELIVERY = st.tuples(
    TROUBLE, st.sampled_from([0, 0, 1, 2]), st.sampled_from([True, True, False])
)  # what goes wrong, after how many writes, and when
ENDED = ("done", "stale", "rejected", "withdrawn")
serial = iter(range(10**9))


class AnySequence(RuleBasedStateMachine):
    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.stage = stage
        self.changes: list[Change] = []
        self.expected: Counter[tuple[int, str]] = Counter()

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
    @rule(which=WHICH, who=PEOPLE, back=st.booleans())
    def reject_or_withdraw(self, which: int, who: str, back: bool) -> None:
        change, person = self.one(which), getattr(self.stage, who)
        if back:
            self.click(change, "change.withdrawn", lambda: review.withdraw(person, change))
        else:
            self.click(change, "change.rejected", lambda: review.reject(person, change, "No."))

    @precondition(lambda self: self.changes)
    @rule(which=WHICH, times=st.lists(DELIVERY, min_size=1, max_size=4))
    def work(self, which: int, times: list[tuple[str, int, bool]]) -> None:
        change = self.one(which)
        for trouble, after, later in times:
            self.deliver(change, trouble, after, later)

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
            stateful_step_count=16,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
