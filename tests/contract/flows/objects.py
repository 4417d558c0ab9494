"""Custom objects: types, schemas, links between them, sources, mappings and records."""

from tests.contract.official import Json, Official, many, one, to

PROPERTIES = [{"id": 1, "name": "model", "type": "string"}, {"id": 2, "name": "wheels", "type": "int"}]


def new_type(shop: Official, source: str, status: str) -> str:
    mappings = [
        {
            "id": entry["id"],
            "type": "simple",
            "source": {"source_id": source, "id_path": "$.key", "data_path": f"$.{entry['name']}"},
        }
        for entry in PROPERTIES
    ]
    mapping = one("source-mapping", property_mappings=mappings)
    given = {"properties": PROPERTIES, "status": status, "source-mapping": mapping}
    attributes = {"title": "Car", "object-schema": one("object-schema", attributes=given)}
    return shop.made("create_object_type", one("object-type", attributes=attributes))


def types(shop: Official) -> None:
    source = shop.made("create_data_source", one("data-source", title="Garage"))
    kind = new_type(shop, source, "draft")
    schema = shop.made("get_draft_schema_for_object_type", kind)
    mapping = shop.made("get_source_mapping_for_object_schema", schema)
    constant = [{"id": 1, "type": "constant", "value": "Panda"}]
    shop.call("update_source_mapping", mapping, one("source-mapping", mapping, property_mappings=constant))
    links(shop, schema)
    shop.call("update_object_schema", schema, one("object-schema", schema, status="active"))
    shop.box.advance(600)
    assert shop.made("get_current_schema_for_object_type", kind) == schema
    related = {"object-type": to("object-type", kind)}
    given = {"title": "Car", "properties": PROPERTIES}
    shop.call("create_object_schema", one("object-schema", attributes=given, related=related))
    assert len(shop.call("get_schema_versions_for_object_type", kind)["data"]) == 2
    shop.call("delete_object_type", new_type(shop, source, "draft"))
    shop.call("delete_data_source", shop.made("create_data_source", one("data-source", title="Doomed")))


def links(shop: Official, schema: str) -> None:
    other = shop.made("get_current_schema_for_object_type", shop.first("get_object_types"))
    for name, kind, target in (("object", "object-schema", other), ("profile", "profile-object-schema", "$profile")):
        data: Json = {"type": kind, "id": target, "meta": {"name": "belongs to"}}
        shop.call(f"create_{name}_schema_relationship", schema, {"data": [data]})
        include = f"{kind}s"
        included = shop.call("get_object_schema", schema, include=[include])["included"]
        ident = included[0]["attributes"]["meta"]["relationship_id"]
        named = data | {"meta": {"relationship_id": ident, "name": "once belonged to"}}
        shop.call(f"update_{name}_schema_relationship", schema, {"data": named})
        shop.call(f"delete_{name}_schema_relationship", schema, {"data": [data | {"meta": {"relationship_id": ident}}]})


def records(shop: Official) -> None:
    source = shop.made("create_data_source", one("data-source", title="Depot"))
    kind = new_type(shop, source, "active")
    shop.box.advance(600)
    related = {"data-source": to("data-source", source)}
    sent = [{"type": "data-source-record", "attributes": {"record": {"key": str(n), "model": "x"}}} for n in range(3)]
    attributes = {"data-source-records": {"data": sent}}
    shop.call(
        "bulk_create_data_source_records",
        one("data-source-record-bulk-create-job", attributes=attributes, related=related),
    )
    attributes = {"data-source-record": one("data-source-record", record={"key": "9", "wheels": "many"})}
    shop.call("create_data_source_record", one("data-source-record-create-job", attributes=attributes, related=related))
    shop.box.advance(600)
    found = [r["id"] for page in shop.pages("get_records_for_object_type", kind, page_size=2) for r in page["data"]]
    assert len(found) == 3
    gone = {"object-records": many("object-record", found[0])}
    shop.call("bulk_delete_object_records", one("object-record-bulk-delete-job", related=gone))
    assert shop.made("get_object_record", found[1]) == found[1]


FLOWS = (types, records)
