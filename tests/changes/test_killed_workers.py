"""Real workers, really killed in mid-change: nothing is sent twice, and a person can bring it to its end."""

import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.utils import timezone

from klaviyo_admin import api
from klaviyo_admin.accounts.models import Person
from klaviyo_admin.audit.models import Entry
from klaviyo_admin.audit.verify import verify
from klaviyo_admin.changes import reconcile, review
from klaviyo_admin.changes.models import UNDER_WAY, Change, Step
from klaviyo_admin.klaviyo.values import Query
from tests.changes.stage import people
from tests.changes.workers import Worker, editing, soon
from tests.fakes import RunningSandbox
from tests.soak.sizes import SIZES

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]
SLOW = 0.06  # seconds that each request takes, so that a kill often meets one on its way


@pytest.fixture
def sandbox(settings: Any, tmp_path: Path) -> Iterator[RunningSandbox]:
    with RunningSandbox(profiles=SIZES.steps + 5) as running:
        settings.KLAVIYO_HOSTS = {"sandbox": running.url, "klaviyo": "https://klaviyo.invalid"}
        settings.MEDIA_ROOT = tmp_path / "bodies"
        running.fault("update_profile", "slow", seconds=SLOW)
        with api.use_transport(httpx.HTTPTransport()):
            yield running


def settle(change: Change, admin: Person) -> int:
    """What a person does with a stuck change: looks, decides, continues. Answers how many requests go out again."""
    again = 0
    for step in Step.objects.filter(change=change, status__in=("unclear", "failed")):
        saw = reconcile.look(step).sentence
        assert "already as wanted" in saw or "still as before" in saw, saw
        verdict = "done" if "already as wanted" in saw else "send again"
        review.resolve(admin, step, verdict, saw)
        again += verdict == "send again"
    if Change.objects.get(pk=change.pk).status != "done":
        review.resume(admin, change)
    return again


def time_passes(change: Change) -> None:
    """As if the lease had run out long after the queue was last told."""
    now = timezone.now()
    left = Change.objects.filter(pk=change.pk).exclude(lease_until=None)
    left.update(lease_until=now - timedelta(seconds=1), hinted_at=now - timedelta(seconds=90))


def done(change: Change) -> int:
    return Step.objects.filter(change=change, status="done").count()


def ended(change: Change) -> bool:
    return Change.objects.get(pk=change.pk).status not in UNDER_WAY


def test_killed_workers_send_nothing_twice_and_the_change_reaches_its_end(
    sandbox: RunningSandbox, tmp_path: Path
) -> None:
    account, (marketer, admin) = people("marketer", "admin")
    chance = random.Random(seed := random.randrange(10**6))
    kills = again = rounds = 0
    changes: list[Change] = []
    while kills < SIZES.kills or changes[-1].status != "done":
        if not changes or changes[-1].status == "done":
            changes.append(review.propose(marketer, account, editing(account, SIZES.steps, f"Round {rounds}"), "Tidy."))
            review.approve(admin, changes[-1], changes[-1].digest)
            rounds += 1
        change = changes[-1]
        worker = Worker(sandbox, tmp_path).ready()
        try:
            if kills < SIZES.kills:
                goal = min(SIZES.steps - 1, done(change) + chance.randint(1, 5))
                assert soon(lambda goal=goal, change=change: done(change) >= goal or ended(change)), f"seed {seed}"
                time.sleep(chance.uniform(0, 2 * SLOW))
                worker.kill()
                kills += 1
                time_passes(change)
            else:
                assert soon(lambda change=change: ended(change), 60), f"seed {seed}"
        finally:
            worker.stop()
        change.refresh_from_db()
        if ended(change):
            assert change.status in ("unclear", "done"), f"seed {seed}: {change.outcome}"
            again += settle(change, admin) if change.status == "unclear" else 0
            change.refresh_from_db()
        sandbox.advance(30)

    carried_out = sandbox.requests(operation="update_profile", status=200)
    received = Counter((line["path"], line["sha256"]) for line in carried_out)
    assert len(received) == SIZES.steps * rounds, f"seed {seed}"
    assert sum(received.values()) <= SIZES.steps * rounds + again, f"seed {seed}: {received}"
    assert again or set(received.values()) == {1}
    pages = api.reader(account).pages("get_profiles", query=Query(size=100))
    firms = {str(item.get("organization")) for page in pages for item in page.items}
    assert firms >= {f"Round {rounds - 1} {n}" for n in range(SIZES.steps)}
    lines = Counter(Entry.objects.values_list("action", flat=True))
    assert lines["step.sent"] == SIZES.steps * rounds + again + lines["step.postponed"], f"seed {seed}"
    assert lines["step.done"] + lines["step.unclear"] + lines["step.postponed"] == lines["step.sent"], f"seed {seed}"
    assert (kills, verify().first_broken) == (SIZES.kills, None)
    sys.stdout.write(
        f"{kills} kills, {rounds} changes of {SIZES.steps} requests, {again} sent again by a person (seed {seed})\n"
    )
