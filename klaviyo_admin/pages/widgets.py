"""Draws Django's plain form controls as its own templates would; a form has dozens, and each went through five templates."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.html import conditional_escape as safe
from django.utils.safestring import SafeString

Widget = Mapping[str, Any]
Option = Mapping[str, Any]
_FOLDER = "django/forms/widgets"


def line(widget: Widget) -> str:
    """An <input> of any type."""
    value = widget["value"]
    said = "" if value is None else f' value="{safe(str(value))}"'
    return f'<input type="{widget["type"]}" name="{safe(widget["name"])}"{said}{attributes(widget)}>'


def area(widget: Widget) -> str:
    # The first line break inside is the browser's, so that a value may begin with one of its own.
    return f'<textarea name="{safe(widget["name"])}"{attributes(widget)}>\n{safe(widget["value"] or "")}</textarea>'


def menu(widget: Widget) -> str:
    """A <select> with its groups."""
    drawn = "".join(_group(name, map(_entry, entries)) for name, entries, _ in widget["optgroups"])
    return f'<select name="{safe(widget["name"])}"{attributes(widget)}>{drawn}</select>'


def _group(name: str | None, entries: Iterable[str]) -> str:
    return f'<optgroup label="{safe(name)}">{"".join(entries)}</optgroup>' if name else "".join(entries)


def _entry(option: Option) -> str:
    return f'<option value="{safe(str(option["value"]))}"{attributes(option)}>{safe(option["label"])}</option>'


def boxes(widget: Widget) -> str:
    """Radio buttons or check boxes, each with its label."""
    ident, kind = widget["attrs"].get("id"), widget["attrs"].get("class")
    outer = (f' id="{safe(ident)}"' if ident else "") + (f' class="{safe(kind)}"' if kind else "")
    drawn = "".join(_part(name, map(_box, options)) for name, options, _ in widget["optgroups"])
    return f"<div{outer}>{drawn}</div>"


def _part(name: str | None, options: Iterable[str]) -> str:
    return f"<div><label>{safe(name)}</label>{''.join(options)}</div>" if name else "".join(options)


def _box(option: Option) -> str:
    drawn, ident = line(option), option["attrs"].get("id")
    if option["wrap_label"]:
        meant = f' for="{safe(ident)}"' if ident else ""
        drawn = f"<label{meant}>{drawn} {safe(option['label'])}</label>"
    return f"<div>{drawn}</div>"


def attributes(widget: Widget) -> str:
    """The attributes in their order, each behind a space; True draws the bare name, False nothing."""
    return "".join(
        f" {safe(name)}" if value is True else f' {safe(name)}="{safe(str(value))}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


_LINES = ("checkbox", "color", "date", "datetime", "email", "file", "hidden", "number", "password", "search", "tel")
DRAWN = {
    **{f"{_FOLDER}/{kind}.html": line for kind in (*_LINES, "text", "time", "url")},
    f"{_FOLDER}/textarea.html": area,
    f"{_FOLDER}/select.html": menu,
    f"{_FOLDER}/radio.html": boxes,
    f"{_FOLDER}/checkbox_select.html": boxes,
}


def draw(template: str, widget: Widget) -> SafeString | None:
    """The control in the place of a template of Django's; None for any other template."""
    drawn = DRAWN.get(template)
    return SafeString(drawn(widget)) if drawn else None
