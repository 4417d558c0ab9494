"""Rows that a person pastes or uploads: what is understood, and what is said about the lines that cannot be used."""

import re

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from klaviyo_admin.areas.rows import Column, Rows, RowsField, chunks
from klaviyo_admin.areas.sheets import cells

EMAIL = Column("email", "E-mail", cells.email, also=("email address",))
PHONE = Column("phone", "Phone", lambda cell: cells.phone(cell, ""), looks=re.compile(r"\+[\d ]+"))


class People(forms.Form):
    """Addresses or numbers."""

    people = RowsField((EMAIL, PHONE), one_of=("email", "phone"), unique=("email",), most=4)


class Anything(forms.Form):
    """One known column and any others."""

    people = RowsField((EMAIL,), others=True)


def given(text: str, **more: str) -> People:
    return People({"people": text, **more})


def rows(form: forms.Form) -> Rows:
    assert form.is_valid(), form.errors
    found: Rows = form.cleaned_data["people"]
    return found


def test_headings_are_found_whatever_their_order_case_and_dashes() -> None:
    found = rows(given("Phone\tE-MAIL ADDRESS\n+12125550123\ta@example.com\n\n\tb@example.com\n"))
    assert [(row.line, row.values) for row in found] == [
        (2, {"phone": "+12125550123", "email": "a@example.com"}),
        (4, {"email": "b@example.com"}),
    ]


@pytest.mark.parametrize("text", ["a@example.com\n+12125550123\n", "a@example.com, +12125550123"])
def test_bare_values_go_to_the_column_that_they_look_like(text: str) -> None:
    assert [dict(row.values) for row in rows(given(text))] == [{"email": "a@example.com"}, {"phone": "+12125550123"}]


def test_every_bad_line_is_named_with_value_and_remedy() -> None:
    form = given("email\na@example.com\nbad\nA@example.com\n")
    assert not form.is_valid()
    assert form.errors["people"] == [
        "2 lines of the pasted text cannot be used; 1 can.",
        "Line 3, E-mail “bad”: The e-mail address has no @. Correct the address, or leave the row out.",
        "Line 4, E-mail “A@example.com”: Line 2 has the same. Keep one of the two.",
    ]


def test_bad_lines_are_left_out_only_of_the_text_that_was_looked_at() -> None:
    form = given("a@example.com\nbad")
    assert not form.is_valid()
    mark = re.search(r'leave-out" value="(\w+)"', str(form["people"]))
    assert mark
    found = rows(given("a@example.com\r\nbad\r\n", **{"people-leave-out": mark[1]}))
    assert [row.line for row in found] == [1]
    assert dict(found.details())["Lines left out"] == "1 (line 2)"
    assert not given("a@example.com\nbad\nworse", **{"people-leave-out": mark[1]}).is_valid()


def test_a_file_is_read_as_it_is_written_and_shown_to_be_corrected() -> None:
    file = SimpleUploadedFile("people.csv", "E-mail;Phone\nmüller;+12125550123\n".encode("cp1252"))
    form = People({}, MultiValueDict({"people-file": [file]}))
    assert not form.is_valid()
    assert "people.csv" in form.errors["people"][0]
    assert "müller;+12125550123" in str(form["people"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Paste at least one line"),
        (",,,\n", "no values"),
        ("a,b\n1,2\n", "names no known column"),
        ("email\n", "has no line"),
        ("email,shoe\na@example.com,9", "This heading is not known."),
        ("email,email\na@example.com,b@example.com", "stands here twice"),
        ("\n".join(f"p{n}@example.com" for n in range(5)), "4 can be taken at once"),
        ('email,phone\n"a@example.com,9', "never closed"),
        ("%PDF-1.4", "looks like"),
    ],
)
def test_what_cannot_be_taken_is_said(text: str, said: str) -> None:
    form = given(text)
    assert not form.is_valid()
    assert said in " ".join(map(str, form.errors["people"]))


def test_other_headings_can_be_kept() -> None:
    (row,) = rows(Anything({"people": "email,Shoe size\na@example.com,9"}))
    assert row.others == {"Shoe size": "9"}


def test_a_column_that_must_be_filled_is_missed() -> None:
    field = RowsField((EMAIL, Column("code", "Code", required=True)))
    with pytest.raises(ValidationError, match="Code: The cell is empty"):
        field.clean("email,code\na@example.com,\n")


def test_things_are_cut_into_chunks_by_number_and_weight() -> None:
    assert list(chunks(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(chunks([5, 5, 9, 1], 3, weigh=lambda n: n, room=10)) == [[5, 5], [9, 1]]
