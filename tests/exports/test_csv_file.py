"""CSV that leaves: read back as it was, and nothing in it that a spreadsheet would calculate."""

import csv
import io
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klaviyo_admin.areas.sheets.guarding import guarded, unguarded
from klaviyo_admin.exports.csv_file import blocks


@pytest.mark.parametrize(
    "cell", ["=1+1", "+12125550123", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1+1", "\uff20SUM(A1)", "'=1"]
)
def test_a_cell_that_a_spreadsheet_would_calculate_gets_an_apostrophe(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "a=1", "1", "'x", " =1", "''"])
def test_any_other_cell_stays_as_it_is(cell: str) -> None:
    assert guarded(cell) == cell


@given(st.text(alphabet="'=+x", max_size=5))
def test_the_apostrophe_can_be_taken_off_again(cell: str) -> None:
    assert unguarded(guarded(cell)) == cell


TEXT = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), max_size=10)


@given(st.lists(st.lists(TEXT, min_size=2, max_size=3), max_size=450))
def test_what_was_written_is_read_again(rows: list[list[str]]) -> None:
    data = b"".join(blocks(rows))
    assert data.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert read == [[guarded(cell) for cell in row] for row in rows]


def test_a_long_file_leaves_in_pieces() -> None:
    made = 0

    def rows() -> Iterator[list[str]]:
        nonlocal made
        for n in range(1_000):
            made += 1
            yield [str(n)]

    pieces = blocks(rows())
    next(pieces), next(pieces)
    assert made < 300
