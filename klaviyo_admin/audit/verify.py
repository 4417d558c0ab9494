"""Proof that no line of the audit log was changed, removed or slipped in."""

from dataclasses import dataclass

from django.db.models import Subquery
from django.db.models.functions import Coalesce

from klaviyo_admin.audit.chain import COLUMNS, START, digest
from klaviyo_admin.audit.models import Entry, Head


@dataclass(frozen=True, slots=True)
class Verdict:
    """`lines` were read. `first_broken` is the number of the first line that is wrong or missing, None if all hold."""

    lines: int
    first_broken: int | None = None
    problem: str = ""

    @property
    def holds(self) -> bool:
        return self.first_broken is None


def verify(newest: int | None = None) -> Verdict:
    """Reads the whole chain, or only its `newest` lines, and compares every hash."""
    # The head first: lines that others add while this reads come after it.
    head = Head.objects.first() or Head(lines=0, hash=START)
    first = 1 if newest is None else max(1, head.lines - newest + 1)
    previous = START if first == 1 else Entry.objects.filter(id=first - 1).values_list("hash", flat=True).first()
    expected = first
    lines = Entry.objects.filter(id__gte=first, id__lte=head.lines).order_by("id")
    for line in lines.values(*COLUMNS, "hash").iterator(chunk_size=2000):
        read = expected - first
        if line["id"] != expected:
            return Verdict(read, expected, f"Line {expected} is missing.")
        if line["previous_hash"] != previous:
            return Verdict(read, expected, f"Line {expected} does not follow line {expected - 1} as it was written.")
        if line["hash"] != digest(line):
            return Verdict(read, expected, f"Line {expected} was changed after it was written.")
        previous, expected = line["hash"], expected + 1
    return _end(head, expected - first, expected, previous)


def _end(head: Head, read: int, expected: int, last: str | None) -> Verdict:
    if expected <= head.lines:
        return Verdict(read, expected, f"Line {expected} is missing.")
    if last != head.hash:
        return Verdict(read, head.lines, f"Line {head.lines} is not the line that was written last.")
    # In one statement, so that a line written this moment and the head that counts it are seen together.
    counted = Coalesce(Subquery(Head.objects.values("lines")[:1]), 0)
    beyond = Entry.objects.filter(id__gt=counted).order_by("id").first()
    if beyond is not None:
        return Verdict(read, beyond.id, f"Line {beyond.id} was put in from outside.")
    return Verdict(read)
