"""Rows to profiles or problems, and the promise that no row is lost."""

import csv
import io

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klaviyo_admin.areas.sheets.reading import inspect, records
from klaviyo_admin.imports.checking import Problem, verdicts
from klaviyo_admin.imports.mapping import PROPERTY, Choice, guess
from klaviyo_admin.klaviyo.values import Json


def check(
    data: bytes | str, kinds: dict[int, str] | None = None, country: str = ""
) -> tuple[dict[int, Json], list[Problem], int]:
    """Good profiles by line, problems, and how many records are blank."""
    raw = data.encode() if isinstance(data, str) else data
    layout = inspect(lambda: io.BytesIO(raw), "people.csv")
    choices = guess(layout.headings, kinds or {})
    good, problems, blank = {}, [], 0
    for line, encoded, found in verdicts(records(lambda: io.BytesIO(raw), layout), layout, choices, country):
        problems += found
        if encoded:
            good[line] = orjson.loads(encoded)
        blank += not encoded and not found
    return good, problems, blank


def only(problems: list[Problem]) -> Problem:
    (problem,) = problems
    return problem


def test_a_row_becomes_a_profile_with_its_cells_where_they_belong() -> None:
    good, problems, _ = check(
        "Email,Klaviyo ID,First Name,City,Latitude,Plan,Points,VIP,Since,Tags,Fax\n"
        'ann@example.com,01JABCDEFGH,Ann , Oslo,59.9,"gold, plus",12.5,yes,2026-03-01,red;blue,\n',
        {6: "number", 7: "flag", 8: "date", 9: "list"},
    )
    assert problems == []
    assert good[2] == {
        "type": "profile",
        "id": "01JABCDEFGH",
        "attributes": {
            "email": "ann@example.com",
            "first_name": "Ann",
            "location": {"city": "Oslo", "latitude": 59.9},
            "properties": {
                "Plan": "gold, plus",
                "Points": 12.5,
                "VIP": True,
                "Since": "2026-03-01",
                "Tags": ["red", "blue"],
            },
        },
    }


def test_an_empty_cell_is_left_out_so_that_klaviyo_keeps_what_it_has() -> None:
    good, _, _ = check("Email,First Name,Plan\nann@example.com,, \n")
    assert good[2]["attributes"] == {"email": "ann@example.com"}


def test_a_problem_names_line_column_value_fault_and_remedy() -> None:
    _, problems, _ = check('Email,Note\nann@example.com,"two\nlines"\nann.example.com,x\n')
    problem = only(problems)
    assert (problem.line, problem.column, problem.value) == (4, "Email", "ann.example.com")
    assert problem.wrong == "The e-mail address has no @."
    assert problem.remedy


@pytest.mark.parametrize("row", ["a@example.com", "a@example.com,b,c", "a@example.com,b,c,d,", "a@example.com,b,c,,d"])
def test_a_row_with_too_many_or_too_few_cells_is_listed(row: str) -> None:
    good, problems, _ = check(f"Email,Name,City\n{row}\n")
    if len(row.split(",")) == 3:
        assert (len(good), problems) == (1, [])
    else:
        assert good == {}
        assert "3 columns" in only(problems).wrong


def test_empty_cells_beyond_the_last_column_lose_nothing() -> None:
    good, problems, _ = check("Email,Name\na@example.com,Ann,,\n")
    assert (list(good), problems) == ([2], [])


def test_blank_lines_and_rows_of_empty_cells_are_blank() -> None:
    good, problems, blank = check("Email,Name\n\n , \n,\na@example.com,Ann\n\n")
    assert (list(good), problems, blank) == ([5], [], 4)


def test_a_row_without_any_identifier_is_listed() -> None:
    _, problems, _ = check("Email,Name\n,Ann\n")
    assert only(problems).wrong == "The row does not say who it is about."


def test_the_first_row_keeps_an_identifier_and_later_ones_name_its_line() -> None:
    good, problems, _ = check(
        "Email,Phone Number,External ID,Klaviyo ID\n"
        "ann@example.com,+12125550101,a1,01JANN\n"
        "ANN@Example.com,,,\n"
        "bob@example.com,+12125550101,,\n"
        ",,a1,\n"
        ",,,01JANN\n"
        "bob@example.com,,,\n"
    )
    assert sorted(good) == [2, 7]
    assert [(p.line, p.column, p.wrong) for p in problems] == [
        (3, "Email", "Same e-mail address as line 2, which is imported."),
        (4, "Phone Number", "Same phone number as line 2, which is imported."),
        (5, "External ID", "Same external ID as line 2, which is imported."),
        (6, "Klaviyo ID", "Same Klaviyo ID as line 2, which is imported."),
    ]


def test_a_listed_row_does_not_block_a_good_one() -> None:
    good, problems, _ = check("Email,Phone Number\nann@example.com,12\nann@example.com,\n")
    assert sorted(good) == [3]
    assert only(problems).line == 2


