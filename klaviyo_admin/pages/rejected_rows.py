"""The lines of a form's table that cannot be used, as a file that stands in the page itself: the server keeps nothing of it."""

from base64 import b64encode
from collections.abc import Sequence

from django import forms

from klaviyo_admin.areas.rows import Rows, RowsField
from klaviyo_admin.areas.sheets.rejects import rejected
from klaviyo_admin.exports import csv_file

# The file's address is part of the page, and browsers save from an address of up to two million characters.
MOST_LINES = 5000
MOST_BYTES = 1_000_000


def offer(form: forms.Form) -> None:
    """Gives every table of a form that was looked at the file of its bad lines."""
    for field in form.fields.values():
        if isinstance(field, RowsField) and field.widget.rows.problems:
            field.widget.file, field.widget.missing = _file(field.widget.rows)


def _file(rows: Rows) -> tuple[str, int]:
    """The file as an address ("" where no line below the headings is bad), and how many bad lines it has no room for."""
    headings, *bad = [*rejected(rows)] or [()]
    kept, room = 0, MOST_BYTES
    while kept < min(len(bad), MOST_LINES) and (room := room - _weight(bad[kept])) >= 0:
        kept += 1
    if not kept:
        return "", 0
    data = b"".join(csv_file.blocks([headings, *bad[:kept]]))
    return f"data:text/csv;charset=utf-8;base64,{b64encode(data).decode()}", len(bad) - kept


def _weight(line: Sequence[str]) -> int:
    """Bytes of a line in the file, guesses for marks included."""
    return sum(len(cell.encode("utf-8", "replace")) + 3 for cell in line)
