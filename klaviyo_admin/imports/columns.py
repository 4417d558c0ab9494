"""Knows what the values of each column look like: whether there are any, a few of them, and which kind they all fit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from klaviyo_admin.areas.sheets.cells import CHECKS, Fault
from klaviyo_admin.areas.sheets.headings import Heading
from klaviyo_admin.areas.sheets.reading import Layout, Opener, Record, inspect, records

SAMPLES = 3
_LONGEST = 80  # characters of a sample
# In the order of preference; a 0 or 1 is a number before it is a yes or no.
_CANDIDATES = ("number", "flag", "date", "date-dmy", "date-mdy", "list")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file: its name, up to SAMPLES different values, whether it is empty, and the kind of its values."""

    heading: Heading
    samples: tuple[str, ...]
    empty: bool
    kind: str


@dataclass(frozen=True, slots=True)
class Analysis:
    """A file as a person is asked about it. `rows` counts records without the blank ones."""

    layout: Layout
    columns: tuple[Column, ...]
    rows: int

    @property
    def kinds(self) -> dict[int, str]:
        return {column.heading.index: column.kind for column in self.columns}

    @property
    def empty(self) -> list[int]:
        return [column.heading.index for column in self.columns if column.empty]


def analyse(open_: Opener, name: str) -> Analysis:
    """Read a whole file twice: how it is written, and what is in it. Raises NotCsv with one sentence."""
    layout = inspect(open_, name)
    columns, rows = observe(records(open_, layout), layout)
    return Analysis(layout, columns, rows)


def observe(found: Iterable[Record], layout: Layout) -> tuple[tuple[Column, ...], int]:
    """The columns, and how many records are not blank. Rows with too many or too few cells do not count for the kinds."""
    watches = [_Watch(heading) for heading in layout.headings]
    width, rows = len(watches), 0
    for _, cells, mark in found:
        if len(cells) == width and not mark:
            # sum, not any: every column has to see its cell.
            rows += sum(watch.see(cell) for watch, cell in zip(watches, cells, strict=True)) > 0
        else:
            rows += bool(mark) or any(map(str.strip, cells))
    return tuple(watch.column() for watch in watches), rows


def to_json(analysis: Analysis) -> dict[str, Any]:
    layout = analysis.layout
    return {
        "encoding": layout.encoding,
        "delimiter": layout.delimiter,
        "first_line": layout.first_line,
        "notes": layout.notes,
        "damaged": layout.damaged,
        "rows": analysis.rows,
        "columns": [
            {"name": c.heading.name, "given": c.heading.given, "samples": c.samples, "empty": c.empty, "kind": c.kind}
            for c in analysis.columns
        ],
    }


def from_json(stored: Mapping[str, Any]) -> Analysis:
    columns = tuple(
        Column(Heading(index, c["name"], c["given"]), tuple(c["samples"]), c["empty"], c["kind"])
        for index, c in enumerate(stored["columns"])
    )
    layout = Layout(
        stored["encoding"],
        stored["delimiter"],
        stored["first_line"],
        tuple(column.heading for column in columns),
        tuple(stored["notes"]),
        stored["damaged"],
    )
    return Analysis(layout, columns, stored["rows"])


@dataclass(slots=True)
class _Watch:
    """Sees the cells of one column go by."""

    heading: Heading
    samples: list[str] = field(default_factory=list)
    candidates: list[str] = field(default_factory=lambda: list(_CANDIDATES))
    filled: bool = False

    def see(self, cell: str) -> bool:
        """Take note of a cell; whether it holds anything."""
        cell = cell.strip()
        if not cell:
            return False
        self.filled = True
        if len(self.samples) < SAMPLES and (short := _shortened(cell)) not in self.samples:
            self.samples.append(short)
        if self.candidates:
            self.candidates = [kind for kind in self.candidates if _fits(kind, cell)]
        return True

    def column(self) -> Column:
        kinds = self.candidates if self.filled else []
        # 3/4/2026 alone does not say whether the day or the month comes first, and guessing would be wrong half the time.
        ambiguous = kinds[:2] == ["date-dmy", "date-mdy"]
        return Column(
            self.heading, tuple(self.samples), not self.filled, "text" if ambiguous or not kinds else kinds[0]
        )


def _fits(kind: str, cell: str) -> bool:
    if kind == "list" and not cell.startswith("["):
        return False
    try:
        CHECKS[kind](cell)
    except Fault:
        return False
    return True


def _shortened(cell: str) -> str:
    return cell if len(cell) <= _LONGEST else f"{cell[:_LONGEST]}…"
