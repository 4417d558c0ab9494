"""What an approver signs: one SHA-256 over everything that a change will send and everything that was shown of it."""

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from klaviyo_admin.changes import bodies
from klaviyo_admin.changes.models import Change, Step
from klaviyo_admin.sealing import Unreadable, unseal

ALTERED = "What is stored of this change is not what was proposed, so it will never be sent."
LOCKED = "A sealing key of this installation is missing: none of the SEALING_KEYS opens what is kept of this account."
# Answers and outcomes are large and no part of what was proposed; bodies count by their SHA-256.
_NOT_PROPOSED = ("body", "response", "problems", "row_errors", "seen", "image")


class Altered(Exception):
    """The stored rows are not what the digest was made of."""


class Locked(Exception):
    """Nothing of the account opens, so it is a key that is missing, and no row that was altered."""


def of(change: Change, steps: Iterable[Step]) -> str:
    """The digest of a change and its steps in order, in hex. Raises Unreadable."""
    signed = {
        "form": 1,
        "account": change.account_id,
        "author": change.author_id,
        "revision": change.revision,
        "policy": change.policy_version,
        "action": change.action,
        "sentence": change.sentence,
        "target": [change.target_type, change.target_id, change.target_name],
        "risk": change.risk,
        "reversibility": change.reversibility,
        "details": change.details,
        "requests": [_request(step) for step in steps],
        **({"terms": change.terms} if change.terms else {}),
        **({"plan": change.plan} if change.plan else {}),
        **({"planner": change.planner_id} if change.planner_id else {}),
    }
    return sha256(json.dumps(signed, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()).hexdigest()


def read(change_id: int, known: Change | None = None) -> tuple[Change, list[Step]]:
    """A change and its steps from the database, sealed columns opened; `known` is the change if it was just read. Raises
    Unreadable."""
    change = known or Change.objects.select_related("account", "author").get(pk=change_id)
    return change, list(Step.objects.filter(change=change).order_by("number").defer(*_NOT_PROPOSED))


def check(change_id: int, known: Change | None = None) -> tuple[Change, list[Step]]:
    """A change and its steps, read anew and found as proposed, bodies aside; `known` is the change if it was just read.
    Raises Altered, Locked."""
    try:
        change, steps = read(change_id, known)
        if of(change, steps) == change.digest:
            return change, steps
    except Unreadable:
        _demand_a_key(change_id)
    raise Altered(ALTERED)


def _demand_a_key(change_id: int) -> None:
    """Raises Locked if the key of the change's account, which nobody had a reason to alter, does not open either."""
    token = Change.objects.values_list("account__sealed_key", flat=True).get(pk=change_id)
    try:
        unseal(bytes(token or b""))
    except Unreadable:
        if token is not None:  # of an archived account it is gone, and says nothing
            raise Locked(LOCKED) from None


def check_bodies(steps: Iterable[Step]) -> None:
    """Reads the body of every step and compares it with its SHA-256. Raises Altered."""
    for step in steps:
        body(step)


def body(step: Step) -> bytes:
    """The body of a step whose row was checked, exactly as proposed. Raises Altered."""
    try:
        return bodies.of(step)
    except bodies.Damaged:
        raise Altered(ALTERED) from None


def _request(step: Step) -> dict[str, Any]:
    return {
        "number": step.number,
        "operation": step.operation,
        "method": step.method,
        "path": step.path,
        "body": [step.body_sha256, step.body_size],
        "target": [step.target_type, step.target_id, step.target_name, step.target_read],
        "fields": step.fields,
        "follow": step.follow,
        "counts": step.counts,
        **({"gaps": step.gaps} if step.gaps else {}),
        **({"basis": step.basis} if step.basis else {}),
    }
