"""Bytes to records: encodings, delimiters, line numbers, and files that are no CSV."""

import io
import zipfile

import pytest

from klaviyo_admin.areas.sheets.likeness import NotCsv, refuse_what_is_no_csv, refuse_what_is_too_large
from klaviyo_admin.areas.sheets.reading import UNCLOSED, Layout, Record, inspect, records


def read(data: bytes) -> tuple[Layout, list[Record]]:
    layout = inspect(lambda: io.BytesIO(data), "people.csv")
    return layout, list(records(lambda: io.BytesIO(data), layout))


def test_a_line_number_is_the_physical_line_on_which_the_record_starts() -> None:
    _, found = read(b'Email,Note\r\na@example.com,"one\r\ntwo, ""three"""\r\n\r\nb@example.com,last')
    assert found == [
        (2, ["a@example.com", 'one\r\ntwo, "three"'], ""),
        (4, [], ""),
        (5, ["b@example.com", "last"], ""),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_delimiter_and_line_ending_is_found(delimiter: str, end: str) -> None:
    text = end.join(delimiter.join(row) for row in [["Email", "Name"], ["a@example.com", "Ann, the first"], ["b", "c"]])
    if delimiter == ",":
        text = text.replace("Ann, the first", '"Ann, the first"')
    layout, found = read(text.encode())
    assert layout.delimiter == delimiter
    assert [(line, cells) for line, cells, _ in found] == [(2, ["a@example.com", "Ann, the first"]), (3, ["b", "c"])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_encoding_gives_the_same_text(encoding: str) -> None:
    layout, found = read("Email,Name\nzoe@example.com,Zoë €\n".encode(encoding))
    assert found == [(2, ["zoe@example.com", "Zoë €"], "")]
    assert layout.headings[0].name == "Email"
    assert any("Windows-1252" in note for note in layout.notes) == (encoding == "cp1252")


def test_bytes_that_windows_1252_does_not_have_are_read_as_latin_1() -> None:
    layout, found = read(b"Email,Name\na@example.com,\x81\xe9\n")
    assert layout.encoding == "latin-1"
    assert found[0][1][1] == "\x81é"


def test_one_broken_character_does_not_turn_a_utf_8_file_into_another_encoding() -> None:
    layout, found = read("Email,Name\na@example.com,Zoë\n".encode() * 30 + b"b@example.com,Zo\xff\n")
    assert (layout.encoding, layout.damaged) == ("utf-8-sig", True)
    assert found[-1][1][1] == "Zo\ufffd"


def test_a_first_line_that_names_the_delimiter_is_obeyed_and_counted() -> None:
    layout, found = read(b"sep=;\r\nEmail;Note\r\na@example.com;x,y\r\n")
    assert (layout.delimiter, layout.first_line) == (";", 2)
    assert found == [(3, ["a@example.com", "x,y"], "")]


def test_a_quotation_mark_that_is_never_closed_costs_only_its_own_line() -> None:
    rows = "".join(f"p{n}@example.com,x\n" for n in range(20_000))
    _, found = read(f'Email,Name\na@example.com,"open\n{rows}b@example.com,"open too\nc@example.com,z'.encode())
    assert [line for line, _, mark in found if mark == UNCLOSED] == [2, 20_003]
    assert len(found) == 20_003
    assert found[-1] == (20_004, ["c@example.com", "z"], "")


def test_blank_lines_above_the_headings_do_not_shift_the_lines() -> None:
    layout, found = read(b"\n\n  \nEmail\na@example.com\n")
    assert (layout.first_line, found) == (4, [(5, ["a@example.com"], "")])


def test_headings_that_repeat_or_are_missing_are_named_and_said() -> None:
    layout, _ = read(b"Email,email,,Email\na,b,c,d\n")
    assert [heading.name for heading in layout.headings] == ["Email", "email (2)", "Column 3", "Email (3)"]
    assert len(layout.notes) == 3


def _zipped(name: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(name, "x")
    return held.getvalue()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \r\n", "is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "a PNG picture"),
        (b"%PDF-1.7 ...", "a PDF document"),
        (_zipped("[Content_Types].xml"), "an Excel workbook"),
        (_zipped("people.csv"), "a ZIP archive"),
        (b"<!DOCTYPE html><html></html>", "a web page"),
        (b"\xef\xbb\xbf  <HTML>", "a web page"),
        ("<html>".encode("utf-16"), "a web page"),
        (b'[{"email": "a@example.com"}]', "a JSON file"),
        (b'{"data": []}', "a JSON file"),
        (b"<?xml version='1.0'?>", "an XML file"),
        (bytes(range(256)) * 20, "binary data"),
        (b"ann@example.com,Ann\nbob@example.com,Bob\n", "looks like a person"),
        (b"+1 212 555 0101,Ann\n", "looks like a person"),
        (b",,\n , \n", "no column names"),
        (b'"Email,Name\na@example.com,b\n', "never closes"),
        (b"x" * 200_000 + b"\na@example.com\n", "far too long"),
        (b",".join(b"c%d" % n for n in range(301)), "has 301 columns"),
        ("Email\na@example.com\n".encode("utf-16")[:-1], "damaged"),
    ],
)
def test_what_is_no_csv_is_refused_with_one_sentence_and_a_remedy(data: bytes, says: str) -> None:
    with pytest.raises(NotCsv) as refusal:
        read(data)
    sentence = str(refusal.value)
    assert says in sentence
    assert ": " in sentence
    assert sentence.endswith(".")
    assert ". " not in sentence


def test_a_text_with_a_few_odd_characters_is_no_binary() -> None:
    refuse_what_is_no_csv(b"Email,Name\na@example.com,A\x00nn\n" * 3, "people.csv")


def test_more_than_50_megabytes_are_refused_with_a_remedy() -> None:
    refuse_what_is_too_large(50 * 1024 * 1024, "people.csv")
    with pytest.raises(NotCsv, match=r"has 61 MB and the limit is 50 MB: split it"):
        refuse_what_is_too_large(61 * 1024 * 1024, "people.csv")
