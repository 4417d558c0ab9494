"""What a person must say to record events by hand."""

import re
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from klaviyo_admin.areas.fields import MomentField, PropertiesField
from klaviyo_admin.areas.picking import PickField
from klaviyo_admin.areas.profiles.consent_forms import EMAIL, PHONE
from klaviyo_admin.areas.rows import Column, RowsField
from klaviyo_admin.areas.sheets import cells

LONGEST = 127  # characters of a metric's name
_CURRENCY = re.compile(r"[A-Z]{3}")
_BACKFILL = "Recorded as history: no flow starts because of it."


def _happened(cell: str) -> str:
    said = datetime.fromisoformat(cells.iso_date(cell))
    return (said if said.tzinfo else timezone.make_aware(said)).isoformat()


def _currency(cell: str) -> str:
    if not _CURRENCY.fullmatch(cell.upper()):
        raise cells.Fault("This is no currency.", "Write its three letters, such as EUR.")
    return cell.upper()


def _metric(cell: str) -> str:
    if len(cell) > LONGEST:
        raise cells.Fault("The name is too long.", f"Shorten it to {LONGEST} characters.")
    return cell


class _What(forms.Form):
    """Which metric an event counts for."""

    metric = PickField("metrics", label="What happened", required=False)
    new_metric = forms.CharField(
        label="Or a metric that is new",
        max_length=LONGEST,
        required=False,
        help_text="It comes into being with its first event, and Klaviyo never lets it go.",
    )

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        picked = said.get("metric")
        given = bool(picked and (picked.ids or picked.words)) + bool(said.get("new_metric"))
        if given > 1 or (not given and self.demanded()):
            raise ValidationError("Pick what happened, or name a new metric: one of the two.")
        return said

    def demanded(self) -> bool:
        return True


class NewEvent(_What):
    """One event of one profile."""

    profile = PickField("profiles", label="Who", help_text="Found by whole e-mail address, phone or ID.")
    time = MomentField(label="When", required=False, help_text="Empty means now.")
    value = forms.DecimalField(label="Value", required=False, max_digits=15, decimal_places=4)
    currency = forms.CharField(label="Currency", required=False, max_length=3, help_text="Three letters, such as EUR.")
    unique_id = forms.CharField(
        label="Unique ID", required=False, max_length=255, help_text="With one, the same event is never recorded twice."
    )
    backfill = forms.BooleanField(label="It is history", required=False, help_text=_BACKFILL)
    properties = PropertiesField(label="Properties", required=False)

    field_order = ("profile", "metric", "new_metric")

    def clean_currency(self) -> str:
        try:
            return _currency(self.cleaned_data["currency"]) if self.cleaned_data["currency"] else ""
        except cells.Fault as fault:
            raise ValidationError(f"“{self.cleaned_data['currency']}”: {fault.wrong} {fault.remedy}") from fault


class EventRows(_What):
    """Many events of many people."""

    events = RowsField(
        (
            EMAIL,
            PHONE,
            Column("external_id", "External ID"),
            Column("metric", "Metric", _metric, also=("event", "what happened")),
            Column("time", "Time", _happened, also=("when", "timestamp", "date")),
            Column("value", "Value", cells.number),
            Column("value_currency", "Currency", _currency),
            Column("unique_id", "Unique ID"),
        ),
        one_of=("email", "phone_number", "external_id"),
        unique=("unique_id",),
        others=True,
        most=20_000,
        label="Events",
        help_text="Every other column becomes a property of its event; what looks like a number is one.",
    )
    backfill = forms.BooleanField(label="They are history", required=False, help_text=_BACKFILL)

    field_order = ("events",)

    def demanded(self) -> bool:
        rows = self.cleaned_data.get("events")
        return rows is not None and not all(row.get("metric") for row in rows)
