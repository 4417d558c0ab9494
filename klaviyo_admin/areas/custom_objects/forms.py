"""What a person must say to change custom objects: their types, schemas, links, sources and records."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from klaviyo_admin.areas.custom_objects.columns import VISIBILITY
from klaviyo_admin.areas.custom_objects.fields import RecordsField, SchemaField, SourcesField
from klaviyo_admin.areas.fields import REMOVE, ChangedOnlyForm, JsonField, PropertiesField
from klaviyo_admin.areas.picking import PickField
from klaviyo_admin.areas.rows import Column, RowsField

MOST_RECORDS = 10_000  # of one change: twenty requests
_PUBLISH = "Publish it at once: records can arrive then, and the schema can only be followed by a new draft"


def _description() -> forms.CharField:
    return forms.CharField(label="Description", required=False, max_length=1000)


def _seen_by() -> forms.ChoiceField:
    return forms.ChoiceField(label="Seen by", choices=tuple(VISIBILITY.items()), initial="private")


class NewType(forms.Form):
    """A kind of object with its first schema."""

    title = forms.CharField(label="What is one called?", max_length=255, help_text="In the singular, such as Workshop.")
    description = _description()
    visibility = _seen_by()
    columns = SchemaField(label="Properties")
    source = PickField(
        "data-sources",
        label="Its records come from",
        required=False,
        help_text="Without one, map the properties later.",
    )
    id_path = forms.CharField(
        label="Where a record holds its own ID",
        initial="$.id",
        max_length=255,
        help_text="Such as $.id or $.order.number.",
    )
    publish = forms.BooleanField(label=_PUBLISH, required=False)

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("publish") and not self.cleaned_data.get("source"):
            self.add_error("publish", "Without a data source no record can arrive. Pick one, or publish later.")
        return self.cleaned_data


class NewDraft(forms.Form):
    """The next version of a type's schema, beginning with what is in force."""

    title = forms.CharField(label="Title", max_length=255)
    description = _description()
    columns = SchemaField(label="Properties", help_text="Empty a name to leave that property out.")


class EditSchema(ChangedOnlyForm):
    """A schema that is not published yet."""

    title = forms.CharField(label="Title", max_length=255)
    description = _description()
    columns = SchemaField(label="Properties", help_text="Empty a name to leave that property out.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["columns"].show_hidden_initial = False  # its lines carry their own numbers


class MapSchema(forms.Form):
    """Where the values of a draft's properties come from: one source, and a place for each property."""

    source = PickField("data-sources", label="Data source")
    id_path = forms.CharField(label="Where a record holds its own ID", initial="$.id", max_length=255)
    mappings = SourcesField(label="Properties", help_text="Where each value lies in a record, or what it always is.")


class MapByHand(ChangedOnlyForm):
    """A whole mapping as it stands in Klaviyo, for several sources and for links."""

    property_mappings = JsonField(label="Properties (JSON)", required=False)
    relationship_mappings = JsonField(label="Links (JSON)", required=False)

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        for name, value in answers.items():
            if not isinstance(value if value is not None else [], list):
                raise ValidationError({name: "This is not a list. Begin with [ and end with ]."})
        return {name: value or [] for name, value in answers.items()}


class LinkObject(forms.Form):
    """A link from a draft to another kind of object."""

    other = PickField("object-types", label="Object type")
    name = forms.CharField(label="Name of the link", max_length=255, help_text="Read from here, such as “is held at”.")
    description = _description()


class LinkPeople(forms.Form):
    """A link from a draft to profiles."""

    name = forms.CharField(label="Name of the link", max_length=255, help_text="Read from here, such as “booked by”.")
    description = _description()


class PickLink(forms.Form):
    """One of the links that a schema has; they come with the form's first values."""

    link = forms.ChoiceField(label="Link")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["link"]
        choices.choices = self.initial.get("links", ())
        if not choices.choices:
            choices.help_text = "This schema has no such link."


class RenameLink(PickLink):
    name = forms.CharField(label="New name", max_length=255)
    description = _description()


class NewSource(forms.Form):
    title = forms.CharField(label="Title", max_length=255, help_text="What sends the records, such as Booking system.")
    description = _description()
    visibility = _seen_by()


class OneRecord(forms.Form):
    """One record as the source would send it."""

    record = PropertiesField(
        label="Values", help_text="With the value by which the type knows its records, such as id."
    )

    def clean_record(self) -> dict[str, Any]:
        record = {name: value for name, value in self.cleaned_data["record"].items() if value is not REMOVE}
        if not record:
            raise ValidationError("Fill at least one line.")
        return record


class ManyRecords(forms.Form):
    """Records from a table: every heading becomes a value of the record."""

    rows = RecordsField(
        (Column("any", "any, such as id, title, seats"),),
        most=MOST_RECORDS,
        label="Records",
        help_text="The first line holds the names of the values, in any order.",
    )
    text = forms.CharField(
        label="Headings whose values stay text",
        required=False,
        max_length=2000,
        help_text="Separated by commas, such as postal code, phone; * for all. "
        "Elsewhere 12.5 becomes a number, and yes and no become yes and no.",
    )


class ManyIds(forms.Form):
    """Records that shall go, by their ids."""

    rows = RowsField(
        (Column("id", "ID", required=True, also=("record", "record id")),),
        unique=("id",),
        most=MOST_RECORDS,
        label="IDs of records",
        help_text="One on each line: as Klaviyo shows it, or as the source knows it.",
    )
