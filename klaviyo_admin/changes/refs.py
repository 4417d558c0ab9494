"""What a request takes from the answer to an earlier one: how its gaps are kept, closed, and told of."""

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from klaviyo_admin.changes import bodies
from klaviyo_admin.changes.models import Step
from klaviyo_admin.klaviyo import gaps
from klaviyo_admin.klaviyo.values import Gap, Json, Ref, Write
from klaviyo_admin.sealing import Unreadable


class Unanswered(Exception):
    """`sentence` says which answer does not give what a request needs; it names no customer."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def written(write: Write) -> list[dict[str, Any]]:
    """The gaps of a request as the row of its step keeps them, and its digest covers them."""
    return [{"at": gap.at, "step": gap.ref.step, "pointer": gap.ref.pointer} for gap in write.gaps]


def needs(step: Step) -> frozenset[int]:
    """The numbers of the requests whose answers a step takes from."""
    return frozenset(row["step"] for row in step.gaps)


def closed(step: Step, body: bytes) -> tuple[Write, list[str]]:
    """The request exactly as it leaves, and the texts taken for it, one for each gap. Raises Unanswered.

    Without gaps it is what was proposed, byte for byte; with them, that and nothing but the texts in their places.
    """
    if not step.gaps:
        return Write(step.operation, step.method, step.path, body), []
    answers = _answers(step)
    taken = [_text(row, answers) for row in step.gaps]
    return _filled(step, body, taken), taken


def as_sent(step: Step) -> tuple[str, bytes]:
    """The path and the body that a step was sent with; as proposed if it was not sent. Raises bodies.Damaged."""
    body = bodies.of(step)
    if not step.gaps or not step.taken:
        return step.path, body
    write = _filled(step, body, step.taken)
    return write.path, write.body


def told(step: Step, write: Write, taken: Sequence[str]) -> dict[str, Any]:
    """What the audit says of closed gaps: ids, and the SHA-256 of the bytes that leave. Other texts may be a customer's."""
    if not step.gaps:
        return {}
    rows = [
        {**row, **({"value": text} if row["pointer"].endswith("/id") else {})}
        for row, text in zip(step.gaps, taken, strict=True)
    ]
    return {"taken": rows, "sent_sha256": sha256(write.body).hexdigest()}


def _filled(step: Step, body: bytes, taken: Sequence[str]) -> Write:
    found = [Gap(row["at"], Ref(row["step"], row["pointer"])) for row in step.gaps]
    write = Write(step.operation, step.method, step.path, body, tuple(found))
    try:
        return gaps.filled(write, {gap.ref: text for gap, text in zip(found, taken, strict=True)})
    except gaps.Misfit as fault:
        raise Unanswered(str(fault)) from None


def _answers(step: Step) -> dict[int, Json]:
    rows = Step.objects.filter(change_id=step.change_id, number__in=needs(step), status="done")
    try:
        return {row.number: _parsed(row) for row in rows.only("number", "response")}
    except Unreadable:
        raise Unanswered("An answer that it needs cannot be read any more.") from None


def _parsed(step: Step) -> Json:
    try:
        return json.loads(step.response or b"null")
    except ValueError:
        return None


def _text(row: dict[str, Any], answers: dict[int, Json]) -> str:
    text = gaps.value_at(answers.get(row["step"]), row["pointer"])
    if text is None:
        raise Unanswered(f"The answer to request {row['step']} does not give what it needs ({row['pointer']}).")
    return text
