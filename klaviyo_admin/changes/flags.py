"""What is wrong with a rule of a policy before it does harm: that it can never match, or that nobody could ever agree."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from klaviyo_admin.accounts.models import Account, Membership
from klaviyo_admin.changes.rules import ADMINS, Rule
from klaviyo_admin.klaviyo import catalogue

PLURALS = {"admin": "admins", "marketer": "marketers", "auditor": "auditors", "viewer": "viewers"}
PROPOSERS = {"marketer", "admin"}


@dataclass(frozen=True, slots=True)
class Deciders:
    """How many active people of an account have each role, and how many each responsibility."""

    roles: Mapping[str, int] = field(default_factory=dict)
    duties: Mapping[str, int] = field(default_factory=dict)


def deciders(account: Account) -> Deciders:
    members = list(Membership.objects.filter(account=account, person__is_active=True))
    duties = Counter(duty for member in members for duty in member.duties)
    return Deciders(Counter(member.role for member in members), duties)


def flags(found: Sequence[Rule], people: Deciders) -> list[str]:
    """For each rule what is wrong with it in a sentence, "" if nothing is."""
    return [_flag(rule, people) for rule in found]


def _flag(rule: Rule, people: Deciders) -> str:
    if _never(rule):
        return "It can never match: no change fulfils all of its conditions."
    if rule.window and rule.window.empty:
        return "Its window never opens."
    return "" if rule.deny else _unreachable(rule, people)


def _never(rule: Rule) -> bool:
    possible = any(
        (not rule.operations or o.id in rule.operations)
        and (not rule.areas or o.area in rule.areas)
        and (not rule.risks or o.risk in rule.risks)
        for o in catalogue.operations()
        if o.writes
    )
    crossed = rule.more_than is not None and rule.at_most is not None and rule.at_most <= rule.more_than
    proposers = not rule.roles or set(rule.roles) & PROPOSERS
    return not possible or crossed or not proposers or bool(rule.hours and rule.hours.empty)


def _unreachable(rule: Rule, people: Deciders) -> str:
    by = rule.by or ADMINS
    number = sum(people.roles.get(role, 0) for role in by)
    who = " or ".join(PLURALS.get(role, role) if number != 1 else role for role in by)
    if rule.approvals > number:
        return f"It asks for {rule.approvals} approvals, but only {number} {who} may approve."
    for duty in rule.also:
        if not people.duties.get(duty):
            return f"Nobody in this account is responsible for “{duty}”, so nobody could agree."
        if people.duties[duty] == 1:
            return f"Only one person is responsible for “{duty}”: their own changes can never be agreed to."
    if rule.approvals and rule.approvals == number and set(by) & PROPOSERS:
        one = "An admin’s" if by == ADMINS else "A decider’s"
        return f"{one} own change can never collect this many approvals: nobody approves their own."
    return ""
