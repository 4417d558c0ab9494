"""Joins what Klaviyo said of the profiles of a change back to the lines of the file: every row ends somewhere, and says why."""

import heapq
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter

from klaviyo_admin.changes import results
from klaviyo_admin.changes.models import Change, Step
from klaviyo_admin.imports import mapping, storing
from klaviyo_admin.imports.checking import Problem
from klaviyo_admin.imports.mapping import FIELDS, PROPERTY, Choice
from klaviyo_admin.imports.models import Upload

_PLACE = re.compile(r"(?:/profiles/data|^/data)/(\d+)(?:/(.*))?$")
_UNKNOWN = "Nobody knows whether it was imported; importing it again does no harm."
_AGAIN = "Correct the row and upload it again."
_UNDECIDED = ("proposed", "approved", "running")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows of a file ended where. Their sum is every record below the headings.

    `imported`: Klaviyo took them. `listed`: the check left them out. `refused`: Klaviyo refused them. `unclear`: nobody
    knows. `not_sent`: the change ended without them. `waiting`: not decided or not done yet. `unplaced`: how many of
    the refused ones Klaviyo did not name.
    """

    imported: int = 0
    listed: int = 0
    blank: int = 0
    refused: int = 0
    unclear: int = 0
    not_sent: int = 0
    waiting: int = 0
    unplaced: int = 0


@dataclass(frozen=True, slots=True)
class _Part:
    """One request: the lines of its profiles, how many Klaviyo refused, where the others ended (a name of Tally) and why,
    and what Klaviyo said of the refused ones, by their place."""

    lines: list[int]
    ended: str
    refused: int = 0
    said: dict[int, list[dict[str, str]]] = field(default_factory=dict)
    why: str = ""


def tally(upload: Upload) -> Tally:
    """Where the rows of a checked or proposed upload are now."""
    if upload.change is None:
        return Tally(waiting=upload.good, listed=upload.listed, blank=upload.blank)
    counts = dict.fromkeys(("imported", "refused", "unclear", "not_sent", "waiting", "unplaced"), 0)
    for part in _parts(upload, upload.change):
        counts["refused"] += part.refused
        counts["unplaced"] += 0 if part.why else part.refused - len(part.said)
        counts[part.ended] += len(part.lines) - part.refused
    return Tally(listed=upload.listed, blank=upload.blank, **counts)


def problems(upload: Upload, skip: int = 0) -> Iterator[tuple[Problem, ...]]:
    """Row by row, in the order of the file, why rows are not imported: by our check, and by Klaviyo. The first `skip`
    rows are left out. Before there is a change, only a page's worth is read."""
    if upload.purged:
        return
    if upload.change is None:
        yield from storing.problem_rows(upload, skip)
        return
    ours = (problem for row in storing.problem_rows(upload) for problem in row)
    merged = heapq.merge(ours, _refusals(upload, upload.change), key=attrgetter("line"))
    for number, (_, row) in enumerate(groupby(merged, key=attrgetter("line"))):
        if number >= skip:
            yield tuple(row)


def _refusals(upload: Upload, change: Change) -> Iterator[Problem]:
    """Klaviyo's refusals as problems, by line. The requests hold the rows in order, so their lines are in order too."""
    choices = mapping.from_json(upload.choices or [])
    for part in _parts(upload, change):
        if not part.said and not part.why:
            continue
        for place, line in enumerate(part.lines):
            for said in part.said.get(place, ()):
                wrong = f"Klaviyo: {said['detail'] or said['title'] or said['code']}"
                yield Problem(line, line, _column(said["pointer"], choices), "", wrong, _AGAIN)
            if part.why and place not in part.said:
                yield Problem(line, line, "", "", part.why, _AGAIN)


def _parts(upload: Upload, change: Change) -> Iterator[_Part]:
    steps = (
        Step.objects.filter(change=change)
        .only("status", "error", "failed_rows", "remote_job", "change_id")
        .order_by("number")
    )
    for step, lines in zip(steps, storing.lines(upload), strict=False):
        yield _part(change, step, lines)


def _part(change: Change, step: Step, lines: list[int]) -> _Part:
    match step.status:
        case "done":
            said = _by_place(results.row_errors(step), len(lines))
            return _Part(lines, "imported", max(step.failed_rows or 0, len(said)), said)
        case "failed" if step.remote_job:
            return _Part(lines, "unclear", why=f"{_UNKNOWN} {step.error}")
        case "failed":
            # Klaviyo refused the request whole, and names the rows that were to blame.
            told = _problems_of(step)
            said = _by_place(told, len(lines))
            rest = " ".join(problem["detail"] for problem in told if not _PLACE.search(problem["pointer"]))
            return _Part(lines, "refused", len(lines), said, f"Its whole request was refused. {rest or step.error}")
        case "unclear":
            return _Part(lines, "unclear", why=f"{_UNKNOWN} {step.error}")
        case "skipped":
            return _Part(lines, "not_sent", why="Somebody decided to leave its request out.")
        case _ if change.status in _UNDECIDED or step.status in ("sent", "accepted"):
            return _Part(lines, "waiting")
        case _:
            return _Part(lines, "not_sent", why=f"It was not sent: the change is {change.status}.")


def _problems_of(step: Step) -> list[dict[str, str]]:
    said = Step.objects.only("problems").get(pk=step.pk).problems or {}
    return list(said.get("problems", []))


def _by_place(errors: list[dict[str, str]], count: int) -> dict[int, list[dict[str, str]]]:
    found: dict[int, list[dict[str, str]]] = {}
    for error in errors:
        place = _PLACE.search(error.get("pointer", ""))
        if place and int(place[1]) < count:
            found.setdefault(int(place[1]), []).append(error)
    return found


def _column(pointer: str, choices: tuple[Choice, ...]) -> str:
    """The heading of the column behind a pointer such as /…/data/2/attributes/location/zip, "" if there is none."""
    place = _PLACE.search(pointer)
    parts = tuple((place[2] or "").split("/")) if place else ()
    if parts[:1] == ("attributes",):
        parts = parts[1:]
    for choice in choices:
        if choice.target in FIELDS and FIELDS[choice.target].path == parts:
            return choice.heading
        if choice.target == PROPERTY and parts == ("properties", choice.name):
            return choice.heading
    return ""
