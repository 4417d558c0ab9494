"""The rows of a change that Klaviyo refused, as a file: each as it was sent, with the reason, to be corrected and given again."""

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.urls import path

from klaviyo_admin.areas.catalogs.service import PREFIX
from klaviyo_admin.areas.sheets.headings import ADDED_TO_SENT
from klaviyo_admin.areas.sheets.rejects import front
from klaviyo_admin.areas.sheets.rows import Problem
from klaviyo_admin.changes import bodies, results
from klaviyo_admin.changes.models import Change, Step
from klaviyo_admin.exports import csv_file
from klaviyo_admin.klaviyo.values import Json
from klaviyo_admin.pages import audit_reads, bodies_text
from klaviyo_admin.pages.bodies_text import Place
from klaviyo_admin.pages.changes import change_or_404
from klaviyo_admin.pages.render import account_for, person_of

ALIKE = {"type", "integration_type", "catalog_type"}  # what we add to every row by ourselves
AGAIN = "Correct the row and give it again."
_NUMBER = re.compile(r"/data/(\d+)(?=/|$)")


@dataclass(frozen=True, slots=True)
class Refused:
    """One row: its number among all rows of the change, the cells by heading, and why it was not taken."""

    number: int
    cells: Mapping[str, str]
    problems: Sequence[Problem]


def refused_rows(request: HttpRequest, account: int, pk: int) -> StreamingHttpResponse:
    """The file, for those who may propose the rows again; 404 if there are none, or no longer."""
    here = account_for(request, account, "propose")
    rows = list(of(change_or_404(here, pk)))
    if not rows:
        raise Http404("There are no refused rows to download.")
    audit_reads.read(person_of(request), here, "change", str(pk), f"Took the refused rows of change {pk} as a file.")
    answer = StreamingHttpResponse(csv_file.blocks(lines(rows)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="refused-rows-{pk}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


def lines(rows: Sequence[Refused]) -> Iterator[Sequence[str]]:
    heads = tuple(dict.fromkeys(head for row in rows for head in row.cells))
    yield (*ADDED_TO_SENT, *heads)
    for row in rows:
        yield (*front(row.number, row.problems), *(row.cells.get(head, "") for head in heads))


def of(change: Change) -> Iterator[Refused]:
    """Request by request, in the order in which the rows were sent. A body that is gone has no rows to give."""
    before = 0
    for step in change.steps.order_by("number"):
        whole = step.status == "failed" and not step.remote_job
        errors = list((step.problems or {}).get("problems", [])) if whole else results.row_errors(step)
        things = sent(step) if whole or errors else []
        wrong = told(errors, {place for place, _ in things})
        for at, (place, thing) in enumerate(things, before + 1):
            problems = [one for n in range(len(place)) for one in wrong.get(place[: n + 1], ())]
            if whole and not problems:
                problems = [("", f"Its whole request was refused. {step.error}".strip())]
            if problems:
                found = [Problem(at, heading(field, thing), "", said, AGAIN) for field, said in problems]
                yield Refused(at, cells(thing), found)
        before += step.counts


def told(errors: Sequence[Mapping[str, str]], places: Container[Place]) -> dict[Place, list[tuple[str, str]]]:
    """(field, reason) by the place of the row that Klaviyo means, or of the person whose events the rows are."""
    found: dict[Place, list[tuple[str, str]]] = {}
    for error in errors:
        numbers = list(_NUMBER.finditer(pointer := error.get("pointer", "")))
        ends = [(tuple(int(each[1]) for each in numbers[: n + 1]), last.end()) for n, last in enumerate(numbers)]
        if ends:
            place, end = next((each for each in ends if each[0] in places), ends[0])
            said = f"Klaviyo: {error['detail'] or error['title'] or error['code']}"
            found.setdefault(place, []).append((pointer[end:].strip("/").removeprefix("attributes/"), said))
    return found


def sent(step: Step) -> list[tuple[Place, Json]]:
    try:
        return bodies_text.placed(orjson.loads(bodies.of(step)))
    except (bodies.Damaged, orjson.JSONDecodeError):
        return []


def cells(thing: Json) -> dict[str, str]:
    """What was sent of one row, by the headings that a table of such rows knows."""
    found = {heading(key, thing): written(value) for key, value in bodies_text.flat(thing).items() if key not in ALIKE}
    related = thing.get("relationships") if isinstance(thing, dict) else None
    for name, relation in related.items() if isinstance(related, dict) else ():
        there = relation.get("data") if isinstance(relation, dict) else None
        several = there if isinstance(there, list) else [there]
        found[name] = "; ".join(written(one["id"]) for one in several if isinstance(one, dict) and "id" in one)
    return found


def heading(key: str, thing: Json) -> str:
    """What tables of such rows call a value; the id of a thing of the catalogue holds its id in the shop."""
    if key == "id" and isinstance(thing, dict) and str(thing.get("type")).startswith("catalog-"):
        return "external_id"
    return key.removeprefix("properties.").removeprefix("record.").replace("/", ".")


def written(value: Any) -> str:
    """A value as a person types it into a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and all(isinstance(each, str | int | float) for each in value):
        return "; ".join(map(str, value))
    return orjson.dumps(value).decode() if isinstance(value, dict | list) else str(value).removeprefix(PREFIX)


urlpatterns = [path("a/<int:account>/changes/<int:pk>/refused.csv", refused_rows, name="change-refused")]
