"""How an Intent becomes rows: a change that is refused unless every request is one the catalogue knows."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone

from klaviyo_admin import api, jobs
from klaviyo_admin.accounts.models import Account, Person
from klaviyo_admin.accounts.rights import demand, role_of
from klaviyo_admin.changes import basis, blast, bodies, digests, policy, record, refs, timing
from klaviyo_admin.changes.models import KEPT_FOR, Change, PolicyVersion, Step
from klaviyo_admin.changes.rules import Outcome
from klaviyo_admin.changes.timing import Plan
from klaviyo_admin.changes.zones import zone_of
from klaviyo_admin.intents import FieldChange, Intent, Request, Target
from klaviyo_admin.klaviyo import catalogue, secrets
from klaviyo_admin.klaviyo.errors import KlaviyoError
from klaviyo_admin.sealing import seal

AT_ONCE = Plan()
CARRY_OUT = "klaviyo_admin.changes.execution.carry_out"
LONGEST_ID = 255  # characters that the columns of ids hold


class ReviewRefused(Exception):
    """`sentence` says in plain words why the state of a change forbids what was asked."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def propose(
    person: Person,
    account: Account,
    intent: Intent,
    reason: str,
    *,
    undoes: Change | None = None,
    supersedes: Change | None = None,
    plan: Plan = AT_ONCE,
) -> Change:
    """Stores an Intent with its reason and plan and seals it; `undoes` is the change it takes back, `supersedes` the one
    that it is proposed instead of, which is withdrawn if it still waits. Raises NotAllowed, ReviewRefused."""
    demand(person, account, "propose")
    if any(other is not None and other.account_id != account.pk for other in (undoes, supersedes)):
        raise ReviewRefused("A change is undone, or proposed anew, in its own account.")
    if not reason.strip():
        raise ReviewRefused("Say why this change is wanted: the person who decides sees only what you write here.")
    if not intent.requests:
        raise ReviewRefused("There is nothing to change.")
    operations = [_known(number, request) for number, request in enumerate(intent.requests, start=1)]
    reached = _reached(account, intent) if undoes is None else {}
    bases = basis.of(account, intent.requests)
    with transaction.atomic():
        version = policy.current(account)
        change = Change.objects.create(
            account=account,
            author=person,
            action=intent.action,
            sentence=intent.sentence,
            reason=reason.strip(),
            risk=policy.risk(operations),
            reversibility=policy.reversibility(operations),
            revision=api.revision(),
            policy_version=policy.name_of(version),
            **_about(intent.target),
            details=dict(intent.details),
            undoes=undoes,
            supersedes=supersedes,
            terms=reached,
            plan=timing.written(plan),
        )
        _compose(change, intent, bases)
        outcome = _seal(change, version, reached, role_of(person, account))
        what = {"action": change.action, "reason": change.reason, "requests": len(operations), "risk": change.risk}
        record.of_change("change.proposed", change, f"Proposed: {change.on_record}", person=person, detail=what)
        if supersedes is not None:
            _replace(person, supersedes, change)
        if outcome.met([]):
            _start(change, f"{version}")
    return change


def _compose(change: Change, intent: Intent, bases: Sequence[basis.Basis | None]) -> None:
    """The rows of the requests of a new change."""
    pairs = zip(intent.requests, bases, strict=True)
    steps = (_step(change, number, request, base) for number, (request, base) in enumerate(pairs, start=1))
    Step.objects.bulk_create(list(steps), batch_size=100)


def _seal(change: Change, version: PolicyVersion | None, reached: dict[str, Any], role: str) -> Outcome:
    """Judges a new change by the policy and puts its terms, digest and end of life down. Raises ReviewRefused."""
    _, steps = digests.read(change.pk)
    outcome = policy.judge(version, policy.facts(change, steps, role))
    if outcome.deny:
        raise ReviewRefused(f"The policy of this account does not allow it ({_rules(outcome)} of {version}).")
    change.terms = policy.terms(outcome, str(zone_of(change.account))) | reached
    change.save(update_fields=["terms"])
    change.digest = digests.of(*digests.read(change.pk))
    change.expires_at = timing.lapses_at(change)
    change.save(update_fields=["digest", "expires_at"])
    return outcome


