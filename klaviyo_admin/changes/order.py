"""Which requests of a change go next, which may go side by side, and when the rest has to stop. Reads and writes nothing."""

from collections.abc import Sequence
from itertools import takewhile

from klaviyo_admin.changes.models import Step
from klaviyo_admin.changes.refs import needs
from klaviyo_admin.changes.timing import Plan
from klaviyo_admin.klaviyo import catalogue

AT_ONCE = 4  # requests on their way at one time
ALONE = ("sends", "privacy")  # risks of which a person may still want to stop the next one


def stopped(steps: Sequence[Step], plan: Plan) -> bool:
    """Whether nothing more is sent until a person has decided: a request is unclear, or more have failed than the plan
    tolerates, in percent of all."""
    failed = sum(step.status == "failed" for step in steps)
    return any(step.status == "unclear" for step in steps) or failed * 100 > plan.tolerate * len(steps)


def batch(steps: Sequence[Step], plan: Plan, canary_passed: bool) -> list[Step]:
    """The waiting requests that go next, side by side: of one operation, on different things, none needing another's
    answer. The very first one goes alone, as what is wrong with it is mostly wrong with all. Empty if none may go."""
    if stopped(steps, plan):
        return []
    allowed = steps[: plan.canary] if plan.canary and not canary_passed else steps
    waiting = [step for step in allowed if step.status == "waiting"]
    if not waiting or not _shares(waiting[0]) or all(step.status == "waiting" for step in steps):
        return waiting[:1]
    first = waiting[0]
    alike = list(takewhile(lambda step: step.operation == first.operation and _shares(step), waiting[:AT_ONCE]))
    numbers = {step.number for step in alike}
    seen: set[tuple[str, str]] = set()
    found: list[Step] = []
    for step in alike:
        thing = (step.target_type, step.target_id)
        if thing in seen or needs(step) & numbers:
            break
        seen.add(thing)
        found.append(step)
    return found


def blocked_by(step: Step, steps: Sequence[Step]) -> int:
    """The number of an earlier request about the same thing that failed, 0 for none."""
    thing = (step.target_type, step.target_id)
    earlier = (other for other in steps if other.number < step.number and other.status == "failed" and step.target_id)
    return next((other.number for other in earlier if (other.target_type, other.target_id) == thing), 0)


def alongside(step: Step, accepted: Sequence[Step]) -> bool:
    """Chunks of one bulk operation go out one after another; anything else waits for the jobs before it."""
    return bool(step.follow) and all(a.operation == step.operation for a in accepted)


def _shares(step: Step) -> bool:
    """Whether a request may be on its way beside others of its kind: it is about one named thing, and no job follows."""
    return bool(step.target_id) and not step.follow and catalogue.operation(step.operation).risk not in ALONE
