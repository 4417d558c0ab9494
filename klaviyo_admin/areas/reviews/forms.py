"""What a person must say to moderate reviews."""

from typing import Any

from django import forms

from klaviyo_admin.areas.reviews.columns import REASONS, STATUSES
from klaviyo_admin.areas.reviews.service import OTHER, REJECTED


class Moderate(forms.Form):
    """What shall become of the reviews, and why, if they are rejected."""

    status = forms.ChoiceField(label="What shall become of it?", choices=tuple(STATUSES.items()))
    reason = forms.ChoiceField(
        label="Rejected because",
        required=False,
        choices=(("", "It is not rejected"), *REASONS.items()),
        help_text="Needed for a rejection alone.",
    )
    explanation = forms.CharField(
        label="In your own words",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Only beside “Another reason”.",
    )

    def clean(self) -> dict[str, Any]:
        answers = self.cleaned_data
        if answers.get("status") == REJECTED and not answers.get("reason"):
            self.add_error("reason", "Choose why: Klaviyo wants a reason for every rejection.")
        if answers.get("status") != REJECTED and answers.get("reason"):
            self.add_error("reason", "A reason belongs to a rejection. Choose “Rejected”, or no reason.")
        if answers.get("explanation") and answers.get("reason") != OTHER:
            self.add_error("explanation", "Klaviyo keeps own words with “Another reason” alone.")
        return answers
