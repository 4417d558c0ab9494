"""Knows what rows are: the values below known headings, line by line, and what is wrong with the lines that are none."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, TypeVar

from klaviyo_admin.areas.sheets.cells import Fault
from klaviyo_admin.areas.sheets.guarding import unguarded
from klaviyo_admin.areas.sheets.headings import ADDED, added_in
from klaviyo_admin.areas.sheets.likeness import NotCsv
from klaviyo_admin.areas.sheets.reading import UNCLOSED, Record, every_record, unheaded, unread
from klaviyo_admin.klaviyo.values import Json

PASTED = "the pasted text"
NAMED = 20  # lines that are spelt out
T = TypeVar("T")


def as_text(cell: str) -> str:
    """A cell as it is; the check of a column whose values are any text."""
    return cell


def alike(key: str, value: Json) -> str:
    """A value as it is compared with others of its column: Klaviyo disregards case in e-mail addresses and nowhere else."""
    return str(value).casefold() if key == "email" else str(value)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of rows: its key in a row, the heading that people read and write, and other headings it goes by.

    `check` turns a cell into its value or raises sheets.cells.Fault. In lines without headings, a cell belongs to the
    first column whose `looks` fits it, else to the first column of all.
    """

    key: str
    label: str
    check: Callable[[str], Json] = as_text
    required: bool = False
    also: tuple[str, ...] = ()
    looks: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one line cannot be used: its number, the heading ("": the line as a whole), the value, and the remedy. `place`:
    which value of the line, where a line without headings holds several."""

    line: int
    column: str
    value: str
    wrong: str
    remedy: str
    place: int = 0

    def __str__(self) -> str:
        what = " ".join(filter(None, (self.column, f"“{self.value}”" if self.value else "")))
        return f"Line {self.line}{f', {what}' if what else ''}: {self.wrong} {self.remedy}"


@dataclass(frozen=True, slots=True)
class Row:
    """One good line: its number, the values of its filled cells by column key, and the cells under unknown headings."""

    line: int
    values: Mapping[str, Json]
    others: Mapping[str, str] = field(default_factory=dict)
    place: int = 0  # as in Problem

    def get(self, key: str, default: Json = None) -> Json:
        return self.values.get(key, default)


@dataclass(frozen=True, slots=True)
class Table:
    """A text as it was given: the headings (of the columns, where it has none of its own), and below them each line's
    number, place and cells. A value without a heading has a line of the table to itself."""

    headings: Sequence[str] = ()
    lines: Sequence[tuple[int, int, Sequence[str]]] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """What a person gave: the good rows in order, the problems of those left out, what the source is called, whether
    the person agreed that lines are left out, and the text itself."""

    good: tuple[Row, ...] = ()
    problems: tuple[Problem, ...] = ()
    source: str = PASTED
    lenient: bool = False
    table: Table = field(default=Table(), repr=False, compare=False)

    @property
    def bad(self) -> int:
        """How many lines cannot be used; of several values in one line, how many values."""
        return len({(problem.line, problem.place) for problem in self.problems})

    def said(self) -> list[str]:
        """What is wrong, for a person: how many lines, and the first of them by number, value and remedy."""
        first = "1 line" if self.bad == 1 else f"{self.bad:,} lines"
        rest = len(self.problems) - NAMED
        return [
            f"{first} of {self.source} cannot be used; {len(self.good):,} can.",
            *map(str, self.problems[:NAMED]),
            *([f"And {rest:,} more like these."] if rest > 0 else []),
        ]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.good)

    def __len__(self) -> int:
        return len(self.good)

    def details(self) -> tuple[tuple[str, Any], ...]:
        """Facts for an Intent's details: where the rows come from, how many, and the lines that were left out."""
        left_out = sorted({problem.line for problem in self.problems})
        facts: list[tuple[str, Any]] = [("From", self.source), ("Rows", len(self.good))]
        if left_out:
            named = ", ".join(map(str, left_out[:NAMED])) + (" …" if len(left_out) > NAMED else "")
            facts.append(("Lines left out", f"{len(left_out):,} (line {named})"))
        return tuple(facts)


