"""Everything that the page of one change tells: its requests in words, in values and in bytes, and what may be done."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db.models import Min
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from klaviyo_admin.accounts import rights
from klaviyo_admin.accounts.models import Account, Person
from klaviyo_admin.areas import of_type
from klaviyo_admin.changes import (
    bodies,
    deciders,
    diff,
    digests,
    policy,
    purge,
    reconcile,
    results,
    review,
    undo,
)
from klaviyo_admin.changes.models import OPEN, STUCK, UNDER_WAY, Approval, Change, Step
from klaviyo_admin.changes.rules import Outcome
from klaviyo_admin.klaviyo import catalogue, secrets
from klaviyo_admin.klaviyo.values import Item
from klaviyo_admin.pages import bodies_text, forecast, plain_diff, policy_story, reaching, stands, thread
from klaviyo_admin.pages.again import LAPSED
from klaviyo_admin.pages.numbers import whole
from klaviyo_admin.pages.policy_form import spoken
from klaviyo_admin.pages.words import STANDS, agreed, meaning, risk_tag, step_tone
from klaviyo_admin.sealing import Unreadable

FIRST, MORE = 10, 50  # requests on the page at first, and on each page of all of them
FILES = 3  # large bodies that one page opens
ROWS = 20
TOLD_BESIDE = ("account", "sentence", "target_type", "target_id", "sealed_name", "author__name", "author__email")


@dataclass(frozen=True, slots=True)
class May:
    """What the person who looks may do with the change now."""

    approve: bool
    reject: bool
    withdraw: bool
    settle: bool
    go_on: bool
    bodies: bool
    undo: bool = False

    @property
    def decide(self) -> bool:
        return self.approve or self.reject or self.go_on


@dataclass(frozen=True, slots=True)
class Shown:
    """One request on the page. `fields` are its values in words, `plain` what reads better than in a table, `bulk`
    the first things of a bulk body, `body` and `answer` the exact JSON with line breaks (None if too long),
    `hides` says that a secret was left out of them, `refused` what Klaviyo did not like: of which value, and why."""

    step: Step
    label: str
    url: str
    fields: tuple[diff.Row, ...]
    three: bool
    bulk: bodies_text.Bulk | None
    body: str | None
    answer: str | None
    row_errors: list[dict[str, str]]
    finding: reconcile.Finding | None = None
    can_undo: bool = False
    hides: bool = False
    refused: tuple[tuple[str, str], ...] = ()
    plain: plain_diff.Plain = plain_diff.Plain()  # noqa: RUF009 it is frozen

    @property
    def stuck(self) -> bool:
        return self.step.status in STUCK

    @property
    def tone(self) -> str:
        return step_tone(self.step.status)


def context(person: Person, account: Account, change: Change, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that templates/changes/change.html draws. `asked`: from (a request's number), now, look (a number), reach,
    about and field (what a new comment is about)."""
    needed = policy.needed_now(change) if change.status == "proposed" else policy.sealed(change)
    decisions = list(change.approvals.select_related("person"))
    later = [] if change.status in ("proposed", *UNDER_WAY) else list(change.superseded_by.order_by("pk"))
    anew = any(other.status not in LAPSED for other in later)
    can = may(person, account, change, needed, decisions)
    writes = written(change)
    told = {
        "agreed": agreed(needed, stands.given(change, needed, decisions)),
        "denied": needed.deny,
        "windows": [f"{spoken(window)}, in {policy.window_zone(change)}" for window in policy.windows(change)],
        "policy": policy_story.of(change),
        "change": change,
        "may": {right: rights.may(person, account, right) for right in rights.RIGHTS},
        "can": can,
        "own": change.author_id == person.pk,
        "risk": risk_tag(change.risk),
        "meaning": meaning(change),
        "warnings": warnings(operation for operation, *_ in writes),
        "details": [
            (capfirst(key.replace("_", " ")), "\n".join(value) if key == "not_brought_back" else value)
            for key, value in change.details.items()
            if not key.startswith("undoes_") and key != "rules"
        ],
        "beside": beside(change, writes),
        "reaches": reaching.asked(account, change, asked),
        "undone_by": () if change.status in OPEN else change.undone_by.order_by("pk"),
        "decisions": decisions,
        "later": later,
        "can_settle": change.status == "stale" and not anew and rights.may(person, account, "propose"),
        **thread.context(person, account, change, asked, needed, decisions),
        **(shown := progress(change)),
        "stands": stands.told(change, needed, decisions, shown["progress"], anew),
    }
    removed = purge.removed_on(change)
    if removed:
        # Without its values the digest says nothing; and a change that has ended is never sent.
        told |= {"purged": removed, "can": May(*([False] * 6)), "stands": ""}
        return told | requests(account, change, asked)
    try:
        digests.check(change.pk, change)
        return told | requests(account, change, asked) | (undoing(change) if can.undo else {})
    except (digests.Altered, Unreadable, bodies.Damaged):
        return told | {"altered": True}


