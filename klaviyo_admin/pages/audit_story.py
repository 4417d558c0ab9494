"""One change as an auditor reads it: who wanted it, who let it, what left, and what came back."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from klaviyo_admin.accounts.models import Account
from klaviyo_admin.changes import bodies, diff
from klaviyo_admin.changes.models import Approval, Change, Step
from klaviyo_admin.klaviyo import catalogue, secrets
from klaviyo_admin.sealing import Unreadable, sealed_columns

SHOWN = 50  # steps of one change on one page; the lines below tell of all
LONGEST = 20_000  # characters of one body on the page
_SEALED = tuple(field.name for model, field in sealed_columns() if model is Step)


@dataclass(frozen=True, slots=True)
class Told:
    """One request. `rows` are before and after; `sent` and `back` are bodies as text, "" where there is none."""

    step: Step
    label: str
    where: str
    rows: tuple[diff.Row, ...]
    sent: str
    back: str
    problems: Any
    unreadable: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    change: Change
    approvals: tuple[Approval, ...]
    steps: tuple[Told, ...]
    untold: int


def story(account: Account, number: int) -> Story | None:
    """The story of one of the account's changes; None if it has no such change."""
    change = Change.objects.for_account(account).select_related("author").filter(pk=number).first()
    if change is None:
        return None
    steps = tuple(_told(step) for step in _first(change))
    approvals = tuple(change.approvals.select_related("person").order_by("at"))
    return Story(change, approvals, steps, change.steps.count() - len(steps))


def _first(change: Change) -> Iterator[Step]:
    # One by one: a step that can no longer be unsealed must not hide the others.
    for number in change.steps.order_by("number").values_list("number", flat=True)[:SHOWN]:
        try:
            yield change.steps.defer("row_errors").get(number=number)
        except Unreadable:
            yield change.steps.defer(*_SEALED).get(number=number)


def _told(step: Step) -> Told:
    label = catalogue.operation(step.operation).label
    try:
        where, rows, problems = step.path, diff.rows(step), step.problems
        sent, back = (_readable(secrets.masked_bytes(bytes(b or b""))) for b in (bodies.of(step), step.response))
    except (Unreadable, bodies.Damaged) as error:
        return Told(step, label, "", (), "", "", None, str(error))
    return Told(step, label, where, rows, sent, back, problems)


def _readable(body: bytes) -> str:
    try:
        text = orjson.dumps(orjson.loads(body), option=orjson.OPT_INDENT_2).decode() if body else ""
    except orjson.JSONDecodeError:
        text = body.decode("utf-8", "replace")
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\n… cut here; {len(body):,} bytes in all"
