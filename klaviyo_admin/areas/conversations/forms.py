"""What a person must say to write to somebody."""

from typing import Any

from django import forms

LONGEST = 1600  # characters: what a text message carries at most, in parts


class WriteMessage(forms.Form):
    """One message in a conversation that a person has begun; which ones there are comes with the initial values."""

    conversation = forms.ChoiceField(
        label="Conversation",
        widget=forms.RadioSelect,
        error_messages={
            "required": "There is no conversation with this person. One begins when they write to you; nobody can be "
            "written to before that."
        },
    )
    body = forms.CharField(
        label="Message",
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 4}),
        help_text="It leaves as it stands here, once somebody has approved it. More than 160 characters go as several parts.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = self.initial.pop("conversations", ())
        choice = self.fields["conversation"]
        if isinstance(choice, forms.ChoiceField):
            choice.choices = known
        if known:
            self.initial["conversation"] = known[0][0]
