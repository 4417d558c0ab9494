"""The rooms of catalog items, variants and categories, and of the jobs that write them in bulk."""

from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.fakes import InProcess
from tests.sandbox.conftest import body, every_page, problem

ITEM, VARIANT, CATEGORY = "catalog-item", "catalog-variant", "catalog-category"
ADDRESS = {ITEM: "/api/catalog-items", VARIANT: "/api/catalog-variants", CATEGORY: "/api/catalog-categories"}
NOUN = {ITEM: "items", VARIANT: "variants", CATEGORY: "categories"}


def ident(external: str) -> str:
    return f"$custom:::$default:::{external}"


def at(kind: str, external: str, part: str = "") -> str:
    return f"{ADDRESS[kind]}/{quote(ident(external), safe='')}{part}"


def resource(kind: str, external: str, item: str = "lamp") -> dict[str, Any]:
    """A resource to be made."""
    if kind == CATEGORY:
        return {"type": kind, "attributes": {"external_id": external, "name": external.title()}}
    given = {"external_id": external, "title": external.title(), "description": "Bright", "url": "https://example.com"}
    if kind == ITEM:
        return {"type": kind, "attributes": given}
    stock = {"sku": external.upper(), "inventory_quantity": 4, "price": 20}
    return {"type": kind, "attributes": given | stock, "relationships": {"item": {"data": one(ITEM, item)}}}


def one(kind: str, external: str) -> dict[str, str]:
    return {"type": kind, "id": ident(external)}


def make(client: httpx.Client, kind: str, external: str, item: str = "lamp") -> None:
    answer = client.post(ADDRESS[kind], json={"data": resource(kind, external, item)})
    assert answer.status_code == 201, answer.text
    assert answer.json()["data"]["id"] == ident(external)


def run(box: InProcess, client: httpx.Client, verb: str, kind: str, rows: list[Any]) -> dict[str, Any]:
    """The attributes of a job that is over."""
    job = f"{kind}-bulk-{verb}-job"
    sent = {"data": {"type": job, "attributes": {NOUN[kind]: {"data": rows}}}}
    answer = client.post(f"/api/{job}s", json=sent)
    assert answer.status_code == 202, answer.text
    assert answer.json()["data"]["attributes"]["status"] == "processing"
    box.advance(10)
    shown = client.get(f"/api/{job}s/{answer.json()['data']['id']}").json()["data"]["attributes"]
    assert shown["status"] == "complete"
    found: dict[str, Any] = shown
    return found


def test_an_item_takes_its_variants_with_it(client: httpx.Client) -> None:
    make(client, ITEM, "lamp")
    make(client, VARIANT, "lamp-red")
    found = client.get(at(ITEM, "lamp", "?include=variants")).json()
    assert [v["id"] for v in found["included"]] == [ident("lamp-red")]
    changed = client.patch(at(ITEM, "lamp"), json=body(ITEM, {"price": 12.5}, ident("lamp"))).json()["data"]
    assert (changed["attributes"]["title"], changed["attributes"]["price"]) == ("Lamp", 12.5)
    assert client.delete(at(ITEM, "lamp")).status_code == 204
    assert client.get(at(VARIANT, "lamp-red")).status_code == 404


def test_an_external_id_is_taken_once(client: httpx.Client) -> None:
    for kind in (ITEM, CATEGORY, VARIANT):
        make(client, kind, "lamp")
        assert client.post(ADDRESS[kind], json={"data": resource(kind, "lamp")}).status_code == 409


def test_a_variant_needs_an_item_that_exists(client: httpx.Client) -> None:
    answer = client.post(ADDRESS[VARIANT], json={"data": resource(VARIANT, "red", item="nothing")})
    assert (answer.status_code, problem(answer)["source"]["pointer"]) == (404, "/data/relationships/item/data/id")


