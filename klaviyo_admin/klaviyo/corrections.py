"""Knows where Klaviyo's OpenAPI document forbids what the live service was seen to take, and mends its schemas there."""

from collections.abc import Mapping

from klaviyo_admin.klaviyo.schemas import Schema, with_null

# By schema, the places that take null: the names of members, one inside the other. A place belongs here only if the live
# service was seen to take null there; the document saying so itself, or having no such place any more, does no harm.
NULLABLE: Mapping[str, tuple[tuple[str, ...], ...]] = {
    # A figure is unmapped by giving it no metric.
    "MappedMetricPartialUpdateQueryResourceObject": (("relationships", "metric", "data"),),
}


def corrected(name: str, plain: Schema) -> Schema:
    """The plain schema of this name with its corrections, if there are any."""
    for place in NULLABLE.get(name, ()):
        plain = _widened(plain, place)
    return plain


def _widened(plain: Schema, place: tuple[str, ...]) -> Schema:
    if not place:
        return with_null(plain)
    members = plain.get("properties", {})
    if place[0] not in members:
        return plain
    return {**plain, "properties": {**members, place[0]: _widened(members[place[0]], place[1:])}}
