"""What a person says to ask for a report."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from klaviyo_admin.areas.fields import MomentField
from klaviyo_admin.areas.picking import PickField
from klaviyo_admin.areas.reporting.asking import Question
from klaviyo_admin.areas.reporting.reports import INTERVALS, TIMEFRAMES, Report, label

CUSTOM = "custom"
LONGEST = timedelta(days=366)
# The longest stretch of which Klaviyo gives figures at an interval.
REACH = {"hourly": timedelta(days=7), "daily": timedelta(days=60)}
_DAYS = {"last_90_days": 90, "last_365_days": 365, "last_3_months": 92, "last_12_months": 366, "this_year": 366}
_LENGTHS = _DAYS | {"last_year": 366, "last_30_days": 30, "this_month": 31, "last_month": 31}


class ReportForm(forms.Form):
    """Which figures, over what time, in which steps."""

    timeframe = forms.ChoiceField(label="Time", choices=(*TIMEFRAMES.items(), (CUSTOM, "From … to …")))
    start = MomentField(label="From", required=False)
    end = MomentField(label="To", required=False)
    interval = forms.ChoiceField(label="Over time", choices=(("", "In one sum"), *INTERVALS.items()), required=False)
    metric = PickField("metrics", label="Counts as a conversion")
    statistics = forms.MultipleChoiceField(label="Figures", widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any, report: Report, conversion: str) -> None:
        """`conversion` is the id of the metric that counts as one until another is picked."""
        super().__init__(data or None, initial=_first(report, conversion), use_required_attribute=False)
        self.report = report
        self.fields["statistics"].choices = [(key, label(key)) for key in report.statistics]  # type: ignore[attr-defined]
        if not report.converts:
            del self.fields["metric"]
        if not report.series:
            del self.fields["interval"]

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        start, end = said.get("start"), said.get("end")
        if said.get("timeframe") != CUSTOM:
            self._fits(timedelta(days=_LENGTHS.get(said.get("timeframe", ""), 7)))
        elif not start or not end:
            raise ValidationError("Give both ends of the time, or choose one of the usual stretches.")
        elif end <= start or end - start > LONGEST:
            raise ValidationError("The end lies after the beginning, at most a year.")
        else:
            self._fits(end - start)
        return said

    def _fits(self, length: timedelta) -> None:
        interval = self.cleaned_data.get("interval", "")
        if length > REACH.get(interval, length):
            days = REACH[interval].days
            self.add_error("interval", f"Klaviyo gives this for at most {days} days. Choose larger steps.")

    def question(self, metric: str) -> Question:
        """What a valid form asks, with the id of the metric that was picked."""
        said = self.cleaned_data
        between = (said["start"], said["end"]) if said["timeframe"] == CUSTOM else None
        asked = [key for key in self.report.statistics if key in said["statistics"]]
        key = "" if between else said["timeframe"]
        return Question(self.report, tuple(asked), key, between, said.get("interval", ""), metric)


def _first(report: Report, conversion: str) -> dict[str, Any]:
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        "timeframe": "last_30_days",
        "statistics": list(report.first),
        "metric": conversion,
        "start": today - timedelta(days=30),
        "end": today,
    }
