"""The form field that takes many rows, pasted or as a file, and says line by line which of them cannot be used."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from io import BytesIO
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from klaviyo_admin.areas.sheets.likeness import NotCsv
from klaviyo_admin.areas.sheets.reading import unheaded
from klaviyo_admin.areas.sheets.rows import PASTED, Column, Problem, Row, Rows, Wanted, chunks, read

__all__ = ["Column", "Problem", "Row", "Rows", "RowsField", "chunks"]

MOST_BYTES = 5 * 1024 * 1024  # of a file that is read while a person waits
SHOWN_AGAIN = 1024 * 1024  # characters of a text that a form shows again, to be corrected in place


@dataclass(frozen=True, slots=True)
class Given:
    """What came in with the form: the bytes (pasted text as UTF-8), what they are called, and the mark of the text whose
    bad lines may be left out."""

    data: bytes = b""
    source: str = PASTED
    leave_out: str = ""

    @property
    def mark(self) -> str:
        """Names exactly this text, in the file as in the box, however a browser writes its line ends."""
        text = self.text.replace("\r\n", "\n").strip().encode() or self.data
        return sha256(text).hexdigest()[:16]

    @property
    def text(self) -> str:
        """The text for the box, so that it can be corrected there; nothing if it is too much for a form."""
        if len(self.data) > SHOWN_AGAIN or not self.data:
            return ""
        try:
            return self.data.decode(unheaded(lambda: BytesIO(self.data), self.source).encoding, "replace")
        except NotCsv:
            return ""


class RowsWidget(forms.Widget):
    """A box to paste into, a file beside it, and, once lines turn out to be bad, the choice to leave them out. The page
    that shows it makes a file of the bad ones in `rows` (as they were judged): its address, and how many are not in it."""

    template_name = "widgets/rows.html"
    needs_multipart_form = True
    use_fieldset = True

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
        self.columns = columns
        self.rows = Rows()  # of the text on show
        self.file = ""
        self.missing = 0

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        given = value if isinstance(value, Given) else Given(str(value or "").encode())
        headings = ", ".join(column.label for column in self.columns)
        bare = sum(column.required for column in self.columns) < 2
        context["widget"].update(
            bare=bare,
            text=given.text,
            bad=self.rows.bad,
            mark=given.mark,
            headings=headings,
            file=self.file,
            missing=self.missing,
        )
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Given:
        file = files.get(f"{name}-file")
        leave_out = data.get(f"{name}-leave-out", "")
        if isinstance(file, UploadedFile):
            file.seek(0)  # a form that is shown again asks a second time
            return Given(file.read(MOST_BYTES + 1), file.name or "the file", leave_out)
        return Given(data.get(name, "").encode(), leave_out=leave_out)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and f"{name}-file" not in files


class RowsField(forms.Field):
    """Rows with these columns, pasted or as a CSV or text file. It cleans to Rows.

    The first line names the columns in any order; a text of one column may do without. `one_of`: a row must fill one of
    these columns. `unique`: no two rows may share a value of these. `others`: unknown headings are taken into
    Row.others; without it they are a problem. `most` is how many rows are taken at once.
    """

    widget: RowsWidget

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        one_of: Sequence[str] = (),
        unique: Sequence[str] = (),
        others: bool = False,
        most: int = 10_000,
        **kwargs: Any,
    ) -> None:
        super().__init__(widget=RowsWidget(columns), **kwargs)
        self.wanted = Wanted(tuple(columns), tuple(one_of), tuple(unique), others)
        self.most = most

    def clean(self, value: Any) -> Rows:
        given = value if isinstance(value, Given) else Given(str(value or "").encode())
        if not given.data.strip():
            if self.required:
                raise ValidationError("Paste at least one line, or choose a file.", code="required")
            return Rows()
        rows = replace(self._read(given), lenient=given.leave_out == given.mark)
        self.judge(rows)
        if not rows.good:
            raise ValidationError(f"No line of {given.source} can be used.")
        if len(rows.good) > self.most:
            raise ValidationError(
                f"{given.source[:1].upper()}{given.source[1:]} has {len(rows.good):,} rows and {self.most:,} can be taken at once. "
                "Split it into several changes."
            )
        return rows

    def judge(self, rows: Rows) -> None:
        """Raises ValidationError if lines are bad that the person did not agree to leave out, and offers to do that."""
        self.widget.rows = rows
        if rows.problems and not rows.lenient:
            raise ValidationError(list(rows.said()))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(isinstance(data, Given) and data.data.strip())

    def _read(self, given: Given) -> Rows:
        if len(given.data) > MOST_BYTES:
            raise ValidationError(
                f"The file has more than {MOST_BYTES // 1024 // 1024} MB. Split it into smaller files."
            )
        try:
            return read(self.wanted, given.data, given.source)
        except NotCsv as error:
            raise ValidationError(str(error)) from error
