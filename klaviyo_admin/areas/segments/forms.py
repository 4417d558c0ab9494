"""What a person must say to make a segment or change one."""

from typing import Any

from django import forms

from klaviyo_admin.areas.fields import ChangedOnlyForm
from klaviyo_admin.areas.segments.builder import ConditionsField

_CONDITIONS = (
    "“And” begins a new group: all groups must hold. “Or” adds to the group above it: one of its conditions will do."
)


class NewSegment(forms.Form):
    """A segment that does not exist yet."""

    name = forms.CharField(label="Name", max_length=255)
    definition = ConditionsField(label="Who is in it", help_text=_CONDITIONS)
    is_starred = forms.BooleanField(label="Starred", required=False)


class EditSegment(ChangedOnlyForm):
    """The name and the conditions of one segment."""

    name = forms.CharField(label="Name", max_length=255)
    definition = ConditionsField(label="Who is in it", help_text=_CONDITIONS)
    is_starred = forms.BooleanField(label="Starred", required=False)


class SwitchSegment(forms.Form):
    """Whether a segment goes on being worked out."""

    is_active = forms.ChoiceField(
        label="The segment is",
        choices=(("yes", "Active: worked out again and again"), ("no", "Inactive: its members stay as they are")),
    )

    def clean_is_active(self) -> Any:
        return self.cleaned_data["is_active"] == "yes"
