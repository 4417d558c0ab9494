"""What a line of the audit can be found by, for the index and for the question alike.

A mark is a whole value of a field, or up to three letters that stand together in a word ("t") or in the name of the
object ("o"). The index keeps it by key and name: (field, value), or (kind and two letters, the letter after them).
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

TEXT = ("sentence", "person_name", "account_name", "operation", "object_id", "object_name", "detail")
OBJECT = ("object_id", "object_name")
FIELDS = ("account_id", "person_name", "action", "operation", "object_type")
_SPACE = re.compile(r"\s")
_LONGEST = 12  # pieces of one value that are asked for: more narrow no further


@dataclass(frozen=True, slots=True)
class Clue:
    """Lines with a mark of this key whose name is among `names`."""

    key: str
    names: Container[str]


class Anything(Container[str]):
    def __contains__(self, _: object) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Containing(Container[str]):
    """Values with the part in them, in capitals or not."""

    part: str

    def __contains__(self, name: object) -> bool:
        return fold(self.part) in fold(str(name))


@dataclass(frozen=True, slots=True)
class Called(Container[str]):
    """A whole name of an action, or its first word."""

    action: str

    def __contains__(self, name: object) -> bool:
        return name == self.action or str(name).startswith(f"{self.action}.")


# Each must hold; one holds if all clues of one of its ways do.
Needs = Sequence[Sequence[Sequence[Clue]]]


def fold(text: str) -> str:
    """The same for all that a database takes for the same in capitals or not; every space is a plain one."""
    return _SPACE.sub(" ", text.upper().casefold())


def marks(line: Mapping[str, Any]) -> Iterator[tuple[str, Iterable[str]]]:
    """The marks of a line by field or kind, each once. `detail` is its text as the database gives it."""
    for field in FIELDS:
        yield field, (str(line[field]),)
    words = fold("\n".join([line[column] for column in TEXT])).split()
    yield "t", set().union(*map(_pieces, words))
    yield "o", set().union(*(_pieces(fold(line[column])) for column in OBJECT))


@lru_cache(maxsize=4_000)  # words of everyday; ids and digests pass through
def _pieces(text: str) -> frozenset[str]:
    # Two spaces, so that the last letters too have letters after them.
    padded = f"{text}  "
    return frozenset([*text, *(padded[at : at + 3] for at in range(len(text)))])


def key(kind: str, piece: str) -> tuple[str, str]:
    """The key and the name by which the index keeps a mark."""
    return (kind, piece) if kind in FIELDS else (kind + piece[:2], piece[2:])


def clues(kind: str, part: str) -> list[Clue]:
    """What a line has that holds this part in its text, or ("o") in its object; and some that do not hold it."""
    text = fold(part)
    if len(text) < 3:
        return [Clue(key(kind, text)[0], Anything())]
    starts = range(len(text) - 2)
    if len(starts) > _LONGEST:
        starts = range(0, len(text) - 2, -(-len(text) // _LONGEST))
    keys = [key(kind, text[at : at + 3]) for at in starts]
    return [Clue(pair, {name}) for pair, name in keys]
