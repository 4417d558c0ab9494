"""What the console's pages draw: fields whose names hold slashes that templates cannot follow, and long lists of what never
changes while a process lives."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.pages import console_words

register = template.Library()


@register.filter
def of(found: Mapping[str, Sequence[Any]], name: str) -> Sequence[Any]:
    """What stands under a name; nothing where nothing does."""
    return found.get(name, ())


@register.filter
def said(typed: Mapping[str, Any], name: str) -> str:
    """The text of one field."""
    return str(typed.get(name) or "")


@register.filter
def ticked(values: Sequence[tuple[str, bool]]) -> int:
    """How many boxes are ticked."""
    return sum(on for _, on in values)


@register.simple_tag
@lru_cache(maxsize=4096)
def listed(console: str, name: str) -> SafeString:
    """One of the console's operations, drawn once for each account: their list has 345."""
    found = operation(name)
    return render_to_string(
        "console/_listed.html", {"console": console, "one": found, "risk": console_words.risk(found)}
    )


@register.simple_tag
@lru_cache(maxsize=4096)
def covered(console: str, line: Any, by_tool: bool) -> SafeString:
    """One line of the coverage page (pages.coverage.Line), drawn once for each account."""
    return render_to_string("console/_covered.html", {"console": console, "line": line, "by_tool": by_tool})
