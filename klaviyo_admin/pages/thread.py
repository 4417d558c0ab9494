"""What people said about a change, as its page draws it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from klaviyo_admin.accounts import rights
from klaviyo_admin.accounts.models import Account, Person
from klaviyo_admin.changes import deciders
from klaviyo_admin.changes.models import Approval, Change, Remark
from klaviyo_admin.changes.rules import Outcome
from klaviyo_admin.pages.again import url as again_url
from klaviyo_admin.pages.numbers import whole
from klaviyo_admin.sealing import Unreadable

UNREADABLE, REMOVED = "This cannot be read any more: its key is gone.", "The text was removed with the customers' data."


@dataclass(frozen=True, slots=True)
class Said:
    """One remark as the page draws it. `place` says what of the change it is about, "" for all of it."""

    remark: Remark
    text: str
    place: str


def context(
    person: Person,
    account: Account,
    change: Change,
    asked: Mapping[str, Any],
    needed: Outcome,
    decisions: Iterable[Approval],
) -> dict[str, Any]:
    """Everything that templates/changes/_thread.html draws. `asked`: about (a request's number), field (its label);
    `needed` is who has to agree, `decisions` are those that were taken."""
    decides = deciders.may(person, change, needed)
    waits = change.status == "proposed"
    out = {person.pk, *(each.person_id for each in decisions if each.digest == change.digest)}
    said = thread(change)
    last = {each.remark.kind: each.remark for each in said} if waits else {}
    about = whole(asked.get("about"))
    return {
        "said": said,
        "wish": last.get("changes"),
        "asked_person": last["asked"].asked if "asked" in last else None,
        "about": about or None,
        "about_field": str(asked.get("field", ""))[:400] if about else "",
        "may_ask_changes": waits and decides and change.author_id != person.pk,
        "may_hand_on": [each for each in deciders.of(change, needed) if each.pk not in out]
        if waits and (decides or rights.may(person, account, "propose"))
        else [],
        "again_url": again_url(person, change),
    }


def thread(change: Change) -> list[Said]:
    """All remarks, oldest first. The text of one that no key opens is replaced by a sentence."""
    remarks = change.remarks.select_related("person", "asked")
    try:
        return [Said(remark, _text(remark), _place(remark)) for remark in remarks]
    except Unreadable:  # then one by one: a deferred text is read, and unsealed, at the first mention
        return [Said(remark, _text(remark), _place(remark)) for remark in remarks.defer("text")]


def _text(remark: Remark) -> str:
    try:
        return REMOVED if remark.text is None else str(remark.text)
    except Unreadable:
        return UNREADABLE


def _place(remark: Remark) -> str:
    if remark.step is None:
        return ""
    return f"Request {remark.step}" + (f" · {remark.field}" if remark.field else "")
