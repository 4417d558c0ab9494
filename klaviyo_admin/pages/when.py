"""What a person says about when and how carefully a change is sent, and how a plan reads."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from klaviyo_admin.accounts.models import Account
from klaviyo_admin.areas.fields import MomentField
from klaviyo_admin.changes import policy, timing, zones
from klaviyo_admin.changes.models import Change
from klaviyo_admin.changes.rules import Hours
from klaviyo_admin.changes.timing import Plan

WORKDAYS, WEEKEND = (0, 1, 2, 3, 4), (5, 6)
DAYS = {"any": (), "workdays": WORKDAYS, "weekend": WEEKEND}
CHOICES = (("now", "As soon as it is approved"), ("at", "At a time"), ("window", "Within hours of the day"))
HOLDS = "The rules hold from the moment of its last approval."
LAPSES = (("1", "a day"), ("3", "three days"), ("14", "two weeks"), ("30", "thirty days"))


class When(forms.Form):
    """When a change is sent and how carefully. Times are typed in the viewer's zone, hours of the day in the account's."""

    template_name = "changes/_plan_form.html"

    when = forms.ChoiceField(label="When is it sent?", choices=CHOICES, initial="now", required=False)
    at = MomentField(
        label="Date and time",
        required=False,
    )
    days = forms.ChoiceField(
        label="Days",
        required=False,
        choices=(("any", "Every day"), ("workdays", "Monday to Friday"), ("weekend", "Saturday and Sunday")),
    )
    begin = forms.TimeField(
        label="From", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    end = forms.TimeField(label="Until", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    approve_by = forms.ChoiceField(
        label="It lapses if nobody approves it within", choices=LAPSES, initial="14", required=False
    )
    canary = forms.IntegerField(
        label="Send so many requests first, then wait until somebody has looked",
        min_value=1,
        max_value=10_000,
        required=False,
    )
    tolerate = forms.IntegerField(
        label="Go on while at most so many percent of the requests fail",
        min_value=0,
        max_value=90,
        required=False,
        help_text="Empty: it stops at the first that fails.",
    )

    def __init__(self, *args: Any, account: Account, **options: Any) -> None:
        super().__init__(*args, **options)
        self.zone = str(zones.zone_of(account))
        own = timezone.get_current_timezone_name()
        also = "" if own == self.zone else f" The account lives in {self.zone}."
        self.fields["at"].help_text = f"In your time zone, {own}.{also}"
        self.fields["begin"].help_text = f"In the account’s time zone, {self.zone}."

    @property
    def told(self) -> bool:
        """Whether anything but the usual was said, so that it must not stay folded."""
        usual = {"when": "now", "days": "any", "approve_by": "14"}
        asked = (self[name].value() not in (None, "", usual.get(name)) for name in PLANNED)
        return any(asked) or any(name in self.errors for name in PLANNED if self.is_bound)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        at = said.get("at")
        if said.get("when") == "at" and "at" not in self.errors:
            if at is None:
                self.add_error("at", "Say on which day and at what time.")
            elif at <= timezone.now():
                self.add_error("at", "This moment has passed already.")
        if said.get("when") == "window":
            self._check_hours(said)
        return said

    def _check_hours(self, said: dict[str, Any]) -> None:
        for name, words in (("begin", "Say from when."), ("end", "Say until when.")):
            if said.get(name) is None and name not in self.errors:
                self.add_error(name, words)
        if said.get("begin") is not None and said.get("begin") == said.get("end"):
            self.add_error("end", "This ends when it begins, so it would never be sent.")

    def plan(self) -> Plan:
        """The plan that was asked for; only after is_valid()."""
        said = self.cleaned_data
        when = said["when"] or "now"
        hours = Hours(DAYS[said["days"] or "any"], _minutes(said["begin"]), _minutes(said["end"]))
        lapses = timezone.now() + timedelta(days=int(said["approve_by"] or "14"))
        return Plan(
            at=said["at"].astimezone(UTC) if when == "at" else None,
            window=hours if when == "window" else None,
            zone=self.zone if when == "window" else "UTC",
            approve_by=lapses.replace(microsecond=0),
            canary=said["canary"] or 0,
            tolerate=said["tolerate"] or 0,
        )


PLANNED = tuple(When.base_fields)


def begun(plan: Plan) -> dict[str, Any]:
    """The answers from which a form about another plan starts."""
    names = {days: name for name, days in DAYS.items()}
    start: dict[str, Any] = {"canary": plan.canary or None, "tolerate": plan.tolerate or None, "when": "now"}
    if plan.at:
        start |= {"when": "at", "at": plan.at}
    if plan.window:
        clock = {"begin": _clock(plan.window.begin), "end": _clock(plan.window.end)}
        start |= {"when": "window", "days": names.get(plan.window.days, "any"), **clock}
    return start


def words(change: Change) -> list[tuple[str, str]]:
    """How a change is planned, for its page: pairs of a question and its answer, each moment in both zones."""
    plan, account = timing.of(change), change.account
    told = [("When", HOLDS if change.action == policy.ACTION else _when(plan, account))]
    lapses = timing.lapses_at(change)
    if change.status == "proposed" and lapses:
        told.append(("Lapses", f"If it is not approved before {moment(lapses, account)}."))
    if plan.canary:
        said = (
            f"The first {plan.canary:,} request{'' if plan.canary == 1 else 's'} go first; then somebody has to look."
        )
        told.append(("First", said))
    if plan.tolerate:
        told.append(("Failures", f"It goes on while at most {plan.tolerate} % of its requests fail."))
    return told


def moment(at: datetime, account: Account) -> str:
    """A moment in the viewer's zone, and in the account's where that reads differently."""
    own, theirs = timezone.localtime(at), at.astimezone(zones.zone_of(account))
    said = f"{own:%A %-d %B %Y, %H:%M} {own:%Z}"
    if own.utcoffset() == theirs.utcoffset():
        return said
    day = "" if own.date() == theirs.date() else f"{theirs:%A} "
    return f"{said} ({day}{theirs:%H:%M} in {theirs.tzinfo}, where the account lives)"


def _when(plan: Plan, account: Account) -> str:
    if plan.at:
        grace = f"{plan.grace} minutes" if plan.grace != 60 else "an hour"
        return f"On {moment(plan.at, account)}, not earlier, and not if it would be late by more than {grace}."
    if plan.window:
        hours = f"between {_clock(plan.window.begin)} and {_clock(plan.window.end)}"
        days = {WORKDAYS: "Monday to Friday", WEEKEND: "Saturday and Sunday"}.get(plan.window.days, "every day")
        return f"Only {hours}, {days}, in {plan.zone}."
    return "As soon as it is approved."


def _minutes(at: Any) -> int:
    return at.hour * 60 + at.minute if at else 0


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
