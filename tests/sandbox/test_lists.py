"""The room of lists."""

import httpx

from tests.sandbox.conftest import body, every_page, problem


def new_list(client: httpx.Client, name: str = "Mine") -> str:
    answer = client.post("/api/lists", json=body("list", {"name": name}))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["data"]["id"])


def some_profiles(client: httpx.Client, count: int) -> list[str]:
    return [p["id"] for p in client.get(f"/api/profiles?page[size]={count}").json()["data"]]


def relationship(ids: list[str]) -> dict[str, object]:
    return {"data": [{"type": "profile", "id": ident} for ident in ids]}


def test_a_list_lives_from_its_making_to_its_deletion(client: httpx.Client) -> None:
    ident = new_list(client)
    assert len(ident) == 6
    renamed = client.patch(f"/api/lists/{ident}", json=body("list", {"name": "Ours 🌲"}, ident))
    assert renamed.json()["data"]["attributes"]["name"] == "Ours 🌲"
    assert renamed.json()["data"]["attributes"]["updated"] > renamed.json()["data"]["attributes"]["created"]
    assert client.get(f"/api/lists/{ident}").json()["data"] == renamed.json()["data"]
    deleted = client.delete(f"/api/lists/{ident}")
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert client.get(f"/api/lists/{ident}").status_code == 404


def test_a_name_is_needed(client: httpx.Client) -> None:
    for attributes in ({}, {"name": "  "}, {"name": None}):
        assert client.post("/api/lists", json=body("list", attributes)).status_code == 400


def test_profiles_join_and_leave(client: httpx.Client) -> None:
    ident, people = new_list(client), some_profiles(client, 5)
    address = f"/api/lists/{ident}/relationships/profiles"
    assert client.post(address, json=relationship(people[:4])).status_code == 204
    assert client.post(address, json=relationship(people[3:])).status_code == 204
    members = list(every_page(client, f"/api/lists/{ident}/profiles", sort="joined_group_at"))
    assert {p["id"] for p in members} == set(people)
    joined = [p["attributes"]["joined_group_at"] for p in members]
    assert joined == sorted(joined)
    assert joined[0] < joined[-1], "who was in it already keeps the time of joining"
    assert client.request("DELETE", address, json=relationship(people[:2])).status_code == 204
    assert {p["id"] for p in every_page(client, address)} == set(people[2:])
    counted = client.get(f"/api/lists/{ident}?additional-fields[list]=profile_count").json()["data"]
    assert counted["attributes"]["profile_count"] == 3


def test_members_can_be_filtered_by_when_they_joined(client: httpx.Client) -> None:
    ident, people = new_list(client), some_profiles(client, 2)
    for person in people:
        client.post(f"/api/lists/{ident}/relationships/profiles", json=relationship([person]))
    first = client.get(f"/api/lists/{ident}/profiles?sort=joined_group_at").json()["data"][0]
    later = f"greater-than(joined_group_at,{first['attributes']['joined_group_at']})"
    found = client.get(f"/api/lists/{ident}/profiles", params={"filter": later}).json()["data"]
    assert [p["id"] for p in found] == people[1:]


def test_one_unknown_profile_refuses_the_whole_request(client: httpx.Client) -> None:
    ident, people = new_list(client), some_profiles(client, 1)
    address = f"/api/lists/{ident}/relationships/profiles"
    answer = client.post(address, json=relationship([*people, "01ARZ3NDEKTSV4RRFFQ69G5FAV"]))
    assert (answer.status_code, problem(answer)["source"]) == (404, {"pointer": "/data/1/id"})
    assert client.get(address).json()["data"] == []


def test_more_than_a_thousand_profiles_at_once_are_refused(client: httpx.Client) -> None:
    address = f"/api/lists/{new_list(client)}/relationships/profiles"
    assert client.post(address, json=relationship(some_profiles(client, 1) * 1001)).status_code == 400


def test_relations_to_rooms_that_are_not_there_are_empty(client: httpx.Client) -> None:
    ident = new_list(client)
    for part in ("tags", "relationships/tags", "flow-triggers", "relationships/flow-triggers"):
        assert client.get(f"/api/lists/{ident}/{part}").json()["data"] == []
    assert client.get("/api/lists/NOPE01/tags").status_code == 404


def test_segments_are_no_lists(client: httpx.Client) -> None:
    ident = client.get("/api/segments").json()["data"][0]["id"]
    assert client.get(f"/api/lists/{ident}").status_code == 404
    assert client.delete(f"/api/lists/{ident}").status_code == 404
