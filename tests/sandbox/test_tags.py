"""The room of tags: groups, what carries a tag, and how many tags it may carry."""

from typing import Any

import httpx

from tests.sandbox.conftest import body, every_page, problem

Json = dict[str, Any]


def group(client: httpx.Client, name: str, *, exclusive: bool = False) -> str:
    answer = client.post("/api/tag-groups", json=body("tag-group", {"name": name, "exclusive": exclusive}))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["data"]["id"])


def tag(client: httpx.Client, name: str, within: str = "") -> str:
    related = {"relationships": {"tag-group": {"data": {"type": "tag-group", "id": within}}}} if within else {}
    answer = client.post("/api/tags", json=body("tag", {"name": name}, **related))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["data"]["id"])


def new_list(client: httpx.Client) -> str:
    return str(client.post("/api/lists", json=body("list", {"name": "L"})).json()["data"]["id"])


def put(client: httpx.Client, ident: str, kind: str, *objects: str) -> httpx.Response:
    return client.post(
        f"/api/tags/{ident}/relationships/{kind}s", json={"data": [{"type": kind, "id": o} for o in objects]}
    )


def test_a_tag_without_a_group_goes_to_the_default_group(client: httpx.Client) -> None:
    default = client.get("/api/tag-groups", params={"filter": "equals(default,true)"}).json()["data"]
    assert len(default) == 1
    ident = tag(client, "Loose")
    assert client.get(f"/api/tags/{ident}/relationships/tag-group").json()["data"]["id"] == default[0]["id"]
    assert client.delete(f"/api/tag-groups/{default[0]['id']}").status_code == 400


def test_a_tag_is_seen_from_both_sides(client: httpx.Client) -> None:
    ident, circle = tag(client, "Both"), new_list(client)
    segment = client.get("/api/segments").json()["data"][0]["id"]
    assert put(client, ident, "list", circle).status_code == 204
    assert put(client, ident, "segment", segment).status_code == 204
    assert client.get(f"/api/tags/{ident}/relationships/lists").json()["data"] == [{"type": "list", "id": circle}]
    assert [t["attributes"]["name"] for t in client.get(f"/api/lists/{circle}/tags").json()["data"]] == ["Both"]
    assert ident in [t["id"] for t in client.get(f"/api/segments/{segment}/relationships/tags").json()["data"]]
    included = client.get(f"/api/lists/{circle}?include=tags").json()["included"]
    assert [(i["type"], i["id"]) for i in included] == [("tag", ident)]
    sent = {"data": [{"type": "list", "id": circle}]}
    assert client.request("DELETE", f"/api/tags/{ident}/relationships/lists", json=sent).status_code == 204
    assert client.get(f"/api/lists/{circle}/tags").json()["data"] == []


def test_an_exclusive_group_gives_a_resource_one_tag(client: httpx.Client) -> None:
    within, circle = group(client, "Colour", exclusive=True), new_list(client)
    red, blue = tag(client, "Red", within), tag(client, "Blue", within)
    assert put(client, red, "list", circle).status_code == 204
    assert put(client, red, "list", circle).status_code == 204
    refused = put(client, blue, "list", new_list(client), circle)
    assert (refused.status_code, problem(refused)["source"]) == (400, {"pointer": "/data/1"})
    assert client.get(f"/api/tags/{blue}/relationships/lists").json()["data"] == []


def test_a_group_takes_its_tags_with_it(client: httpx.Client) -> None:
    within, circle = group(client, "Short-lived"), new_list(client)
    ident = tag(client, "Gone soon", within)
    put(client, ident, "list", circle)
    assert [t["id"] for t in client.get(f"/api/tag-groups/{within}/tags").json()["data"]] == [ident]
    assert client.delete(f"/api/tag-groups/{within}").status_code == 204
    assert client.get(f"/api/tags/{ident}").status_code == 404
    assert client.get(f"/api/lists/{circle}/tags").json()["data"] == []


def test_a_deleted_list_carries_no_tags(client: httpx.Client) -> None:
    ident, circle = tag(client, "T"), new_list(client)
    put(client, ident, "list", circle)
    client.delete(f"/api/lists/{circle}")
    assert client.get(f"/api/tags/{ident}/relationships/lists").json()["data"] == []


def test_a_resource_carries_a_hundred_tags_at_most(client: httpx.Client) -> None:
    circle = new_list(client)
    for number in range(100):
        assert put(client, tag(client, f"No. {number}"), "list", circle).status_code == 204
    assert put(client, tag(client, "One too many"), "list", circle).status_code == 400
    assert len(client.get(f"/api/lists/{circle}/tags").json()["data"]) == 100


def test_tags_are_found_by_name_and_paged(client: httpx.Client) -> None:
    for number in range(55):
        tag(client, f"page {number:02}")
    found = list(every_page(client, "/api/tags", filter='starts-with(name,"page ")', sort="name"))
    assert [t["attributes"]["name"] for t in found] == [f"page {number:02}" for number in range(55)]


def test_renaming_answers_nothing(client: httpx.Client) -> None:
    ident = tag(client, "Old")
    answer = client.patch(f"/api/tags/{ident}", json=body("tag", {"name": "New"}, ident))
    assert (answer.status_code, answer.content) == (204, b"")
    assert client.get(f"/api/tags/{ident}").json()["data"]["attributes"]["name"] == "New"
