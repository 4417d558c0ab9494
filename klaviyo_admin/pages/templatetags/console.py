"""Looks into the fields of a console form, whose names hold slashes that templates cannot follow."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template

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
