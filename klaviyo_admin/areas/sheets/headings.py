"""Knows what the first line of a file says: the name of each column, and what is odd about the names."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# What a file of rejected rows puts in front of the original columns; a corrected one may still have it. What Klaviyo
# refused of what was sent has no lines any more: its rows are counted as they left.
ADDED = ("Line", "Problem", "Remedy")
ADDED_TO_SENT = ("Row", "Problem", "Remedy")
_PERSON = re.compile(r"\s*([^\s@]+@[^\s@]+\.[^\s@]+|\+\d[\d ()-]{6,})\s*")


@dataclass(frozen=True, slots=True)
class Heading:
    """One column. `name` is unique in its file and never empty; `given` is what the file has, maybe nothing."""

    index: int
    name: str
    given: str


def headings_of(cells: Sequence[str]) -> tuple[tuple[Heading, ...], tuple[str, ...]]:
    """The columns that a line of headings names, and sentences about the ones that had to be renamed."""
    found: list[Heading] = []
    notes: list[str] = []
    taken: set[str] = set()
    for index, cell in enumerate(cells):
        given = " ".join(cell.replace("\x00", "").split())
        name = _free(given or f"Column {index + 1}", taken)
        taken.add(name.casefold())
        if not given:
            notes.append(f"Column {index + 1} has no heading; it is left out unless you choose otherwise.")
        elif name != given:
            notes.append(f"The heading “{given}” appears more than once; column {index + 1} is called “{name}” here.")
        found.append(Heading(index, name, given))
    return tuple(found), tuple(notes)


def added_in(given: Iterable[str]) -> tuple[str, ...]:
    """What was added to these headings, if they are those of a file of rejected rows."""
    told = set(given)
    return next((names for names in (ADDED, ADDED_TO_SENT) if told.issuperset(names)), ())


def looks_like_a_person(cells: Sequence[str]) -> bool:
    """Whether a first line holds an e-mail address or a phone number, so that the column names are missing."""
    return any(_PERSON.fullmatch(cell) for cell in cells)


def _free(name: str, taken: set[str]) -> str:
    number, free = 1, name
    while free.casefold() in taken:
        number += 1
        free = f"{name} ({number})"
    return free
