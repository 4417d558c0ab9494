"""Form fields for the shape of custom objects: the properties of a schema, and where their values come from."""

from collections.abc import Mapping, Sequence
from functools import partial
from io import BytesIO
from typing import Any

import orjson
from django import forms
from django.core.exceptions import ValidationError

from klaviyo_admin.areas.custom_objects.columns import KINDS
from klaviyo_admin.areas.rows import Column, Given, Rows, RowsField
from klaviyo_admin.areas.sheets.headings import added_in
from klaviyo_admin.areas.sheets.likeness import NotCsv
from klaviyo_admin.areas.sheets.reading import every_record, unheaded
from klaviyo_admin.areas.sheets.rows import Wanted
from klaviyo_admin.klaviyo.values import Json

EXACT = 2**53  # larger numbers lose their last digits on the way
BLANK = 4  # empty lines for new properties
Line = dict[str, Any]


class LinesWidget(forms.Widget):
    """Lines of several boxes each: `parts` are their names."""

    parts: tuple[str, ...] = ()
    use_fieldset = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        columns = {part: data.getlist(f"{name}-{part}") for part in self.parts}
        return [dict(zip(columns, line, strict=True)) for line in zip(*columns.values(), strict=False)]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-{self.parts[0]}" not in data


class PropertiesWidget(LinesWidget):
    """One line for each property of a schema, and empty ones for new properties."""

    template_name = "widgets/schema_properties.html"
    parts = ("name", "kind", "required", "description", "id")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        lines = [line for line in value or () if line.get("name") or line.get("description")]
        context["widget"].update(lines=[*lines, *[{"kind": "string"}] * BLANK], kinds=tuple(KINDS.items()))
        return context


class SchemaField(forms.Field):
    """The properties of a schema. Cleans to lines of name, kind, required ("yes" or "") and description, each with its
    number as `id`; a line whose name was emptied is left out."""

    widget = PropertiesWidget

    def clean(self, value: Any) -> list[Line]:
        lines = [line for line in value or () if line["name"].strip()]
        if stray := next(
            (line for line in value or () if not line["name"].strip() and line["description"].strip()), None
        ):
            raise ValidationError(f"“{stray['description']}” describes a property without a name. Name it.")
        names = [line["name"].strip() for line in lines]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise ValidationError(f"The property “{twice}” stands here twice. Keep one line.")
        if self.required and not lines:
            raise ValidationError("Name at least one property.", code="required")
        if odd := next((line for line in lines if line["kind"] not in KINDS), None):
            raise ValidationError(f"“{odd['kind']}” is no kind of property. Choose one.")
        return numbered(lines)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return [_compared(line) for line in initial or ()] != [
            _compared(line) for line in data or () if line["name"].strip()
        ]


def numbered(lines: Sequence[Mapping[str, Any]]) -> list[Line]:
    """The lines with a number each: what had one keeps it, because segments and mappings know a property by it."""
    taken = {int(line["id"]) for line in lines if str(line.get("id", "")).isdecimal()}
    made: list[Line] = []
    for line in lines:
        own = str(line.get("id", ""))
        number = int(own) if own.isdecimal() else max(taken, default=0) + 1
        taken.add(number)
        made.append({**line, "name": line["name"].strip(), "description": line["description"].strip(), "id": number})
    return made


def _compared(line: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(line.get(part, "")).strip() for part in PropertiesWidget.parts)


class RecordsField(RowsField):
    """Records as a table: whatever the first line says is a value of each record, by exactly that name."""

    def _read(self, given: Given) -> Rows:
        try:
            opened = partial(BytesIO, given.data)
            lines = every_record(opened, unheaded(opened, given.source))
            first: Sequence[str] = next((cells for _, cells, _ in lines if any(map(str.strip, cells))), ())
        except NotCsv:
            first = ()  # reading the whole says it in words
        if first:
            added = added_in(first)
            names = [name for cell in first if (name := cell.strip()) and name not in added]
            self.wanted = Wanted(tuple(Column(name, name) for name in names))
        return super()._read(given)


class SourcesWidget(LinesWidget):
    """One line for each property: where its value lies in what a source sends, or the value that it always has."""

    template_name = "widgets/schema_sources.html"
    parts = ("id", "name", "path", "constant")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["lines"] = list(value or ())
        return context


class SourcesField(forms.Field):
    """Where the values of properties come from. Cleans to lines with the property's `id`, and `path` or `constant`;
    lines with neither are left out."""

    widget = SourcesWidget

    def clean(self, value: Any) -> list[Line]:
        made: list[Line] = []
        for line in value or ():
            path, constant = line["path"].strip(), line["constant"].strip()
            if not line["id"].isdecimal():
                raise ValidationError("This form has changed on its way here. Open it again.")
            if path and constant:
                raise ValidationError(
                    f"“{line['name']}” is both found in the source and always the same. Empty one box."
                )
            if path and " " in path.strip():
                raise ValidationError(f"“{path}” is no place in a record. Write it like $.customer.city.")
            if path:
                made.append({"id": int(line["id"]), "name": line["name"], "path": rooted(path)})
            elif constant:
                made.append({"id": int(line["id"]), "name": line["name"], "constant": scalar(constant)})
        if self.required and not made:
            raise ValidationError("Say of at least one property where its value comes from.")
        return made


def rooted(path: str) -> str:
    """A place in a record as Klaviyo writes it: "$.city" for "city"."""
    return path if path.startswith("$") else f"$.{path}"


def scalar(text: str) -> Json:
    """A value that is always the same: a number, yes or no, else text."""
    plain = {"yes": True, "no": False, "true": True, "false": False}.get(text.casefold())
    if plain is not None:
        return plain
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    exact = isinstance(found, int | float) and abs(found) < EXACT
    return found if exact else text
