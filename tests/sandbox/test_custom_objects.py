"""The rooms of custom objects: types, schemas, links, sources, mappings, records and logs."""

from typing import Any
from urllib.parse import quote

import httpx

from tests.fakes import InProcess
from tests.sandbox.conftest import body, every_page, problem

PROPERTIES = [{"id": 1, "name": "model", "type": "string"}, {"id": 2, "name": "wheels", "type": "int"}]


def post(client: httpx.Client, path: str, document: dict[str, Any], status: int = 201) -> Any:
    answer = client.post(path, json=document)
    assert answer.status_code == status, answer.text
    return answer.json()["data"] if answer.content else None


def linked(name: str, ident: str) -> dict[str, Any]:
    return {name: {"data": {"type": name, "id": ident}}}


def new_source(client: httpx.Client) -> str:
    return str(post(client, "/api/data-sources", body("data-source", {"title": "Garage"}))["id"])


def new_type(client: httpx.Client, source: str, status: str = "draft", **schema: Any) -> str:
    """A type with a schema that takes "model" and "wheels" from a source."""
    mappings = [
        {
            "id": entry["id"],
            "type": "simple",
            "source": {"source_id": source, "id_path": "$.key", "data_path": f"$.car.{entry['name']}"},
        }
        for entry in PROPERTIES
    ]
    mapping = {"data": {"type": "source-mapping", "attributes": {"property_mappings": mappings}}}
    given = {"properties": PROPERTIES, "required": ["model"], "status": status, "source-mapping": mapping, **schema}
    attributes = {"title": "Car", "object-schema": {"data": {"type": "object-schema", "attributes": given}}}
    return str(post(client, "/api/object-types", body("object-type", attributes))["id"])


def schema_of(client: httpx.Client, kind: str, which: str = "draft") -> str:
    return str(client.get(f"/api/object-types/{kind}/{which}-schema").json()["data"]["id"])


def record(key: Any, **car: Any) -> dict[str, Any]:
    return {"type": "data-source-record", "attributes": {"record": {"key": key, "car": car}}}


def deliver(box: InProcess, client: httpx.Client, source: str, *records: dict[str, Any]) -> None:
    sent = body(
        "data-source-record-bulk-create-job",
        {"data-source-records": {"data": list(records)}},
        relationships=linked("data-source", source),
    )
    post(client, "/api/data-source-record-bulk-create-jobs", sent, 204)
    box.advance(3)


def properties(client: httpx.Client, kind: str) -> list[dict[str, Any]]:
    found = every_page(client, f"/api/object-types/{kind}/object-records")
    return [item["attributes"]["record_properties"] for item in found]


def test_a_schema_is_published_and_then_makes_room_for_the_next(box: InProcess, client: httpx.Client) -> None:
    kind = new_type(client, new_source(client))
    first = schema_of(client, kind)
    assert client.get(f"/api/object-types/{kind}/current-schema").status_code == 404
    assert client.get(f"/api/object-types/{kind}/relationships/current-schema").json()["data"] is None
    address = f"/api/object-schemas/{first}"
    changed = client.patch(address, json=body("object-schema", {"status": "active"}, first)).json()["data"]
    assert changed["attributes"]["status"] == "publishing"
    box.advance(3)
    assert schema_of(client, kind, "current") == first
    assert client.patch(address, json=body("object-schema", {"title": "x"}, first)).status_code == 400
    given = body("object-schema", {"title": "Car", "properties": PROPERTIES}, relationships=linked("object-type", kind))
    second = post(client, "/api/object-schemas", given)["id"]
    assert client.post("/api/object-schemas", json=given).status_code == 409, "one draft at a time"
    client.patch(f"/api/object-schemas/{second}", json=body("object-schema", {"status": "active"}, second))
    box.advance(3)
    assert schema_of(client, kind, "current") == second
    versions = client.get(f"/api/object-types/{kind}/schema-versions").json()["data"]
    assert [version["id"] for version in versions] == [first, second]


def test_a_schema_must_hold_together(client: httpx.Client) -> None:
    kind = post(client, "/api/object-types", body("object-type", {"title": "Car"}))["id"]
    place = "/data/attributes"
    twice = [PROPERTIES[0], {**PROPERTIES[1], "name": "model"}]
    wrong = {
        f"{place}/properties/1/name": {"properties": twice},
        f"{place}/required/0": {"properties": PROPERTIES, "required": ["doors"]},
        f"{place}/title": {"properties": [], "title": " "},
    }
    for pointer, given in wrong.items():
        sent = body("object-schema", {"title": "Car", **given}, relationships=linked("object-type", kind))
        answer = client.post("/api/object-schemas", json=sent)
        assert (answer.status_code, problem(answer)["source"]) == (400, {"pointer": pointer})


def test_records_follow_from_what_a_source_sends(box: InProcess, client: httpx.Client) -> None:
    source = new_source(client)
    kind = new_type(client, source, "active")
    box.advance(3)
    deliver(box, client, source, record("a", model="Panda", wheels=4), record("b", model="Isetta", wheels=3))
    assert properties(client, kind) == [{"model": "Panda", "wheels": 4}, {"model": "Isetta", "wheels": 3}]
    one = body(
        "data-source-record-create-job",
        {"data-source-record": {"data": record("a", model="Panda 2")}},
        relationships=linked("data-source", source),
    )
    post(client, "/api/data-source-record-create-jobs", one, 204)
    assert len(properties(client, kind)) == 2
    box.advance(3)
    assert properties(client, kind)[0] == {"model": "Panda 2", "wheels": 4}, "what was not sent is kept"


