"""How grave a change is, and what has to be agreed before it may run: the terms that its account's policy sets."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from klaviyo_admin.accounts.models import Account
from klaviyo_admin.accounts.rights import role_of
from klaviyo_admin.changes import rules
from klaviyo_admin.changes.models import Change, PolicyVersion, Step
from klaviyo_admin.changes.rules import Asked, Facts, Outcome, Quorum, Signed
from klaviyo_admin.changes.undoing.reasons import REASONS
from klaviyo_admin.changes.zones import zone, zone_of
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
    at = change.proposed_at.astimezone(zone_of(change.account))
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


def terms(outcome: Outcome, zone: str) -> dict[str, Any]:
    """What the digest of a change seals of a policy's outcome; empty where no rule matched. `zone` is the account's."""
    if not outcome.matched:
        return {}
    windows = [{"days": list(w.days), "begin": w.begin, "end": w.end} for w in outcome.windows]
    found: dict[str, Any] = {"approvals": outcome.approvals, "windows": windows, "rules": list(outcome.matched)}
    found |= {"zone": zone} if windows else {}
    if outcome.quorums:
        found["quorums"] = [{"number": quorum.number, "by": list(quorum.by)} for quorum in outcome.quorums]
    if outcome.also:
        found["also"] = list(outcome.also)
    return found


def approvals_needed(change: Change) -> int:
    """How many approvals of its present digest a change needs, by the terms that its digest seals."""
    needed = change.terms.get("approvals", 1)
    return needed if isinstance(needed, int) else rules.MOST_APPROVALS


def sealed(change: Change) -> Outcome:
    """Who has to agree to a change, by the terms that its digest seals."""
    needed = approvals_needed(change)
    quorums = tuple(Quorum(row["number"], tuple(row["by"])) for row in change.terms.get("quorums", ()))
    return Outcome(needed, quorums=quorums, also=tuple(change.terms.get("also", ())))


def needed_now(change: Change) -> Outcome:
    """The terms of a proposed change, and those of the account's policy by now if that has become stricter."""
    held = sealed(change)
    version = current(change.account)
    if change.action == ACTION or name_of(version) == change.policy_version:
        return held
    late = judge(version, facts(change, change.steps.all(), role_of(change.author, change.account)))
    if not late.matched:
        return held
    most = max(late.approvals, held.approvals)
    quorums = rules.quorums([*held.asked, *late.asked])
    return Outcome(most, late.deny, (), late.matched, quorums, tuple(dict.fromkeys((*held.also, *late.also))))


def given(change: Change) -> int:
    """How many people approved exactly what the change now holds."""
    return change.approvals.filter(digest=change.digest, decision="approve").values("person").distinct().count()


def signed(change: Change) -> list[Signed]:
    """The approvals of exactly what the change now holds: one for each person."""
    found = change.approvals.filter(digest=change.digest, decision="approve")
    return [Signed(one.role, tuple(one.duties)) for one in found]


def satisfied(change: Change) -> bool:
    """Whether all who have to agree approved exactly what the change now holds, and nobody rejected it."""
    if change.approvals.filter(digest=change.digest, decision="reject").exists():
        return False
    return sealed(change).met(signed(change))


def still_agreed(change: Change, rushed: bool) -> bool:
    """Whether the account's policy by now allows an approved change, and asks for no more than those who approved it;
    missing approvals do not count where the glass was broken (`rushed`)."""
    asked = needed_now(change)
    return not asked.deny and (rushed or asked.met(signed(change)))


def windows(change: Change) -> tuple[rules.Hours, ...]:
    """When a change may be sent, by the terms that its digest seals; empty means at any time."""
    return tuple(found for row in change.terms.get("windows", ()) if (found := rules.hours(row)))


def window_zone(change: Change) -> ZoneInfo:
    """The zone in which those windows are meant: the account's when the change was proposed."""
    return zone(change.terms.get("zone", settings.TIME_ZONE))
