"""How large the long tests are: small in `make test`, in full where SOAK=yes."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """Requests of a change and how often its worker is killed; workers on one change; rounds of two admins at once;
    chance sequences and the steps of each; kinds of pages that are looked at by following links; lines of an audit log."""

    steps: int
    kills: int
    workers: int
    rounds: int
    sequences: int
    length: int
    pages: int
    lines: int


FULL = Sizes(steps=200, kills=50, workers=8, rounds=60, sequences=300, length=30, pages=2_000, lines=1_000_000)
_SMALL = Sizes(steps=24, kills=3, workers=3, rounds=5, sequences=15, length=16, pages=0, lines=5_000)
SIZES = FULL if os.environ.get("SOAK") == "yes" else _SMALL
