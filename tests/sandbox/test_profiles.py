"""The room of profiles: identity, duplicates, and what a write clears, keeps and merges."""

from typing import Any

import httpx
import pytest

from tests.sandbox.conftest import body, problem


def make(client: httpx.Client, **attributes: Any) -> dict[str, Any]:
    answer = client.post("/api/profiles", json=body("profile", attributes))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()["data"]
    return found


def change(client: httpx.Client, ident: str, attributes: dict[str, Any], **more: Any) -> httpx.Response:
    return client.patch(f"/api/profiles/{ident}", json=body("profile", attributes, ident, **more))


def test_a_new_profile_is_read_back_as_written(client: httpx.Client) -> None:
    made = make(client, email="Ada@Example.com", first_name="Ada", location={"city": "Bath"}, properties={"plan": "x"})
    read = client.get(f"/api/profiles/{made['id']}").json()["data"]
    assert read["attributes"] == made["attributes"]
    assert read["attributes"]["email"] == "ada@example.com"
    assert read["attributes"]["location"]["city"] == "Bath"
    assert read["attributes"]["last_event_date"] is None
    assert len(made["id"]) == 26


@pytest.mark.parametrize(
    "attributes",
    [
        {"email": "twin@example.com"},
        {"phone_number": "+12125550199"},
        {"external_id": "twin"},
        {"email": "TWIN@example.com"},
    ],
)
def test_a_duplicate_names_the_profile_that_is_there(client: httpx.Client, attributes: dict[str, str]) -> None:
    first = make(client, email="twin@example.com", phone_number="+12125550199", external_id="twin")
    answer = client.post("/api/profiles", json=body("profile", attributes))
    assert answer.status_code == 409
    assert problem(answer)["code"] == "duplicate_profile"
    assert problem(answer)["meta"] == {"duplicate_profile_id": first["id"]}
    assert problem(answer)["source"] == {"pointer": "/data/attributes"}


@pytest.mark.parametrize(
    ("attributes", "pointer"),
    [
        ({"email": "no-at-sign"}, "/data/attributes/email"),
        ({"email": "a@b"}, "/data/attributes/email"),
        ({"email": "a..b@example.com"}, "/data/attributes/email"),
        ({"phone_number": "212 555 0100"}, "/data/attributes/phone_number"),
        ({"phone_number": "+0125550100"}, "/data/attributes/phone_number"),
        ({"first_name": "Nobody"}, "/data/attributes"),
        ({"email": "big@example.com", "properties": {"x": "y" * 110_000}}, "/data/attributes"),
    ],
)
def test_improper_attributes_are_pointed_at(client: httpx.Client, attributes: dict[str, Any], pointer: str) -> None:
    answer = client.post("/api/profiles", json=body("profile", attributes))
    assert (answer.status_code, problem(answer)["source"]) == (400, {"pointer": pointer})


def test_null_clears_and_absent_keeps(client: httpx.Client) -> None:
    made = make(
        client, email="keep@example.com", first_name="Keep", last_name="Clear", location={"city": "A", "zip": "1"}
    )
    answer = change(client, made["id"], {"last_name": None, "location": {"zip": None}})
    assert answer.status_code == 200
    found = answer.json()["data"]["attributes"]
    assert (found["first_name"], found["last_name"]) == ("Keep", None)
    assert (found["location"]["city"], found["location"]["zip"]) == ("A", None)
    assert found["updated"] > made["attributes"]["updated"]


def test_properties_are_merged_by_key(client: httpx.Client) -> None:
    made = make(client, email="p@example.com", properties={"a": 1, "b": {"deep": True}})
    found = change(client, made["id"], {"properties": {"b": 2, "c.d": "x"}}).json()["data"]["attributes"]
    assert found["properties"] == {"a": 1, "b": 2, "c.d": "x"}


def test_patch_properties_append_unappend_and_unset(client: httpx.Client) -> None:
    made = make(client, email="p@example.com", properties={"likes": ["tea"], "gone": 1, "also": 2, "one": "x"})
    patch = {"append": {"likes": ["tea", "rye"], "one": "y"}, "unset": ["gone", "also"]}
    found = change(client, made["id"], {}, meta={"patch_properties": patch}).json()["data"]["attributes"]
    assert found["properties"] == {"likes": ["tea", "rye"], "one": ["x", "y"]}
    patch = {"unappend": {"likes": "tea"}, "unset": "one"}
    found = change(client, made["id"], {}, meta={"patch_properties": patch}).json()["data"]["attributes"]
    assert found["properties"] == {"likes": ["rye"]}


def test_a_change_cannot_take_another_ones_identifier(client: httpx.Client) -> None:
    first, second = make(client, email="first@example.com"), make(client, email="second@example.com")
    answer = change(client, second["id"], {"email": "first@example.com", "first_name": "Thief"})
    assert answer.status_code == 409
    assert problem(answer)["meta"]["duplicate_profile_id"] == first["id"]
    assert client.get(f"/api/profiles/{second['id']}").json()["data"]["attributes"] == second["attributes"]


def test_the_id_in_the_body_must_be_the_one_in_the_path(client: httpx.Client) -> None:
    made = make(client, email="x@example.com")
    answer = client.patch(f"/api/profiles/{made['id']}", json=body("profile", {}, "01ARZ3NDEKTSV4RRFFQ69G5FAV"))
    assert (answer.status_code, problem(answer)["source"]) == (400, {"pointer": "/data/id"})


def test_an_unknown_profile_is_not_found(client: httpx.Client) -> None:
    answer = client.get("/api/profiles/NOPE01")
    assert (answer.status_code, problem(answer)["detail"]) == (404, "A profile with id NOPE01 does not exist.")


def test_an_upsert_says_whether_the_profile_is_new(client: httpx.Client) -> None:
    sent = body("profile", {"email": "up@example.com", "first_name": "Up"})
    first, second = client.post("/api/profile-import", json=sent), client.post("/api/profile-import", json=sent)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["data"]["id"] == second.json()["data"]["id"]
    by_id = client.post("/api/profile-import", json=body("profile", {"last_name": "Sert"}, first.json()["data"]["id"]))
    assert (by_id.status_code, by_id.json()["data"]["attributes"]["first_name"]) == (200, "Up")
    assert client.post("/api/profile-import", json=body("profile", {}, "01ARZ3NDEKTSV4RRFFQ69G5FAV")).status_code == 404


def test_lists_and_segments_of_a_profile_are_the_ones_that_hold_it(client: httpx.Client) -> None:
    circle = client.get("/api/lists").json()["data"][0]
    member = client.get(f"/api/lists/{circle['id']}/profiles").json()["data"][0]["id"]
    lists = client.get(f"/api/profiles/{member}/lists").json()["data"]
    assert circle["id"] in [item["id"] for item in lists]
    ids = client.get(f"/api/profiles/{member}/relationships/lists").json()["data"]
    assert ids == [{"type": "list", "id": item["id"]} for item in lists]
    document = client.get(f"/api/profiles/{member}?include=lists,segments").json()
    assert document["data"]["relationships"]["lists"]["data"] == ids
    assert [i["id"] for i in document["included"] if i["type"] == "list"] == [item["id"] for item in lists]


def test_an_include_with_nothing_in_it_is_an_empty_list(client: httpx.Client) -> None:
    made = make(client, email="alone@example.com")
    document = client.get(f"/api/profiles/{made['id']}?include=lists").json()
    assert document["included"] == []
    assert document["data"]["relationships"]["lists"]["data"] == []
    assert "data" not in document["data"]["relationships"]["segments"]
