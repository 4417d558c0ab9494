"""The filters of the inbox: what may be asked in its address, and which changes that leaves."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms

from klaviyo_admin.accounts.models import Account, Person
from klaviyo_admin.audit.search import Question
from klaviyo_admin.changes import comments
from klaviyo_admin.changes.models import CHANGE_STATUSES, Change, Changes
from klaviyo_admin.pages.audit_search import midnight
from klaviyo_admin.pages.words import RISKS

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class Narrow(forms.Form):
    """Every field may stay empty, and an unknown value is as good as none. Days are the viewer's; `until` is included."""

    words = forms.CharField(label="Words", required=False, max_length=200)
    area = forms.ChoiceField(label="Area", required=False)
    risk = forms.ChoiceField(
        label="Risk", required=False, choices=[("", "Any"), *((key, words) for key, (words, *_) in RISKS.items())]
    )
    status = forms.ChoiceField(label="Status", required=False, choices=[("", "Any"), *CHANGE_STATUSES])
    person = forms.ChoiceField(label="Proposed by", required=False)
    flag = forms.ChoiceField(
        label="Talk",
        required=False,
        choices=[
            ("", "Any"),
            ("asked", "I am asked to decide"),
            ("named", "I am mentioned"),
            ("changes", "Changes requested"),
        ],
    )
    since = forms.DateField(label="Proposed from", required=False, widget=_DAY)
    until = forms.DateField(label="Proposed to", required=False, widget=_DAY)

    def __init__(self, data: Mapping[str, Any], account: Account) -> None:
        super().__init__(data, prefix=None)
        self.account = account
        changes = Change.objects.filter(account=account)
        areas = sorted({action.partition(".")[0] for action in changes.values_list("action", flat=True).distinct()})
        people = Person.objects.filter(pk__in=changes.values("author")).order_by("name")
        self.choose("area", [(area, area.replace("_", " ").capitalize()) for area in areas])
        self.choose("person", [(str(person.pk), str(person)) for person in people])

    def choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "Anybody" if name == "person" else "Any"), *choices]

    def asked(self) -> dict[str, str]:
        """What was asked and understood, as it stands in an address."""
        self.is_valid()
        return {key: str(value) for key, value in self.cleaned_data.items() if value}

    def of(self, changes: Changes, person: Person) -> Changes:
        """Those of the changes that fit. `person` is who looks."""
        asked = self.asked()
        same = {"risk": "risk", "status": "status", "person": "author_id"}
        changes = changes.filter(**{column: asked[key] for key, column in same.items() if key in asked})
        if "area" in asked:
            changes = changes.filter(action__startswith=f"{asked['area']}.")
        if "since" in asked:
            changes = changes.filter(proposed_at__gte=midnight(self.cleaned_data["since"]))
        if "until" in asked:
            changes = changes.filter(proposed_at__lt=midnight(self.cleaned_data["until"] + timedelta(days=1)))
        if "words" in asked:
            # The audit holds the names of things in the clear, where the change itself has them sealed.
            lines = Question(frozenset([self.account.pk]), words=asked["words"], action="change.proposed").entries()
            changes = changes.filter(pk__in=lines.order_by().values("change_id"))
        return _flagged(changes, asked.get("flag", ""), person, self.account)


def _flagged(changes: Changes, flag: str, person: Person, account: Account) -> Changes:
    if not flag:
        return changes
    if flag == "named":
        return changes.filter(pk__in=comments.mentioning(person, account))
    wanted: dict[str, Any] = {"asked_id": person.pk} if flag == "asked" else {"wants_changes": True}
    return comments.flagged(changes).filter(status="proposed", **wanted)
