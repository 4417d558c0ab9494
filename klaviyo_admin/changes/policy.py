"""How grave a change is, and what has to be agreed before it may run: the terms that its account's policy sets."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone

from klaviyo_admin.accounts.models import Account
from klaviyo_admin.accounts.rights import role_of
from klaviyo_admin.changes import rules
from klaviyo_admin.changes.models import Change, PolicyVersion, Step
from klaviyo_admin.changes.rules import Asked, Facts, Outcome, Rule
from klaviyo_admin.changes.undoing.reasons import REASONS
from klaviyo_admin.klaviyo import catalogue
from klaviyo_admin.klaviyo.catalogue import Operation

VERSION = "one-approval-1"  # of accounts that have no policy of their own
# From harmless to grave; a change is as grave as its gravest request. A write that nobody judged counts as the worst.
RISKS = ("read", "reversible", "destructive", "sends", "privacy")
UNDOS = ("exact", "delete-created", "re-create", "compensate", "irreversible")
# A change of the policy itself: no rule applies to it, so that no rule can lock everybody out or let somebody through.
ACTION = "policies.change"


def risk(operations: Iterable[Operation]) -> str:
    return max((o.risk for o in operations), key=lambda r: RISKS.index(r) if r in RISKS else len(RISKS))


def reversibility(operations: Iterable[Operation]) -> str:
    undos = ("irreversible" if o.id in REASONS else o.undo for o in operations)
    worst = max(undos, key=lambda u: UNDOS.index(u) if u in UNDOS else len(UNDOS))
    return worst or "irreversible"


def current(account: Account) -> PolicyVersion | None:
    """The policy of an account as of now, None if it has none."""
    return PolicyVersion.objects.filter(account=account).order_by("-number").first()


def name_of(version: PolicyVersion | None) -> str:
    """How a change and the audit name a version."""
    return f"policy-{version.number}" if version else VERSION


def judge(version: PolicyVersion | None, facts: Facts) -> Outcome:
    return rules.evaluate(rules.read(version.rules), facts) if version else Outcome()


def facts(change: Change, steps: Iterable[Step], role: str) -> Facts:
    """A change as rules see it. What can reach people whom nobody counted has the size that Klaviyo gave when it was
    proposed (in its terms), or an unknown one."""
    asked, things, steps = [], 0, list(steps)
    for step in steps:
        operation = catalogue.operation(step.operation)
        touched = frozenset(".".join(field["path"]) for field in step.fields) if step.fields else None
        asked.append(Asked(operation.id, operation.area, operation.risk, touched))
        things += step.counts
    unknown = not counted(steps)
    at = timezone.localtime(change.proposed_at)
    reached = change.terms.get("people") if unknown else None
    if isinstance(reached, int):
        return Facts(tuple(asked), max(things, reached), role, at, counted=False)
    return Facts(tuple(asked), None if unknown else things, role, at)


def counted(steps: Iterable[Step]) -> bool:
    """Whether the requests themselves say how much they touch. One that can reach people does so only by its number of
    rows, or by being about one profile."""
    for step in steps:
        grave = catalogue.operation(step.operation).risk in ("sends", "privacy")
        if step.counts == 0 or (grave and step.counts == 1 and step.target_type != "profile"):
            return False
    return True


def weighs_size(version: PolicyVersion | None) -> bool:
    """Whether a policy has a rule to which it matters how many things or people a change touches."""
    found = rules.read(version.rules) if version else ()
    return any(rule.more_than is not None or rule.at_most is not None for rule in found)


def terms(outcome: Outcome) -> dict[str, Any]:
    """What the digest of a change seals of a policy's outcome; empty where no rule matched."""
    if not outcome.matched:
        return {}
    windows = [{"days": list(w.days), "begin": w.begin, "end": w.end} for w in outcome.windows]
    return {"approvals": outcome.approvals, "windows": windows, "rules": list(outcome.matched)}


def approvals_needed(change: Change) -> int:
    """How many approvals of its present digest a change needs, by the terms that its digest seals."""
    needed = change.terms.get("approvals", 1)
    return needed if isinstance(needed, int) else rules.MOST_APPROVALS


def needed_now(change: Change) -> Outcome:
    """The terms of a proposed change, or those of the account's policy by now if that has become stricter."""
    sealed = Outcome(approvals=approvals_needed(change))
    version = current(change.account)
    if change.action == ACTION or name_of(version) == change.policy_version:
        return sealed
    late = judge(version, facts(change, change.steps.all(), role_of(change.author, change.account)))
    return Outcome(max(late.approvals if late.matched else 0, sealed.approvals), late.deny, (), late.matched)


def given(change: Change) -> int:
    """How many people approved exactly what the change now holds."""
    return change.approvals.filter(digest=change.digest, decision="approve").values("person").distinct().count()


def satisfied(change: Change) -> bool:
    """Whether enough people approved exactly what the change now holds, and nobody rejected it."""
    if change.approvals.filter(digest=change.digest, decision="reject").exists():
        return False
    return given(change) >= approvals_needed(change)


def windows(change: Change) -> tuple[rules.Hours, ...]:
    """When a change may be sent, by the terms that its digest seals; empty means at any time."""
    return tuple(found for row in change.terms.get("windows", ()) if (found := rules.hours(row)))


def flags(found: Sequence[Rule], admins: int) -> list[str]:
    """For each rule what is wrong with it in a sentence, "" if nothing is. `admins` is how many people may approve."""
    return [_flag(rule, admins) for rule in found]


def _flag(rule: Rule, admins: int) -> str:
    writes = [catalogue.operation(o.id) for o in catalogue.operations() if o.writes]
    possible = any(
        (not rule.operations or o.id in rule.operations)
        and (not rule.areas or o.area in rule.areas)
        and (not rule.risks or o.risk in rule.risks)
        for o in writes
    )
    crossed = rule.more_than is not None and rule.at_most is not None and rule.at_most <= rule.more_than
    proposers = not rule.roles or set(rule.roles) & {"marketer", "admin"}
    if not possible or crossed or not proposers or (rule.hours and rule.hours.empty):
        return "It can never match: no change fulfils all of its conditions."
    if rule.window and rule.window.empty:
        return "Its window never opens."
    if not rule.deny and rule.approvals > admins:
        return (
            f"It asks for {rule.approvals} approvals, but only {admins} admin{'' if admins == 1 else 's'} may approve."
        )
    if not rule.deny and rule.approvals == admins:
        return "An admin’s own change can never collect this many approvals: nobody approves their own."
    return ""
