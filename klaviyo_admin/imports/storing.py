"""Knows how the contents of an upload lie in sealed pieces, so that no more than one of them is ever in memory."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, BinaryIO

import orjson
from django.db.models import QuerySet

from klaviyo_admin.areas.profiles.importing import Chunk
from klaviyo_admin.imports.checking import Problem
from klaviyo_admin.imports.models import Piece, Upload
from klaviyo_admin.klaviyo.values import Json

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

PIECE = 1024 * 1024  # bytes of a file in one piece
ROWS = 200  # listed rows in one piece


def keep_file(upload: Upload, blocks: Iterable[bytes]) -> None:
    """Store a file from its blocks, each at most PIECE bytes."""
    for number, block in enumerate(blocks):
        Piece.objects.create(upload=upload, kind="file", number=number, count=len(block), data=block)


def open_file(upload: Upload) -> BinaryIO:
    """The file as it was uploaded, from its beginning."""
    return io.BufferedReader(_Pieces(upload), PIECE)


def keep_chunk(upload: Upload, generation: int, number: int, chunk: Chunk, lines: list[int]) -> None:
    """Store the profiles of one request, and the line of the file that each of them comes from."""
    for kind, data in (("chunk", chunk.profiles), ("lines", orjson.dumps(lines))):
        Piece.objects.create(
            upload=upload, kind=kind, generation=generation, number=number, count=chunk.count, data=data
        )


def chunks(upload: Upload) -> Iterator[Chunk]:
    """The profiles of the last check, request by request."""
    for piece in _of(upload, "chunk").iterator(chunk_size=1):
        yield Chunk(piece.data, piece.count)


def first_profiles(upload: Upload, most: int) -> list[Json]:
    """The first profiles of the last check, parsed."""
    piece = _of(upload, "chunk").first()
    return list(orjson.loads(b"[" + piece.data + b"]")[:most]) if piece else []


def lines(upload: Upload) -> Iterator[list[int]]:
    """The lines of the file behind the profiles of each request, in order."""
    for piece in _of(upload, "lines").iterator(chunk_size=10):
        yield orjson.loads(piece.data)


def keep_problems(upload: Upload, generation: int, number: int, rows: list[tuple[Problem, ...]]) -> None:
    """Store what is wrong with up to ROWS rows, row by row, in the order of the file."""
    data = orjson.dumps([[asdict(problem) for problem in row] for row in rows])
    Piece.objects.create(
        upload=upload, kind="problems", generation=generation, number=number, count=len(rows), data=data
    )


def problem_rows(upload: Upload, skip: int = 0) -> Iterator[tuple[Problem, ...]]:
    """What is wrong, listed row by listed row, in the order of the file; the first `skip` rows are left out."""
    for piece in _of(upload, "problems").filter(number__gte=skip // ROWS).iterator(chunk_size=1):
        past = skip - piece.number * ROWS
        for row in orjson.loads(piece.data)[max(0, past) :]:
            yield tuple(Problem(**problem) for problem in row)


def forget_checks(upload: Upload, *, but: int) -> None:
    """Remove what checks left behind, except for the generation `but`."""
    Piece.objects.filter(upload=upload).exclude(kind="file").exclude(generation=but).delete()


def _of(upload: Upload, kind: str) -> QuerySet[Piece]:
    return Piece.objects.filter(upload=upload, kind=kind, generation=upload.fence).order_by("number")


class _Pieces(io.RawIOBase):
    """The pieces of a file as one stream that is read forwards once."""

    def __init__(self, upload: Upload) -> None:
        self._upload = upload
        self._number = 0
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        wanted = memoryview(buffer).cast("B")
        if not self._rest:
            piece = Piece.objects.filter(upload=self._upload, kind="file", number=self._number).first()
            if piece is None:
                return 0
            self._number += 1
            self._rest = memoryview(piece.data)
        taken = min(len(wanted), len(self._rest))
        wanted[:taken] = self._rest[:taken]
        self._rest = self._rest[taken:]
        return taken
