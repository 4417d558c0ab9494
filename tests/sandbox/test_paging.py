"""Pages: to the end and back, everything once, in order."""

import base64
from collections.abc import Iterator

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from klaviyo_admin.klaviyo.catalogue import operation
from tests.fakes import InProcess, sandbox_in_process
from tests.sandbox.conftest import NOON, body, every_page, problem, unhurried

_SORTS = operation("get_profiles").sorts


@pytest.fixture(scope="module")
def shop() -> Iterator[InProcess]:
    with sandbox_in_process(157, now=lambda: NOON) as found:
        yield found


@given(sort=st.sampled_from(["", *_SORTS]), size=st.integers(1, 100))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_paging_to_the_end_visits_every_profile_once(shop: InProcess, sort: str, size: int) -> None:
    with shop.client(**unhurried(shop)) as client:
        query = {"page[size]": size, "fields[profile]": "email,created,updated"} | ({"sort": sort} if sort else {})
        found = list(every_page(client, "/api/profiles", **query))
    assert len(found) == len({p["id"] for p in found}) == 157
    name = sort.removeprefix("-")
    if name in {"email", "created", "updated"}:
        keys = [p["attributes"][name] or "" for p in found]
        assert keys == sorted(keys, reverse=sort.startswith("-"))


@pytest.mark.parametrize("sort", ["id", "-created", "email"])
def test_the_way_back_is_the_way_there(client: httpx.Client, sort: str) -> None:
    pages, address = [], f"http://sandbox.test/api/profiles?page[size]=13&sort={sort}"
    while address:
        document = client.get(address).json()
        pages.append([p["id"] for p in document["data"]])
        address, back = document["links"]["next"], document["links"]["prev"]
    for page in reversed(pages[:-1]):
        document = client.get(back).json()
        assert [p["id"] for p in document["data"]] == page
        back = document["links"]["prev"]
    assert back is None


@pytest.mark.parametrize(
    ("path", "size"),
    [
        ("/api/events", 50),
        ("/api/lists", 5),
        ("/api/segments", 3),
        ("/api/lists/{list}/profiles", 7),
        ("/api/lists/{list}/relationships/profiles", 9),
        ("/api/segments/{segment}/profiles", 6),
    ],
)
def test_every_collection_is_visited_once(client: httpx.Client, path: str, size: int) -> None:
    ids = {kind: client.get(f"/api/{kind}s").json()["data"][0]["id"] for kind in ("list", "segment")}
    place = path.format(**ids)
    small = [item["id"] for item in every_page(client, place, **{"page[size]": size})]
    large = [item["id"] for item in every_page(client, place)]
    assert small == large
    assert len(set(small)) == len(small)


def test_a_profile_that_comes_between_pages_disturbs_nobody(client: httpx.Client) -> None:
    first = client.get("/api/profiles?page[size]=20&sort=-created").json()
    assert client.post("/api/profiles", json=body("profile", {"email": "late@example.com"})).status_code == 201
    second = client.get(first["links"]["next"]).json()
    assert not {p["id"] for p in first["data"]} & {p["id"] for p in second["data"]}


@pytest.mark.parametrize(
    "cursor", ["nonsense", "bmV4dA==", base64.b64encode(b"next::email::[1]").decode(), "<Filters: x>", "é"]
)
def test_an_invalid_cursor_is_refused(client: httpx.Client, cursor: str) -> None:
    answer = client.get("/api/profiles", params={"page[cursor]": cursor})
    assert answer.status_code == 400
    assert (problem(answer)["detail"], problem(answer)["source"]) == ("Invalid cursor provided.", {"pointer": "/data/"})


def test_a_cursor_of_another_order_is_invalid(client: httpx.Client) -> None:
    following = client.get("/api/profiles?page[size]=5&sort=email").json()["links"]["next"]
    assert client.get(following.replace("sort=email", "sort=created")).status_code == 400


def test_an_equals_sign_before_a_cursor_is_let_pass(client: httpx.Client) -> None:
    following = client.get("/api/profiles?page[size]=5").json()["links"]["next"]
    doubled = following.replace("cursor%5D=", "cursor%5D==")
    assert doubled != following
    assert client.get(doubled).json()["data"] == client.get(following).json()["data"]


def test_the_next_address_keeps_every_other_parameter(client: httpx.Client) -> None:
    query = {
        "page[size]": 3,
        "sort": "-email",
        "fields[profile]": "email",
        "filter": "greater-than(created,2020-01-01T00:00:00Z)",
    }
    following = httpx.URL(client.get("/api/profiles", params=query).json()["links"]["next"])
    assert {name: value for name, value in following.params.items() if name != "page[cursor]"} == {
        name: str(value) for name, value in query.items()
    }


def test_the_first_filtered_page_of_lists_has_a_previous_address_that_leads_nowhere(client: httpx.Client) -> None:
    document = client.get("/api/lists", params={"filter": 'any(name,["Newsletter"])'}).json()
    assert [item["attributes"]["name"] for item in document["data"]] == ["Newsletter"]
    assert client.get(document["links"]["prev"]).status_code == 400
