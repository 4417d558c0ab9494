"""The form field in which people put the conditions of a segment together, line by line."""

from typing import Any

import orjson
from django import forms
from django.core.exceptions import ValidationError

from klaviyo_admin.areas.segments import vocabulary
from klaviyo_admin.areas.segments.conditions import Incomplete, Line, as_definition, as_lines
from klaviyo_admin.klaviyo.values import Json

PARTS = (
    *("join", "kind", "property", "compare", "value", "metric", "measure", "bound", "amount", "when", "span", "unit"),
    *("member", "group", "consent", "region", "near", "distance", "distance_unit", "postal_code", "country", "json"),
)
EMPTY_LINES = 3
CHOICES = {
    "kinds": vocabulary.KINDS,
    "compares": vocabulary.COMPARES,
    "measures": vocabulary.MEASURES,
    "bounds": vocabulary.NUMERIC,
    "whens": vocabulary.WHENS,
    "units": vocabulary.UNITS,
    "members": vocabulary.MEMBERS,
    "consents": vocabulary.CONSENTS,
    "regions": vocabulary.REGIONS,
    "nears": vocabulary.NEARS,
    "distances": vocabulary.DISTANCES,
    "standard": tuple(vocabulary.STANDARD.items()),
}
# The resources whose things conditions speak of; the page that shows the form offers them by name.
OFFERED = ("metrics", "lists", "segments")


class ConditionsWidget(forms.Widget):
    """A line for each condition, and some empty ones. `offers` (pairs of id and name, by resource) come from the page
    that shows the form, and `cut`: of what there is more than is offered."""

    template_name = "widgets/conditions.html"
    use_fieldset = True

    class Media:
        css = {"all": ("segments.css",)}

    def __init__(self) -> None:
        super().__init__()
        self.offers: dict[str, tuple[tuple[str, str], ...]] = {}
        self.cut: list[str] = []

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        was = value["was"] if isinstance(value, dict) and "was" in value else written(value)
        lines = value["lines"] if isinstance(value, dict) and "lines" in value else as_lines(value or {})
        kept = [line for line in lines if line.get("kind")]
        lines = [*kept, *({} for _ in range(EMPTY_LINES))]
        named = {ident for offered in self.offers.values() for ident, _ in offered}
        strangers = {line[part] for line in kept for part in ("metric", "group") if line.get(part)} - named
        context["widget"].update(CHOICES, lines=lines, was=was, offers=self.offers, strangers=sorted(strangers))
        context["widget"]["cut"] = self.cut
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, Any]:
        columns = {part: data.getlist(f"{name}-{part}") for part in PARTS}
        size = len(columns["kind"])
        lines: list[Line] = [
            {part: values[n] for part, values in columns.items() if n < len(values)} for n in range(size)
        ]
        return {"lines": lines, "was": data.get(f"{name}-was", ""), "more": f"{name}-more" in data}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-kind" not in data


class ConditionsField(forms.Field):
    """The conditions of a segment. It cleans to a definition as Klaviyo takes it."""

    widget: ConditionsWidget = ConditionsWidget  # type: ignore[assignment]  # Django makes the instance
    remembers = True  # what the form showed when it was opened travels inside the widget

    def clean(self, value: Any) -> Json:
        lines: list[Line] = value["lines"] if isinstance(value, dict) and "lines" in value else as_lines(value or {})
        if isinstance(value, dict) and value.get("more"):
            raise ValidationError("Here is room for more conditions. Nothing was proposed yet.")
        errors = []
        for number, line in enumerate((line for line in lines if line.get("kind")), 1):
            try:
                as_definition([line])
            except Incomplete as error:
                errors.append(f"Condition {number}: {error}")
        if errors:
            raise ValidationError(errors)
        try:
            return as_definition(lines)
        except Incomplete as error:
            raise ValidationError(str(error)) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(written(as_definition(data["lines"])) != data["was"])
        except Incomplete:
            return True


def written(definition: Any) -> str:
    """A definition as the text by which a form knows it again: as its lines say it."""
    try:
        return orjson.dumps(as_definition(as_lines(definition or {})), option=orjson.OPT_SORT_KEYS).decode()
    except Incomplete:
        return ""
