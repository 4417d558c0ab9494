"""What a page tells of a background job: how many rows are behind it, and which row an error is about."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template

from klaviyo_admin.klaviyo.values import Item
from klaviyo_admin.pages.facts import label

register = template.Library()


@register.filter
def worked(job: Item) -> int:
    """Rows that were taken or refused."""
    return sum(job.get(key) or 0 for key in ("completed_count", "failed_count", "skipped_count"))


@register.filter
def row_of(error: Mapping[str, Any]) -> str:
    """Where an error lies, as people count: "4: External ID" for ".../data/3/attributes/external_id". An error has its
    pointer in `source`, as Klaviyo tells it, or by itself, as a change keeps it."""
    source = error.get("source")
    pointer = str((source if isinstance(source, Mapping) else error).get("pointer") or "")
    parts = pointer.split("/")
    place = next((n for n, part in enumerate(parts) if part.isdecimal()), None)
    if place is None:
        return "–"
    field = label(parts[-1]) if len(parts) > place + 1 else ""
    return f"{int(parts[place]) + 1}{f': {field}' if field else ''}"


@register.filter
def without(facts: Sequence[tuple[str, Any, str]], label: str) -> list[tuple[str, Any, str]]:
    """The facts but for the one of this label."""
    return [fact for fact in facts if fact[0] != label]
