"""`make demo` as people use it: it starts, starts again quickly, and one Ctrl-C leaves nothing behind."""

import os
import signal
import time
import urllib.request
from pathlib import Path

import pytest

from tests.browser.conftest import start_demo, stop_demo

pytestmark = pytest.mark.processes


def children(pid: int) -> set[int]:
    """All descendants of a process that are alive."""
    found: set[int] = set()
    waiting = [pid]
    while waiting:
        task = Path(f"/proc/{waiting.pop()}/task")
        for thread in task.iterdir() if task.exists() else ():
            born = {int(x) for x in (thread / "children").read_text().split()}
            waiting += born - found
            found |= born
    return found


def alive(pids: set[int]) -> set[int]:
    return {pid for pid in pids if Path(f"/proc/{pid}").exists()}


def test_one_ctrl_c_stops_all_three_and_a_second_start_keeps_the_data(tmp_path: Path) -> None:
    first = start_demo(tmp_path, "--profiles", "50")
    family = children(first.process.pid)
    assert len(family) >= 3
    assert set(first.sign_ins) == {"Marketer", "Admin", "Auditor"}
    assert stop_demo(first) == 0
    assert not alive(family)
    assert (tmp_path / "demo-secrets.json").stat().st_mode & 0o077 == 0

    second = start_demo(tmp_path, "--profiles", "50")
    try:
        assert second.sign_ins == first.sign_ins
        with urllib.request.urlopen(second.address + "/login/") as answer:
            assert answer.status == 200
    finally:
        assert stop_demo(second) == 0


def test_when_one_of_the_three_dies_the_demo_says_so_and_ends(tmp_path: Path) -> None:
    demo = start_demo(tmp_path, "--profiles", "20")
    family = children(demo.process.pid)
    sandbox = next(p for p in family if b"sandbox\0" in Path(f"/proc/{p}/cmdline").read_bytes())
    os.kill(sandbox, signal.SIGKILL)
    assert demo.process.wait(30) == 1
    assert demo.process.stdout
    demo.process.stdout.close()
    time.sleep(0.2)
    assert not alive(family)
