"""The file of a table's rejected lines: corrected in a spreadsheet, it goes in again as it came out."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klaviyo_admin.areas.custom_objects.fields import RecordsField
from klaviyo_admin.areas.rows import Given
from klaviyo_admin.areas.sheets import cells
from klaviyo_admin.areas.sheets.guarding import guarded
from klaviyo_admin.areas.sheets.rejects import rejected
from klaviyo_admin.areas.sheets.rows import Column, Rows, Wanted, read

EMAIL = Column("email", "E-mail", cells.email)
PHONE = Column("phone", "Phone", lambda cell: cells.phone(cell, ""), looks=re.compile(r"\+[\d ]+"))
NOTE = Column("note", "Note")
WANTED = Wanted((EMAIL, PHONE, NOTE), ("email", "phone"), ("email", "phone"))


def of(text: str | bytes, wanted: Wanted = WANTED) -> Rows:
    return read(wanted, text.encode() if isinstance(text, str) else text)


def file(rows: Rows, **corrected: str) -> str:
    """The file as a spreadsheet saves it, with some cells written anew."""
    lines = io.StringIO(newline="")
    csv.writer(lines).writerows([corrected.get(cell, guarded(cell)) for cell in line] for line in rejected(rows))
    return lines.getvalue()


def values(rows: Rows) -> list[dict[str, object]]:
    return [dict(row.values) for row in rows]


def test_a_corrected_file_goes_in_again_with_its_formulas_and_apostrophes() -> None:
    given_first = "E-mail,Phone,Note\nbad,+1 212 555 0123,=1+1\ngood@example.com,,\nworse,,'-x\n"
    again = of(file(of(given_first), bad="a@example.com", worse="b@example.com"))
    assert not again.problems
    assert values(again) == [
        {"email": "a@example.com", "phone": "+12125550123", "note": "=1+1"},
        {"email": "b@example.com", "note": "'-x"},
    ]


def test_a_file_that_is_rejected_again_has_its_additions_once_and_its_own_line_numbers() -> None:
    once = file(of("E-mail,Note\ngood@example.com,\nbad,=1\n"))
    assert list(rejected(of(once))) == [
        ("Line", "Problem", "Remedy", "E-mail", "Note"),
        ("2", "E-mail: The e-mail address has no @.", "Correct the address, or leave the row out.", "bad", "=1"),
    ]


def test_values_without_headings_get_them_and_only_the_bad_ones_of_a_line_are_in_the_file() -> None:
    rows = of("a@example.com, bad, +1 212 555 0123, +12125550123")
    assert (len(rows), rows.bad) == (2, 2)
    assert [(line[0], *line[3:]) for line in rejected(rows)] == [
        ("Line", "E-mail", "Phone", "Note"),
        ("1", "bad", "", ""),
        ("1", "", "+12125550123", ""),
    ]
    assert "It stands here twice." in rows.said()[2]


def test_lines_with_too_many_cells_or_broken_letters_are_in_the_file_as_they_are() -> None:
    text = b"E-mail,Note\na@example.com,b,c\nb@example.com," + b"\xff" + "\nc@example.com,ß".encode() * 30
    found = list(rejected(of(text)))
    assert [line[3:] for line in found[1:3]] == [("a@example.com", "b", "c"), ("b@example.com", "\ufffd")]


def test_nothing_is_in_the_file_if_only_a_heading_is_wrong() -> None:
    assert list(rejected(of("E-mail,Shoe\na@example.com,9\n"))) == []


def test_the_additions_of_a_file_are_no_values_of_records_and_a_column_called_line_is_one() -> None:
    field = RecordsField(())
    table = "Line,Problem,Remedy,color,=Line\n2,Wrong.,Mend it.,'=red,9\n"
    assert values(field.clean(Given(table.encode()))) == [{"color": "=red", "=Line": "9"}]
    assert values(RecordsField(()).clean(Given(b"Line,color\n2,red\n"))) == [{"Line": "2", "color": "red"}]
    others = Wanted((EMAIL,), others=True)
    assert of("E-mail,Line\na@example.com,7\n", others).good[0].others == {"Line": "7"}


@pytest.mark.parametrize("wanted", [WANTED, Wanted((EMAIL, NOTE), unique=("email",), others=True)])
@given(text=st.lists(st.lists(st.text("ab@.=+',\"\n7ß", max_size=8), min_size=2, max_size=2), max_size=6))
def test_what_was_rejected_is_rejected_again_for_the_same_cells(wanted: Wanted, text: list[list[str]]) -> None:
    lines = io.StringIO(newline="")
    csv.writer(lines).writerows([["E-mail", "Note"], *text, ["bad", "x"]])
    first = of(lines.getvalue(), wanted)
    second = of(file(first), wanted)
    bad = [line[3:] for line in rejected(first)][1:]
    assert len(bad) == first.bad
    assert {tuple(line[3:]) for line in [*rejected(second)][1:]} <= set(map(tuple, bad))
