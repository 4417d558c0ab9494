"""How large the long tests are: small in `make test`, in full where SOAK=yes."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """Requests of a change and how often its worker is killed; workers on one change; rounds of two admins at once;
    chance sequences and the steps of each."""

    steps: int
    kills: int
    workers: int
    rounds: int
    sequences: int
    length: int


SIZES = Sizes(200, 50, 8, 60, 300, 30) if os.environ.get("SOAK") == "yes" else Sizes(24, 3, 3, 5, 15, 16)
