"""How well budgets are used: several processes drain one operation's budget without a single refusal.

The shortest possible time: 300 calls at 10 a second and 150 a minute are 150 calls in the first 15 seconds (the last ten
leave at second 14), and the other 150 from second 60 on, so the last call leaves at second 74. The run begins with the
sandbox's clock at the start of a minute, where this holds for a caller who knows Klaviyo's windows as well as for one who does not.
"""

import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from klaviyo_admin.budgets.embedded import File
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.client import Session, Writer
from klaviyo_admin.klaviyo.errors import Throttled
from klaviyo_admin.klaviyo.limits import Budget, Patience
from tests.fakes import RunningSandbox

KEY = "pk_sandbox_full_access"
PROCESSES, CALLS = 4, 300
SHORTEST = 60 + (CALLS // 2 / 10 - 1)
_spawn = multiprocessing.get_context("spawn")


def entries() -> Iterator[tuple[str, Callable[[], str]]]:
    yield "300 calls at 10/s, 150/min by 4 processes", drained
    yield "places taken and given back, 1 process", lambda: kept(1)
    yield "places taken and given back, 4 processes", lambda: kept(4)


def drained() -> str:
    with RunningSandbox() as sandbox, tempfile.TemporaryDirectory() as folder:
        ident = sandbox.client(KEY).get("/api/lists").json()["data"][0]["id"]
        sandbox.advance(60 - time.time() % 60)
        left = _spawn.Value("i", CALLS)
        work = [
            _spawn.Process(target=drain, args=(sandbox.url, str(Path(folder) / "budgets"), ident, left))
            for _ in range(PROCESSES)
        ]
        for process in work:
            process.start()
        for process in work:
            process.join()
        lines = sandbox.requests(operation="update_list")
    seconds = _moment(lines[-1]) - _moment(lines[0])
    refused = sum(1 for line in lines if line["status"] == 429)
    done = sum(1 for line in lines if line["status"] == 200)
    return (
        f"{done} answered, {refused} refused, {seconds:.1f} s = {seconds / SHORTEST:.3f} x the shortest possible "
        f"{SHORTEST:.0f} s (target: 0 refused, at most 1.05)"
    )


def drain(url: str, file: str, ident: str, left: Any) -> None:
    """One worker: sends as the worker of the product does, and sleeps where that would take up another task."""
    budget = Budget(File(file), "bench", background=True)
    writer = Writer(Session(url, KEY), budget)
    data = {"type": "list", "id": ident, "attributes": {"name": "Drained"}}
    write = operation("update_list").write({"id": ident}, {"data": data})
    while True:
        with left.get_lock():
            if left.value == 0:
                return
            left.value -= 1
        while True:
            try:
                writer.send(write)
                break
            except Throttled as error:
                time.sleep(error.retry_after)


def kept(processes: int) -> str:
    """The cost of keeping count, in the embedded store, with nobody waiting."""
    with tempfile.TemporaryDirectory() as folder:
        times = _spawn.Queue()
        work = [_spawn.Process(target=keep, args=(str(Path(folder) / "budgets"), times)) for _ in range(processes)]
        for process in work:
            process.start()
        spans = [times.get() for _ in work]
        for process in work:
            process.join()
    rate = sum(number / seconds for number, seconds in spans)
    return f"{rate:,.0f} requests/s counted, {spans[0][1] / spans[0][0] * 1000:.2f} ms each"


def keep(file: str, times: Any) -> None:
    budget, found = Budget(File(file), "bench"), operation("get_profiles")
    budget.turn(found, "", Patience(9, time.sleep)).answered(200, told="1, 1000000;w=1, 9000000;w=60")
    number, started = 0, time.perf_counter()
    while time.perf_counter() - started < 3:
        budget.turn(found, "", Patience(9, time.sleep)).answered(200, told="1, 1000000;w=1, 9000000;w=60")
        number += 1
    times.put((number, time.perf_counter() - started))


def _moment(line: dict[str, Any]) -> float:
    """Seconds since midnight of a line of the request log."""
    hours, minutes, seconds = line["at"][11:26].split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
