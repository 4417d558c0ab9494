"""What a person must say to make flows, switch them, and change their steps."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from klaviyo_admin.areas.fields import ChangedOnlyForm, JsonField, PickField

STATUSES = (
    ("live", "Live: messages leave by themselves"),
    ("manual", "Manual: messages wait for a person to send them"),
    ("draft", "Draft: nothing happens"),
)
STEP_STATUSES = (*STATUSES, ("disabled", "Switched off: the step is passed over"))
UNITS = (("minutes", "minutes"), ("hours", "hours"), ("days", "days"))


class DefinitionField(JsonField):
    """JSON that is an object, as every definition is."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and not isinstance(value, dict):
            raise ValidationError("A definition is an object: it begins with { and ends with }.", code="invalid")


class SetStatus(forms.Form):
    """One status for the flow and all of its steps; that is how Klaviyo does it."""

    status = forms.ChoiceField(label="Status", choices=STATUSES, widget=forms.RadioSelect)


class NewFlow(forms.Form):
    """A flow with one e-mail: something sets it off, it waits, it sends."""

    name = forms.CharField(label="Name", max_length=255)
    circle = PickField(
        "lists", label="Set off when somebody joins this list", required=False, help_text="Pick one of these three."
    )
    segment = PickField("segments", label="… or enters this segment", required=False)
    metric = PickField("metrics", label="… or when this happens", required=False)
    value = forms.IntegerField(label="Wait before the e-mail", min_value=0, max_value=365, initial=1)
    unit = forms.ChoiceField(label="Minutes, hours or days", choices=UNITS, initial="hours")
    subject_line = forms.CharField(label="Subject", max_length=998)
    preview_text = forms.CharField(label="Preview text", max_length=998, required=False)
    from_label = forms.CharField(label="Sender's name", max_length=255)
    from_email = forms.EmailField(label="Sender's e-mail")
    template = PickField(
        "templates", label="Template", help_text="The flow gets a copy: later changes of the template do not reach it."
    )

    def clean(self) -> dict[str, Any]:
        given = [name for name in ("circle", "segment", "metric") if _picked(self.cleaned_data.get(name))]
        if len(given) != 1 and not any(name in self.errors for name in ("circle", "segment", "metric")):
            fault = "Pick what sets the flow off: a list, a segment or a metric."
            self.add_error("circle", ValidationError(fault if not given else f"{fault} Only one of them."))
        return self.cleaned_data


class NewFlowFromDefinition(forms.Form):
    """A flow as Klaviyo writes it down, for what no form of questions covers."""

    name = forms.CharField(label="Name", max_length=255)
    definition = DefinitionField(
        label="Definition (JSON)",
        help_text="An object with “triggers”, “actions” (each with a “temporary_id” of its own) and “entry_action_id”.",
    )


class CopyFlow(forms.Form):
    name = forms.CharField(label="Name of the copy", max_length=255)


class EditStep(ChangedOnlyForm):
    """One step of a flow. Only the questions that fit its kind are asked: those that the initial values name."""

    value = forms.IntegerField(label="Wait", min_value=0, max_value=10_000)
    unit = forms.ChoiceField(label="Minutes, hours or days", choices=UNITS)
    name = forms.CharField(label="Name", max_length=255, required=False, help_text="Only your colleagues see it.")
    subject_line = forms.CharField(label="Subject", max_length=998, required=False)
    preview_text = forms.CharField(label="Preview text", max_length=998, required=False)
    title = forms.CharField(label="Title", max_length=255, required=False)
    body = forms.CharField(label="Text", max_length=10_000, widget=forms.Textarea({"rows": 4}))
    url = forms.CharField(label="Address", max_length=2000)
    from_label = forms.CharField(label="Sender's name", max_length=255, required=False)
    from_email = forms.CharField(label="Sender's e-mail", max_length=255, required=False)
    reply_to_email = forms.CharField(label="Replies go to", max_length=255, required=False)
    template = PickField(
        "templates",
        label="Template",
        required=False,
        help_text="Klaviyo puts a copy of it in place of the present one.",
    )
    smart_sending_enabled = forms.BooleanField(
        label="Leave out people who had a message lately (smart sending)", required=False
    )
    status = forms.ChoiceField(label="Status", choices=STEP_STATUSES)
    definition = DefinitionField(
        label="The whole definition (JSON)", help_text="For what is not asked above. Answers above win over it."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in [name for name in self.fields if name not in self.initial]:
            del self.fields[name]


def _picked(value: Any) -> bool:
    return bool(value and (value.ids or value.words))
