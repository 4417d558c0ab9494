"""What the pages of an import show as tables: profiles as they will be sent, problems, and where the rows ended."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from klaviyo_admin.imports import journey, outcome, storing
from klaviyo_admin.imports.checking import Problem
from klaviyo_admin.imports.mapping import FIELDS, PROPERTY, Choice
from klaviyo_admin.imports.models import Upload
from klaviyo_admin.imports.outcome import Tally
from klaviyo_admin.klaviyo.values import Json
from klaviyo_admin.pages.tables import Cell, Head, Row

PROFILES = 20
ROWS = 50


@dataclass(frozen=True, slots=True)
class Table:
    """Heads and rows for components/_table.html; the addresses of the pages before and after, "" where there is none."""

    heads: list[Head]
    rows: list[Row]
    first_url: str = ""
    previous_url: str = ""
    next_url: str = ""


def profiles(upload: Upload) -> Table:
    """The first good rows, in the order of the file's columns."""
    used = [choice for choice in journey.choices_of(upload) if choice.target]
    heads = [Head(choice.name if choice.target == PROPERTY else choice.label) for choice in used]
    found = storing.first_profiles(upload, PROFILES)
    return Table(heads, [Row(str(n), str(n), tuple(_cell(p, c) for c in used)) for n, p in enumerate(found, start=1)])


def problems(upload: Upload, number: int) -> Table:
    """Page `number` (from 1) of the rows that are not imported, each problem on a line of its own."""
    found = list(islice(outcome.problems(upload, (number - 1) * ROWS), ROWS + 1))
    heads = [Head("Line", "number"), Head("Column"), Head("Value"), Head("Problem"), Head("What to do")]
    rows = [Row(str(p.line), str(p.line), _cells(p)) for row in found[:ROWS] for p in row]
    before = f"?page={number - 1}#problems" if number > 1 else ""
    after = f"?page={number + 1}#problems" if len(found) > ROWS else ""
    return Table(heads, rows, "?#problems" if number > 2 else "", before, after)


def facts(upload: Upload, tally: Tally) -> list[tuple[str, Any, str]]:
    """Where the rows are, as facts; what is nought is left out but for the first two."""
    counts = (
        ("Imported", tally.imported) if upload.change else ("Good rows, to be imported", upload.good),
        ("Left out because of problems", tally.listed),
        ("Waiting", tally.waiting if upload.change else 0),
        ("Refused by Klaviyo", tally.refused),
        ("Unclear", tally.unclear),
        ("Not sent", tally.not_sent),
        ("Blank rows, skipped", tally.blank),
    )
    shown = [(label, count, "number") for place, (label, count) in enumerate(counts) if count or place < 2]
    return [*shown, ("Rows in the file", upload.rows, "number")]


def about(upload: Upload) -> Iterator[tuple[str, Any, str]]:
    yield "File", upload.name, "text"
    yield "Uploaded", upload.received_at, "moment"
    yield "By", str(upload.person), "text"
    yield "List to join", upload.list_name or "None", "text"


def _cells(problem: Problem) -> tuple[Cell, ...]:
    lines = str(problem.line) if problem.last_line == problem.line else f"{problem.line}–{problem.last_line}"
    column = problem.column or "The whole row"
    return (Cell(lines, "number"), Cell(column), Cell(problem.value), Cell(problem.wrong), Cell(problem.remedy))


def _cell(profile: Json, choice: Choice) -> Cell:
    if choice.target == PROPERTY:
        path: tuple[str, ...] = ("attributes", "properties", choice.name)
    else:
        path = ("id",) if choice.target == "id" else ("attributes", *FIELDS[choice.target].path)
    for key in path:
        profile = profile.get(key) if isinstance(profile, dict) else None
    return Cell(profile)
