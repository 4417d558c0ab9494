"""What a person must say to change profiles."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from klaviyo_admin.areas.fields import KINDS, REMOVE, ChangedOnlyForm, PickField, PropertiesField, read_property

IDENTIFIERS = ("email", "phone_number", "external_id")
_E164 = re.compile(r"\+[1-9]\d{6,14}\Z")


def _text(label: str, limit: int = 255, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=limit, empty_value=None, **kwargs)


class _Person(forms.Form):
    """The identity and the custom properties of one profile."""

    first_name = _text("First name")
    last_name = _text("Last name")
    email = _text("E-mail", validators=[validate_email], widget=forms.EmailInput)
    phone_number = _text("Phone number", 16, help_text="With country code, such as +12125550123.")
    external_id = _text("External ID", help_text="The id of this person in your shop or CRM.")
    organization = _text("Organisation")
    title = _text("Title")
    locale = _text("Locale", 10, help_text="Language and country, such as en-GB.")
    address1 = _text("Address")
    address2 = _text("Address, second line")
    city = _text("City")
    region = _text("State or region")
    zip = _text("Postal code", 32)
    country = _text("Country")
    timezone = _text("Time zone", 64, help_text="Such as Europe/Berlin.")
    properties = PropertiesField(label="Custom properties", required=False)

    def clean_phone_number(self) -> str | None:
        phone: str | None = self.cleaned_data["phone_number"]
        if phone and not _E164.match(phone):
            raise ValidationError(
                f"“{phone}” is not an international phone number. Begin with + and the country code: +12125550123."
            )
        return phone


class EditProfile(ChangedOnlyForm, _Person):
    """What shall be different about one profile; an emptied field is cleared in Klaviyo."""


class NewProfile(_Person):
    """A person who may not be in Klaviyo yet; what is left empty is not sent."""

    def clean(self) -> dict[str, Any]:
        said = {key: value for key, value in self.cleaned_data.items() if value not in (None, "", {})}
        if not self.errors and not any(said.get(key) for key in IDENTIFIERS):
            raise ValidationError("Give an e-mail address, a phone number or an external ID: a profile needs one.")
        return said


class MergeProfile(forms.Form):
    """Which profile is given up for another."""

    other = PickField(
        "profiles", label="The profile that goes", help_text="Found by whole e-mail address, phone or ID."
    )


class OneList(forms.Form):
    """Which list the selected profiles join or leave."""

    to_list = PickField("lists", label="List")


class SetProperty(forms.Form):
    """One custom property, set to the same value on every selected profile."""

    name = forms.CharField(label="Property", max_length=255)
    value = forms.CharField(label="Value", required=False, strip=False)
    kind = forms.ChoiceField(label="Kind of value", choices=KINDS, initial="text")

    def clean(self) -> dict[str, Any]:
        answers = self.cleaned_data
        if "name" in answers and "kind" in answers:
            answers["value"] = read_property(answers["name"], answers.get("value", ""), answers["kind"])
        return answers


__all__ = ["REMOVE", "EditProfile", "MergeProfile", "NewProfile", "SetProperty"]
