"""What may be asked of the audit log in an address, for the page and for the export alike."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from klaviyo_admin.accounts.models import Account
from klaviyo_admin.audit.search import Question
from klaviyo_admin.klaviyo import catalogue

# What an action is called on a page; one that is not here shows by its own name.
ACTIONS = {
    "change.proposed": "Proposed",
    "change.approved": "Approved",
    "change.reopened": "Waits for approval again",
    "change.rejected": "Rejected",
    "change.withdrawn": "Withdrawn",
    "change.commented": "Commented",
    "change.changes_requested": "Changes requested",
    "change.asked": "Asked to decide",
    "change.started": "Started",
    "change.resumed": "Resumed",
    "change.paused": "Paused",
    "change.cancelled": "Cancelled",
    "change.rescheduled": "Planned anew",
    "change.expired": "Expired",
    "glass.broken": "Glass broken",
    "glass.reviewed": "Broken glass looked at",
    "freeze.set": "Freeze set",
    "freeze.lifted": "Freeze lifted",
    "change.ended": "Ended",
    "step.sent": "Sent",
    "step.accepted": "Accepted",
    "step.postponed": "Postponed",
    "step.late": "Late answer",
    "step.done": "Done",
    "step.failed": "Failed",
    "step.unclear": "Unclear",
    "step.resolved": "Resolved",
    "upload.received": "File uploaded",
    "account.connected": "Account connected",
    "account.changed": "Account changed",
    "account.key_replaced": "Key replaced",
    "account.archived": "Account archived",
    "notices.changed": "Notices changed",
    "role.given": "Role given",
    "role.taken": "Role taken",
    "role.emergency": "Emergency person",
    "role.duties": "Responsibilities changed",
    "person.added": "Person added",
    "person.made_owner": "Made an owner",
    "person.link_made": "Password link made",
    "person.password_set": "Password set",
    "person.let_go": "Person let go",
    "person.taken_back": "Person taken back",
    "login": "Login",
    "login.failed": "Login failed",
    "logout": "Logout",
    "export.audit": "Audit exported",
    "evidence.taken": "Evidence taken",
    "body.taken": "Body taken as a file",
    "change.purged": "Personal data removed",
    "data.read": "Personal data read",
}
_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class SearchForm(forms.Form):
    """Every field may stay empty. Days are the viewer's, and `until` is included."""

    words = forms.CharField(required=False, max_length=200)
    person = forms.CharField(label="Person", required=False, max_length=120)
    action = forms.ChoiceField(
        label="What happened",
        required=False,
        choices=[("", "Anything"), ("change", "Any decision on a change"), ("step", "Any request"), *ACTIONS.items()],
    )
    object = forms.CharField(label="Object: its name, id or type", required=False, max_length=255)
    area = forms.ChoiceField(
        label="Area",
        required=False,
        choices=[("", "Any"), *((key, key.replace("_", " ").capitalize()) for key in catalogue.areas())],
    )
    operation = forms.CharField(label="Klaviyo operation", required=False, max_length=120)
    change = forms.IntegerField(label="Change number", required=False, min_value=1, max_value=2**62)
    since = forms.DateField(label="From day", required=False, widget=_DAY)
    until = forms.DateField(label="To day", required=False, widget=_DAY)


def question(account: Account, form: SearchForm) -> Question:
    """What a valid form asks for, of the lines of the account and those of no account (logins)."""
    asked: dict[str, Any] = {name: value for name, value in form.cleaned_data.items() if value not in ("", None)}
    if "since" in asked:
        asked["since"] = midnight(asked["since"])
    if "until" in asked:
        asked["until"] = midnight(asked["until"] + timedelta(days=1))
    return Question(frozenset([account.pk, None]), **asked)


def midnight(day: date) -> datetime:
    """The first moment of a day in the viewer's zone."""
    return timezone.make_aware(datetime.combine(day, time.min))
