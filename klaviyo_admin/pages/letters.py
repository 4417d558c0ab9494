"""How a letter is looked at before anybody gets it: the values to try it with, and the closed frame that shows it."""

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.html import escape
from django.views.decorators.clickjacking import xframe_options_sameorigin

from klaviyo_admin import api, sealing
from klaviyo_admin.accounts.models import Account
from klaviyo_admin.areas import area_of
from klaviyo_admin.areas.email_templates import service
from klaviyo_admin.areas.picking import PickField
from klaviyo_admin.klaviyo.errors import KlaviyoError
from klaviyo_admin.klaviyo.values import Item, Json
from klaviyo_admin.pages import picking
from klaviyo_admin.pages.render import account_for, page, trouble

MOST = 3_500  # characters of the sealed values, which travel in the address of the frame; web servers take 4,094 of one
PARTS = ("html", "text", "amp")
# What a letter may do inside its frame: show itself. No script, no link, no form; pictures of others only if asked for.
_FRAME = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src {pictures}; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
_USED = re.compile(r"\{\{-?\s*([A-Za-z_][\w.]*)")
_SAMPLES = {
    "first_name": "Robin",
    "last_name": "Doe",
    "email": "robin@example.com",
    "phone_number": "+12125550123",
    "organization": "Example Ltd",
    "title": "Gardener",
}


class Values(forms.Form):
    """A template, and what to put in place of its variables."""

    template = PickField("templates", label="Template")
    values = forms.CharField(
        label="Values",
        required=False,
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 8, "class": "code", "spellcheck": "false"}),
        help_text="One to a line: first_name = Robin. A list or an object is written as JSON; a dot goes into one: event.total = 12.",
    )

    def clean_values(self) -> dict[str, Json]:
        values = read(self.cleaned_data["values"])
        if len(token(values)) > MOST:
            raise ValidationError(
                "These are more values than a preview can take. Leave out what this letter does not show."
            )
        return values


def read(text: str) -> dict[str, Json]:
    """The values of lines such as `first_name = Robin`; empty ones are left out. Raises ValidationError by line."""
    values: dict[str, Json] = {}
    for number, line in enumerate(text.splitlines(), 1):
        name, equals, value = (part.strip() for part in line.partition("="))
        if not line.strip() or (equals and not value):
            continue
        if not equals or not name:
            raise ValidationError(f"Line {number}, “{line.strip()}”: write a name, an equals sign and a value.")
        try:
            given = orjson.loads(value) if value[0] in "[{" else value
        except orjson.JSONDecodeError as error:
            raise ValidationError(f"Line {number}: the value of {name} is not valid JSON ({error}).") from error
        _put(values, name.split("."), given, number)
    return values


def _put(values: dict[str, Json], names: list[str], given: Json, number: int) -> None:
    for name in names[:-1]:
        values = values.setdefault(name, {})
        if not isinstance(values, dict):
            raise ValidationError(f"Line {number}: “{name}” has a plain value in a line above, and cannot hold others.")
    values[names[-1]] = given


def asked_for(template: Item) -> str:
    """Lines for the variables that a template uses, with samples where we know one."""
    sources = "\n".join(str(template.get(part, "")) for part in PARTS)
    names = dict.fromkeys(match[1] for match in _USED.finditer(sources))
    return "\n".join(f"{name} = {_SAMPLES.get(name.removeprefix('person.'), '')}" for name in names)


def frame_url(account: Account, ident: str, values: Mapping[str, Json], pictures: bool = False) -> str:
    """The address of a frame with a letter. The values may be personal, so they go sealed."""
    address = reverse("letter", args=[account.pk, ident])
    return f"{address}?values={token(values)}{'&pictures=yes' if pictures else ''}"


def token(values: Mapping[str, Json]) -> str:
    """Values small and sealed."""
    return sealing.seal(zlib.compress(orjson.dumps(values))).decode()


@dataclass(frozen=True, slots=True)
class Trial:
    """A preview as far as it has come: the form, and the template with its values once both are known."""

    form: Values
    template: Item | None = None
    values: Mapping[str, Json] = field(default_factory=dict)
    error: KlaviyoError | None = None


def preview(request: HttpRequest, account: int) -> HttpResponse:
    """A template to choose, values to type, and the letter that comes of them. Nothing is written anywhere."""
    here = account_for(request, account)
    trial = tried(request, here)
    picking.prepare(trial.form, here)
    context: dict[str, Any] = {"form": trial.form, "here": "templates", "area": area_of("templates")}
    context |= {"place": "template-preview", "trouble": trouble(trial.error) if trial.error else None}
    if trial.template:
        pictures = "pictures" in request.POST
        address = frame_url(here, trial.template.id, trial.values, pictures)
        context |= {"template": trial.template, "frame": address, "pictures": pictures}
    return page(request, "letters/preview.html", context, here, 422 if trial.form.errors else 200)


def tried(request: HttpRequest, account: Account) -> Trial:
    """What was typed, or the template of the address with samples for its variables."""
    if request.method == "POST":
        return typed(Values(request.POST), account)
    if not (ident := request.GET.get("template", "")):
        return Trial(Values())
    try:
        template = api.reader(account).item("get_template", path={"id": ident})
    except KlaviyoError as error:
        return Trial(Values(), error=error)
    lines = asked_for(template)
    return Trial(Values(initial={"template": ident, "values": lines}), template, read(lines))


def typed(form: Values, account: Account) -> Trial:
    if form.is_valid():
        try:
            return Trial(form, picking.resolved(form, account)["template"], form.cleaned_data["values"])
        except ValidationError as error:
            form.add_error(None, error)
    return Trial(form)


@xframe_options_sameorigin
def letter(request: HttpRequest, account: int, id: str) -> HttpResponse:
    """The letter itself, for a frame: as Klaviyo renders it, under a policy that lets it do nothing."""
    here = account_for(request, account)
    try:
        values = orjson.loads(zlib.decompress(sealing.unseal(request.GET.get("values", "").encode())))
    except sealing.Unreadable as error:
        raise Http404("The values of this preview can no longer be read.") from error
    pictures = "data: https:" if request.GET.get("pictures") else "data:"
    answer = HttpResponse(drawn(here, id, values))
    answer["Content-Security-Policy"] = _FRAME.format(pictures=pictures)
    answer["Cache-Control"], answer["Referrer-Policy"] = "no-store", "no-referrer"
    return answer


def drawn(account: Account, ident: str, values: Mapping[str, Json]) -> str:
    """The HTML of a template with these values; a plain sentence where Klaviyo does not give it."""
    try:
        shown = service.rendered(api.reader(account), ident, values)
    except KlaviyoError as error:
        said = trouble(error)
        return f"<!doctype html><title>Preview</title><h1>{escape(said.title)}</h1><p>{escape(said.text)}</p>"
    html = str(shown.get("html", ""))
    return html or f"<!doctype html><title>Preview</title><pre>{escape(shown.get('text', ''))}</pre>"


urlpatterns = [
    path("a/<int:account>/template-preview/", preview, name="template-preview"),
    path("a/<int:account>/letters/<path:id>/", letter, name="letter"),
]
