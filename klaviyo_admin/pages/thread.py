"""What people said about a change, as its page draws it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from klaviyo_admin.accounts import rights
from klaviyo_admin.accounts.models import Account, Person
from klaviyo_admin.changes import comments, deciders
from klaviyo_admin.changes.models import Change, Remark
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


def context(person: Person, account: Account, change: Change, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that templates/changes/_thread.html draws. `asked`: about (a request's number), field (its label)."""
    decides = deciders.may(person, change)
    waits = change.status == "proposed"
    about = whole(asked.get("about"))
    return {
        "said": thread(change),
        "wish": comments.wanted(change),
        "asked_person": comments.asked_of(change) if waits else None,
        "about": about or None,
        "about_field": str(asked.get("field", ""))[:400] if about else "",
        "may_ask_changes": waits and decides and change.author_id != person.pk,
        "may_hand_on": [each for each in deciders.of(change) if each.pk != person.pk]
        if waits and (decides or rights.may(person, account, "propose"))
        else [],
        "again_url": again_url(person, change),
    }


def thread(change: Change) -> list[Said]:
    """All remarks, oldest first. The text of one that no key opens is replaced by a sentence."""
    remarks = change.remarks.defer("text").select_related("person", "asked")
    return [Said(remark, _text(remark), _place(remark)) for remark in remarks]


def _text(remark: Remark) -> str:
    try:  # a deferred text is read, and unsealed, at the first mention
        return REMOVED if remark.text is None else str(remark.text)
    except Unreadable:
        return UNREADABLE


def _place(remark: Remark) -> str:
    if remark.step is None:
        return ""
    return f"Request {remark.step}" + (f" · {remark.field}" if remark.field else "")
