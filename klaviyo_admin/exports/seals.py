"""Knows what a seal in an exported file says: which lines stand above it, in which order, and how the log ended then.

A chain shows that a line was changed, but a file holds only the lines that somebody searched for, and its end can be cut
off. So every file is cut into blocks, a signed seal follows each of them, and the last seal says that it is the last.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from klaviyo_admin.audit import signing

PURPOSE = "klaviyo-admin audit export 1"
LINES = 500  # of a block


class Sealer:
    """Makes the seals of one file, each of which names the one before it."""

    def __init__(self, checkpoint: Mapping[str, Any] | None) -> None:
        self.checkpoint, self.count, self.previous = checkpoint, 0, ""

    def seal(self, lines: Sequence[tuple[int, str]], last: bool) -> dict[str, Any]:
        """The seal over (number, hash) of the lines since the seal before."""
        self.count += 1
        said = {
            "seal": self.count,
            "ids": runs(number for number, _ in lines),
            "digest": digest(hash for _, hash in lines),
            "previous": self.previous,
            "last": last,
            "checkpoint": self.checkpoint,
        }
        made = signing.signed(PURPOSE, said)
        self.previous = made["signature"]
        return made


def digest(hashes: Iterable[str]) -> str:
    """SHA-256 over the hashes of lines, each with a line break."""
    return hashlib.sha256("".join(f"{each}\n" for each in hashes).encode()).hexdigest()


def runs(numbers: Iterable[int]) -> str:
    """Numbers in their order, those next to one another joined: 1-3,7 (or 7,3-1 where they fall)."""
    found: list[list[int]] = []
    for number in numbers:
        if found and _joins(found[-1], number):
            found[-1] = [found[-1][0], number]
        else:
            found.append([number])
    return ",".join("-".join(map(str, run)) for run in found)


def numbers(text: str) -> Iterator[int]:
    """What `runs` was made of. Raises ValueError."""
    for run in filter(None, text.split(",")):
        first, _, last = run.partition("-")
        start, end = int(first), int(last or first)
        step = 1 if end >= start else -1
        yield from range(start, end + step, step)


def _joins(run: list[int], number: int) -> bool:
    step = number - run[-1]
    return abs(step) == 1 and (len(run) == 1 or (run[1] > run[0]) == (step > 0))
