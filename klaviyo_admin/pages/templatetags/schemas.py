"""How the page of a custom object's schema tells its properties and its links."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import template

from klaviyo_admin.areas.custom_objects import links, service
from klaviyo_admin.areas.custom_objects.columns import KINDS
from klaviyo_admin.klaviyo.values import Item

register = template.Library()


@dataclass(frozen=True, slots=True)
class Property:
    """One property in words; `source` is where its value lies, or what it always is, "" where nothing is mapped."""

    name: str
    kind: str
    required: bool
    description: str
    source: str


@register.filter
def properties(schema: Item) -> list[Property]:
    """The properties of a schema in order, with where their values come from as far as its mapping came along."""
    sources = {line["id"]: line for line in service.start_mapping([schema])["mappings"]}
    return [
        Property(
            line["name"],
            str(KINDS.get(line["kind"], line["kind"])),
            bool(line["required"]),
            line["description"],
            _source(sources[line["id"]]),
        )
        for line in service.lines_of(schema)
    ]


def _source(line: Mapping[str, Any]) -> str:
    if line["path"]:
        return str(line["path"])
    return "" if line["constant"] is None else f"always {line['constant']}"


@register.filter
def links_of(schema: Item) -> Iterator[tuple[str, str, str]]:
    """Its links as (name, whom to, the id of the other schema or "")."""
    for relation, whom in ((links.OBJECTS, "another kind of object"), (links.PEOPLE, "profiles")):
        for link in links.links(schema, relation).values():
            yield links.called(link), whom, links.leads_to(link.id) if relation == links.OBJECTS else ""
