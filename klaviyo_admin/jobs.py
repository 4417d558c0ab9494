"""Background work: the only module that knows django-q2, and what has to be added to it to survive a killed process.

A queued task is only a hint ("look at change 7"); the tables hold the truth. Stock django-q2 stops for ever when a process
dies that holds one of its locks, and leaves orphans when its parent dies. Here every lock is one that the kernel
drops with its holder, and every child leaves with its parent.
"""

import fcntl
import logging
import multiprocessing
import multiprocessing.queues
import os
import select
import signal
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from multiprocessing.context import ForkProcess
from multiprocessing.sharedctypes import RawValue
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from django.db import close_old_connections, connections, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django_q.cluster import Sentinel
from django_q.conf import Conf
from django_q.tasks import async_task
from django_q.worker import worker

if TYPE_CHECKING:
    _StandardQueue = multiprocessing.queues.Queue[Any]
else:
    _StandardQueue = multiprocessing.queues.Queue

GRACE = 8.0  # seconds that a running task gets to end after a signal to stop
SILENCE = 60.0  # seconds without a sign of life after which the crew is replaced
PARENT_WATCH = 0.5  # seconds between looks at whether the parent still lives

logger = logging.getLogger(__name__)
fork = multiprocessing.get_context("fork")


def enqueue(task: str, ident: int) -> None:
    """Queues `task(ident)`, a dotted path. Inside a transaction the task exists if and only if that commits."""
    async_task(task, ident)


def claim(rows: QuerySet[Any], *, lease_seconds: float) -> int | None:
    """Takes the one row of `rows` if nobody's lease on it runs, and counts the attempt; else None.

    The model has lease_until (a moment or null), fence and attempts. The answer is the new fence: whoever writes to
    the row later does so only where `fence` is still this number.
    """
    now = timezone.now()
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    with transaction.atomic():
        taken = rows.filter(free).update(
            lease_until=now + timedelta(seconds=lease_seconds), fence=F("fence") + 1, attempts=F("attempts") + 1
        )
        return int(rows.values_list("fence", flat=True).get()) if taken else None


def mend_leases(rows: QuerySet[Any], *, lease_seconds: float) -> None:
    """Shortens leases that end later than any can: the clock was set back. A holder that lives renews its own in time, and
    what a dead one left is not kept from others for as long as the clock jumped."""
    until = timezone.now() + timedelta(seconds=lease_seconds)
    too_long = rows.filter(lease_until__gt=until + timedelta(seconds=lease_seconds))
    if too_long.exists():  # every second, so nothing is locked for nothing
        too_long.update(lease_until=until)


def run_worker(every_second: Callable[[], None]) -> None:
    """Works until SIGTERM or SIGINT. `every_second` is called in this process, with the database at hand.

    Prints "worker ready" once tasks are taken. If the crew of child processes dies or falls silent, another one starts.
    """
    leaving = _until_signalled()
    _children_leave_with_parent()
    crew = _Crew()
    while not leaving() and not crew.at_work():
        time.sleep(0.05)
    if not leaving():
        sys.stdout.write("worker ready\n")
        sys.stdout.flush()
    while not leaving():
        due = time.monotonic() + 1
        _call(every_second)
        if not crew.fit():
            logger.error("The worker's crew died or fell silent; another one starts.")
            crew.kill()
            crew = _Crew()
        while not leaving() and time.monotonic() < due:
            time.sleep(0.05)
    connections.close_all()
    crew.stop()


def _until_signalled() -> Callable[[], bool]:
    # A flag and short sleeps: what a signal handler may safely do to locks and events is next to nothing.
    signalled = []

    def note(number: int, _frame: FrameType | None) -> None:
        signalled.append(number)

    signal.signal(signal.SIGTERM, note)
    signal.signal(signal.SIGINT, note)
    return lambda: bool(signalled)


def _call(every_second: Callable[[], None]) -> None:
    close_old_connections()
    try:
        every_second()
    except Exception:
        # A database that is away for a moment must not end the worker.
        logger.exception("What the worker does every second failed; it is tried again.")
    close_old_connections()


class _Crew:
    """django-q2's sentinel with its workers, pusher and monitor: a tree of processes below this one."""

    def __init__(self) -> None:
        connections.close_all()  # a connection must not be shared over a fork
        self._stop, self._started = _Flag(), _Flag()
        self._sentinel = fork.Process(target=_guard, args=(self._stop, self._started))
        self._stop.beat()
        self._sentinel.start()

    def at_work(self) -> bool:
        """Whether tasks are taken. Raises RuntimeError if the crew died on the way there."""
        if not self._sentinel.is_alive():
            raise RuntimeError(f"The worker's crew did not start (exit code {self._sentinel.exitcode}).")
        return self._started.is_set()

    def fit(self) -> bool:
        return self._sentinel.is_alive() and self._stop.silence() < SILENCE

    def stop(self) -> None:
        """Lets the running tasks end, and ends them itself when GRACE is over; the tables know where they were."""
        self._stop.set()
        self._sentinel.join(GRACE)
        self.kill()

    def kill(self) -> None:
        _end(self._sentinel)


