"""Knows what Klaviyo adds to the links of a campaign: how it is typed, a line for each parameter, and written."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from klaviyo_admin.klaviyo.values import Json

DYNAMIC = (
    *("campaign_id", "campaign_name", "campaign_name_id", "campaign_name_send_day", "email_subject", "group_id"),
    *("group_name", "group_name_id", "link_alt_text", "message_type", "profile_external_id", "profile_id"),
)
NEEDED = ("utm_source", "utm_medium")  # Klaviyo takes own parameters only with these two


class ParametersField(forms.CharField):
    """Lines such as `utm_source = newsletter` or `utm_campaign = {campaign_name}`; it cleans to Klaviyo's list."""

    widget = forms.Textarea(attrs={"rows": 4, "class": "code", "spellcheck": "false"})

    def clean(self, value: Any) -> list[dict[str, str]]:
        return read(super().clean(value))


def read(text: str) -> list[dict[str, str]]:
    """The parameters of a text. Raises ValidationError that names each line at fault."""
    found: list[dict[str, str]] = []
    errors: list[ValidationError] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                found.append(_read_line(line, number))
            except ValidationError as error:
                errors.append(error)
    names = [each["name"] for each in found]
    errors += [
        ValidationError(f"“{name}” stands here twice. Keep one line.")
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    if found and not errors and (missing := [name for name in NEEDED if name not in names]):
        errors.append(ValidationError(f"Add a line for {' and one for '.join(missing)}: Klaviyo needs both."))
    if errors:
        raise ValidationError(errors)
    return found


def _read_line(line: str, number: int) -> dict[str, str]:
    name, equals, value = (part.strip() for part in line.partition("="))
    if not equals or not name or not value:
        raise ValidationError(f"Line {number}, “{line.strip()}”: write a name, an equals sign and a value.")
    if not (value.startswith("{") and value.endswith("}")):
        return {"type": "static", "value": value, "name": name}
    if value[1:-1].strip() not in DYNAMIC:
        raise ValidationError(f"Line {number}: {value} is not known. Known are {', '.join(DYNAMIC)}.")
    return {"type": "dynamic", "value": value[1:-1].strip(), "name": name}


def spoken(parameters: Sequence[Json]) -> str:
    """The text that reads as these parameters."""
    lines = (
        f"{each.get('name')} = {{{each.get('value')}}}"
        if each.get("type") == "dynamic"
        else f"{each.get('name')} = {each.get('value')}"
        for each in parameters
        if isinstance(each, dict)
    )
    return "\n".join(lines)
