"""Proof that an exported file of the audit is whole, from the file and a public key alone: no database is asked."""

import csv
import html
import io
import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from klaviyo_admin.areas.sheets.guarding import unguarded
from klaviyo_admin.audit import chain, checkpoints, signing
from klaviyo_admin.audit.models import Entry
from klaviyo_admin.audit.verify import Verdict
from klaviyo_admin.exports.audit_file import ALL
from klaviyo_admin.exports.seals import PURPOSE, digest, numbers

_SEAL = {"seal", "ids", "digest", "previous", "last", "checkpoint", "key", "signature"}
_NUMBERS = {field.attname for field in Entry._meta.concrete_fields if "Integer" in field.get_internal_type()}
_LONGEST_CELL = 64 * 1024 * 1024
Record = Mapping[str, Any]


class Broken(Exception):
    """A place at which the file is not as it was made: the number of the line of the log, and what is wrong."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(problem)
        self.line, self.problem = line, problem


def check(file: Path, keys: Collection[str]) -> Verdict:
    """Whether the file holds exactly the lines that were exported, sealed by one of the public `keys`. Raises OSError."""
    state = _State(keys)
    try:
        for record in _records(file):
            state.take(record)
        state.end()
    except Broken as broken:
        return Verdict(state.lines, broken.line, broken.problem)
    except (ValueError, KeyError, TypeError, RecursionError, csv.Error):
        after = f"after line {state.last}" if state.last else "at the beginning of the file"
        return Verdict(state.lines, state.last + 1, f"What stands {after} is no line of an export.")
    return Verdict(state.lines)


class _State:
    """What was read since the last seal, and which seal that was."""

    def __init__(self, keys: Collection[str]) -> None:
        self.keys, self.lines, self.last = keys, 0, 0
        self.seal: Record = {"seal": 0, "signature": "", "last": False}
        self.block: list[Record] = []

    def take(self, record: Record) -> None:
        if self.seal["last"]:
            raise Broken(self.last + 1, "Something was added after the last seal of the file.")
        if "seal" in record:
            self.close(record)
        else:
            if set(record) != set(ALL):
                raise ValueError(record)
            self.block.append(record)
            self.lines, self.last = self.lines + 1, int(record["id"])

    def close(self, seal: Record) -> None:
        """Compares the block with the seal below it; the first line that is wrong is the one to name."""
        trusted = set(seal) == _SEAL and signing.holds(PURPOSE, seal)
        told = list(numbers(seal["ids"])) if trusted else []
        self.each(told if trusted else None)
        here = self.block[0]["id"] if self.block else self.last + 1
        if not trusted:
            raise Broken(here, f"The seal after line {self.last} was changed after it was signed.")
        if seal["key"] not in self.keys:
            raise Broken(here, f"The seal after line {self.last} was signed by an unknown key: {seal['key']}.")
        if (seal["seal"], seal["previous"]) != (self.seal["seal"] + 1, self.seal["signature"]):
            raise Broken(here, f"The block that begins with line {here} does not follow the one before it.")
        if digest(line["hash"] for line in self.block) != seal["digest"]:
            raise Broken(here, f"One of the {len(told)} lines from line {here} on was replaced by another.")
        self.ends(seal)
        self.seal, self.block = seal, []

    def each(self, told: list[int] | None) -> None:
        """Every line of the block by itself, with the one before it, and in its place as the seal tells."""
        before: Record | None = None
        for place, line in enumerate(self.block):
            number = line["id"]
            if told is not None and told[place : place + 1] != [number]:
                raise Broken(*_misplaced(told, place, number))
            if line["hash"] != chain.digest(line):
                raise Broken(number, f"Line {number} was changed after it was written.")
            if before and number == before["id"] + 1 and line["previous_hash"] != before["hash"]:
                raise Broken(number, f"Line {number} does not follow line {before['id']} as it was written.")
            before = line
        if told is not None and len(told) > len(self.block):
            raise Broken(told[len(self.block)], f"Line {told[len(self.block)]} is missing.")

    def ends(self, seal: Record) -> None:
        """A checkpoint inside the file must be the line that it signs."""
        mark = seal["checkpoint"]
        if mark is None:
            return
        signs = [line for line in self.block if line["id"] == mark["lines"] and line["hash"] != mark["hash"]]
        if not checkpoints.genuine(mark) or signs:
            raise Broken(mark["lines"], f"Line {mark['lines']} is not the one that was signed in the checkpoint there.")

    def end(self) -> None:
        if self.block:
            self.each(None)
        if not self.seal["last"]:
            raise Broken(self.last + 1, f"The file was cut off after line {self.last}: its last seal is missing.")


def _misplaced(told: list[int], place: int, number: int) -> tuple[int, str]:
    if number not in told:
        return number, f"Line {number} was put in from outside."
    if number in told[:place]:
        return number, f"Line {number} stands in the file twice or in another order."
    return told[place], f"Line {told[place]} is missing, or stands in another place."


def _records(file: Path) -> Iterator[Record]:
    with file.open("rb") as opened:
        begins = opened.read(1)
    if begins == b"<":
        return _json_lines(_box(file))
    return _json_lines(_lines(file)) if begins == b"{" else _table(file)


def _lines(file: Path) -> Iterator[str]:
    with file.open(encoding="utf-8", newline="\n") as lines:
        yield from lines


def _box(file: Path) -> Iterator[str]:
    """The lines in the box of an evidence file. Its words are escaped, so nothing in them looks like the box."""
    box = file.read_text(encoding="utf-8").partition('<pre id="lines"')[2].partition(">")[2].partition("</pre>")[0]
    return io.StringIO(html.unescape(box), newline="\n")


def _json_lines(lines: Iterator[str]) -> Iterator[Record]:
    for line in lines:
        if not line.endswith("\n"):
            return  # cut in the middle of a line
        yield json.loads(line, object_pairs_hook=_once)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, in which no name may stand twice: of two, one would be read here and the other elsewhere."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("A name stands twice.")
    return found


def _table(file: Path) -> Iterator[Record]:
    with file.open(encoding="utf-8-sig", newline="") as lines, _long_cells():
        rows = csv.reader(lines, strict=True)
        if next(rows, []) != list(ALL):
            raise ValueError("These are not the headings of an export.")
        for row in rows:
            cells = dict(zip(ALL, map(unguarded, row), strict=True))
            yield json.loads(cells["detail"], object_pairs_hook=_once) if not cells["id"] else _typed(cells)


@contextmanager
def _long_cells() -> Iterator[None]:
    """The limit is the whole process's, and the reading of uploads relies on the usual one: so only for as long as needed."""
    usual = csv.field_size_limit(_LONGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(usual)


def _typed(cells: Mapping[str, str]) -> Record:
    numbers_ = {name: int(cells[name]) if cells[name] else None for name in _NUMBERS}
    return {**cells, **numbers_, "detail": json.loads(cells["detail"], object_pairs_hook=_once)}
