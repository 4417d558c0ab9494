"""How a policy comes to be: as a change without a request, which somebody else approves like any other.

It has no plan. It would be a gap if stricter rules were approved and did not hold yet, and a policy sends nothing that a
time, a window or a freeze could hold.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from klaviyo_admin import api
from klaviyo_admin.accounts.models import Account, Person
from klaviyo_admin.accounts.rights import demand, role_of
from klaviyo_admin.changes import digests, policy, record, rules, timing
from klaviyo_admin.changes.models import Change, PolicyVersion
from klaviyo_admin.changes.proposing import ReviewRefused
from klaviyo_admin.changes.rules import Outcome, Rule
from klaviyo_admin.klaviyo.catalogue import UnknownOperation

LOOKED_BACK = timedelta(days=90)
MOST_REPLAYED = 300


def propose(person: Person, account: Account, wanted: Sequence[Rule], reason: str) -> Change:
    """Proposes a new policy for an account. Raises NotAllowed, ReviewRefused."""
    demand(person, account, "manage")
    if not reason.strip():
        raise ReviewRefused("Say why the policy should change.")
    with transaction.atomic():
        version = policy.current(account)
        rows = rules.written(wanted)
        if rows == (version.rules if version else []):
            raise ReviewRefused("These are the rules that hold already.")
        number = version.number if version else 0
        change = Change.objects.create(
            account=account,
            author=person,
            action=policy.ACTION,
            sentence=_sentence(number, len(rows)),
            reason=reason.strip(),
            risk="policy",
            reversibility="exact",
            revision=api.revision(),
            policy_version=policy.name_of(version),
            details={"rules": rows},
        )
        change.digest = digests.of(*digests.read(change.pk))
        change.expires_at = timing.lapses_at(change)
        change.save(update_fields=["digest", "expires_at"])
        what = {"action": change.action, "reason": change.reason, "rules": rows}
        record.of_change("change.proposed", change, f"Proposed: {change.sentence}", person=person, detail=what)
    return change


def _sentence(number: int, rules: int) -> str:
    what = f"with {rules} rule{'' if rules == 1 else 's'}"
    return f"Replace policy {number} by policy {number + 1}, {what}." if number else f"Set the first policy, {what}."


def adopt(change: Change) -> PolicyVersion:
    """Makes the rules of an approved change the account's policy, in the caller's transaction. Raises ReviewRefused."""
    Account.objects.select_for_update().get(pk=change.account_id)
    version = policy.current(change.account)
    if policy.name_of(version) != change.policy_version:
        raise ReviewRefused("The policy has changed since this was proposed. Propose it again from the present one.")
    number = (version.number if version else 0) + 1
    made = PolicyVersion.objects.create(
        account=change.account, number=number, rules=change.details["rules"], change=change, author=change.author
    )
    record.of_change("policy.changed", change, f"Policy {number} holds now.", detail={"rules": made.rules})
    return made


@dataclass(frozen=True, slots=True)
class Replayed:
    """One past change: how many approvals it was proposed under, and what other rules would have asked for."""

    change: Change
    then: int
    would: Outcome

    @property
    def differs(self) -> bool:
        same = self.would.approvals == self.then and not (self.would.windows or self.would.also)
        return self.would.deny or not same or bool(self.would.quorums)


def replay(account: Account, wanted: Sequence[Rule]) -> Iterator[Replayed]:
    """What these rules would have decided for the newest changes of the last 90 days, newest first."""
    since = timezone.now() - LOOKED_BACK
    past = Change.objects.for_account(account).filter(proposed_at__gte=since).exclude(action=policy.ACTION)
    for change in past.select_related("author")[:MOST_REPLAYED]:
        steps = change.steps.only("change", "number", "operation", "fields", "counts", "target_type")
        try:
            seen = policy.facts(change, steps, role_of(change.author, account))
        except UnknownOperation:
            continue
        yield Replayed(change, policy.approvals_needed(change), rules.evaluate(wanted, seen))