def test_what_does_not_fit_is_logged_for_two_weeks(box: InProcess, client: httpx.Client) -> None:
    source = new_source(client)
    kind = new_type(client, source, "active")
    box.advance(3)
    deliver(box, client, source, record("a", wheels=4), record("b", model="x", wheels="many"), record(None, model="y"))
    assert properties(client, kind) == []
    address = f"/api/object-types/{kind}/object-ingestion-logs"
    logs = client.get(address, params={"filter": "equals(status,'error')"}).json()["data"]
    assert {entry["attributes"]["errors"][0]["property"] for entry in logs} == {"model", "wheels", "id"}
    assert len(client.get(f"/api/object-types/{kind}/relationships/object-ingestion-logs").json()["data"]) == 3
    box.advance(15 * 86_400)
    assert client.get(address).json()["data"] == []


def test_a_draft_takes_nothing_in(box: InProcess, client: httpx.Client) -> None:
    source = new_source(client)
    kind = new_type(client, source)
    deliver(box, client, source, record("a", model="Panda"))
    assert properties(client, kind) == []


def test_records_are_read_and_deleted_in_bulk(box: InProcess, client: httpx.Client) -> None:
    source = new_source(client)
    kind = new_type(client, source, "active")
    box.advance(3)
    deliver(box, client, source, *(record(str(number), model="Panda") for number in range(5)))
    found = [item["id"] for item in every_page(client, f"/api/object-types/{kind}/object-records", **{"page[size]": 2})]
    assert len(set(found)) == 5
    assert client.get(f"/api/object-records/{quote(found[0], safe='')}").json()["data"]["id"] == found[0]
    gone = [{"type": "object-record", "id": ident} for ident in [*found[:3], "nobody"]]
    sent = {"data": {"type": "object-record-bulk-delete-job", "relationships": {"object-records": {"data": gone}}}}
    post(client, "/api/object-record-bulk-delete-jobs", sent, 202)
    box.advance(3)
    assert len(properties(client, kind)) == 2


def test_a_mapping_names_properties_and_sources_that_exist(client: httpx.Client) -> None:
    source = new_source(client)
    mapping = client.get(f"/api/object-schemas/{schema_of(client, new_type(client, source))}/source-mapping").json()[
        "data"
    ]
    address, place = f"/api/source-mappings/{mapping['id']}", "/data/attributes/property_mappings/0"
    good = mapping["attributes"]["property_mappings"][0]
    for pointer, entry in (
        (f"{place}/id", {**good, "id": 99}),
        (f"{place}/source/source_id", {**good, "source": {**good["source"], "source_id": "nobody"}}),
    ):
        answer = client.patch(address, json=body("source-mapping", {"property_mappings": [entry]}, mapping["id"]))
        assert (answer.status_code, problem(answer)["source"]) == (400, {"pointer": pointer})
    constant = [{"id": 1, "type": "constant", "value": "Panda"}]
    assert (
        client.patch(address, json=body("source-mapping", {"property_mappings": constant}, mapping["id"])).status_code
        == 200
    )
    assert client.get(address).json()["data"]["attributes"]["property_mappings"] == constant


def test_two_schemas_can_be_linked_by_several_names(client: httpx.Client) -> None:
    source = new_source(client)
    car, other = new_type(client, source), client.get("/api/object-types").json()["data"][0]["id"]
    schema, target = schema_of(client, car), schema_of(client, other, "current")
    address = f"/api/object-schemas/{schema}/relationships/object-schemas"
    for name in ("driven to", "parked at"):
        link = {"type": "object-schema", "id": target, "meta": {"name": name}}
        assert client.post(address, json={"data": [link]}).status_code == 204
    both = [f"{target}:::driven to", f"{target}:::parked at"]
    assert [item["id"] for item in client.get(address).json()["data"]] == both
    types = client.get(f"/api/object-types/{car}/relationships/object-types").json()["data"]
    assert types[0]["id"] == f"{other}:::driven to"
    included = client.get(f"/api/object-schemas/{schema}?include=object-schemas").json()["included"]
    assert [each["id"] for each in included] == both
    meta = included[0]["attributes"]["meta"]
    assert meta["name"] == "driven to"
    named = {"type": "object-schema", "id": target, "meta": {"relationship_id": meta["relationship_id"]}}
    renamed = {"data": {**named, "meta": {**named["meta"], "name": "raced to"}}}
    assert client.patch(address, json=renamed).status_code == 204
    assert client.request("DELETE", address, json={"data": [named]}).status_code == 204
    assert len(client.get(address).json()["data"]) == 1
    assert client.request("DELETE", address, json={"data": [named]}).status_code == 404


def test_deleting_a_type_takes_all_that_is_its_own(box: InProcess, client: httpx.Client) -> None:
    source = new_source(client)
    kind = new_type(client, source, "active")
    box.advance(3)
    deliver(box, client, source, record("a", model="Panda"))
    schema = schema_of(client, kind, "current")
    assert client.delete(f"/api/object-types/{kind}").status_code == 204
    assert client.get(f"/api/object-schemas/{schema}").status_code == 404
    assert client.get(f"/api/object-records/{quote(f'{kind}::a', safe='')}").status_code == 404
    assert client.delete(f"/api/data-sources/{source}").status_code == 204
