"""How the engine words its lines of the audit: ids and names of fields, never a customer's data."""

from collections.abc import Mapping
from typing import Any

from klaviyo_admin.accounts.models import Person
from klaviyo_admin.audit import log
from klaviyo_admin.changes import notices
from klaviyo_admin.changes.models import Change, Step
from klaviyo_admin.intents import PEOPLE, Target
from klaviyo_admin.klaviyo import catalogue, secrets


def of_change(
    action: str, change: Change, sentence: str, *, person: Person | None = None, detail: dict[str, Any] | None = None
) -> None:
    """One line about a whole change, and the notices of it, in the caller's transaction."""
    notices.of(action, change, sentence, person, detail or {})
    log.record(
        action,
        sentence=sentence,
        person=person,
        account=change.account,
        change_id=change.pk,
        object=_named(change.target),
        detail={"digest": change.digest, **(detail or {})},
    )


def of_step(
    action: str,
    change: Change,
    step: Step,
    sentence: str,
    *,
    person: Person | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """One line about one request, in the caller's transaction."""
    log.record(
        action,
        sentence=sentence,
        person=person,
        account=change.account,
        change_id=change.pk,
        step=step.number,
        operation=step.operation,
        object=_named(step.target),
        detail=detail or {},
    )


def sent(change: Change, step: Step, total: int, filled: Mapping[str, Any]) -> None:
    """The line that stands before a request leaves; `filled` is what refs.told says of a request with gaps."""
    detail = {"body_sha256": step.body_sha256, "bytes": step.body_size, "things": step.counts, **filled}
    said = f"Request {step.number} of {total} leaves: {catalogue.operation(step.operation).label}."
    of_step("step.sent", change, step, said, detail={**detail, "fields": overwritten(step), "digest": change.digest})


def overwritten(step: Step) -> list[dict[str, Any]]:
    """The fields that a step overwrites; their values too where the target is surely no person."""
    if not step.target_type or step.target_type in PEOPLE:
        return [{"field": field["label"]} for field in step.fields]
    return [
        {"field": f["label"], **{when: secrets.on_record(f["path"], f[when]) for when in ("before", "after")}}
        for f in step.fields
    ]


def _named(target: Target | None) -> tuple[str, str, str] | None:
    return (target.type, target.id, target.name_on_record) if target else None


def started(change: Change) -> None:
    of_change("change.started", change, "The worker began to send it.", detail={"attempt": change.attempts})


def ended(change: Change, detail: dict[str, Any]) -> None:
    of_change("change.ended", change, f"Ended as {change.status}. {change.outcome}", detail=detail)
