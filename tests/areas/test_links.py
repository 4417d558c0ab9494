"""Links of custom objects' schemas: two between the same pair stay two, and each is written under what it leads to."""

import json

from klaviyo_admin.areas.custom_objects import links
from klaviyo_admin.klaviyo.documents import item
from klaviyo_admin.klaviyo.values import Item, Json
from klaviyo_admin.pages.templatetags.schemas import links_of

OTHER = "01K5YKKQKM819VVGCPZZKGE6D4"


def link(kind: str, ident: str, number: int, name: str) -> Json:
    meta = {"relationship_id": f"R{number}", "name": name, "description": None}
    return {"type": kind, "id": ident, "attributes": {"meta": meta}}


def schema() -> Item:
    """As Klaviyo tells it: a link to a schema has its own name in its id, one to profiles has not."""
    included = [
        link("object-schema", f"{OTHER}:::driven to", 1, "driven to"),
        link("object-schema", f"{OTHER}:::parked at", 2, "parked at"),
        link("profile-object-schema", "profile", 3, "owned by"),
        link("profile-object-schema", "profile", 4, "lent to"),
    ]
    related = {
        kind: {"data": [{"type": each["type"], "id": each["id"]} for each in included if each["type"] == kind[:-1]]}
        for kind in ("object-schemas", "profile-object-schemas")
    }
    data = {"type": "object-schema", "id": "S", "attributes": {"status": "draft"}, "relationships": related}
    found = item({"data": data, "included": included})
    assert found
    return found


def test_two_links_of_the_same_pair_are_two() -> None:
    assert [(name, whom) for name, _, whom in links_of(schema())] == [
        ("driven to", OTHER),
        ("parked at", OTHER),
        ("owned by", ""),
        ("lent to", ""),
    ]
    assert links.starting(links.PEOPLE)([schema()])["links"] == [("R3", "owned by"), ("R4", "lent to")]


def test_one_of_two_links_is_removed_by_its_own_id_and_what_it_leads_to() -> None:
    build = links.removing("delete_object_schema_relationship", links.OBJECTS)
    (request,) = build([schema()], {"link": "R2"}).requests
    meant = {"type": "object-schema", "id": OTHER, "meta": {"relationship_id": "R2"}}
    assert json.loads(request.write.body or b"")["data"] == [meant]
