"""What people say to one another about a change: comments, a wish for another version, and who is asked to decide.

Each raises NotAllowed for a missing right and ReviewRefused for what makes no sense, and is recorded without its text.
"""

import re

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery

from klaviyo_admin.accounts import rights
from klaviyo_admin.accounts.models import Account, Person
from klaviyo_admin.changes import deciders, diff, record
from klaviyo_admin.changes.models import Change, Changes, Remark
from klaviyo_admin.changes.proposing import ReviewRefused

LONGEST = 4000
MOST_NAMING = 5000  # remarks among which those that name somebody are looked for


def say(person: Person, change: Change, text: str, *, step: int | None = None, field: str = "") -> Remark:
    """Adds a comment on a change, on one of its requests, or on one field of that."""
    rights.demand(person, change.account, "read")
    about = _place(change, step, field)
    with transaction.atomic():
        remark = _remark(person, change, "comment", text, step=step, field=about)
        detail = {"step": step, "field": about, "told": remark.told}
        record.of_change("change.commented", change, f"Commented on: {change.on_record}", person=person, detail=detail)
    return remark


def ask_for_changes(person: Person, change: Change, text: str) -> Remark:
    """Asks the author for another version. The change stays proposed; whoever wants it different may not want it as it is."""
    deciders.demand(person, change)
    with transaction.atomic():
        change = _open(change)
        if change.author_id == person.pk:
            raise ReviewRefused("This is your own change: withdraw it, or propose it again.")
        remark = _remark(person, change, "changes", text)
        said = f"Asked for changes to: {change.on_record}"
        record.of_change("change.changes_requested", change, said, person=person, detail={"told": remark.told})
    return remark


def hand_to(person: Person, change: Change, to: Person, text: str = "") -> Remark:
    """Asks one person to decide. Everybody else who may decide still may."""
    if not deciders.may(person, change):
        rights.demand(person, change.account, "propose")
    with transaction.atomic():
        change = _open(change)
        if to.pk not in {each.pk for each in deciders.of(change)}:
            raise ReviewRefused(f"{to} cannot decide about this change.")
        if asked_of(change) == to:
            raise ReviewRefused(f"{to} is asked already.")
        remark = _remark(person, change, "asked", text, asked=to, needed=False)
        said = f"Asked {to} to decide about: {change.on_record}"
        record.of_change("change.asked", change, said, person=person, detail={"asked": to.pk})
    return remark


def asked_of(change: Change) -> Person | None:
    """Who was asked last to decide about a change."""
    last = change.remarks.filter(kind="asked").select_related("asked").last()
    return last.asked if last else None


def wanted(change: Change) -> Remark | None:
    """The last wish for another version of a change that still waits."""
    if change.status != "proposed":
        return None
    return change.remarks.filter(kind="changes").select_related("person").last()


def flagged(changes: Changes) -> Changes:
    """The changes, each with `wants_changes` (bool) and `asked_id` (the person who was asked last to decide, or None)."""
    remarks = Remark.objects.filter(change=OuterRef("pk"))
    last = remarks.filter(kind="asked").order_by("-pk").values("asked")[:1]
    return changes.annotate(wants_changes=Exists(remarks.filter(kind="changes")), asked_id=Subquery(last))


def mentioning(person: Person, account: Account) -> set[int]:
    """The keys of the changes of an account in whose newest remarks somebody is named."""
    # Not every database can look into a list; remarks that name anybody are few.
    named = Remark.objects.filter(change__account=account).exclude(told=[]).order_by("-pk")
    return {change for change, told in named.values_list("change_id", "told")[:MOST_NAMING] if person.pk in told}


def mentioned(text: str, account: Account) -> list[Person]:
    """The people with a role in the account whom a text names as @name or @address."""
    members = Person.objects.filter(is_active=True, memberships__account=account).order_by("pk")
    lower = text.lower()
    return [person for person in members if _names(lower, person)]


def _names(text: str, person: Person) -> bool:
    called = [person.email, *([person.name.lower()] if person.name else [])]
    return any(re.search(rf"(?<!\w)@{re.escape(name)}(?!\w)", text) for name in called)


def _place(change: Change, number: int | None, field: str) -> str:
    """The label of the field that is commented on. Raises ReviewRefused if the change has no such request or field."""
    if number is None:
        return ""
    step = change.steps.filter(number=number).first()
    if step is None:
        raise ReviewRefused("This change has no such request.")
    if field and field not in {row.label for row in diff.rows(step)}:
        raise ReviewRefused("This request has no such field.")
    return field


def _open(change: Change) -> Change:
    found = Change.objects.select_for_update(of=("self",)).select_related("account", "author").get(pk=change.pk)
    if found.status != "proposed":
        raise ReviewRefused("This change has been decided already.")
    return found


def _remark(
    person: Person,
    change: Change,
    kind: str,
    text: str,
    *,
    step: int | None = None,
    field: str = "",
    asked: Person | None = None,
    needed: bool = True,
) -> Remark:
    text = text.strip()
    if needed and not text:
        raise ReviewRefused("Write something first." if kind == "comment" else "Say what should be different.")
    if len(text) > LONGEST:
        raise ReviewRefused(f"That is too long: at most {LONGEST:,} characters.")
    told = [each.pk for each in mentioned(text, change.account) if each.pk != person.pk]
    return Remark.objects.create(
        change=change, person=person, kind=kind, step=step, field=field[:200], text=text, asked=asked, told=told
    )
