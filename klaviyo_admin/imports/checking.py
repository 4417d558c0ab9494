"""Knows which rows are good: each record becomes one encoded profile, or problems that say why not, or is blank."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from klaviyo_admin.areas.profiles.importing import PROFILE_BYTES, encode
from klaviyo_admin.areas.sheets.cells import CHECKS, PLAIN, Fault, phone
from klaviyo_admin.areas.sheets.reading import UNCLOSED, Layout, Record, unread
from klaviyo_admin.imports.mapping import FIELDS, PROPERTY, Choice
from klaviyo_admin.klaviyo.values import Json

_SHOWN = 200  # characters of a wrong value that a problem keeps
_IDENTIFIERS = {
    "email": "e-mail address",
    "phone_number": "phone number",
    "external_id": "external ID",
    "id": "Klaviyo ID",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one row is not imported. `line`..`last_line` are physical lines of the file; `column` is a heading, "" when
    the row as a whole is meant."""

    line: int
    last_line: int
    column: str
    value: str
    wrong: str
    remedy: str


# What becomes of one record: its line, the encoded profile (b"" unless good), its problems (none unless listed).
# Neither of the two: the record is blank.
Verdict = tuple[int, bytes, tuple[Problem, ...]]


def verdicts(records: Iterable[Record], layout: Layout, choices: Sequence[Choice], country: str) -> Iterator[Verdict]:
    """One verdict for each record, in order. `country`: of phone numbers without a country code, "" for none.

    The first good row with an identifier keeps it; later ones are listed. Memory: the identifiers of the good rows.
    """
    check = _Check(layout, choices, country)
    for line, cells, mark in records:
        if len(cells) != check.width or mark:
            cells, problems = check.shape(line, cells, mark)
            if problems or not cells:
                yield line, b"", problems
                continue
        yield check.row(line, cells)


class _Check:
    """One pass over one file: the plan of its columns, and the identifiers seen so far."""

    def __init__(self, layout: Layout, choices: Sequence[Choice], country: str) -> None:
        self.width = len(layout.headings)
        self._names = [heading.name for heading in layout.headings]
        self._damaged = layout.damaged
        used = [choice for choice in choices if choice.target]
        self._used = [choice.index for choice in used]
        self._texts = [_place(choice) for choice in used if _kind(choice) == "text"]
        self._others = [(*_place(choice), *_rules(choice, country)) for choice in used if _kind(choice) != "text"]
        self._by_path = {choice.target: choice.heading for choice in choices}
        targets = {choice.target for choice in used}
        # Klaviyo compares e-mail addresses without regard to case, and nothing else.
        self._seen: list[tuple[str, Callable[[str], str], dict[str, int]]] = [
            (key, str.lower if key == "email" else str, {}) for key in _IDENTIFIERS if key in targets
        ]

    def shape(self, line: int, cells: list[str], mark: str) -> tuple[list[str], tuple[Problem, ...]]:
        """The cells of a record that has too many or too few: cut to width where that loses nothing, else a problem."""
        if mark == UNCLOSED:
            return cells, (self._problem(line, cells, "", cells[0], *unread(cells)),)
        if not any(map(str.strip, cells)):
            return [], ()
        if len(cells) > self.width and not any(map(str.strip, cells[self.width :])):
            return cells[: self.width], ()
        many = len(cells) > self.width
        wrong = f"The row has {len(cells)} cells and the file has {self.width} columns."
        remedy = (
            "Put text that holds the separator in quotation marks."
            if many
            else "Add the missing cells; empty ones count, and a line break in a cell needs quotation marks."
        )
        return cells, (self._problem(line, cells, "", " · ".join(cells), wrong, remedy),)

    def row(self, line: int, cells: list[str]) -> Verdict:
        attributes: dict[str, Json] = {}
        location: dict[str, Json] = {}
        properties: dict[str, Json] = {}
        held = (attributes, location, properties)
        problems: list[Problem] = []
        for index, into, key in self._texts:
            cell = cells[index].strip()
            if cell:
                held[into][key] = cell
        for index, into, key, plain, check in self._others:
            cell = cells[index].strip()
            if not cell:
                continue
            try:
                held[into][key] = cell if plain(cell) else check(cell)
            except Fault as fault:
                problems.append(self._problem(line, cells, self._names[index], cell, fault.wrong, fault.remedy))
        if not (attributes or location or properties or problems) and not any(map(str.strip, cells)):
            return line, b"", ()
        identifiers = [(seen, fold(attributes[key]), key) for key, fold, seen in self._seen if key in attributes]
        klaviyo_id = attributes.pop("id", "")
        if location:
            attributes["location"] = location
        if properties:
            attributes["properties"] = properties
        encoded = encode(attributes, klaviyo_id)
        if problems or len(encoded) > PROFILE_BYTES or b"\\u0000" in encoded or self._damaged or not identifiers:
            problems += self._more(line, cells, encoded, bool(identifiers or problems))
            if problems:
                return line, b"", tuple(problems)
        for seen, value, key in identifiers:
            if value in seen:
                return line, b"", (self._duplicate(line, cells, key, value, seen[value]),)
        for seen, value, _ in identifiers:
            seen[value] = line
        return line, encoded, ()

    def _more(self, line: int, cells: list[str], encoded: bytes, identified: bool) -> Iterator[Problem]:
        """What is wrong with a row as a whole, or with cells that are text."""
        for index in self._used:
            if "\x00" in cells[index] or (self._damaged and "\ufffd" in cells[index]):
                wrong, remedy = "The cell has a character that cannot be read.", "Type the cell again."
                yield self._problem(line, cells, self._names[index], cells[index], wrong, remedy)
        if len(encoded) > PROFILE_BYTES:
            wrong = f"The profile has {len(encoded):,} bytes and Klaviyo takes {PROFILE_BYTES:,}."
            yield self._problem(line, cells, "", "", wrong, "Shorten its longest cells.")
        elif not identified:
            known = ", ".join(field.label for field in FIELDS.values() if field.identifies)
            remedy = f"Fill in at least one of these: {known}."
            yield self._problem(line, cells, "", "", "The row does not say who it is about.", remedy)

    def _duplicate(self, line: int, cells: list[str], key: str, value: str, first: int) -> Problem:
        wrong = f"Same {_IDENTIFIERS[key]} as line {first}, which is imported."
        remedy = f"If they are one person, put everything into line {first}; if not, correct one of them."
        return self._problem(line, cells, self._by_path[key], value, wrong, remedy)

    def _problem(self, line: int, cells: list[str], column: str, value: str, wrong: str, remedy: str) -> Problem:
        breaks = sum(len(cell.splitlines()) - 1 for cell in cells if "\n" in cell or "\r" in cell)
        shown = value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"
        return Problem(line, line + breaks, column, shown.replace("\x00", "␀"), wrong, remedy)


def _kind(choice: Choice) -> str:
    return choice.kind if choice.target == PROPERTY else FIELDS[choice.target].check


def _place(choice: Choice) -> tuple[int, int, str]:
    """The column, the part of the profile that it goes to (attributes, location, properties), and the key in there."""
    if choice.target == PROPERTY:
        return choice.index, 2, choice.name
    path = FIELDS[choice.target].path
    return choice.index, int(path[0] == "location"), path[-1]


def _rules(choice: Choice, country: str) -> tuple[Callable[[str], object], Callable[[str], Json]]:
    """Which cells are their own value, and what the others are."""
    kind = _kind(choice)
    return PLAIN.get(kind, _never), partial(phone, country=country) if kind == "phone" else CHECKS[kind]


def _never(_: str) -> bool:
    return False
