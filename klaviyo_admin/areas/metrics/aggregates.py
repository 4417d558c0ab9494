"""Knows how the events of a metric are added up over time: what can be asked, and what the answer says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from klaviyo_admin.areas.fields import MomentField
from klaviyo_admin.areas.picking import PickField
from klaviyo_admin.klaviyo import documents
from klaviyo_admin.klaviyo.answers import numbers
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.values import Json

MEASURES = {"count": "Number of events", "unique": "Different people", "sum_value": "Sum of values"}
INTERVALS = {"hour": "Hour by hour", "day": "Day by day", "week": "Week by week", "month": "Month by month"}
# By what events can be told apart: Klaviyo's name, and what it means.
GROUPS = {
    "$value_currency": "Currency",
    "$attributed_message": "Message that it is owed to",
    "$attributed_flow": "Flow that it is owed to",
    "$attributed_channel": "Channel that it is owed to",
    "$message": "Message",
    "$flow": "Flow",
    "$variation": "Variation",
    "Campaign Name": "Campaign",
    "Client Name": "E-mail program or browser",
    "Client Type": "Kind of device",
    "Email Domain": "E-mail domain",
    "Inbox Provider": "Inbox provider",
    "Bounce Type": "Kind of bounce",
    "Message Name": "Name of the message",
    "Subject": "Subject line",
    "URL": "Address that was clicked",
    "List": "List",
    "Method": "Method of consent",
    "form_id": "Form",
}
LONGEST = timedelta(days=366)
_WIDEST = {"hour": timedelta(days=14)}


class ChartForm(forms.Form):
    """Which metric, counted how, over what time."""

    metric = PickField("metrics", label="Metric")
    measure = forms.ChoiceField(label="Counted as", choices=tuple(MEASURES.items()))
    interval = forms.ChoiceField(label="Steps", choices=tuple(INTERVALS.items()))
    by = forms.ChoiceField(label="Told apart by", choices=(("", "Nothing"), *GROUPS.items()), required=False)
    start = MomentField(label="From")
    end = MomentField(label="To")

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        start, end, interval = said.get("start"), said.get("end"), said.get("interval", "")
        if start and end and not timedelta() < end - start <= LONGEST:
            raise ValidationError("The end lies after the beginning, at most a year.")
        if start and end and end - start > _WIDEST.get(interval, LONGEST):
            self.add_error("interval", "Hour by hour is for at most 14 days. Choose larger steps.")
        return said


@dataclass(frozen=True, slots=True)
class Added:
    """What came: the moments at which the steps begin, and the figures by what they are told apart by, the most first."""

    moments: tuple[str, ...]
    series: tuple[tuple[str, tuple[float, ...]], ...]


def beginning() -> dict[str, Any]:
    """What the form begins with: the last 30 days, day by day."""
    tomorrow = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return {"measure": "count", "interval": "day", "start": tomorrow - timedelta(days=30), "end": tomorrow}


def ask(reader: Reader, metric: str, said: Mapping[str, Any]) -> Added:
    """Asks Klaviyo for the sums of one metric. Raises KlaviyoError."""
    zone = timezone.get_current_timezone_name()
    attributes: dict[str, Json] = {
        "metric_id": metric,
        "measurements": [said["measure"]],
        "interval": said["interval"],
        "filter": [
            f"greater-or-equal(datetime,{_plain(said['start'])})",
            f"less-than(datetime,{_plain(said['end'])})",
        ],
        "timezone": zone,
    }
    if said.get("by"):
        attributes["by"] = [said["by"]]
    answer = reader.ask("query_metric_aggregates", {"data": {"type": "metric-aggregate", "attributes": attributes}})
    told = documents.attributes(answer)
    moments = tuple(told.get("dates") or ())
    series = [
        (", ".join(each.get("dimensions") or ()), _by_moment(each.get("measurements"), said["measure"], len(moments)))
        for each in told.get("data") or ()
    ]
    return Added(moments, tuple(sorted(series, key=lambda pair: -sum(pair[1]))))


def _by_moment(measurements: Mapping[str, Json] | None, measure: str, moments: int) -> tuple[float, ...]:
    """A figure for every moment, 0 where none came."""
    found = numbers((measurements or {}).get(measure))[:moments]
    return (*found, *[0.0] * (moments - len(found)))


def _plain(moment: datetime) -> str:
    """A moment in the viewer's zone, without the zone, which the question names apart."""
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M:%S")
