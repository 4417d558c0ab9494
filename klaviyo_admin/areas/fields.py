"""Form fields that several areas share, and the form that answers only with what a person changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from django import forms
from django.core.exceptions import ValidationError

from klaviyo_admin.areas.picking import PickField

__all__ = [
    "KINDS",
    "REMOVE",
    "ChangedOnlyForm",
    "JsonField",
    "MomentField",
    "NoQuestions",
    "PickField",
    "PropertiesField",
]

REMOVE = object()  # the answer for a custom property that shall go away

KINDS = (
    ("text", "Text"),
    ("number", "Number"),
    ("flag", "Yes / no"),
    ("json", "List or other (JSON)"),
    ("remove", "Remove it"),
)


class ChangedOnlyForm(forms.Form):
    """Its `cleaned_data` holds only fields whose answer differs from what the form showed when it was opened.

    Each field carries its first value as a hidden input, so that a value which moved in Klaviyo meanwhile is not
    taken for an edit. A form in which nothing changed is an error.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            own = isinstance(field, PropertiesField | PickField | forms.FileField) or getattr(field, "remembers", False)
            field.show_hidden_initial = not own

    def clean(self) -> dict[str, Any]:
        changed = set(self.changed_data)
        if not changed and not self.errors:
            raise ValidationError("Nothing was changed: the form holds what Klaviyo already has.", code="unchanged")
        return {name: value for name, value in self.cleaned_data.items() if name in changed}


class NoQuestions(forms.Form):
    """For an action that needs no answer but the reason: delete, cancel, send."""


class MomentField(forms.DateTimeField):
    """A date and time in the zone of the person's screen; it cleans to an aware datetime. One that the clocks of that zone
    show twice, or never, is refused: nobody knows which was meant."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> datetime | None:
        try:
            return super().to_python(value)
        except ValidationError as error:
            if error.code != "ambiguous_timezone" or not error.params:
                raise
            at: datetime = error.params["datetime"].replace(tzinfo=error.params["current_timezone"])
            earlier, later = at.utcoffset(), at.replace(fold=1).utcoffset()
            what = "comes twice" if earlier and later and earlier > later else "does not come"
            raise ValidationError(
                f"The clocks change that night, and {at:%H:%M} {what} in {at.tzinfo}. Choose a time before or after."
            ) from None


class JsonField(forms.JSONField):
    """JSON as text, for what is JSON in Klaviyo too. The message of a fault says line and column."""

    widget = forms.Textarea(attrs={"rows": 12, "class": "code", "spellcheck": "false"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("rows", 12)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) or value is None:
            return value
        return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        try:
            return orjson.loads(value) if isinstance(value, str) else value
        except orjson.JSONDecodeError as error:
            raise ValidationError(f"This is not valid JSON: {error}.", code="invalid") from error


def kind_of(value: Any) -> str:
    """Which of KINDS a property's JSON value is."""
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, int | float):
        return "number"
    return "text" if isinstance(value, str) else "json"


def written(value: Any) -> str:
    """A property's JSON value as a person types it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def read_property(key: str, text: str, kind: str) -> Any:
    """The JSON value that a person typed for a property; ValidationError names the property, the text and the remedy."""
    if kind == "remove":
        return REMOVE
    if kind == "flag":
        answer = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}.get(
            text.strip().lower()
        )
        if answer is None:
            raise ValidationError(f"{key}: “{text}” is neither yes nor no. Type yes or no.")
        return answer
    if kind == "number":
        try:
            number = orjson.loads(text.strip())
        except orjson.JSONDecodeError:
            number = None
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise ValidationError(f"{key}: “{text}” is not a number. Type digits with a point, such as 12.5.")
        return number
    if kind == "json":
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise ValidationError(f'{key}: this is not valid JSON ({error}). A list looks like ["a", "b"].') from error
    return text


class PropertiesWidget(forms.Widget):
    """One line per custom property: its name, value and kind, and empty lines for new ones."""

    template_name = "widgets/properties.html"
    new_lines = 2

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        lines = value if isinstance(value, list) else self._lines(value or {})
        context["widget"].update(lines=lines, kinds=KINDS)
        return context

    def _lines(self, properties: Mapping[str, Any]) -> list[dict[str, str]]:
        shown = [
            {
                "key": key,
                "text": written(value),
                "kind": kind_of(value),
                "was": written(value),
                "was_kind": kind_of(value),
            }
            for key, value in sorted(properties.items(), key=lambda pair: pair[0].lower())
        ]
        return shown + [{"key": "", "text": "", "kind": "text", "was": "", "was_kind": ""}] * self.new_lines

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        columns = {part: data.getlist(f"{name}-{part}") for part in ("key", "text", "kind", "was", "was_kind")}
        return [dict(zip(columns, line, strict=True)) for line in zip(*columns.values(), strict=False)]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-key" not in data


class PropertiesField(forms.Field):
    """Custom properties as lines. Cleans to {name: JSON value or REMOVE} of the lines that differ from what was shown."""

    widget = PropertiesWidget

    def has_changed(self, initial: Any, data: Any) -> bool:
        return any(_differs(line) for line in data or ())

    def clean(self, value: Any) -> dict[str, Any]:
        changed: dict[str, Any] = {}
        errors: list[ValidationError] = []
        names = [line["key"].strip() for line in value or () if line["key"].strip()]
        for line in value or ():
            key = line["key"].strip()
            if not _differs(line):
                continue
            try:
                if not key:
                    raise ValidationError(
                        f"The value “{line['text']}” has no property name. Type one, or empty the line."
                    )
                if names.count(key) > 1:
                    raise ValidationError(f"The property “{key}” stands here twice. Keep one line.")
                changed[key] = read_property(key, line["text"], line["kind"])
            except ValidationError as error:
                errors.append(error)
        if errors:
            raise ValidationError(errors)
        return changed


def _differs(line: Mapping[str, str]) -> bool:
    if not line["was_kind"]:  # a line for a new property
        return bool(line["key"].strip() or line["text"].strip())
    return (line["text"], line["kind"]) != (line["was"], line["was_kind"])
