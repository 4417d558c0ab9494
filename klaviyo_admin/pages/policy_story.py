"""What a proposed policy does to the rules that held before it, sentence by sentence, for those who decide about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from klaviyo_admin.changes import flags, policy, rules
from klaviyo_admin.changes.models import Change, PolicyVersion
from klaviyo_admin.changes.rules import Rule
from klaviyo_admin.pages.policy_form import sentence

UNREADABLE = "These rules cannot be read."


@dataclass(frozen=True, slots=True)
class Line:
    """One rule in words. `state`: same, new, gone. `flag` says what is wrong with it as things are, "" if nothing is."""

    state: str
    sentence: str
    flag: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """The rules before and after, in order. `late` says that other rules hold by now than those it was proposed from."""

    lines: tuple[Line, ...]
    late: bool


def of(change: Change) -> Told | None:
    """What a change of the policy proposes; None for any other change."""
    if change.action != policy.ACTION:
        return None
    late = change.status == "proposed" and policy.name_of(policy.current(change.account)) != change.policy_version
    try:
        return Told(tuple(_lines(_before(change), rules.read(change.details["rules"]), _flags(change))), late)
    except (KeyError, ValueError):
        return Told((Line("same", UNREADABLE),), late)


def _before(change: Change) -> tuple[Rule, ...]:
    """The rules that the change was proposed from."""
    versions = PolicyVersion.objects.filter(account=change.account_id).order_by("-number")
    found = next((one for one in versions if policy.name_of(one) == change.policy_version), None)
    return rules.read(found.rules) if found else ()


def _flags(change: Change) -> list[str]:
    """What is wrong with each rule while it can still be refused."""
    wanted = rules.read(change.details["rules"])
    return flags.flags(wanted, flags.deciders(change.account)) if change.status == "proposed" else [""] * len(wanted)


def _lines(before: tuple[Rule, ...], after: tuple[Rule, ...], flagged: list[str]) -> Iterator[Line]:
    was, will = [sentence(rule) for rule in before], [sentence(rule) for rule in after]
    for how, a, b, c, d in SequenceMatcher(None, was, will, autojunk=False).get_opcodes():
        if how != "equal":
            yield from (Line("gone", each) for each in was[a:b])
        state = "same" if how == "equal" else "new"
        yield from (Line(state, each, flag) for each, flag in zip(will[c:d], flagged[c:d], strict=True))
