"""What a person must say to subscribe people, end that, or suppress them."""

import re
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from klaviyo_admin.areas.fields import MomentField
from klaviyo_admin.areas.picking import PickField
from klaviyo_admin.areas.profiles.consent import CHANNELS, ENDED
from klaviyo_admin.areas.rows import Column, RowsField
from klaviyo_admin.areas.sheets import cells
from klaviyo_admin.areas.sheets.cells import Fault

_ON_LIST = "Whoever is not on this list is unsubscribed from everything of these kinds, not only from the list."


def phone(cell: str) -> str:
    """A phone number with its country code."""
    try:
        return cells.phone(cell, "")
    except Fault as fault:
        raise Fault(fault.wrong, "Write it with its country code, like +12125550123.") from fault


def moment(cell: str) -> str:
    """A date or moment in the past, as RFC 3339."""
    said = cells.iso_date(cell)
    found = datetime.fromisoformat(said)
    found = found if found.tzinfo else timezone.make_aware(found)
    if found > timezone.now():
        raise Fault("This is in the future.", "Write the moment at which the person agreed.")
    return found.isoformat()


EMAIL = Column("email", "E-mail", cells.email, also=("email address", "mail"))
PHONE = Column("phone_number", "Phone", phone, also=("phone number", "mobile"), looks=re.compile(r"\+?[\d ()./-]{7,}"))
SINCE = Column("consented_at", "Consented at", moment, also=("consent timestamp", "consent date"))


def rows_of_people(*columns: Column, **more: Any) -> RowsField:
    """Rows of people, each with an address."""
    keys = [c.key for c in columns if c.key in ("email", "phone_number")]
    return RowsField(columns, one_of=keys, unique=keys, label="People", **more)


class Subscribe(forms.Form):
    """What people agreed to, where, and when."""

    channels = forms.MultipleChoiceField(
        label="They agreed to", choices=tuple(CHANNELS.items()), widget=forms.CheckboxSelectMultiple
    )
    to_list = PickField(
        "lists",
        label="List",
        required=False,
        help_text="A double opt-in list sends each of them a message first. Without a list, the account's setting decides.",
    )
    source = forms.CharField(
        label="Where they agreed",
        max_length=255,
        required=False,
        help_text="Kept with the consent, such as Trade fair Ghent.",
    )
    historical = forms.BooleanField(
        label="They agreed earlier, elsewhere",
        required=False,
        help_text="No confirmation is sent and no flow of the list starts.",
    )
    consented_at = MomentField(label="When they agreed", required=False)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        since = said.get("consented_at")
        if said.get("historical") and not since and not self._each_says_when():
            self.add_error("consented_at", "Say when they agreed: Klaviyo wants it for consents given earlier.")
        if since and not said.get("historical"):
            self.add_error("historical", "Tick this too, or empty the date: only an earlier consent has one.")
        if since and since > timezone.now():
            self.add_error("consented_at", "This is in the future. Give the moment at which they agreed.")
        return said

    def _each_says_when(self) -> bool:
        return False


class SubscribeRows(Subscribe):
    """The same for people who are pasted or uploaded."""

    people = rows_of_people(EMAIL, PHONE, SINCE)
    field_order = ("people",)

    def _each_says_when(self) -> bool:
        rows = self.cleaned_data.get("people")
        return rows is not None and len(rows) > 0 and all(row.get("consented_at") for row in rows)

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        rows = said.get("people")
        if rows and any(row.get("consented_at") for row in rows) and not said.get("historical"):
            self.add_error("historical", "The rows say when people agreed: tick this too, or leave out that column.")
        return said


class Unsubscribe(forms.Form):
    """What people want no more."""

    channels = forms.MultipleChoiceField(
        label="They want no more", choices=tuple(ENDED.items()), widget=forms.CheckboxSelectMultiple
    )
    to_list = PickField("lists", label="Only this list", required=False, help_text=_ON_LIST)


class UnsubscribeRows(Unsubscribe):
    people = rows_of_people(EMAIL, PHONE)
    field_order = ("people",)


class SuppressRows(forms.Form):
    """Whom: pasted addresses, or everybody in one list or one segment."""

    people = rows_of_people(EMAIL, required=False)
    to_list = PickField("lists", label="Or everybody on a list", required=False)
    segment = PickField("segments", label="Or everybody in a segment", required=False)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        given = [key for key in ("people", "to_list", "segment") if _filled(said.get(key))]
        if len(given) != 1 and not self.errors:
            raise ValidationError("Give one of these: addresses, a list, or a segment.")
        return said


def _filled(value: Any) -> bool:
    return bool(getattr(value, "ids", ()) or getattr(value, "words", "") or getattr(value, "good", ()))