def written(change: Change) -> list[tuple[str, str, str]]:
    """The operations of a change in their order; of one that is not over with the kinds and ids of what they write to."""
    if change.status in ("proposed", *UNDER_WAY):
        return list(change.steps.order_by("number").values_list("operation", "target_type", "target_id"))
    first = change.steps.values_list("operation").annotate(first=Min("number")).order_by("first")
    return [(operation, "", "") for operation, _ in first]


def beside(change: Change, writes: Iterable[tuple[str, str, str]]) -> list[Change]:
    """While a change is not over: the others that are not, and write to the same things."""
    same = {(kind, ident) for _, kind, ident in writes if ident}
    found = Change.objects.beside(change, same).select_related("author").only(*TOLD_BESIDE)
    return list(found[:ROWS]) if same else []


def undoing(change: Change) -> dict[str, Any]:
    """Whether all of a change that has ended can be taken back, or the sentence why not."""
    if change.action == policy.ACTION or review.undone_by(change) is not None:
        return {}
    why = undo.outlook(change)
    return {"why_no_undo": why} if why else {"can_undo_all": True}


def may(person: Person, account: Account, change: Change, needed: Outcome, decisions: Iterable[Approval]) -> May:
    decides, signs = rights.may(person, account, "approve"), deciders.may(person, change, needed)
    own = change.author_id == person.pk
    planned = change.planner_id == person.pk
    decided = any(each.person_id == person.pk and each.digest == change.digest for each in decisions)
    open_ = change.status == "proposed" and not decided
    stuck = change.status in STUCK
    unsettled = stuck and change.steps.filter(status__in=STUCK).exists()
    return May(
        approve=signs and open_ and (not (own or planned) or settings.SELF_APPROVAL),
        reject=signs and open_ and not own,
        withdraw=own and change.status in ("proposed", "approved") and rights.may(person, account, "propose"),
        settle=decides and stuck,
        go_on=decides and stuck and not unsettled and change.steps.filter(status__in=("waiting", "accepted")).exists(),
        bodies=decides or rights.may(person, account, "audit"),
        undo=change.status in undo.OVER and rights.may(person, account, "propose"),
    )


def warnings(operations: Iterable[str]) -> list[str]:
    """What the catalogue says to whoever approves these operations, each sentence once."""
    found = [_operation(name) for name in dict.fromkeys(operations)]
    return list(dict.fromkeys(operation.warning for operation in found if operation and operation.warning))


