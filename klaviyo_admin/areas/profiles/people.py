"""Knows who is meant by pasted ids, addresses and numbers: which profiles they are, and which lines name nobody."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from klaviyo_admin.areas.profiles.consent_forms import EMAIL, PHONE
from klaviyo_admin.areas.rows import Column, Problem, Row, Rows, RowsField, chunks
from klaviyo_admin.areas.sheets import cells
from klaviyo_admin.areas.sheets.rows import alike
from klaviyo_admin.klaviyo import filters
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.errors import KlaviyoError
from klaviyo_admin.klaviyo.values import Item, Query

MOST = 5000  # rows; each hundred is one look at Klaviyo
_AT_ONCE = 100  # values that one filter takes, and profiles of one page
ID = Column("id", "Profile ID", cells.klaviyo_id, also=("Klaviyo ID",), looks=re.compile(r"[0-9A-HJKMNP-TV-Z]{26}"))
EXTERNAL = Column("external_id", "External ID")
COLUMNS = (EMAIL, PHONE, ID, EXTERNAL)


@dataclass(frozen=True, slots=True)
class People:
    """The profiles that rows name, each once, in the order of the rows; and the rows with what is wrong with them."""

    profiles: tuple[Item, ...]
    rows: Rows

    def details(self) -> tuple[tuple[str, Any], ...]:
        """Facts for an Intent's details, with how many rows name somebody whom an earlier one names by another handle."""
        again = len(self.rows) - len(self.profiles)
        return (*self.rows.details(), *([("Rows that name somebody again", f"{again:,}")] if again else []))


class PeopleField(RowsField):
    """Rows that each name a profile by e-mail, phone, id or external id. Before a builder sees the answers, the page puts
    People in its place."""

    def __init__(self, **kwargs: Any) -> None:
        keys = [column.key for column in COLUMNS]
        super().__init__(COLUMNS, one_of=keys, unique=keys, most=MOST, **kwargs)


def find(reader: Reader, rows: Rows) -> People:
    """Looks the rows up, a hundred at a time and side by side. Raises KlaviyoError."""
    wanted: dict[str, list[Row]] = {}
    for row in rows:
        wanted.setdefault(_key(row), []).append(row)
    calls = [
        partial(_read, reader, key, [row.get(key) for row in part])
        for key, named in wanted.items()
        for part in chunks(named, _AT_ONCE)
    ]
    known: dict[tuple[str, str], Item] = {}
    for found in reader.gather(*calls):
        if isinstance(found, KlaviyoError):
            raise found
        known.update(found)
    met = [(row, known.get((_key(row), alike(_key(row), row.get(_key(row)))))) for row in rows]
    unknown = tuple(_unknown(row) for row, item in met if item is None)
    profiles = {item.id: item for _, item in met if item}
    good = tuple(row for row, item in met if item)
    return People(tuple(profiles.values()), replace(rows, good=good, problems=(*rows.problems, *unknown)))


def _key(row: Row) -> str:
    """What a row is looked up by: the surest of what it says."""
    return next(key for key in ("id", "email", "phone_number", "external_id") if row.get(key))


def _read(reader: Reader, key: str, values: list[str]) -> dict[tuple[str, str], Item]:
    condition = filters.for_operation(operation("get_profiles"), key, "any", values)
    return dict(_named(key, reader, Query(condition, size=_AT_ONCE)))


def _named(key: str, reader: Reader, query: Query) -> Iterator[tuple[tuple[str, str], Item]]:
    for page in reader.pages("get_profiles", query=query):
        for item in page.items:
            yield (key, alike(key, item.id if key == "id" else item.get(key))), item


def _unknown(row: Row) -> Problem:
    key = _key(row)
    label = next(column.label for column in COLUMNS if column.key == key)
    remedy = "Correct it, or add the person first."
    return Problem(row.line, label, str(row.get(key)), "No profile has this.", remedy, row.place)