def chunks(things: Iterable[T], most: int, weigh: Callable[[T], int] | None = None, room: int = 0) -> Iterator[list[T]]:
    """The things in order, in as few lists as go: at most `most` in one, and together no heavier than `room`."""
    held: list[T] = []
    weight = 0
    for thing in things:
        heavy = weigh(thing) if weigh else 0
        if held and (len(held) == most or (weigh and weight + heavy > room)):
            yield held
            held, weight = [], 0
        held.append(thing)
        weight += heavy
    if held:
        yield held


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are wanted: their columns; `one_of`: a row must fill one of these; `unique`: no two rows may share a
    value of these; `others`: unknown headings are taken into Row.others, without it they are a problem."""

    columns: tuple[Column, ...]
    one_of: tuple[str, ...] = ()
    unique: tuple[str, ...] = ()
    others: bool = False


def read(wanted: Wanted, data: bytes, source: str = PASTED) -> Rows:
    """The rows of a text or file. Raises NotCsv, with one sentence, for what holds no such rows at all."""
    layout = unheaded(lambda: BytesIO(data), source)
    records = [r for r in every_record(lambda: BytesIO(data), layout) if any(map(str.strip, r[1]))]
    if not records:
        raise NotCsv(f"{source[:1].upper()}{source[1:]} holds separators and no values.")
    return _Reading(wanted, source).rows(records)


class _Reading:
    """One pass over the records of one text."""

    def __init__(self, wanted: Wanted, source: str) -> None:
        self.wanted, self.source = wanted, source
        self.problems: list[Problem] = []
        self._seen: dict[tuple[str, str], tuple[int, int]] = {}
        names = [(name, column) for column in wanted.columns for name in (column.key, column.label, *column.also)]
        self._known = {_folded(name): column for name, column in names}

    def rows(self, records: Sequence[Record]) -> Rows:
        records = _unguarded(records)
        line, cells, _ = records[0]
        known = [self._known.get(_folded(cell)) for cell in cells]
        if any(known):
            self._unknown_headings(line, cells, known)
            good = [row for record in records[1:] if (row := self._headed(cells, known, record))]
            table = Table(cells, [(line, 0, cells) for line, cells, _ in records[1:]])
        elif len(records) == 1 or all(len(cells) == 1 for _, cells, _ in records):
            alone = [(line, place, cell, self._looked(cell)) for line, place, cell in _single(records)]
            good = [row for line, place, cell, column in alone if (row := self._row(line, {column: cell}, {}, place))]
            columns = self.wanted.columns
            labels = [column.label for column in columns]
            table = Table(
                labels, [(line, n, [cell if c is its else "" for c in columns]) for line, n, cell, its in alone]
            )
        else:
            headings = ", ".join(column.label for column in self.wanted.columns)
            raise NotCsv(f"The first line names no known column. Put one with these above it: {headings}.")
        if not good and not self.problems:
            raise NotCsv(f"Below its headings, {self.source} has no line.")
        return Rows(tuple(good), tuple(self.problems), self.source, table=table)

    def _unknown_headings(self, line: int, cells: Sequence[str], known: Sequence[Column | None]) -> None:
        for number, (cell, column) in enumerate(zip(cells, known, strict=True), 1):
            if column and column in known[: number - 1]:
                self._problem(line, "", cell, "This heading stands here twice.", "Delete one of the columns.")
            elif not column and cell.strip() and cell.strip() not in ADDED and not self.wanted.others:
                takes = ", ".join(each.label for each in self.wanted.columns)
                self._problem(line, "", cell, "This heading is not known.", f"Use {takes}, or delete the column.")

    def _headed(self, headings: Sequence[str], known: Sequence[Column | None], record: Record) -> Row | None:
        line, cells, mark = record
        if mark == UNCLOSED:
            self._problem(line, "", cells[0], *unread(cells))
            return None
        if any(map(str.strip, cells[len(headings) :])):
            wrong = f"The line has {len(cells)} cells under {len(headings)} headings."
            self._problem(line, "", "", wrong, "Put text that holds the separator in quotation marks.")
            return None
        filled = [(column, head, cell.strip()) for column, head, cell in zip(known, headings, cells, strict=False)]
        others = {head.strip(): cell for column, head, cell in filled if not column and cell and head.strip()}
        return self._row(line, {c: cell for c, _, cell in filled if c and cell}, others)

    def _looked(self, cell: str) -> Column:
        """The column that a value without a heading belongs to."""
        columns = self.wanted.columns
        return next((column for column in columns if column.looks and column.looks.fullmatch(cell)), columns[0])

    def _row(self, line: int, cells: Mapping[Column, str], others: Mapping[str, str], place: int = 0) -> Row | None:
        before = len(self.problems)
        values: dict[str, Json] = {}
        for column, cell in cells.items():
            try:
                if "\ufffd" in cell or "\x00" in cell:
                    raise Fault("The cell has a character that cannot be read.", "Type the cell again.")
                values[column.key] = column.check(cell)
            except Fault as fault:
                self._problem(line, column.label, cell, fault.wrong, fault.remedy, place)
        self._missing(line, {column.key for column in cells})
        for key in self.wanted.unique:
            self._once(line, key, values, place)
        left = dict(others) if self.wanted.others else {}
        return Row(line, values, left, place) if len(self.problems) == before else None

    def _missing(self, line: int, filled: set[str]) -> None:
        labels = {column.key: column.label for column in self.wanted.columns}
        for column in self.wanted.columns:
            if column.required and column.key not in filled:
                self._problem(line, column.label, "", "The cell is empty.", "Fill it in, or leave the line out.")
        if self.wanted.one_of and not filled & set(self.wanted.one_of):
            needed = ", ".join(labels[key] for key in self.wanted.one_of)
            self._problem(line, "", "", "The line does not say what it is about.", f"Fill in one of these: {needed}.")

    def _once(self, line: int, key: str, values: Mapping[str, Json], place: int) -> None:
        if (value := values.get(key)) is None:
            return
        first = self._seen.setdefault((key, alike(key, value)), (line, place))
        if first != (line, place):
            label = next(column.label for column in self.wanted.columns if column.key == key)
            wrong = f"Line {first[0]} has the same." if first[0] != line else "It stands here twice."
            self._problem(line, label, str(value), wrong, "Keep one of the two.", place)

    def _problem(self, line: int, column: str, value: str, wrong: str, remedy: str, place: int = 0) -> None:
        shown = value if len(value) <= 80 else f"{value[:80]}…"
        self.problems.append(Problem(line, column, shown, wrong, remedy, place))


def _unguarded(records: Sequence[Record]) -> Sequence[Record]:
    """The records without what a file of rejected rows adds to them: its columns in front, and apostrophes."""
    headings = records[0][1]
    added = added_in(headings)
    if not added:
        return records
    ours = {headings.index(name) for name in added}
    return [
        (line, [unguarded(cell) for place, cell in enumerate(cells) if place not in ours or mark], mark)
        for line, cells, mark in records
    ]


def _single(records: Sequence[Record]) -> Iterator[tuple[int, int, str]]:
    """Each value of a text without headings, with its line and its place there."""
    for line, cells, _ in records:
        for place, cell in enumerate(cells):
            if cell.strip():
                yield line, place, cell.strip()


def _folded(heading: str) -> str:
    """A heading as it is compared: without case, and without what stands between its words."""
    return "".join(filter(str.isalnum, heading.casefold()))
