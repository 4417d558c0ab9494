"""Knows how bytes become records: encoding, delimiter, headings, and the physical line on which each record starts."""

import codecs
import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import BinaryIO

from klaviyo_admin.areas.sheets.guarding import unguarded
from klaviyo_admin.areas.sheets.headings import Heading, added_in, headings_of, looks_like_a_person
from klaviyo_admin.areas.sheets.likeness import LOOKED_AT, NotCsv, refuse_what_is_no_csv

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
MOST_COLUMNS = 300  # a form for more would be refused by the web server
UNCLOSED = "unclosed"  # the mark of a line whose quotation mark is never closed, or that is too long to tell
_BLOCK = 1024 * 1024
_END = "\x00end of the file\x00"
ENCODINGS = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Windows-1252",
    "latin-1": "Latin-1",
}

# One record: the physical line on which it starts (1 = the first of the file), its cells, and "" or UNCLOSED.
# A blank line is a record without cells; an UNCLOSED one has the raw line as its only cell.
Record = tuple[int, list[str], str]
# Opens the file anew, at its beginning; whoever calls it closes what it returns.
Opener = Callable[[], BinaryIO]


@dataclass(frozen=True, slots=True)
class Layout:
    """How one file is to be read. `damaged`: UTF-8 with some broken characters, which read as U+FFFD. `guarded`: a file
    of rejected rows, whose cells may have an apostrophe in front that keeps spreadsheets from calculating them."""

    encoding: str
    delimiter: str
    first_line: int  # the physical line on which the headings start
    headings: tuple[Heading, ...]
    notes: tuple[str, ...] = ()
    damaged: bool = False

    @property
    def guarded(self) -> bool:
        return bool(added_in(heading.given for heading in self.headings))


def inspect(open_: Opener, name: str) -> Layout:
    """Read the whole file once (in blocks) and say how it is to be read. Raises NotCsv with one sentence."""
    bare = unheaded(open_, name)
    line, cells = _line_of_headings(every_record(open_, bare), name)
    if len(cells) > MOST_COLUMNS:
        raise NotCsv(
            f"“{name}” has {len(cells):,} columns and the limit is {MOST_COLUMNS}: "
            "delete the columns that are not needed and upload it again."
        )
    headings, notes = headings_of(cells)
    if bare.damaged:
        notes = ("Some characters are broken; the rows that have them are listed.", *notes)
    notes = (*_reading_notes(bare.encoding, bare.delimiter), *notes)
    return replace(bare, first_line=line, headings=headings, notes=notes)


def unheaded(open_: Opener, name: str) -> Layout:
    """How a file is written, without a look at what its first line says. Raises NotCsv with one sentence."""
    with open_() as stream:
        beginning = stream.read(LOOKED_AT)
        refuse_what_is_no_csv(beginning, name)
    encoding, damaged = _encoding(open_, beginning, name)
    sample = codecs.getincrementaldecoder(encoding)("replace").decode(beginning).removeprefix("\ufeff")
    delimiter = _told(sample.partition("\n")[0]) or _sniffed_delimiter(sample)
    return Layout(encoding, delimiter, 0, (), damaged=damaged)


def records(open_: Opener, layout: Layout) -> Iterator[Record]:
    """Every record below the headings, in order, blank lines included."""
    below = every_record(open_, layout)
    for line, _, _ in below:
        if line >= layout.first_line:
            break
    return map(_unguarded, below) if layout.guarded else below


def _unguarded(record: Record) -> Record:
    line, cells, mark = record
    return line, [unguarded(cell) for cell in cells], mark


def unread(cells: list[str]) -> tuple[str, str]:
    """What is wrong with an UNCLOSED record, and what to do about it."""
    if '"' not in cells[0]:
        return f"It has a cell of more than {csv.field_size_limit():,} characters.", "Shorten it."
    return "A quotation mark opens in this line and is never closed.", 'Close it, or write it twice ("") in text.'


def _line_of_headings(found: Iterator[Record], name: str) -> tuple[int, list[str]]:
    for line, cells, mark in found:
        if mark == UNCLOSED:
            quoted = '"' in cells[0]
            wrong = (
                "opens a quotation mark and never closes it: close"
                if quoted
                else "has a cell that is far too long: shorten"
            )
            raise NotCsv(f"Line {line} of “{name}” {wrong} it and upload the file again.")
        if looks_like_a_person(cells):
            raise NotCsv(
                f"The first line of “{name}” looks like a person, not like column names: "
                "put a line with names such as Email, First Name, Last Name above it and upload the file again."
            )
        if any(map(str.strip, cells)):
            return line, cells
    raise NotCsv(f"“{name}” has no column names in its first line: add them and upload the file again.")


def every_record(open_: Opener, layout: Layout) -> Iterator[Record]:
    """Every record of the file, headings included; by the C reader alone as long as no quotation mark stays open."""
    start, ended = 1, [False]
    with _text(open_, layout) as text:
        first = next(text, "")
        start += bool(_told(first))
        reader = csv.reader(_marked(() if start > 1 else (first,), text, ended), delimiter=layout.delimiter)
        before = start
        try:
            for cells in reader:
                if ended[0]:
                    # The mark is a record of its own, unless a quotation mark is open before it.
                    if start == before + reader.line_num - 1:
                        return
                    break
                yield start, cells, ""
                start = before + reader.line_num
        except csv.Error:  # a cell of more than 128 K characters: the same, noticed earlier
            pass
    with _text(open_, layout) as text:
        yield from _parsed(_Lines(islice(text, start - 1, None), start - 1), layout.delimiter)


