"""Real workers, really killed in mid-change: nothing is sent twice, and a person can bring it to its end."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.db import connection
from django.utils import timezone

from klaviyo_admin import api
from klaviyo_admin.accounts.models import Account, Person
from klaviyo_admin.areas.profiles import service as profiles
from klaviyo_admin.audit.models import Entry
from klaviyo_admin.audit.verify import verify
from klaviyo_admin.changes import reconcile, review
from klaviyo_admin.changes.models import UNDER_WAY, Change, Step
from klaviyo_admin.intents import Intent
from klaviyo_admin.klaviyo.values import Query
from tests.changes.stage import people
from tests.fakes import ROOT, RunningSandbox

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]
STEPS = 20
SLOW = 0.06  # seconds that each request takes, so that a kill often meets one on its way


class Worker:
    """`manage.py worker` on the test's own database, in a process group that can be killed whole."""

    def __init__(self, sandbox: RunningSandbox, folder: Path) -> None:
        made = connection.settings_dict
        url = f"sqlite:///{made['NAME']}"
        if connection.vendor != "sqlite":
            url = f"postgres://{made['USER']}:{made['PASSWORD']}@{made['HOST']}:{made['PORT']}/{made['NAME']}"
        own = {"DATABASE_URL": url, "DATA_DIR": str(folder), "SANDBOX_URL": sandbox.url, "DJANGO_ENV": "test"}
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "worker"], cwd=ROOT, env=os.environ | own, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout
        with self.process.stdout as said:
            assert said.readline() == "worker ready\n"

    def family(self) -> list[int]:
        listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
        parents = {int(line.split()[0]): int(line.split()[1]) for line in listed.splitlines()}
        found = [self.process.pid]
        while more := [pid for pid, parent in parents.items() if parent in found and pid not in found]:
            found += more
        return found

    def kill(self) -> None:
        """SIGKILL to every process of it, workers first, as when the power fails."""
        for pid in reversed(self.family()):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait(10)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)


@pytest.fixture
def sandbox(settings: Any, tmp_path: Path) -> Iterator[RunningSandbox]:
    with RunningSandbox(profiles=STEPS + 5) as running:
        settings.KLAVIYO_HOSTS = {"sandbox": running.url, "klaviyo": "https://klaviyo.invalid"}
        settings.MEDIA_ROOT = tmp_path / "bodies"
        running.fault("update_profile", "slow", seconds=SLOW)
        with api.use_transport(httpx.HTTPTransport()):
            yield running


def soon(condition: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.01)
    return False


def editing(account: Account) -> Intent:
    found = api.reader(account).page("get_profiles", query=Query(size=STEPS)).items
    intents = [profiles.edit([item], {"organization": f"Firm {n}"}) for n, item in enumerate(found)]
    requests = tuple(request for intent in intents for request in intent.requests)
    return Intent("profiles.edit_many", f"Edit {len(requests)} profiles.", requests)


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
    change = review.propose(marketer, account, editing(account), "Tidy up.")
    review.approve(admin, change, change.digest)
    chance = random.Random(seed := random.randrange(10**6))
    kills = again = 0
    while Change.objects.get(pk=change.pk).status != "done":
        worker = Worker(sandbox, tmp_path)
        try:
            if kills < 5:
                goal = min(STEPS - 1, done(change) + chance.randint(1, 5))
                assert soon(lambda goal=goal: done(change) >= goal or ended(change)), f"seed {seed}"
                time.sleep(chance.uniform(0, 2 * SLOW))
                worker.kill()
                kills += 1
                time_passes(change)
            else:
                assert soon(lambda: ended(change)), f"seed {seed}"
        finally:
            if worker.process.poll() is None:
                worker.stop()
        if ended(change):
            assert Change.objects.get(pk=change.pk).status in ("unclear", "done"), f"seed {seed}"
            if Change.objects.get(pk=change.pk).status == "unclear":
                again += settle(change, admin)

    received = Counter(line["path"] for line in sandbox.requests(operation="update_profile"))
    assert len(received) == STEPS
    assert sum(received.values()) <= STEPS + again, f"seed {seed}: {received}"
    assert again or set(received.values()) == {1}
    firms = {str(i.get("organization")) for i in api.reader(account).page("get_profiles", query=Query(size=100)).items}
    assert firms >= {f"Firm {n}" for n in range(STEPS)}
    lines = Counter(Entry.objects.filter(change_id=change.pk).values_list("action", flat=True))
    assert lines["step.sent"] == STEPS + again
    assert lines["step.done"] + lines["step.unclear"] == lines["step.sent"]
    assert (kills, verify().first_broken) == (5, None)
