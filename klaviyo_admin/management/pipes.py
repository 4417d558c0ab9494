"""Writing to a reader that may have gone: `… | head` ends a command quietly."""

import os
import sys
from collections.abc import Iterable
from typing import Any

GONE = 141  # what a shell reports of a process that its reader left


def lines(stream: Any, given: Iterable[str]) -> None:
    """Writes each line as it comes. Leaves with GONE when nobody reads any more."""
    try:
        for line in given:
            stream.write(line)
        stream.flush()
    except BrokenPipeError:
        # What Python still wants to flush at its end goes nowhere instead of into the broken pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(GONE) from None
