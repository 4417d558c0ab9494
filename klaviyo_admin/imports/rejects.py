"""Knows the file of rejected rows: line, problem and remedy, and behind them the original cells, to be corrected."""

from collections.abc import Iterator
from functools import partial

from klaviyo_admin.areas.sheets.headings import ADDED, added_in
from klaviyo_admin.areas.sheets.reading import records
from klaviyo_admin.areas.sheets.rejects import front
from klaviyo_admin.imports import columns, outcome, storing
from klaviyo_admin.imports.models import Upload


def rows(upload: Upload) -> Iterator[list[str]]:
    """The headings, then each row that was not imported, in the order of the file. The additions come first, so that a
    row with too many cells keeps them in their places. Memory: one row."""
    layout = columns.from_json(upload.analysis).layout
    added = added_in(heading.given for heading in layout.headings)
    left_out = {heading.index for heading in layout.headings if heading.given in added}
    yield [*ADDED, *(heading.given for heading in layout.headings if heading.index not in left_out)]
    problems = outcome.problems(upload)
    row = next(problems, None)
    for line, cells, _ in records(partial(storing.open_file, upload), layout):
        if row is None:
            return
        if row[0].line == line:
            yield [*front(line, row), *(c for i, c in enumerate(cells) if i not in left_out)]
            row = next(problems, None)
