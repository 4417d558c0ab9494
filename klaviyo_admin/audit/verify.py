"""Proof that no line of the audit log was changed, removed or slipped in."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Subquery
from django.db.models.functions import Coalesce

from klaviyo_admin.audit import chain, checkpoints, signing
from klaviyo_admin.audit.chain import START
from klaviyo_admin.audit.models import Checkpoint, Entry, Head


@dataclass(frozen=True, slots=True)
class Verdict:
    """`lines` were read. `first_broken` is the number of the first line that is wrong or missing, None if all hold."""

    lines: int
    first_broken: int | None = None
    problem: str = ""

    @property
    def holds(self) -> bool:
        return self.first_broken is None


def verify(newest: int | None = None, keys: Collection[str] | None = None) -> Verdict:
    """Reads the whole chain, or only its `newest` lines, and compares every hash and every checkpoint on the way.

    `keys` are the public keys of which one must have signed the last checkpoint; None for those of this installation.
    """
    # The head first: lines that others add while this reads come after it.
    head = Head.objects.first() or Head(lines=0, hash=START)
    first = 1 if newest is None else max(1, head.lines - newest + 1)
    marks = {mark.lines: mark for mark in Checkpoint.objects.filter(lines__gte=first).order_by("lines")}
    previous = START if first == 1 else Entry.objects.filter(id=first - 1).values_list("hash", flat=True).first()
    expected = first
    for line, hash in chain.read(first, head.lines):
        problem = _line(line["id"], line["previous_hash"], expected, previous)
        if not problem and not chain.holds(line, hash):
            problem = f"Line {expected} was changed after it was written."
        if not problem and expected in marks and marks[expected].hash != hash:
            problem = f"Line {expected} is not the one that was signed in the checkpoint there."
        if problem:
            return Verdict(expected - first, expected, problem)
        previous, expected = hash, expected + 1
    return _end(head, expected - first, expected, previous, _signed(signing.public_keys() if keys is None else keys))


def _line(number: int, follows: str, expected: int, previous: str | None) -> str:
    if number != expected:
        return f"Line {expected} is missing."
    return "" if follows == previous else f"Line {expected} does not follow line {expected - 1} as it was written."


def _signed(keys: Collection[str]) -> Verdict:
    """Whether the newest checkpoint is genuine and ours: all lines before it are covered by it, through the chain."""
    last = Checkpoint.objects.order_by("-lines").first()
    if last is None:
        return Verdict(0)
    if not checkpoints.genuine(checkpoints.plain(last)):
        return Verdict(last.lines, last.lines, f"The checkpoint at line {last.lines} was changed after it was signed.")
    if last.key not in keys:
        return Verdict(last.lines, last.lines, f"The checkpoint at line {last.lines} was signed by an unknown key.")
    return Verdict(last.lines)


def _end(head: Head, read: int, expected: int, last: str | None, signed: Verdict) -> Verdict:
    if expected <= head.lines:
        return Verdict(read, expected, f"Line {expected} is missing.")
    if last != head.hash:
        return Verdict(read, head.lines, f"Line {head.lines} is not the line that was written last.")
    # In one statement, so that a line written this moment and the head that counts it are seen together.
    counted = Coalesce(Subquery(Head.objects.values("lines")[:1]), 0)
    beyond = Entry.objects.filter(id__gt=counted).order_by("id").first()
    if beyond is not None:
        return Verdict(read, beyond.id, f"Line {beyond.id} was put in from outside.")
    if not signed.holds:
        return Verdict(read, signed.first_broken, signed.problem)
    # Counted anew for the same reason: a checkpoint of this moment may cover lines that came after the head was read.
    counted_now = Head.objects.values_list("lines", flat=True).first() or 0
    if signed.lines > counted_now:
        gone = f"Line {expected} is missing: a checkpoint was signed over {signed.lines} lines."
        return Verdict(read, expected, gone)
    return Verdict(read)
