"""What the page of a segment draws before it knows any names: its conditions in words, with ids."""

from collections.abc import Sequence

from django import template

from klaviyo_admin.areas.segments.service import conditions
from klaviyo_admin.klaviyo.values import Item

register = template.Library()


@register.filter
def unnamed(segment: Item) -> Sequence[Item]:
    """The conditions of a segment as its panel draws them."""
    return conditions(segment, {})
