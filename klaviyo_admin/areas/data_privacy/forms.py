"""What a person must say to have people erased: by what they are known, and, typed by hand, that it is meant."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from klaviyo_admin.areas.profiles.consent_forms import EMAIL, PHONE
from klaviyo_admin.areas.rows import RowsField

MOST = 200  # people of one change: each is a request of its own, and Klaviyo takes 60 a minute


class ConfirmedField(forms.BooleanField):
    """The second look, before the words are typed."""

    def __init__(self) -> None:
        super().__init__(
            label="These are the people whose data shall go, and a request for it is on file",
            error_messages={"required": "Look at what will be deleted, then tick this."},
        )


class Erase(forms.Form):
    """People who are in view. `words` (what has to be typed) and `known_by` (choices) come with the initial values."""

    known_by = forms.ChoiceField(
        label="Delete by",
        choices=(("id", "Profile ID: this profile only"),),
        initial="id",
        widget=forms.RadioSelect,
        help_text="By an address, Klaviyo deletes every profile that has it.",
    )
    checked = ConfirmedField()
    confirmation = forms.CharField(
        label="Type it to confirm", max_length=400, widget=forms.TextInput({"autocomplete": "off"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = str(self.initial.pop("words", ""))
        choice = self.fields["known_by"]
        if isinstance(choice, forms.ChoiceField):
            choice.choices = self.initial.pop("choices", choice.choices)
        self.fields["confirmation"].help_text = f"Type: {self.words}"

    def clean_confirmation(self) -> str:
        return typed(self.cleaned_data["confirmation"], self.words)


class EraseRows(forms.Form):
    """People by their addresses, who need not be found one by one."""

    people = RowsField(
        (EMAIL, PHONE), one_of=("email", "phone_number"), unique=("email", "phone_number"), most=MOST, label="People"
    )
    checked = ConfirmedField()
    confirmation = forms.CharField(
        label="Type it to confirm",
        max_length=400,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text="Type “delete 12 people”, with the number of people above.",
    )

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        both = [row.line for row in said.get("people", ()) if row.get("email") and row.get("phone_number")]
        if both:
            fault = f"Line {both[0]} has both an e-mail and a phone. Klaviyo deletes by one of them: keep one."
            self.add_error("people", ValidationError(fault))
        if "people" in said and "confirmation" in said:
            number = len(said["people"])
            try:
                typed(said["confirmation"], f"delete {number} {'person' if number == 1 else 'people'}")
            except ValidationError as error:
                self.add_error("confirmation", error)
        return said


def typed(given: str, words: str) -> str:
    """The words as they were typed; ValidationError where they are others."""
    if given.strip().casefold() != words.casefold():
        raise ValidationError(f"“{given}” is not what has to stand here. Type: {words}")
    return given
