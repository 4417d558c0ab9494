import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction

from klaviyo_admin import jobs

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]


def database_url() -> str:
    made = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{made['NAME']}"
    return f"postgres://{made['USER']}:{made['PASSWORD']}@{made['HOST']}:{made['PORT']}/{made['NAME']}"


def children(pid: int) -> list[int]:
    """The processes below this one, nearest first."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in listed.splitlines()]
    mine = [int(p) for p, parent, state in rows if int(parent) == pid and not state.startswith("Z")]
    return mine + [below for child in mine for below in children(child)]


def alive(pid: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and not state.startswith("Z")


def soon(condition: Callable[[], bool], seconds: float = 8) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


class Worker:
    def __init__(self, notes: Path) -> None:
        self.notes = notes
        environment = os.environ | {"NOTES": str(notes), "DATABASE_URL": database_url(), "DJANGO_ENV": "test"}
        command = [sys.executable, "-m", "tests.jobs.small_worker"]
        self.complaints = notes / "stderr"
        with self.complaints.open("w") as stderr:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=stderr, text=True
            )
        assert self.process.stdout
        assert self.process.stdout.readline() == "worker ready\n"

    def runs(self, ident: int, task: str = "note", seconds: float = 8) -> bool:
        jobs.enqueue(f"tests.jobs.tasks.{task}", ident)
        return soon(lambda: bool(self.ran_in(ident)), seconds)

    def ran_in(self, ident: int) -> int:
        written = self.notes / str(ident)
        return int(written.read_text() or 0) if written.exists() else 0

    def complained(self) -> bool:
        return "Traceback" in self.complaints.read_text()

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(10)


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    worker = Worker(tmp_path)
    yield worker
    if worker.process.poll() is None:
        worker.process.kill()
        worker.process.wait()
    assert worker.process.stdout
    worker.process.stdout.close()


def test_a_task_and_the_every_second_call_run(worker: Worker) -> None:
    assert worker.runs(1)
    assert soon(lambda: int((worker.notes / "seconds").read_text() or 0) >= 2)


def test_a_task_exists_only_if_its_transaction_commits(worker: Worker) -> None:
    with transaction.atomic():
        jobs.enqueue("tests.jobs.tasks.note", 1)
        transaction.set_rollback(True)
    assert worker.runs(2)
    assert not worker.ran_in(1)


def test_after_a_failed_task_the_next_one_runs(worker: Worker) -> None:
    assert worker.runs(1, "fail")
    assert worker.runs(2)


def test_killing_the_idle_processes_of_the_crew_one_by_one_does_not_stop_it(worker: Worker) -> None:
    assert worker.runs(1)
    sentinel, *crew = children(worker.process.pid)
    assert len(crew) == 4  # two workers, monitor, pusher
    for number, child in enumerate(crew, start=2):
        os.kill(child, signal.SIGKILL)
        assert worker.runs(number), f"the crew stopped when number {number} was killed"
    assert alive(sentinel)


def test_a_process_that_dies_while_it_sets_its_clock_is_replaced(worker: Worker) -> None:
    assert worker.runs(1, "die_at_the_clock")
    killed = worker.ran_in(1)
    assert soon(lambda: killed not in (crew := children(worker.process.pid)) and len(crew) == 5)
    assert worker.runs(2)


def test_another_crew_starts_when_the_sentinel_is_killed(worker: Worker) -> None:
    old = children(worker.process.pid)
    os.kill(old[0], signal.SIGKILL)
    assert soon(lambda: not any(map(alive, old)), 3)
    assert worker.runs(1)


def test_no_orphan_outlives_a_killed_worker(worker: Worker) -> None:
    crew = children(worker.process.pid)
    assert len(crew) == 5
    worker.process.kill()
    worker.process.wait()
    assert soon(lambda: not any(map(alive, crew)), 3)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_worker_in_order(worker: Worker, number: int) -> None:
    crew = children(worker.process.pid)
    began = time.monotonic()
    assert worker.stop(number) == 0
    assert time.monotonic() - began < 4
    assert not any(map(alive, crew))
    assert not worker.complained()


def test_a_running_task_may_end_before_the_worker_does(worker: Worker) -> None:
    assert worker.runs(1, "slow")
    assert worker.stop() == 0
    assert (worker.notes / "1-ended").exists()
    assert not worker.complained()