def _end(process: ForkProcess) -> None:
    if process.is_alive():
        process.kill()
    process.join()


def _guard(stop: "_Flag", started: "_Flag") -> None:
    # A group of its own: a signal to the terminal's group reaches the main process alone, which stops its crew in order.
    os.setpgrp()
    sentinel = _Sentinel(stop, started, uuid.uuid4(), start=False)
    sentinel.task_queue = _Queue(one_at_a_time=True)
    sentinel.result_queue = _Queue()
    sentinel.event_out = _Flag()
    sentinel.start()


def _children_leave_with_parent() -> None:
    """Every process forked from now on, here or below, ends in the middle of anything as soon as its parent is gone."""
    here = os.getpid()

    def in_child() -> None:
        nonlocal here
        parent, here = here, os.getpid()
        threading.Thread(target=_watch, args=(parent,), name="watch-parent", daemon=True).start()

    os.register_at_fork(after_in_child=in_child)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(PARENT_WATCH)
    os._exit(70)


class _Flag:
    """An event between processes, without a lock that could die with its holder: set when its pipe holds a byte."""

    def __init__(self) -> None:
        self._read, self._write = os.pipe()
        self._beat = RawValue("d", 0.0)

    def set(self) -> None:
        os.write(self._write, b"!")

    def is_set(self) -> bool:
        return self.wait(0)

    def wait(self, timeout: float) -> bool:
        # The sentinel waits for the flag to stop in every round it makes, which shows that it is alive.
        self.beat()
        return bool(select.select([self._read], [], [], timeout)[0])

    def beat(self) -> None:
        self._beat.value = time.monotonic()

    def silence(self) -> float:
        """Seconds since somebody last looked at the flag or waited for it."""
        return time.monotonic() - float(self._beat.value)

    def __del__(self) -> None:
        os.close(self._read)
        os.close(self._write)


class _Sentinel(Sentinel):  # type: ignore[misc]  # django-q2 has no types
    """django-q2's, whose look at the clock of a worker does not wait for one that died while setting it."""

    def spawn_worker(self) -> None:
        lock: Any = _KernelLock()
        clock = fork.Value("f", -1, lock=lock)
        self.spawn_process(worker, self.task_queue, self.result_queue, clock, self.timeout)


class _KernelLock:
    """A lock between processes that the kernel drops when its holder dies. One thread of each process uses it, which may
    take it again while it holds it.

    flock, not lockf: the kernel looks for deadlocks among lockf's locks by process, and finds ones that are none.
    """

    def __init__(self) -> None:
        self._origin, name = tempfile.mkstemp(prefix="klaviyo-admin-worker-")
        self._path = name
        if Path("/proc/self/fd").is_dir():
            # Reached through the inherited descriptor, so that nobody who tidies up can part the holders.
            self._path = f"/proc/self/fd/{self._origin}"
            os.unlink(name)
        self._pid, self._own, self._held = 0, -1, 0

    def acquire(self) -> None:
        # A descriptor that came over a fork shares the parent's hold on the lock; each process needs one of its own.
        if self._pid != os.getpid():
            self._pid, self._own, self._held = os.getpid(), os.open(self._path, os.O_RDWR | os.O_CLOEXEC), 0
        if not self._held:
            fcntl.flock(self._own, fcntl.LOCK_EX)
        self._held += 1

    def release(self) -> None:
        self._held -= 1
        if not self._held:
            fcntl.flock(self._own, fcntl.LOCK_UN)

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()

    def __del__(self) -> None:
        # Every worker that is replaced leaves one.
        os.close(self._origin)
        if self._pid == os.getpid():
            os.close(self._own)


class _Queue(_StandardQueue):
    """The standard queue with kernel locks, and without the counters that a killed process leaves wrong."""

    _closed: bool  # kept by the standard queue

    def __init__(self, *, one_at_a_time: bool = False) -> None:
        super().__init__(ctx=fork)
        self._rlock, self._wlock = _KernelLock(), _KernelLock()
        self._one_at_a_time = one_at_a_time

    def put(self, task: Any, block: bool = True, timeout: float | None = None) -> None:
        # Prefetching starts the clock after which the broker hands a task out again, so the next one waits its turn.
        while self._one_at_a_time and not self.empty():
            time.sleep(Conf.POLL / 5)
        super().put(task, block, timeout)

    def empty(self) -> bool:
        return self._closed or super().empty()

    def qsize(self) -> int:
        return 0 if self.empty() else 1
