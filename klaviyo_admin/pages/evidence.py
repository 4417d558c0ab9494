"""The evidence of one change: a single file that shows and proves what was asked for, allowed, sent and answered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from klaviyo_admin.accounts.models import Account
from klaviyo_admin.audit import checkpoints, signing
from klaviyo_admin.audit.log import record
from klaviyo_admin.audit.models import Checkpoint, Entry
from klaviyo_admin.changes import bodies, diff
from klaviyo_admin.changes.models import BrokenGlass, Change, Step
from klaviyo_admin.exports import audit_file
from klaviyo_admin.klaviyo import secrets
from klaviyo_admin.pages.changes import change_or_404
from klaviyo_admin.pages.render import account_for, person_of
from klaviyo_admin.pages.story import label
from klaviyo_admin.pages.thread import Said, thread
from klaviyo_admin.sealing import Unreadable, sealed_columns

WHOLE = 100  # requests with everything
LISTED = 2_000  # requests with their SHA-256
LINES = 2_000  # of the audit
BODY = 64 * 1024  # bytes of one body or answer
BODIES = 4 * 1024 * 1024  # bytes of all of them together
_SEALED = tuple(column.name for model, column in sealed_columns() if model is Step)


@dataclass(slots=True)
class Room:
    """How many bytes of bodies the file can still take."""

    left: int = BODIES

    def text(self, data: bytes) -> str | None:
        """The bytes as text, without secrets; None if they are too long for the file."""
        if len(data) > min(BODY, self.left):
            return None
        self.left -= len(data)
        return secrets.masked(data.decode("utf-8", "replace"))


@dataclass(frozen=True, slots=True)
class Shown:
    """One request. `sent` and `back` are exact; None means left out for its length, `gone` says what is unreadable, and
    `hides` that secrets were left out of what was sent."""

    step: Step
    label: str
    where: str = ""
    rows: tuple[diff.Row, ...] = ()
    sent: str | None = ""
    back: str | None = ""
    problems: Any = None
    gone: str = ""
    hides: bool = False


@dataclass(frozen=True, slots=True)
class Chain:
    """The lines of the change with their neighbours in the log, and the checkpoint that covers them."""

    lines: list[Entry]
    left_out: int
    jsonl: str
    neighbours: list[tuple[int, str]]
    checkpoint: Checkpoint | None
    signed: str
    key: str


@dataclass(frozen=True, slots=True)
class Word:
    """One decision or comment. `digest` is what a decision signed, "" for a comment; `place` what of the change it is
    about."""

    at: datetime
    what: str
    by: str
    text: str
    place: str = ""
    digest: str = ""


@require_safe
def evidence(request: HttpRequest, account: int, pk: int) -> HttpResponse:
    """The file as a download, for those who audit; that it was taken is on record."""
    here = account_for(request, account, "audit")
    change = change_or_404(here, pk)
    own = recorded(request, here, change)
    text = render_to_string("audit/evidence.html", context(here, change, own))
    answer = HttpResponse(text, content_type="text/html; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="evidence-change-{pk}-{timezone.localtime():%Y-%m-%d}.html"'
    answer["Cache-Control"] = "no-store"
    return answer


def recorded(request: HttpRequest, here: Account, change: Change) -> Entry:
    said = f"Took the evidence of change {change.pk} as a file."
    with transaction.atomic():
        return record("evidence.taken", sentence=said, person=person_of(request), account=here, change_id=change.pk)


def context(account: Account, change: Change, own: Entry) -> dict[str, Any]:
    """Everything that templates/audit/evidence.html draws. `own` is the line that tells of this file; it is not in it."""
    total = change.steps.count()
    return {
        "account": account,
        "change": change,
        "made": own,
        "words": words(change),
        "glass": BrokenGlass.objects.filter(change=change).select_related("person", "reviewed_by").first(),
        "requests": list(_requests(change)),
        "listed": list(change.steps.defer(*_SEALED)[:LISTED]),
        "total": total,
        "not_whole": max(0, total - WHOLE),
        "not_listed": max(0, total - LISTED),
        "chain": chain_of(change, own),
    }


def words(change: Change) -> list[Word]:
    """Decisions and comments, in the order in which they were made."""
    found = [_said(each) for each in thread(change)]
    for each in change.approvals.select_related("person"):
        what = f"{each.get_decision_display()}{' by the author' if each.self_approved else ''}"
        found.append(Word(each.at, what, str(each.person), each.comment, digest=each.digest))
    return sorted(found, key=lambda word: word.at)


def _said(each: Said) -> Word:
    remark = each.remark
    what = f"Asked {remark.asked} to decide" if remark.kind == "asked" else remark.get_kind_display()
    return Word(remark.at, what, str(remark.person), each.text, each.place)


def _requests(change: Change) -> Iterator[Shown]:
    room = Room()
    for number in change.steps.values_list("number", flat=True)[:WHOLE]:
        # One by one: a request that can no longer be unsealed must not hide the others.
        try:
            yield _shown(change.steps.defer("row_errors").get(number=number), room)
        except (Unreadable, bodies.Damaged) as error:
            step = change.steps.defer(*_SEALED).get(number=number)
            yield Shown(step, label(step), gone=str(error))


def _shown(step: Step, room: Room) -> Shown:
    body = bodies.of(step) if step.body_size <= min(BODY, room.left) else None
    sent, hides = (None, False) if body is None else (room.text(body), secrets.masked_bytes(body) != body)
    back = room.text(bytes(step.response or b""))
    return Shown(step, label(step), step.path, diff.rows(step), sent, back, step.problems, hides=hides)


def chain_of(change: Change, own: Entry) -> Chain:
    """The lines before `own`, whole, in the form that `audit verify` reads."""
    all_lines = Entry.objects.filter(change_id=change.pk, id__lt=own.id).order_by("id")
    lines = list(all_lines[:LINES])
    last = lines[-1].id if lines else 0
    jsonl = b"".join(audit_file.blocks(all_lines.filter(id__lte=last), "jsonl")).decode("utf-8", "replace")
    ours = {line.id for line in lines}
    beside = {number + step for number in ours for step in (-1, 1)} - ours
    neighbours = Entry.objects.filter(id__in=sorted(beside)[:LINES]).order_by("id").values_list("id", "hash")
    covering = Checkpoint.objects.filter(lines__gte=last).order_by("lines").first()
    left_out = all_lines.filter(id__gt=last).count()
    signed = checkpoints.signed_text(covering) if covering else ""
    return Chain(lines, left_out, jsonl, list(neighbours), covering, signed, signing.public_keys()[0])