def test_links_between_items_and_categories_are_seen_from_both_ends(client: httpx.Client) -> None:
    for external in ("lamp", "chair"):
        make(client, ITEM, external)
    make(client, CATEGORY, "home")
    link, back = at(ITEM, "lamp", "/relationships/categories"), at(CATEGORY, "home", "/relationships/items")
    assert client.post(link, json={"data": [one(CATEGORY, "home")]}).status_code == 204
    assert client.post(link, json={"data": [one(CATEGORY, "home")]}).status_code == 409
    assert client.get(back).json()["data"] == [one(ITEM, "lamp")]
    client.patch(back, json={"data": [one(ITEM, "chair")]})
    assert client.get(link).json()["data"] == []
    by_category = client.get(ADDRESS[ITEM], params={"filter": f'equals(category.id,"{ident("home")}")'}).json()["data"]
    assert [item["id"] for item in by_category] == [ident("chair")]
    assert client.request("DELETE", back, json={"data": [one(ITEM, "chair")]}).status_code == 204
    assert client.get(back).json()["data"] == []
    unknown = client.post(back, json={"data": [one(ITEM, "lamp"), one(ITEM, "nothing")]})
    assert (unknown.status_code, problem(unknown)["source"]["pointer"]) == (404, "/data/1/id")
    assert client.get(back).json()["data"] == [], "all or none"


@pytest.mark.parametrize("kind", [ITEM, VARIANT, CATEGORY])
def test_each_kind_is_made_changed_and_deleted_in_bulk(box: InProcess, client: httpx.Client, kind: str) -> None:
    if kind == VARIANT:
        make(client, ITEM, "lamp")
    names = [f"bulk-{number}" for number in range(5)]
    made = run(box, client, "create", kind, [resource(kind, name) for name in names])
    assert (made["total_count"], made["completed_count"], made["failed_count"]) == (5, 5, 0)
    word = "name" if kind == CATEGORY else "title"
    run(box, client, "update", kind, [{**one(kind, "bulk-1"), "attributes": {word: "New"}}])
    assert client.get(at(kind, "bulk-1")).json()["data"]["attributes"][word] == "New"
    gone = run(box, client, "delete", kind, [one(kind, name) for name in [*names, "bulk-1"]])
    assert (gone["completed_count"], gone["failed_count"]) == (5, 1)
    assert gone["errors"][0]["source"]["pointer"] == f"/data/attributes/{NOUN[kind]}/data/5/id"


def test_a_row_that_fails_leaves_nothing_behind(box: InProcess, client: httpx.Client) -> None:
    bad = {**resource(ITEM, "lamp"), "relationships": {"categories": {"data": [one(CATEGORY, "nothing")]}}}
    found = run(box, client, "create", ITEM, [bad, resource(ITEM, "chair")])
    assert (found["completed_count"], found["failed_count"]) == (1, 1)
    assert client.get(at(ITEM, "lamp")).status_code == 404
    assert client.get(at(ITEM, "chair")).status_code == 200


def test_a_job_shows_what_it_made_and_vanishes_after_a_week(box: InProcess, client: httpx.Client) -> None:
    sent = {"type": "catalog-item-bulk-create-job", "attributes": {"items": {"data": [resource(ITEM, "lamp")]}}}
    address = "/api/catalog-item-bulk-create-jobs"
    job = client.post(address, json={"data": sent}).json()["data"]["id"]
    box.advance(10)
    found = client.get(f"{address}/{job}?include=items").json()
    assert [item["id"] for item in found["included"]] == [ident("lamp")]
    assert client.get(f"{address}?filter=equals(status,'complete')").json()["data"][0]["id"] == job
    box.advance(8 * 86_400)
    assert client.get(f"{address}/{job}").status_code == 404
    assert client.get(at(ITEM, "lamp")).status_code == 200


def test_a_job_takes_a_hundred_rows_at_most(client: httpx.Client) -> None:
    for count in (0, 101):
        rows = [resource(ITEM, f"n{number}") for number in range(count)]
        sent = {"type": "catalog-item-bulk-create-job", "attributes": {"items": {"data": rows}}}
        assert client.post("/api/catalog-item-bulk-create-jobs", json={"data": sent}).status_code == 400


def test_the_seeded_catalog_is_what_the_shop_sells(client: httpx.Client) -> None:
    sold = {e["attributes"]["event_properties"].get("ProductName") for e in every_page(client, "/api/events")} - {None}
    titles = {item["attributes"]["title"] for item in every_page(client, ADDRESS[ITEM])}
    assert sold
    assert sold <= titles
