"""What Klaviyo shows now of a request that got stuck, so that a person can decide; nothing is written here."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from klaviyo_admin import api
from klaviyo_admin.accounts.models import Account
from klaviyo_admin.changes import basis, diff, staleness
from klaviyo_admin.changes.models import Step
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.errors import KlaviyoError, NotFound
from klaviyo_admin.klaviyo.values import Item


@dataclass(frozen=True, slots=True)
class Finding:
    """`sentence` says what a look showed, `rows` says it by value. `trouble` is why nothing could be seen."""

    sentence: str
    rows: tuple[diff.Row, ...] = ()
    trouble: KlaviyoError | None = None


def look(step: Step) -> Finding:
    """Reads the target of a step now, or the job it started."""
    try:
        reader = api.reader(step.change.account)
        if step.remote_job:
            job = reader.item(step.follow["job"], path={step.follow["parameter"]: step.remote_job})
            return Finding(f"Klaviyo says of the job: {job.get('status', 'nothing')}.")
        if not step.target_read:
            return Finding("Nothing in Klaviyo can be read that would tell. Look for it there before you decide.")
        return _compared(step, _target(reader, step))
    except NotFound:
        if staleness.unmade(step):
            return Finding("There is none, as before: the request seems not to have worked.")
        gone = "It is gone, as wanted." if step.method == "DELETE" else "It is not in Klaviyo any more."
        return Finding(gone)
    except KlaviyoError as error:
        return Finding("Klaviyo could not be asked.", trouble=error)


def present(account: Account, steps: Sequence[Step]) -> tuple[dict[int, Item], KlaviyoError | None]:
    """The targets of steps as Klaviyo holds them now, by key of the step, and the first error of those not read."""
    targets = [step for step in steps if step.target_read and step.target_id]
    try:
        reader = api.reader(account)
    except KlaviyoError as error:
        return {}, error
    read = reader.gather(*(partial(_target, reader, s) for s in targets))
    items = {s.pk: item for s, item in zip(targets, read, strict=True) if isinstance(item, Item)}
    errors = (item for item in read if isinstance(item, KlaviyoError))
    return items, next(errors, None)


def _target(reader: Reader, step: Step) -> Item:
    """The target of a step now, with who of those named belongs to it. Raises KlaviyoError."""
    where = staleness.place(step)
    return basis.with_members(reader, [step], {where: reader.item(where[0], path={"id": where[1]})})[where]


def _compared(step: Step, item: Item) -> Finding:
    rows = diff.rows(step, item)
    verdicts = {row.verdict for row in rows}
    if not any(verdicts):
        exists = (
            "It is still there." if step.method == "DELETE" else "It exists; what the request changes shows nowhere."
        )
        return Finding(exists)
    if verdicts == {"after"}:
        return Finding("Everything is already as wanted: the request seems to have worked.", rows)
    if verdicts <= {"before", "after"} and "before" in verdicts and "after" not in verdicts:
        return Finding("Everything is still as before: the request seems not to have worked.", rows)
    return Finding("It is neither as before nor as wanted: look closely before you decide.", rows)
