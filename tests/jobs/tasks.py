"""Tasks for the tests of the worker: what ran, and where, is told by files in the folder NOTES."""

import os
import signal
import sys
import time
from pathlib import Path

FOLDER = Path(os.environ.get("NOTES", "/nonexistent"))


def note(ident: int) -> None:
    (FOLDER / str(ident)).write_text(str(os.getpid()))


def slow(ident: int) -> None:
    note(ident)
    time.sleep(1.5)
    (FOLDER / f"{ident}-ended").touch()


def fail(ident: int) -> None:
    note(ident)
    raise RuntimeError("This task always fails.")


def die_at_the_clock(ident: int) -> None:
    """Kills its process in the moment in which that sets the clock by which it is watched."""
    note(ident)
    frame = sys._getframe()
    while frame.f_back and "timer" not in frame.f_locals:
        frame = frame.f_back
    with frame.f_locals["timer"].get_lock():
        os.kill(os.getpid(), signal.SIGKILL)
