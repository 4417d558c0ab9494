"""The forms of an import: the file, and where each of its columns goes."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.forms import BoundField

from klaviyo_admin.areas.sheets.likeness import CEILING
from klaviyo_admin.imports import mapping
from klaviyo_admin.imports.columns import Analysis, Column
from klaviyo_admin.imports.countries import COUNTRIES
from klaviyo_admin.imports.mapping import FIELDS, KINDS, LEAVE_OUT, PROPERTY, Choice

TARGETS = (
    (LEAVE_OUT, "Leave out"),
    (PROPERTY, "Custom property"),
    ("Klaviyo’s own fields", [(field.key, field.label) for field in FIELDS.values()]),
)


class FileForm(forms.Form):
    """One CSV file. What is inside is looked at by imports.journey."""

    file = forms.FileField(
        label="CSV file",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
        help_text=f"Up to {CEILING // 1024 // 1024} MB. The first line holds the column names, such as Email, First Name, "
        "Last Name, Phone Number. A file that Klaviyo exported fits as it is.",
        error_messages={"required": "Choose a CSV file."},
    )


class ColumnsForm(forms.Form):
    """Where the columns go, and the country of phone numbers without a country code."""

    country = forms.ChoiceField(
        label="Phone numbers without a country code are from",
        choices=[("", "No country: list such rows"), *COUNTRIES.items()],
        required=False,
    )

    def __init__(self, analysis: Analysis, start: Sequence[Choice], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._columns = analysis.columns
        self._start = {choice.index: choice for choice in start}
        for column in self._columns:
            self._add(column)

    def _add(self, column: Column) -> None:
        number, name = column.heading.index, column.heading.name
        begin = self._start.get(number) or Choice(number, name, LEAVE_OUT, name, column.kind)
        kind = begin.kind if begin.target == PROPERTY else column.kind
        self.fields[f"target{number}"] = forms.ChoiceField(
            label=f"Where “{name}” goes", choices=TARGETS, required=False, initial=begin.target
        )
        self.fields[f"name{number}"] = forms.CharField(
            label=f"Name of the custom property for “{name}”",
            required=False,
            max_length=255,
            initial=begin.name or name,
        )
        self.fields[f"kind{number}"] = forms.ChoiceField(
            label=f"Kind of the values of “{name}”", choices=list(KINDS.items()), required=False, initial=kind
        )

    def rows(self) -> Iterator[tuple[Column, str, BoundField, BoundField, BoundField]]:
        """Each column with why it was left out ("" if it was not), and its three fields."""
        for column in self._columns:
            number = column.heading.index
            begin = self._start.get(number)
            why = begin.why if begin and not begin.target else ""
            yield column, why, self[f"target{number}"], self[f"name{number}"], self[f"kind{number}"]

    def choices(self) -> tuple[Choice, ...]:
        """The answers of a valid form."""
        return tuple(self._choice(column) for column in self._columns)

    def _choice(self, column: Column) -> Choice:
        number = column.heading.index
        target, name, kind = (self.cleaned_data.get(f"{key}{number}", "") for key in ("target", "name", "kind"))
        return Choice(number, column.heading.name, target, name.strip(), kind or "text")

    def clean(self) -> dict[str, Any]:
        for fault in mapping.faults(self.choices()):
            self.add_error(None, fault)
        return self.cleaned_data
