"""How the value of a tracking parameter is asked for: nothing, a text of one's own, or what Klaviyo knows of each message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django import forms
from django.core.exceptions import ValidationError

from klaviyo_admin.klaviyo.values import Json

FIXED = "static"
_OF_ALL = ("email_subject", "link_alt_text", "message_type", "profile_external_id", "profile_id")
KNOWN: Mapping[str, tuple[str, ...]] = {
    "flow": ("flow_id", "flow_name", "message_name", "message_name_id", *_OF_ALL),
    "campaign": (
        *("campaign_id", "campaign_name", "campaign_name_id", "campaign_name_send_day"),
        *("group_id", "group_name", "group_name_id", *_OF_ALL),
    ),
}
_SPELT = {
    "email_subject": "Subject of the e-mail",
    "link_alt_text": "Alternative text of the link",
    "message_name_id": "Message name and ID",
    "campaign_name_id": "Campaign name and ID",
    "campaign_name_send_day": "Campaign name and day of sending",
    "group_name": "List or segment name",
    "group_id": "List or segment ID",
    "group_name_id": "List or segment name and ID",
    "profile_external_id": "External ID of the profile",
}


def spelt(value: str) -> str:
    """What a person reads for a value that Klaviyo fills in: flow_id -> "Flow ID"."""
    return _SPELT.get(value) or value.replace("_", " ").capitalize().removesuffix(" id") + (
        " ID" if value.endswith("_id") else ""
    )


def spoken(parameter: Json) -> str:
    """A parameter's value in words: “klaviyo”, Flow name, or nothing."""
    if not isinstance(parameter, Mapping) or not parameter.get("value"):
        return ""
    return f"“{parameter['value']}”" if parameter.get("type") == FIXED else spelt(str(parameter["value"]))


def choices(where: str) -> tuple[tuple[str, str], ...]:
    return (("", "Nothing"), (FIXED, "This text:"), *((value, spelt(value)) for value in KNOWN[where]))


def pair(parameter: Json) -> tuple[str, str]:
    """The choice and the text that stand for a parameter's value."""
    if not isinstance(parameter, Mapping):
        return "", ""
    fixed = parameter.get("type") == FIXED
    value = str(parameter.get("value") or "")
    return (FIXED, value) if fixed else (value, "")


def value_of(kind: str, text: str, where: str, said: str = "") -> Json:
    """The JSON for a choice and a text; None for nothing. ValidationError says which value, and what to do."""
    text = text.strip()
    if kind == FIXED:
        if not text:
            raise ValidationError(f"{said}Type the text, or choose “Nothing”.")
        return {"type": FIXED, "value": text}
    if kind and kind not in KNOWN[where]:
        raise ValidationError(f"{said}Klaviyo does not know “{kind}” here. Choose one of the list.")
    if text:
        raise ValidationError(f"{said}The text “{text}” has no place here. Choose “This text:”, or empty it.")
    return {"type": "dynamic", "value": kind} if kind else None


@dataclass(frozen=True, slots=True)
class Given:
    """What was posted for one parameter: choice and text, now and when the form was opened."""

    kind: str = ""
    text: str = ""
    was_kind: str = ""
    was_text: str = ""

    @property
    def differs(self) -> bool:
        return (self.kind, self.text) != (self.was_kind, self.was_text)


class ParameterWidget(forms.Widget):
    """A choice with a line of text beside it, and what both were when the form was opened."""

    template_name = "widgets/parameter.html"
    use_fieldset = True

    def __init__(self, where: str) -> None:
        super().__init__()
        self.where = where

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        given = value if isinstance(value, Given) else Given(*pair(value), *pair(value))
        context["widget"].update(choices=choices(self.where), given=given)
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Given:
        return Given(*(data.get(f"{name}-{part}", "") for part in ("kind", "text", "was_kind", "was_text")))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-kind" not in data


class ParameterField(forms.Field):
    """Cleans to {"type": …, "value": …} as Klaviyo has it, or None for nothing."""

    widget: ParameterWidget

    def __init__(self, where: str, **kwargs: Any) -> None:
        super().__init__(widget=ParameterWidget(where), **kwargs)
        self.where = where

    def has_changed(self, initial: Any, data: Any) -> bool:
        return isinstance(data, Given) and data.differs

    def clean(self, value: Any) -> Json:
        given = value if isinstance(value, Given) else Given()
        found = value_of(given.kind, given.text, self.where)
        if found is None and self.required and given.differs:  # what is empty in Klaviyo already may stay so
            raise ValidationError("Klaviyo needs a value here.", code="required")
        return found


class CustomWidget(forms.Widget):
    """One line for each parameter of one's own: its name, and its value in campaigns and flows."""

    template_name = "widgets/custom_parameters.html"
    use_fieldset = True
    new_lines = 2
    parts = ("name", "campaign_kind", "campaign_text", "flow_kind", "flow_text")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        posted = value if isinstance(value, Mapping) else None
        was = posted["was"] if posted else orjson.dumps(self.lines(value or [])).decode()
        lines = (
            posted["lines"] if posted else [*self.lines(value or []), *[dict.fromkeys(self.parts, "")] * self.new_lines]
        )
        kinds = {where: choices(where) for where in KNOWN}
        context["widget"].update(lines=lines, was=was, kinds=kinds)
        return context

    def lines(self, parameters: Sequence[Mapping[str, Json]]) -> list[dict[str, str]]:
        values = (
            (str(p.get("name") or ""), *pair(p.get("campaign")), *pair(p.get("flow")))
            for p in parameters
            if isinstance(p, Mapping)
        )
        return [dict(zip(self.parts, line, strict=True)) for line in values]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, Any]:
        columns = [data.getlist(f"{name}-{part}") for part in self.parts]
        lines = [dict(zip(self.parts, line, strict=True)) for line in zip(*columns, strict=False)]
        return {"lines": lines, "was": data.get(f"{name}-was", "[]")}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-was" not in data


class CustomParametersField(forms.Field):
    """Cleans to the list of parameters as Klaviyo has it; a line without a name and values is left out."""

    widget = CustomWidget

    def has_changed(self, initial: Any, data: Any) -> bool:
        return isinstance(data, Mapping) and filled(data["lines"]) != filled(_lines(data["was"]))

    def clean(self, value: Any) -> list[dict[str, Json]]:
        found: list[dict[str, Json]] = []
        errors: list[ValidationError] = []
        for line in filled(value["lines"] if isinstance(value, Mapping) else []):
            try:
                found.append(_parameter(line, [each["name"] for each in found]))
            except ValidationError as error:
                errors.append(error)
        if errors:
            raise ValidationError(errors)
        return found


def filled(lines: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    return [line for line in lines if any(str(part).strip() for part in line.values())]


def _parameter(line: Mapping[str, str], taken: Sequence[str]) -> dict[str, Json]:
    name = line["name"].strip()
    if not name:
        raise ValidationError("A line has a value and no name. Type one, or empty the line.")
    if name in taken:
        raise ValidationError(f"{name}: it stands here twice. Keep one line.")
    values = {
        where: value_of(line[f"{where}_kind"], line[f"{where}_text"], where, f"{name}: ")
        for where in ("campaign", "flow")
    }
    return {"name": name} | {where: value for where, value in values.items() if value}


def _lines(was: str) -> list[Mapping[str, str]]:
    try:
        found = orjson.loads(was)
    except orjson.JSONDecodeError:
        return []
    return [line for line in found if isinstance(line, Mapping)] if isinstance(found, list) else []
