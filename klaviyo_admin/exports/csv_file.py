"""Knows how a CSV file leaves so that a spreadsheet opens it rightly and calculates nothing that was not ours."""

import csv
from collections.abc import Iterable, Iterator, Sequence

# A spreadsheet takes a cell that begins so for a formula; the apostrophe makes it text.
_FORMULA = frozenset("=+-@\t\r")
_LINES_AT_ONCE = 200
MARK = b"\xef\xbb\xbf"


def guarded(cell: str) -> str:
    """The cell, with an apostrophe in front if a spreadsheet would calculate it, or could take ours for the cell's own."""
    return f"'{cell}" if _dangerous(cell) else cell


def unguarded(cell: str) -> str:
    """The cell as it was before it was guarded."""
    return cell[1:] if cell[:1] == "'" and _dangerous(cell[1:]) else cell


def _dangerous(cell: str) -> bool:
    return cell.lstrip("'")[:1] in _FORMULA


def blocks(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """UTF-8 with a byte-order mark (Excel needs it), commas, CRLF; every cell guarded. Memory: _LINES_AT_ONCE rows."""
    lines = _Lines()
    writer = csv.writer(lines)
    yield MARK
    for row in rows:
        writer.writerow([guarded(cell) for cell in row])
        if len(lines.held) >= _LINES_AT_ONCE:
            yield lines.taken()
    if lines.held:
        yield lines.taken()


class _Lines:
    """What csv.writer writes to: it keeps lines until they are taken."""

    def __init__(self) -> None:
        self.held: list[str] = []

    def write(self, line: str) -> int:
        self.held.append(line)
        return len(line)

    def taken(self) -> bytes:
        block, self.held = "".join(self.held).encode("utf-8", "replace"), []
        return block
