"""Tasks for the tests of the worker: what ran, and where, is told by files in the folder NOTES."""

import os
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
