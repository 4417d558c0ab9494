"""The rooms of forms and their versions, and of web feeds."""

from typing import Any

import httpx

from tests.sandbox.conftest import body, problem

STEPS = [{"name": "Ask", "columns": [{"rows": []}]}, {"columns": [{"rows": []}]}]


def make(client: httpx.Client, *versions: dict[str, Any]) -> httpx.Response:
    attributes = {"name": "Mine", "status": "draft", "ab_test": False, "definition": {"versions": list(versions)}}
    return client.post("/api/forms", json=body("form", attributes))


def test_a_form_lives_with_its_versions(client: httpx.Client) -> None:
    made = make(client, {"steps": STEPS, "type": "full_screen"}).json()["data"]
    address = f"/api/forms/{made['id']}"
    assert client.get(address).json()["data"]["attributes"] == made["attributes"]
    version = client.get(f"{address}/form-versions").json()["data"][0]
    assert version["attributes"]["form_type"] == "full_page"
    assert version["id"] == str(made["attributes"]["definition"]["versions"][0]["id"])
    assert client.get(f"/api/form-versions/{version['id']}/form").json()["data"]["id"] == made["id"]
    assert client.delete(address).status_code == 204
    assert client.get(f"/api/form-versions/{version['id']}").status_code == 404


def test_every_part_of_a_form_gets_an_id(client: httpx.Client) -> None:
    version = make(client, {"steps": STEPS}).json()["data"]["attributes"]["definition"]["versions"][0]
    parts = [part["id"] for step in version["steps"] for part in (step, *step["columns"])]
    assert len(set(parts)) == 4


def test_a_version_needs_two_steps_and_no_id(client: httpx.Client) -> None:
    place = "/data/attributes/definition/versions"
    for version, pointer in (({"steps": STEPS[:1]}, f"{place}/0/steps"), ({"steps": STEPS, "id": 5}, f"{place}/0/id")):
        answer = make(client, version)
        assert (answer.status_code, problem(answer)["source"]) == (400, {"pointer": pointer})
    assert make(client).status_code == 400


def test_only_a_form_by_itself_shows_its_definition(client: httpx.Client) -> None:
    listed = client.get("/api/forms", params={"filter": "equals(ab_test,true)"}).json()["data"]
    assert [form["attributes"]["ab_test"] for form in listed] == [True]
    assert "definition" not in listed[0]["attributes"]
    assert "definition" in client.get(f"/api/forms/{listed[0]['id']}").json()["data"]["attributes"]


def test_a_web_feed_lives_from_its_making_to_its_deletion(client: httpx.Client) -> None:
    given = {"name": "my_feed", "url": "https://example.com/f", "request_method": "get", "content_type": "json"}
    made = client.post("/api/web-feeds", json=body("web-feed", given)).json()["data"]
    assert made["attributes"]["status"] is None, "it has not been polled"
    address = f"/api/web-feeds/{made['id']}"
    client.patch(address, json=body("web-feed", {"content_type": "xml"}, made["id"]))
    shown = client.get(address).json()["data"]["attributes"]
    assert (shown["name"], shown["content_type"]) == ("my_feed", "xml")
    answer = client.post("/api/web-feeds", json=body("web-feed", {**given, "name": "my-feed"}))
    assert problem(answer)["source"] == {"pointer": "/data/attributes/name"}
    assert client.delete(address).status_code == 204
    assert client.get(address).status_code == 404
