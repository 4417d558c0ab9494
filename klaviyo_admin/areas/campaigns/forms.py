"""What a person must say to change campaigns: their name, their audience, their time, their links."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from klaviyo_admin.areas.campaigns import strategy
from klaviyo_admin.areas.campaigns.looks import StyledForm
from klaviyo_admin.areas.campaigns.tracking import ParametersField
from klaviyo_admin.areas.fields import ChangedOnlyForm
from klaviyo_admin.areas.picking import PickField


class EditCampaign(ChangedOnlyForm):
    """A campaign's name, whom it spares, and what it adds to its links."""

    name = forms.CharField(label="Name", max_length=255, help_text="Only your team reads it.")
    use_smart_sending = forms.BooleanField(
        label="Smart sending", required=False, help_text="Spares people who had a message a short while ago."
    )
    is_tracking_opens = forms.BooleanField(label="Count who opens it", required=False)
    is_tracking_clicks = forms.BooleanField(label="Count who clicks", required=False)
    add_tracking_params = forms.BooleanField(label="Add tracking parameters to links", required=False)
    custom_tracking_params = ParametersField(
        label="Own tracking parameters",
        required=False,
        help_text="One to a line: utm_source = newsletter. In braces stands what Klaviyo fills in: utm_campaign = {campaign_name}. Empty: those of the account.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if (kwargs.get("initial") or {}).get("channel", "email") != "email":
            del self.fields["is_tracking_opens"], self.fields["is_tracking_clicks"]


class AudienceFields(StyledForm):
    """Who gets a campaign, and who of them does not."""

    included_lists = PickField("lists", label="Lists that get it", many=True, required=False, mixed=True)
    included_segments = PickField("segments", label="Segments that get it", many=True, required=False, mixed=True)
    excluded_lists = PickField("lists", label="Lists left out", many=True, required=False, mixed=True)
    excluded_segments = PickField("segments", label="Segments left out", many=True, required=False, mixed=True)


class Audience(AudienceFields):
    field_order = ("included_lists", "excluded_lists", "included_segments", "excluded_segments")

    def clean(self) -> dict[str, Any]:
        return somebody(dict(self.cleaned_data))


def somebody(given: dict[str, Any]) -> dict[str, Any]:
    """The answers, if they name anybody. Raises ValidationError."""
    picked = [given.get(name) for name in ("included_lists", "included_segments")]
    if not any(each and (each.ids or each.words) for each in picked):
        raise ValidationError("Nobody would get it: tick at least one list or segment that gets the campaign.")
    return given


class Schedule(strategy.WhenFields):
    """When a draft goes out once it is sent."""

    def clean(self) -> dict[str, Any]:
        return strategy.checked(self, dict(self.cleaned_data))


class Send(strategy.WhenFields):
    """Sending, at the time that is set or at another one."""

    field_order = ("method",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_now = strategy.said((kwargs.get("initial") or {}).get("set")) or "at once"
        method = self.fields["method"]
        method.required = False
        method.choices = (("", f"As it is set: {set_now}"), *strategy.METHODS)  # type: ignore[attr-defined]  # of a ChoiceField

    def clean(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        if not given.get("method") and strategy.passed((self.initial or {}).get("set")):
            self.add_error("method", "The time that is set has passed. Choose another one.")
        return strategy.checked(self, given)


class CopyCampaign(forms.Form):
    new_name = forms.CharField(label="Name of the copy", max_length=255)


class ChangeTemplate(forms.Form):
    template = PickField(
        "templates",
        label="Template",
        help_text="The message gets a copy of it as it is then; later edits of the template do not reach the message.",
    )


class ChangeImage(forms.Form):
    image = PickField("images", label="Image")
