"""Knows which cells a spreadsheet would calculate, and the apostrophe that keeps it from doing so."""

# A spreadsheet takes a cell that begins so for a formula, those of East Asia also in full width; the apostrophe makes it
# text.
_FORMULA = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def guarded(cell: str) -> str:
    """The cell, with an apostrophe in front if a spreadsheet would calculate it, or could take ours for the cell's own."""
    return f"'{cell}" if _dangerous(cell) else cell


def unguarded(cell: str) -> str:
    """The cell as it was before it was guarded."""
    return cell[1:] if cell[:1] == "'" and _dangerous(cell[1:]) else cell


def _dangerous(cell: str) -> bool:
    return cell.lstrip("'")[:1] in _FORMULA
