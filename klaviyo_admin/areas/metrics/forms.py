"""What a person must say about custom metrics, and about which metric a figure is taken from."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from klaviyo_admin.areas.fields import ChangedOnlyForm, JsonField
from klaviyo_admin.areas.metrics.columns import CONDITIONS, METHODS
from klaviyo_admin.areas.metrics.service import MOST_METRICS
from klaviyo_admin.areas.picking import PickField


class NewCustomMetric(forms.Form):
    """A metric of one's own: which events of which metrics, and how they count."""

    name = forms.CharField(label="Name", max_length=255)
    aggregation_method = forms.ChoiceField(label="Counts", choices=tuple(METHODS.items()))
    value_property = forms.CharField(
        label="Property that is summed", max_length=255, required=False, help_text="Such as $value, for sums only."
    )
    metrics = PickField("metrics", label="Metrics", many=True, most=MOST_METRICS)
    property = forms.CharField(label="Only events whose property", max_length=255, required=False)
    condition = forms.ChoiceField(label="Condition", choices=CONDITIONS, required=False)
    wanted = forms.CharField(label="Value", max_length=255, required=False)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("aggregation_method") == "value" and not said.get("value_property"):
            self.add_error("value_property", "Name the property whose values are summed, such as $value.")
        kind = said.get("condition", "").partition(".")[0]
        if bool(kind) != bool(said.get("property")):
            self.add_error("condition", "A property and its condition go together: give both, or neither.")
        if kind in ("numeric", "string") and not said.get("wanted"):
            self.add_error("wanted", "Say which value.")
        if kind == "numeric" and said.get("wanted"):
            said["wanted"] = self._number(said["wanted"])
        return said

    def _number(self, text: str) -> float | int | None:
        try:
            return float(text) if "." in text else int(text)
        except ValueError:
            self.add_error("wanted", ValidationError(f"“{text}” is not a number. Type digits, such as 12.5."))
            return None


class ChangeCustomMetric(ChangedOnlyForm, NewCustomMetric):
    """The same of a custom metric that there is: its answers are the name, the definition whole, or both."""

    def clean(self) -> dict[str, Any]:
        said = NewCustomMetric.clean(self)
        changed = super().clean()
        return changed if set(changed) <= {"name"} else {k: v for k, v in said.items() if k != "name" or k in changed}


class EditCustomMetric(ChangedOnlyForm):
    """The name and the whole definition of a custom metric."""

    name = forms.CharField(label="Name", max_length=255)
    definition = JsonField(
        label="Definition",
        help_text="metric_groups holds a metric_id each, with its metric_filters; aggregation_method is count or value.",
    )


class MapMetric(forms.Form):
    """From which metric a figure is taken: one of Klaviyo's, one of one's own, or none."""

    metric = PickField("metrics", label="Metric", required=False)
    custom = PickField("custom-metrics", label="Or a custom metric", required=False)
    none = forms.BooleanField(label="Or none at all", required=False)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        picked = [said.get("metric"), said.get("custom")]
        if sum(bool(each and (each.ids or each.words)) for each in picked) + bool(said.get("none")) != 1:
            raise ValidationError("Pick one: a metric, a custom metric, or none at all.")
        return said