def test_one_address_twice_in_a_cell_is_one_and_two_different_are_listed() -> None:
    good, problems, _ = check("Email\na@example.com; A@example.com\nb@example.com / c@example.com\n")
    assert good[2]["attributes"]["email"] == "a@example.com"
    assert only(problems).wrong == "Two different e-mail addresses in one cell."


def test_a_quotation_mark_that_swallowed_rows_says_from_where_to_where() -> None:
    _, problems, _ = check('Email,Name\na@example.com,"open\nb@example.com,x\nc@example.com,"\nd@example.com,y,z\n')
    assert [(p.line, p.last_line) for p in problems] == [(5, 5)]
    _, problems, _ = check('Email,Name\n"a@example.com,x\nb@example.com,"y\n')
    assert [(p.line, p.last_line) for p in problems] == [(2, 3)]


def test_a_line_with_a_cell_that_is_far_too_long_is_listed_and_costs_no_other() -> None:
    good, problems, _ = check(f"Email,Name\na@example.com,{'x' * 10_000_000}\nb@example.com,ok\n")
    assert (list(good), only(problems).line) == ([3], 2)
    assert "more than 131,072 characters" in only(problems).wrong


def test_characters_that_cannot_be_read_are_listed() -> None:
    _, problems, _ = check("Email,Name,City\na@example.com,A\x00nn,Oslo\n")
    assert only(problems).column == "Name"
    _, problems, _ = check("Email,Name\na@example.com,Zoë\n".encode() + b"b@example.com,\xff" + "ééééé".encode() * 5)
    assert only(problems).line == 3


def test_text_that_only_looks_like_an_escaped_nul_is_good() -> None:
    good, problems, _ = check("Email,Name\na@example.com,\\u0000\n")
    assert (list(good), problems) == ([2], [])


def test_a_profile_beyond_klaviyos_size_is_listed() -> None:
    _, problems, _ = check(f"Email,Note\na@example.com,{'x' * 100_000}\n")
    assert "Klaviyo takes 100,000" in only(problems).wrong


def test_two_columns_may_hold_the_same_person_only_once_per_row() -> None:
    layout = inspect(lambda: io.BytesIO(b"A,B\n1,2\n"), "people.csv")
    choices = (Choice(0, "A", "external_id"), Choice(1, "B", PROPERTY, "B", "number"))
    found = list(verdicts([(2, ["1", "2"], "")], layout, choices, ""))
    assert orjson.loads(found[0][1])["attributes"] == {"external_id": "1", "properties": {"B": 2}}


CELLS = st.one_of(
    st.sampled_from(
        ["", " ", "a@example.com", "A@EXAMPLE.COM", "b@example.com", "a@b@c", "+12125550101", "2125550101", "12", "x,y"]
    ),
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12),
    st.sampled_from(['say "hi"', "two\nlines", "two\r\nlines", "a;b", "\ttab", "=1+1", "NULL", "\ufffd", '"', "'+1"]),
)


@settings(max_examples=300, deadline=None)
@given(
    rows=st.lists(st.lists(CELLS, min_size=0, max_size=5), max_size=25),
    delimiter=st.sampled_from(",;\t|"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    country=st.sampled_from(["", "US", "DE"]),
)
def test_every_record_is_good_or_listed_or_blank(
    rows: list[list[str]], delimiter: str, quoting: int, end: str, encoding: str, country: str
) -> None:
    held = io.StringIO(newline="")
    writer = csv.writer(held, delimiter=delimiter, quoting=quoting, lineterminator=end)
    writer.writerow(["Email", "Phone Number", "First Name", "Plan"])
    for row in rows:
        writer.writerow(row)
    text = held.getvalue()
    data = f"sep={delimiter}{end}{text}".encode(encoding)
    layout = inspect(lambda: io.BytesIO(data), "people.csv")
    expected = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))[1:]
    read = [cells for _, cells, _ in records(lambda: io.BytesIO(data), layout)]
    assert read == expected
    choices = guess(layout.headings, {3: "text"})
    found = list(verdicts(records(lambda: io.BytesIO(data), layout), layout, choices, country))
    assert len(found) == len(expected)
    for (line, encoded, problems), cells in zip(found, expected, strict=True):
        assert not (encoded and problems)
        if not encoded and not problems:
            assert not any(cell.strip() for cell in cells)
        assert all(problem.line == line and problem.wrong and problem.remedy for problem in problems)
    assert len({line for line, _, _ in found}) == len(found)


@settings(max_examples=200, deadline=None)
@given(junk=st.text(alphabet='a,"\n\r;@.', max_size=60))
def test_no_quoting_however_broken_loses_a_line(junk: str) -> None:
    """Every physical line below the headings lies inside exactly one record."""
    data = f"Email,Name\n{junk}".encode()
    layout = inspect(lambda: io.BytesIO(data), "people.csv")
    starts = [line for line, _, _ in records(lambda: io.BytesIO(data), layout)]
    lines = len(io.StringIO(junk, newline="").readlines())
    assert starts == sorted(set(starts))
    assert not lines or starts[0] == 2
    assert all(2 <= line <= lines + 1 for line in starts)
