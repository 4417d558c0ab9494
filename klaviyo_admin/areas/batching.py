"""Knows how many things are put into as few bulk jobs as Klaviyo's limits for one body allow."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import orjson

from klaviyo_admin.areas.sheets.rows import chunks
from klaviyo_admin.intents import FieldChange, Follow, Request
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.values import Json

Line = tuple[Json, Sequence[FieldChange]]  # a resource of JSON:API, and what it means to a reader


@dataclass(frozen=True, slots=True)
class Batch:
    """A bulk operation: its name, what its rows are called in the body ("items"), the read that follows its job, and how
    many rows and bytes one request takes."""

    operation: str
    rows: str
    job: str
    most: int = 100
    most_bytes: int = 4_900_000

    def requests(self, lines: Iterable[Line], counted_as: str = "") -> tuple[Request, ...]:
        """As many jobs as the lines need, in their order. With `counted_as`, a reader sees how many there are of them and
        not each line's own changes."""
        return tuple(self._request(chunk, counted_as) for chunk in chunks(lines, self.most, _weight, self.most_bytes))

    def _request(self, lines: Sequence[Line], counted_as: str) -> Request:
        found = operation(self.operation)
        document = {"data": {"type": found.kind, "attributes": {self.rows: {"data": [row for row, _ in lines]}}}}
        fields = tuple(field for _, fields in lines for field in fields)
        if counted_as:
            fields = (FieldChange(("rows",), counted_as, None, len(lines)),)
        return Request(found.write({}, document), None, fields, Follow(self.job, "job_id"), len(lines))


def _weight(line: Line) -> int:
    return len(orjson.dumps(line[0])) + 1