def _replace(person: Person, old: Change, new: Change) -> None:
    """Lets a new change take the place of one that waits, in the caller's transaction; one that is over stays as it is."""
    old = Change.objects.select_for_update(of=("self",)).select_related("account").get(pk=old.pk)
    later = old.superseded_by.exclude(pk=new.pk).exclude(status__in=("withdrawn", "rejected", "expired")).first()
    if later is not None:
        raise ReviewRefused(f"Change {later.pk} was proposed instead of it already.")
    if old.status in ("approved", "running", "paused"):
        raise ReviewRefused(f"Change {old.pk} is on its way already.")
    if old.status != "proposed":
        return
    if old.author_id != person.pk:
        raise ReviewRefused("Only its author can propose a change that waits anew.")
    now, said = timezone.now(), f"Change {new.pk} was proposed instead."
    ended = {"decided_at": now, "ended_at": now, "purge_after": now + KEPT_FOR}
    Change.objects.filter(pk=old.pk).update(status="withdrawn", outcome=said, **ended)
    what = {"superseded_by": new.pk}
    record.of_change("change.withdrawn", old, f"Withdrawn: {old.on_record} {said}", person=person, detail=what)


def _about(target: Target | None) -> dict[str, Any]:
    return (
        {"target_type": target.type, "target_id": target.id, "sealed_name": seal(target.name.encode())}
        if target
        else {}
    )


def _reached(account: Account, intent: Intent) -> dict[str, Any]:
    """How many people the change reaches, where the policy weighs that and Klaviyo knows; else nothing, which counts as
    large. Asked before the transaction, which must not wait for anybody."""
    if not policy.weighs_size(policy.current(account)):
        return {}
    steps = [_step(Change(), number, request) for number, request in enumerate(intent.requests, start=1)]
    if policy.counted(steps):
        return {}
    try:
        found = blast.people(api.reader(account), steps)
    except KlaviyoError:
        return {}
    return {"people": found.number} if found and found.number is not None else {}


def _start(change: Change, version: str) -> None:
    """Sets a change to work that needs nobody's approval."""
    now = timezone.now()
    Change.objects.filter(pk=change.pk).update(**timing.starting(change, now))
    change.refresh_from_db()
    record.of_change("change.approved", change, f"Approved by {version}: {change.on_record}", detail=change.terms)
    jobs.enqueue(CARRY_OUT, change.pk)


def _rules(outcome: Outcome) -> str:
    places = ", ".join(map(str, outcome.matched))
    return f"rule {places}" if len(outcome.matched) == 1 else f"rules {places}"


def _known(number: int, request: Request) -> catalogue.Operation:
    write, target, follow = request.write, request.target, request.follow
    reads = [target.read if target else "", follow.job if follow else "", follow.errors if follow else ""]
    try:
        operation = catalogue.operation(write.operation)
        for read in filter(None, reads):
            catalogue.operation(read)
    except catalogue.UnknownOperation as unknown:
        raise ReviewRefused(f"This change cannot be proposed: {unknown}") from None
    found = catalogue.match(write.method, write.path.partition("?")[0])
    if not operation.writes or found is None or found[0].id != operation.id:
        raise ReviewRefused(f"The request {write.method} is not what “{operation.label}” does.")
    if any(gap.ref.step >= number for gap in write.gaps):
        raise ReviewRefused(f"Request {number} can only wait for the answer to an earlier one.")
    if target and len(target.id) > LONGEST_ID:
        raise ReviewRefused(f"The id of what request {number} changes is longer than {LONGEST_ID} characters.")
    return operation


def _step(change: Change, number: int, request: Request, base: basis.Basis | None = None) -> Step:
    body, target, follow = request.write.body, request.target, request.follow
    large = len(body) > bodies.INLINE
    return Step(
        change=change,
        number=number,
        operation=request.write.operation,
        method=request.write.method,
        path=request.write.path,
        body=None if large else body,
        in_file=large,
        body_sha256=bodies.keep(body) if large else sha256(body).hexdigest(),
        body_size=len(body),
        target_type=target.type if target else "",
        target_id=target.id if target else "",
        target_read=target.read if target else "",
        target_name=target.name if target else "",
        fields=[_field(field) for field in request.fields],
        follow={"job": follow.job, "parameter": follow.parameter, "errors": follow.errors} if follow else {},
        counts=request.counts,
        gaps=refs.written(request.write),
        basis=base,
    )


def _field(field: FieldChange) -> dict[str, Any]:
    """A field as the row keeps it. A secret is in the body alone."""
    before, after = field.before, field.after
    if secrets.named(field.path):
        before, after = (None if value is None else secrets.HIDDEN for value in (before, after))
    return {"path": list(field.path), "label": field.label, "before": before, "after": after}
