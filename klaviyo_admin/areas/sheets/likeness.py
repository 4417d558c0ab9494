"""Knows by which bytes a file that is no CSV gives itself away, and what its owner can do about it."""

import re

CEILING = 50 * 1024 * 1024  # bytes
LOOKED_AT = 64 * 1024  # bytes from the beginning that are enough to tell

_SPREADSHEET = (
    "open it in the spreadsheet program, choose “Save as” or “Download”, pick “CSV UTF-8”, and upload that file"
)
_PICTURE = "upload the CSV file that holds the rows instead"
_UNPACK = "unpack it and upload the CSV file inside"
_EXPORT = "export the rows as CSV and upload that file"

_BEGINNINGS: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG", "a PNG picture", _PICTURE),
    (b"\xff\xd8\xff", "a JPEG picture", _PICTURE),
    (b"GIF8", "a GIF picture", _PICTURE),
    (b"RIFF", "a picture, sound or film", _PICTURE),
    (b"%PDF", "a PDF document", _EXPORT),
    (b"{\\rtf", "an RTF text document", _EXPORT),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file", _SPREADSHEET),
    (b"\x1f\x8b", "a gzip archive", _UNPACK),
    (b"Rar!", "a RAR archive", _UNPACK),
    (b"7z\xbc\xaf", "a 7-Zip archive", _UNPACK),
    (b"BZh", "a bzip2 archive", _UNPACK),
    (b"SQLite format 3\x00", "an SQLite database", _EXPORT),
    (b"PAR1", "a Parquet file", _EXPORT),
    (b"BEGIN:VCARD", "a vCard address book", _EXPORT),
)
_WEB_PAGE = re.compile(rb"\s*(<!doctype html|<html|<head|<body|<table)", re.IGNORECASE)
_JSON = re.compile(rb'\s*(\{\s*("[^"]*"\s*:|\})|\[\s*[\[{"\d\]])')
# The control characters that no text has, but for NUL.
_CONTROLS = bytes(c for c in range(1, 32) if c not in b"\t\n\r\x0b\x0c\x1b\x1a")


class NotCsv(Exception):
    """The file cannot be read as CSV. The message is one sentence that says why and what to do."""


def refuse_what_is_no_csv(beginning: bytes, name: str) -> None:
    """Raise NotCsv if a file that begins with these bytes (at least LOOKED_AT of them, if it has them) is no CSV."""
    if not beginning.strip(b"\xef\xbb\xbf \t\r\n"):
        raise NotCsv(f"“{name}” is empty: choose the file that holds the rows.")
    for seen, remedy in (_by_beginning(beginning), _by_text(beginning)):
        if seen:
            raise NotCsv(f"“{name}” looks like {seen}, not like a CSV file: {remedy}.")
    if _is_binary(beginning):
        raise NotCsv(f"“{name}” holds binary data, not the text of a CSV file: {_EXPORT}.")


def refuse_what_is_too_large(size: int, name: str) -> None:
    if size > CEILING:
        megabytes = size / 1024 / 1024
        raise NotCsv(
            f"“{name}” has {megabytes:,.0f} MB and the limit is {CEILING // 1024 // 1024} MB: "
            "split it into smaller files, each with the line of column names, and upload them one by one."
        )


def _by_beginning(beginning: bytes) -> tuple[str, str]:
    if beginning.startswith(b"PK\x03\x04"):
        return _by_zip_contents(beginning)
    for start, what, remedy in _BEGINNINGS:
        if beginning.startswith(start):
            return what, remedy
    return "", ""


def _by_zip_contents(beginning: bytes) -> tuple[str, str]:
    if b"opendocument.spreadsheet" in beginning:
        return "an OpenDocument spreadsheet", _SPREADSHEET
    if b"word/" in beginning or b"opendocument.text" in beginning:
        return "a Word or OpenDocument text", _EXPORT
    if b"xl/" in beginning or b"[Content_Types].xml" in beginning:
        return "an Excel workbook", _SPREADSHEET
    return "a ZIP archive", _UNPACK


def _by_text(beginning: bytes) -> tuple[str, str]:
    text = beginning.removeprefix(b"\xef\xbb\xbf")
    if text[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = text[2:].replace(b"\x00", b"")
    if _WEB_PAGE.match(text):
        return "a web page", "download the CSV file itself, or open it in the browser and export it again"
    if text.lstrip().startswith(b"<?xml"):
        return "an XML file", _EXPORT
    if _JSON.match(text):
        return "a JSON file", _EXPORT
    return "", ""


def _is_binary(beginning: bytes) -> bool:
    """A few stray control characters are forgiven; one in 200 is no text. UTF-16 is full of them and is decoded later."""
    if beginning[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return False
    sample = beginning[:LOOKED_AT]
    controls = len(sample) - len(sample.translate(None, _CONTROLS)) + sample.count(0)
    return controls > max(4, len(sample) // 200)