def _text(open_: Opener, layout: Layout) -> io.TextIOWrapper:
    errors = "replace" if layout.damaged else "strict"
    return io.TextIOWrapper(open_(), encoding=layout.encoding, errors=errors, newline="")


def _marked(first: Iterable[str], text: Iterable[str], ended: list[bool]) -> Iterator[str]:
    """The lines with a mark behind the last; `ended` says when it was reached."""
    yield from first
    yield from text
    ended[0] = True
    yield _END


class _Lines:
    """The lines of a text, with the ones of the current record kept, so that a broken record can be taken back."""

    def __init__(self, text: Iterable[str], number: int) -> None:
        self._source = iter(text)
        self._returned: list[str] = []
        self.kept: list[str] = []
        self.number = number  # lines of the file taken so far
        self.ended = False  # somebody asked for a line after the last

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        try:
            line = self._returned.pop() if self._returned else next(self._source)
        except StopIteration:
            self.ended = True
            raise
        self.number += 1
        self.kept.append(line)
        return line

    def take_back_all_but_first(self) -> str:
        first, *rest = self.kept
        self._returned.extend(reversed(rest))
        self.number -= len(rest)
        self.ended = False
        return first


def _parsed(lines: _Lines, delimiter: str) -> Iterator[Record]:
    """A quotation mark that is never closed would swallow the rest of the file; only its own line is given up. Slower,
    so it begins where that first happens."""
    kept = lines.kept
    unclosed = True
    while unclosed:
        unclosed = False
        start = lines.number + 1
        kept.clear()
        try:
            for cells in csv.reader(lines, delimiter=delimiter):
                # A record ends with its line; the reader looks beyond the last line only inside quotation marks.
                unclosed = lines.ended
                if unclosed:
                    break
                yield start, cells, ""
                start = lines.number + 1
                kept.clear()
        except csv.Error:  # a cell of more than 128 K characters: the same, noticed earlier
            unclosed = True
        if unclosed:
            yield start, [lines.take_back_all_but_first().rstrip("\r\n")], UNCLOSED


def _encoding(open_: Opener, beginning: bytes, name: str) -> tuple[str, bool]:
    """The encoding, and whether it is UTF-8 with a few broken characters. Reads the whole file."""
    if beginning[:2] in (b"\xff\xfe", b"\xfe\xff"):
        if not _decodes("utf-16", open_):
            raise NotCsv(f"“{name}” is damaged: it begins as UTF-16 text and does not go on so; export it again.")
        return "utf-16", False
    if _decodes("utf-8", open_):
        return "utf-8-sig", False
    broken, foreign = _counted_as_utf_8(open_)
    if foreign > 20 * broken:
        return "utf-8-sig", True
    return ("cp1252" if _decodes("cp1252", open_) else "latin-1"), False


def _counted_as_utf_8(open_: Opener) -> tuple[int, int]:
    """How many characters are broken when the file is read as UTF-8, and how many are whole but not ASCII."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    broken = foreign = 0
    for block in _blocks(open_):
        text = decoder.decode(block, final=not block)
        if not text.isascii():
            broken += text.count("\ufffd")
            foreign += len(text) - len(text.encode("ascii", "ignore"))
    return broken, foreign - broken


def _decodes(encoding: str, open_: Opener) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        for block in _blocks(open_):
            decoder.decode(block, final=not block)
    except UnicodeDecodeError:
        return False
    return True


def _blocks(open_: Opener) -> Iterator[bytes]:
    """The file in blocks; the last one is empty."""
    with open_() as stream:
        block = b"-"
        while block:
            block = stream.read(_BLOCK)
            yield block


def _told(line: str) -> str:
    """The delimiter that a first line such as `sep=;` names, as Excel writes and reads it."""
    line = line.strip("\r\n").strip('"').lstrip("\ufeff")
    return line[4:] if line[:4].lower() == "sep=" and line[4:] in DELIMITERS else ""


def _sniffed_delimiter(sample: str) -> str:
    """The delimiter that cuts the most records of the sample into as many cells as the first has, and more than one."""
    best = (0.0, 0, ",")
    for delimiter in DELIMITERS:
        try:
            widths = [len(cells) for cells in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if cells]
        except csv.Error:
            continue
        if len(widths) > 2:
            widths.pop()  # the sample may end inside its last record
        if widths and widths[0] > 1:
            best = max(best, (widths.count(widths[0]) / len(widths), widths[0], delimiter))
    return best[2]


def _reading_notes(encoding: str, delimiter: str) -> tuple[str, ...]:
    notes = []
    if encoding in ("cp1252", "latin-1"):
        notes.append(
            f"Read as {ENCODINGS[encoding]}, because it is not UTF-8. If letters with accents look wrong below, "
            "save the file as “CSV UTF-8” and upload it again."
        )
    if delimiter != ",":
        notes.append(f"The columns are separated by a {DELIMITERS[delimiter]}.")
    return tuple(notes)
