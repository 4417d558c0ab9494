"""How a person states one rule of a policy, and how a rule reads back as a sentence."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from klaviyo_admin.changes.rules import ADMINS, DAYS, MOST_APPROVALS, Hours, Rule
from klaviyo_admin.klaviyo import catalogue
from klaviyo_admin.pages.words import RISKS, quorum

WHOLE_DAY = 24 * 60
ROLES = (("marketer", "Marketers"), ("admin", "Admins"))
DECIDERS = (("admin", "Admins"), ("marketer", "Marketers"), ("auditor", "Auditors"), ("viewer", "Viewers"))
DECISIONS = (
    ("0", "No approval: it is sent when proposed"),
    *((str(n), f"{n} approval{'' if n == 1 else 's'}") for n in range(1, MOST_APPROVALS + 1)),
    ("deny", "It is not allowed"),
)
JUDGED = [(key, words[0]) for key, words in RISKS.items() if key != "policy"]


def listed(area: str) -> str:
    return area.replace("_", " ").capitalize()


def _many(label: str, choices: Any, help_text: str = "") -> forms.MultipleChoiceField:
    boxes = forms.CheckboxSelectMultiple
    return forms.MultipleChoiceField(label=label, required=False, choices=choices, widget=boxes, help_text=help_text)


class RuleForm(forms.Form):
    """The conditions of one rule, all optional, and what it asks for."""

    decision = forms.ChoiceField(label="What it asks for", choices=DECISIONS, initial="2")
    by = _many("Whose approvals count", DECIDERS, "If nothing is ticked, only those of admins count.")
    also = forms.CharField(
        label="Somebody responsible for … has to agree as well",
        required=False,
        max_length=200,
        help_text="Such as legal, finance. Who is responsible for what is said under People.",
    )
    areas = _many("Area", [(area, listed(area)) for area in catalogue.areas()])
    risks = _many("Risk", JUDGED)
    roles = _many("Author is one of", ROLES)
    operations = forms.CharField(
        label="Operations", required=False, max_length=2000, help_text="Such as update_list, delete_list."
    )
    fields_touched = forms.CharField(
        label="Fields touched", required=False, max_length=2000, help_text="Such as email, properties.vip, location."
    )
    more_than = forms.IntegerField(label="Touches more than", required=False, min_value=0, max_value=10**9)
    at_most = forms.IntegerField(label="Touches at most", required=False, min_value=0, max_value=10**9)
    when_days = _many("Proposed on", list(enumerate(DAYS)))
    when_from = forms.TimeField(
        label="Proposed from", required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M")
    )
    when_to = forms.TimeField(label="Proposed until", required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M"))
    send_days = _many("Sent only on", list(enumerate(DAYS)))
    send_from = forms.TimeField(label="Sent from", required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M"))
    send_to = forms.TimeField(label="Sent until", required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M"))

    def clean_operations(self) -> tuple[str, ...]:
        try:
            return tuple(catalogue.operation(name).id for name in _words(self.cleaned_data["operations"]))
        except catalogue.UnknownOperation as unknown:
            raise ValidationError(str(unknown)) from None

    def rule(self) -> Rule:
        """The rule of a form that is valid."""
        said = self.cleaned_data
        deny = said["decision"] == "deny"
        return Rule(
            operations=said["operations"],
            areas=tuple(said["areas"]),
            risks=tuple(said["risks"]),
            fields=_words(said["fields_touched"]),
            more_than=said["more_than"],
            at_most=said["at_most"],
            roles=tuple(said["roles"]),
            hours=_hours(said, "when"),
            approvals=1 if deny else int(said["decision"]),
            deny=deny,
            window=_hours(said, "send"),
            by=() if deny or set(said["by"]) <= {"admin"} else tuple(said["by"]),
            also=() if deny else _labels(said["also"]),
        )


def answers(rule: Rule) -> dict[str, Any]:
    """A rule as the initial answers of its form."""
    return {
        "decision": "deny" if rule.deny else str(rule.approvals),
        **{key: list(getattr(rule, key)) for key in ("areas", "risks", "roles")},
        "by": list(rule.by or ADMINS),
        "also": ", ".join(rule.also),
        "operations": ", ".join(rule.operations),
        "fields_touched": ", ".join(rule.fields),
        "more_than": rule.more_than,
        "at_most": rule.at_most,
        **_times("when", rule.hours),
        **_times("send", rule.window),
    }


def sentence(rule: Rule) -> str:
    """A rule in plain words."""
    parts = [f"in {_or([listed(area) for area in rule.areas])}"] if rule.areas else []
    parts += [f"with {_or([_named(name) for name in rule.operations])}"] if rule.operations else []
    parts += [f"of the risk {_or([f'“{dict(JUDGED).get(r, r)}”' for r in rule.risks])}"] if rule.risks else []
    only = "nothing but " if rule.lax else ""
    parts += [f"that touch {only}{_or(list(rule.fields))}"] if rule.fields else []
    parts += [f"on more than {rule.more_than:,} things"] if rule.more_than is not None else []
    parts += [f"on at most {rule.at_most:,} things"] if rule.at_most is not None else []
    parts += [f"by {_or([dict(ROLES).get(role, role).lower() for role in rule.roles])}"] if rule.roles else []
    parts += [f"proposed {spoken(rule.hours)}"] if rule.hours else []
    which = f"Changes {', '.join(parts)}" if parts else "All changes"
    if rule.deny:
        return f"{which} are not allowed."
    count = quorum(rule.approvals, rule.by or ADMINS) if rule.approvals else "no approval"
    if rule.also:
        asked = f"the agreement of {' and of '.join(rule.also)}"
        count = f"{count} and {asked}" if rule.approvals else asked
    sent = f", and are sent only {spoken(rule.window)}" if rule.window else ""
    return f"{which} need {count}{sent}."


def _named(operation: str) -> str:
    """An operation by its name, and by its id, which is what a rule is written with."""
    try:
        return f"“{catalogue.operation(operation).label}” ({operation})"
    except catalogue.UnknownOperation:
        return operation


def spoken(hours: Hours) -> str:
    """A part of the week in words."""
    days = f"on {_or([DAYS[day] for day in hours.days])}" if hours.days else "on any day"
    if (hours.begin, hours.end) == (0, WHOLE_DAY):
        return days
    return f"from {_clock(hours.begin)} to {_clock(hours.end)} {days}"


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in re.split(r"[,\s]+", text) if word))


def _labels(text: str) -> tuple[str, ...]:
    """Responsibilities as they are kept: in small letters, without spare blanks."""
    return tuple(dict.fromkeys(" ".join(part.lower().split()) for part in text.split(",") if part.strip()))


def _hours(said: dict[str, Any], which: str) -> Hours | None:
    days, begin, end = said[f"{which}_days"], said[f"{which}_from"], said[f"{which}_to"]
    if not days and begin is None and end is None:
        return None
    return Hours(
        tuple(int(day) for day in days),
        begin.hour * 60 + begin.minute if begin else 0,
        end.hour * 60 + end.minute if end else WHOLE_DAY,
    )


def _times(which: str, hours: Hours | None) -> dict[str, Any]:
    if hours is None:
        return {}
    begin = _clock(hours.begin) if hours.begin else None
    end = _clock(hours.end) if hours.end != WHOLE_DAY else None
    return {f"{which}_days": [str(day) for day in hours.days], f"{which}_from": begin, f"{which}_to": end}


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _or(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