def progress(change: Change) -> dict[str, Any]:
    """How far a change is, for the part that refreshes itself: counts, and the requests around the present one."""
    columns = ("number", "operation", "status", "error", "total_rows", "completed_rows", "failed_rows", "change")
    steps = change.steps.only(*columns)
    counted = results.progress(change)
    here = max(0, counted.over - 4)
    around = steps[here : here + 9] if change.status in UNDER_WAY else ()
    now = timezone.now()
    tone, stands = STANDS[change.status]
    return {
        "tone": tone,
        "stands": stands,
        "progress": counted,
        "under_way": change.status in UNDER_WAY,
        "forecast": forecast.of(change.account, change),
        "around": [(step, label(step), step_tone(step.status)) for step in around],
        "waits_until": change.not_before
        if change.not_before and (change.not_before - now).total_seconds() > 15
        else None,
    }


def requests(account: Account, change: Change, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The requests of one page. Raises Unreadable, Damaged."""
    first = whole(asked.get("from"))
    size = MORE if first else FIRST
    steps = list(change.steps.filter(number__gte=first or 1)[: size + 1])
    more, steps = steps[size:], steps[:size]
    now: Mapping[int, Item] = {}
    found: dict[str, Any] = {}
    if asked.get("now"):
        now, found["trouble_now"] = reconcile.present(account, steps)
    looked = {step.pk: reconcile.look(step) for step in steps if step.number == whole(asked.get("look"))}
    large = [step.pk for step in steps if step.in_file][:FILES]
    others = review.undoings(change) if change.status in undo.OVER else ()
    drawn = [shown(account, step, now.get(step.pk), looked.get(step.pk), step.pk in large) for step in steps]
    return found | {
        "shown": [replace(one, can_undo=False) if review.taken_back(others, one.step.number) else one for one in drawn],
        "first": first,
        "next_from": more[0].number if more else 0,
        "comparable": any(step.target_read and step.fields for step in steps),
        "compared": bool(asked.get("now")),
    }


def shown(
    account: Account, step: Step, now: Item | None, finding: reconcile.Finding | None, open_file: bool = True
) -> Shown:
    whole = body_of(step) if open_file or not step.in_file else None
    body = None if whole is None else secrets.masked_bytes(whole)
    plain = plain_diff.of(step, body)
    fields = plain_diff.rows(diff.rows(step, now), plain)
    return Shown(
        step=step,
        label=label(step),
        url=_url(account, step),
        fields=fields,
        three=any(row.now is not None for row in fields),
        bulk=bodies_text.bulk(body) if body and step.counts > 1 else None,
        body=bodies_text.indented(body) if body is not None and len(body) <= bodies_text.LONGEST else None,
        answer=bodies_text.indented(step.response[: bodies_text.LONGEST]) if step.response else None,
        row_errors=(step.row_errors or [])[:ROWS],
        finding=finding,
        hides=body != whole,
        refused=tuple(refused(step)),
        can_undo=step.status == "done" and not undo.why_not(step),
        plain=plain,
    )


def refused(step: Step) -> Iterator[tuple[str, str]]:
    """What Klaviyo did not like of a request: of which value in words ("" for all of it), and why."""
    labels = {"/".join(["/data/attributes", *field["path"]]): field["label"] for field in step.fields}
    for problem in (step.problems or {}).get("problems", ()):
        last = problem["pointer"].rpartition("/")[2].replace("_", " ").capitalize()
        why = problem["detail"] or problem["title"]
        if why:
            yield labels.get(problem["pointer"], last), why


def body_of(step: Step) -> bytes | None:
    """The body of a step, None if it was purged. Raises Damaged."""
    try:
        return bodies.of(step)
    except bodies.Removed:
        return None


def label(step: Step) -> str:
    """The operation in words; its bare name if this version no longer knows it."""
    operation = _operation(step.operation)
    return operation.label if operation else step.operation


def _operation(name: str) -> Any:
    try:
        return catalogue.operation(name)
    except catalogue.UnknownOperation:
        return None


def _url(account: Account, step: Step) -> str:
    resource = of_type(step.target_type)
    return (
        reverse("resource-item", args=[account.pk, resource.key, step.target_id]) if resource and step.target_id else ""
    )
