"""Knows what a file of rejected rows says: number, reason and remedy in front of each line, which can be corrected there."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from klaviyo_admin.areas.sheets.headings import ADDED
from klaviyo_admin.areas.sheets.rows import Problem, Rows


class Told(Protocol):
    """Why a row is rejected."""

    @property
    def column(self) -> str: ...
    @property
    def wrong(self) -> str: ...
    @property
    def remedy(self) -> str: ...


def front(line: int, problems: Sequence[Told]) -> tuple[str, str, str]:
    """What stands under ADDED in front of one line's own cells."""
    reasons = (f"{each.column}: {each.wrong}" if each.column else each.wrong for each in problems)
    return str(line), " ".join(reasons), " ".join(dict.fromkeys(each.remedy for each in problems))


def rejected(rows: Rows) -> Iterator[Sequence[str]]:
    """The headings of a table, and below them its lines that cannot be used, as given; nothing where none is bad."""
    wrong: dict[tuple[int, int], list[Problem]] = {}
    for problem in rows.problems:
        wrong.setdefault((problem.line, problem.place), []).append(problem)
    bad = [(line, cells, told) for line, place, cells in rows.table.lines if (told := wrong.get((line, place)))]
    if bad:
        yield (*ADDED, *rows.table.headings)
    for line, cells, told in bad:
        yield (*front(line, told), *cells)
