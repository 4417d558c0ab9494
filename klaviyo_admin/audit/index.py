"""Finds lines among a million: for each block of lines, which of them have which mark, as sets of bits.

Lines never change, so a block is written once, when all its lines are there, by a worker; the lines after the last
block are read one by one. It only narrows: what it gives still has to be compared with the question. It may be emptied
at any time (a migration that changes marks must do so), and the workers write it anew.
"""

import struct
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import orjson
from django.db import connections, router, transaction
from django.db.models import F, TextField
from django.db.models.functions import Cast

from klaviyo_admin.audit.marks import FIELDS, TEXT, Clue, Needs, key, marks
from klaviyo_admin.audit.models import Block, Entry, Head, Mark

LINES = 4_096  # of a block: as many as are soon read one by one, and no number in it needs more than two bytes
_BYTES = LINES // 8
_FIRST, _GROWTH = 8, 4  # blocks that are asked at once: few, as most questions end there; then ever more
_POWERS = [1 << number for number in range(LINES)]
_READ = tuple({"id": None, "at": None} | dict.fromkeys((*FIELDS, *TEXT)))
_ROWS = 1_000


def once() -> bool:
    """Called every second by each worker: writes the next block if all its lines are there; says whether it did."""
    head = Head.objects.first()
    number = _count()
    if head is None or head.lines < (number + 1) * LINES:
        return False
    rows, first, last = _block(number)
    with transaction.atomic():
        _, created = Block.objects.get_or_create(number=number, defaults={"first_at": first, "last_at": last})
        if created:  # else another worker was quicker
            Mark.objects.bulk_create(rows, batch_size=_ROWS)
    return True


def indexed() -> int:
    """The number of the last line that is in the index."""
    return _count() * LINES


def candidates(needs: Needs, before: int, since: datetime | None, until: datetime | None) -> Iterator[int]:
    """Numbers of the lines in the index below `before` that may meet the needs, newest first."""
    blocks = Block.objects.filter(number__lte=(before - 1) // LINES).order_by("-number")
    bounds = {"last_at__gte": since, "first_at__lt": until}
    blocks = blocks.filter(**{name: bound for name, bound in bounds.items() if bound is not None})
    numbers = list(blocks.values_list("number", flat=True))
    start, step = 0, _FIRST
    while asked := numbers[start : start + step]:
        yield from (number for number in _among(asked, needs) if number < before)
        start, step = start + step, step * _GROWTH


def _count() -> int:
    last = Block.objects.order_by("-number").values_list("number", flat=True).first()
    return 0 if last is None else last + 1


def _block(number: int) -> tuple[list[Mark], datetime, datetime]:
    """The rows of a block with the first and the last moment in it."""
    found: defaultdict[str, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    first = number * LINES + 1
    lines = Entry.objects.filter(id__range=(first, first + LINES - 1)).annotate(text=Cast(F("detail"), TextField()))
    read = tuple("text" if name == "detail" else name for name in _READ)
    moments = []
    for row in lines.order_by("id").values_list(*read).iterator(chunk_size=_ROWS):
        line: Mapping[str, Any] = dict(zip(_READ, row, strict=True))
        moments.append(line["at"])
        place = line["id"] - first
        for kind, pieces in marks(line):
            places = found[kind]
            for piece in pieces:
                places[piece].append(place)
    return [_row(number, row, named) for row, named in _by_key(found).items()], min(moments), max(moments)


def _by_key(found: Mapping[str, Mapping[str, list[int]]]) -> Mapping[str, Mapping[str, list[int]]]:
    keyed: defaultdict[str, dict[str, list[int]]] = defaultdict(dict)
    for kind, pieces in found.items():
        for piece, places in pieces.items():
            row, name = key(kind, piece)
            keyed[row][name] = places
    return keyed


def _row(number: int, row: str, named: Mapping[str, list[int]]) -> Mark:
    sets = [_packed(lines) for lines in named.values()]
    sizes = struct.pack(f"<{len(sets)}H", *map(len, sets))
    return Mark(block=number, key=row, names=orjson.dumps(list(named)).decode(), lines=sizes + b"".join(sets))


def _packed(lines: list[int]) -> bytes:
    """A set of places in a block: each as two bytes, or one bit for every place, whichever is shorter."""
    if len(lines) * 2 < _BYTES:
        return struct.pack(f"<{len(lines)}H", *lines)
    bits = bytearray(_BYTES)
    for place in lines:
        bits[place >> 3] |= 1 << (place & 7)
    return bytes(bits)


def _unpacked(packed: bytes) -> int:
    if len(packed) == _BYTES:
        return int.from_bytes(packed, "little")
    bits = 0
    for (place,) in struct.iter_unpack("<H", packed):
        bits |= _POWERS[place]
    return bits


def _among(blocks: list[int], needs: Needs) -> Iterator[int]:
    """Numbers of lines in these blocks, newest first."""
    keys = {clue.key for need in needs for way in need for clue in way}
    rows: defaultdict[int, dict[str, tuple[str, bytes]]] = defaultdict(dict)
    for number, row, names, lines in _asked(blocks, keys):
        rows[number][row] = names, lines
    for number in blocks:
        bits = _met(rows[number], needs)
        first = number * LINES + 1
        while bits:
            place = bits.bit_length() - 1
            bits ^= _POWERS[place]
            yield first + place


def _asked(blocks: list[int], keys: Iterable[str]) -> Iterator[tuple[int, str, str, bytes]]:
    connection = connections[router.db_for_read(Mark)]
    rows = Mark.objects.filter(key__in=list(keys), block__range=(blocks[-1], blocks[0]))
    asked, values = rows.values_list("block", "key", "names", "lines").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(asked, values)
        yield from cursor.fetchall()


def _met(rows: Mapping[str, tuple[str, bytes]], needs: Needs) -> int:
    bits = (1 << LINES) - 1
    for ways in needs:
        met = 0
        for way in ways:
            met |= _all(rows, way, bits)
        bits = met
        if not bits:
            break
    return bits


def _all(rows: Mapping[str, tuple[str, bytes]], clues: Iterable[Clue], bits: int) -> int:
    for clue in clues:
        if clue.key not in rows:
            return 0
        bits &= _lines(*rows[clue.key], clue)
        if not bits:
            return 0
    return bits


def _lines(names: str, packed: bytes, clue: Clue) -> int:
    """The lines of one row whose name is among those of the clue."""
    known: list[str] = orjson.loads(names)
    sizes = struct.unpack_from(f"<{len(known)}H", packed)
    bits, start = 0, 2 * len(known)
    for name, size in zip(known, sizes, strict=True):
        if name in clue.names:
            bits |= _unpacked(packed[start : start + size])
        start += size
    return bits
