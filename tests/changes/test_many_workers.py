"""Many real processes at once: workers on one change, and admins who decide in the same instant."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.db import connections

from klaviyo_admin import api
from klaviyo_admin.audit.models import Entry
from klaviyo_admin.audit.verify import verify
from klaviyo_admin.changes import review
from klaviyo_admin.changes.models import UNDER_WAY, Approval, Change, Step
from tests.changes.stage import people
from tests.changes.workers import Worker, editing, soon
from tests.fakes import RunningSandbox
from tests.soak.sizes import SIZES

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]
DECIDE = """
import os, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "klaviyo_admin.settings"
import django
django.setup()
from klaviyo_admin.accounts.models import Person
from klaviyo_admin.changes import review
from klaviyo_admin.changes.models import Change
me = Person.objects.get(pk=int(sys.argv[1]))
print("ready", flush=True)
for line in sys.stdin:
    pk, digest, verdict, at = line.split()
    change = Change.objects.select_related("account").get(pk=pk)
    while time.time() < float(at):
        pass
    try:
        review.approve(me, change, digest) if verdict == "approve" else review.reject(me, change, "No.")
        print("won", flush=True)
    except review.ReviewRefused:
        print("lost", flush=True)
"""


@pytest.fixture
def sandbox(settings: Any, tmp_path: Path) -> Iterator[RunningSandbox]:
    with RunningSandbox(profiles=SIZES.steps + 5) as running:
        settings.KLAVIYO_HOSTS = {"sandbox": running.url, "klaviyo": "https://klaviyo.invalid"}
        settings.MEDIA_ROOT = tmp_path / "bodies"
        with api.use_transport(httpx.HTTPTransport()):
            yield running


def test_many_workers_on_one_change_send_each_request_once(sandbox: RunningSandbox, tmp_path: Path) -> None:
    account, (marketer, admin) = people("marketer", "admin")
    change = review.propose(marketer, account, editing(account, SIZES.steps), "Tidy up.")
    workers = [Worker(sandbox, tmp_path) for _ in range(SIZES.workers)]
    try:
        for worker in workers:
            worker.ready()
        begun = time.monotonic()
        review.approve(admin, change, change.digest)
        assert soon(lambda: Change.objects.get(pk=change.pk).status not in UNDER_WAY, 400)
        took = time.monotonic() - begun
    finally:
        for worker in workers:
            worker.stop()
    assert Change.objects.get(pk=change.pk).status == "done"
    received = Counter(line["path"] for line in sandbox.requests(operation="update_profile", status=200))
    assert (len(received), set(received.values())) == (SIZES.steps, {1})
    lines = Counter(Entry.objects.filter(change_id=change.pk).values_list("action", flat=True))
    assert lines["step.done"] == SIZES.steps == lines["step.sent"] - lines["step.postponed"]
    assert (lines["change.started"], lines["change.ended"]) == (1, 1)
    assert set(Step.objects.filter(change=change).values_list("status", flat=True)) == {"done"}
    assert verify().first_broken is None
    sys.stdout.write(f"{SIZES.workers} workers, one change of {SIZES.steps} requests: {took:.1f} s\n")


def decider(person: int) -> subprocess.Popen[str]:
    settings = connections["default"].settings_dict
    url = f"sqlite:///{settings['NAME']}"
    if connections["default"].vendor != "sqlite":
        url = f"postgres://{settings['USER']}:{settings['PASSWORD']}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
    own = {"DATABASE_URL": url, "DJANGO_ENV": "test"}
    return subprocess.Popen(
        [sys.executable, "-c", DECIDE, str(person)],
        env=os.environ | own,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_two_admins_approving_and_rejecting_in_the_same_instant(sandbox: RunningSandbox) -> None:
    account, (marketer, one, other) = people("marketer", "admin", "admin")
    processes = [decider(one.pk), decider(other.pk)]
    outcomes: Counter[str] = Counter()
    chance = random.Random(7)
    try:
        for process in processes:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
        for round_ in range(SIZES.rounds):
            change = review.propose(marketer, account, editing(account, 1, f"Round {round_}"), "Tidy up.")
            # Approving reads all that is sealed before it takes its lock, so the other one starts a little later.
            begin = time.time() + 0.05
            starts = (("approve", begin), ("reject", begin + chance.uniform(0, 0.03)))
            for process, (verdict, at) in zip(processes, starts, strict=True):
                assert process.stdin
                process.stdin.write(f"{change.pk} {change.digest} {verdict} {at}\n")
                process.stdin.flush()
            said = [process.stdout.readline().strip() for process in processes if process.stdout]
            assert sorted(said) == ["lost", "won"]
            change.refresh_from_db()
            assert change.status == ("approved" if said[0] == "won" else "rejected")
            assert Approval.objects.filter(change=change).count() == 1
            assert Entry.objects.filter(change_id=change.pk).count() == 2
            outcomes[change.status] += 1
    finally:
        for process in processes:
            process.communicate(timeout=10)
    assert verify().first_broken is None
    sys.stdout.write(f"{SIZES.rounds} rounds of two admins at once: {dict(outcomes)}\n")
