"""How things from Klaviyo look in a shell: JSON, a table for eyes, CSV for spreadsheets; each line as soon as it is known."""

import csv
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO

import orjson

from klaviyo_admin.areas.sheets.guarding import guarded
from klaviyo_admin.klaviyo.values import Item, Json

_WIDEST = 40
_COLUMNS = 7


def as_json(items: Iterable[Item]) -> Iterator[str]:
    """One JSON list, an item a line."""
    before = "["
    for item in items:
        related = {name: [{"type": k.type, "id": k.id} for k in kinds] for name, kinds in item.related.items()}
        one = {"type": item.type, "id": item.id, "attributes": item.attributes, "related": related}
        yield before + orjson.dumps(one).decode()
        before = ","
    yield "[]" if before == "[" else "]"


def as_document(document: Json) -> Iterator[str]:
    yield orjson.dumps(document, option=orjson.OPT_INDENT_2).decode()


def as_csv(items: Iterable[Item]) -> Iterator[str]:
    """A column for each attribute of the first item; what is nested has dotted names, lists are JSON."""
    names: list[str] = []
    for number, item in enumerate(items):
        row = flat(item.attributes)
        if number == 0:
            names = list(row)
            yield _line(["id", *names])
        yield _line([item.id, *(guarded(row.get(name, "")) for name in names)])


def as_table(items: Sequence[Item]) -> Iterator[str]:
    """Columns of the same width, as many as the terminal holds; what is too long is cut."""
    rows = [{"id": item.id, **flat(item.attributes)} for item in items]
    filled = list(dict.fromkeys(name for row in rows for name, value in row.items() if value))
    yield from columns([[row.get(name, "") for name in filled[:_COLUMNS]] for row in rows], filled[:_COLUMNS])


def columns(rows: Sequence[Sequence[str]], headings: Sequence[str], widest: int = _WIDEST) -> Iterator[str]:
    """Lines of aligned cells under their headings."""
    plain = [[" ".join(cell.split()) for cell in row] for row in [headings, *rows]]
    widths = [min(widest, max(len(row[n]) for row in plain)) for n in range(len(headings))]
    room = shutil.get_terminal_size((120, 24)).columns
    while len(widths) > 1 and sum(widths) + 2 * len(widths) > max(room, 80) and widest == _WIDEST:
        widths.pop()
    for row in plain:
        yield "  ".join(_cut(cell, width).ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip()


def flat(attributes: Mapping[str, Json], prefix: str = "") -> dict[str, str]:
    """Attributes as text by dotted name."""
    found: dict[str, str] = {}
    for name, value in attributes.items():
        if isinstance(value, Mapping) and value:
            found |= flat(value, f"{prefix}{name}.")
        else:
            found[f"{prefix}{name}"] = _text(value)
    return found


def _text(value: Json) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _cut(cell: str, width: int) -> str:
    return cell if len(cell) <= width else f"{cell[: width - 1]}…"


def _line(cells: Iterable[str]) -> str:
    held = StringIO()
    csv.writer(held, lineterminator="").writerow(cells)
    return held.getvalue()
