"""What the worker does with an upload: read what is in it, and check every row against the choice of columns."""

from collections.abc import Iterator
from functools import partial

from django.db import transaction

from klaviyo_admin import jobs
from klaviyo_admin.areas.profiles.importing import packed
from klaviyo_admin.areas.sheets.likeness import NotCsv
from klaviyo_admin.areas.sheets.reading import records
from klaviyo_admin.imports import columns, mapping, storing
from klaviyo_admin.imports.checking import Problem, Verdict, verdicts
from klaviyo_admin.imports.models import Piece, Upload

LEASE_SECONDS = 150  # longer than a task may run
MAX_ATTEMPTS = 3
GIVEN_UP = (
    "Reading this file failed several times: split it into smaller files, and tell whoever runs this installation."
)


def analyse(upload_id: int) -> None:
    """received → analysed or refused. Does nothing for an upload that is elsewhere or held by another worker."""
    upload = _claimed(upload_id, "received")
    if upload is None:
        return
    try:
        analysis = columns.analyse(partial(storing.open_file, upload), upload.name)
        if not analysis.rows:
            raise NotCsv(f"“{upload.name}” has column names, but no rows below them: there is nothing to import.")
    except NotCsv as refusal:
        _refuse(upload, "received", str(refusal))
        return
    _move(upload, "received", status="analysed", analysis=columns.to_json(analysis))


def check(upload_id: int) -> None:
    """mapped → checked, with every row either in a chunk, or among the problems, or counted as blank."""
    upload = _claimed(upload_id, "mapped")
    if upload is None:
        return
    storing.forget_checks(upload, but=upload.fence)
    layout = columns.from_json(upload.analysis).layout
    choices = mapping.from_json(upload.choices)
    found = verdicts(records(partial(storing.open_file, upload), layout), layout, choices, upload.country)
    sorting = _Sorting(upload)
    for number, chunk in enumerate(packed(sorting.good(found))):
        storing.keep_chunk(upload, upload.fence, number, chunk, sorting.lines_of_next(chunk.count))
    sorting.end()
    counts = {"good": sorting.goods, "listed": sorting.listed, "blank": sorting.blank}
    _move(upload, "mapped", status="checked", **counts)


class _Sorting:
    """Parts the verdicts on the way: good rows go on, listed ones are stored, blank ones are counted."""

    def __init__(self, upload: Upload) -> None:
        self._upload = upload
        self._lines: list[int] = []
        self._rows: list[tuple[Problem, ...]] = []
        self._stored = 0
        self.goods = self.listed = self.blank = 0

    def good(self, found: Iterator[Verdict]) -> Iterator[bytes]:
        for line, encoded, problems in found:
            if encoded:
                self.goods += 1
                self._lines.append(line)
                yield encoded
            elif problems:
                self._rows.append(problems)
                if len(self._rows) == storing.ROWS:
                    self._store()
            else:
                self.blank += 1

    def lines_of_next(self, count: int) -> list[int]:
        lines, self._lines = self._lines[:count], self._lines[count:]
        return lines

    def end(self) -> None:
        if self._rows:
            self._store()

    def _store(self) -> None:
        storing.keep_problems(self._upload, self._upload.fence, self._stored, self._rows)
        self._stored += 1
        self.listed += len(self._rows)
        self._rows = []


def _claimed(upload_id: int, status: str) -> Upload | None:
    """The upload, if it is this worker's turn. What killed several workers is given up."""
    fence = jobs.claim(Upload.objects.filter(pk=upload_id, status=status, purged=False), lease_seconds=LEASE_SECONDS)
    if fence is None:
        return None
    upload = Upload.objects.select_related("account").get(pk=upload_id)
    if upload.attempts > MAX_ATTEMPTS:
        _refuse(upload, status, GIVEN_UP)
        return None
    return upload


def _refuse(upload: Upload, was: str, sentence: str) -> None:
    with transaction.atomic():
        _move(upload, was, status="refused", refusal=sentence)
        Piece.objects.filter(upload=upload, upload__status="refused").delete()


def _move(upload: Upload, was: str, /, **values: object) -> None:
    """Only for whoever still holds the upload: a new choice of columns, or another worker, has a newer fence."""
    with transaction.atomic():
        held = Upload.objects.filter(pk=upload.pk, status=was, fence=upload.fence)
        if held.update(lease_until=None, attempts=0, **values):
            storing.forget_checks(upload, but=upload.fence)
