"""What holds for every operation: keys, scopes, revisions, media types, addresses and error documents."""

import httpx
import pytest

from klaviyo_admin.klaviyo.catalogue import operations
from klaviyo_admin.sandbox.calls import Call
from klaviyo_admin.sandbox.rooms import ROOMS
from tests.fakes import InProcess
from tests.sandbox.conftest import body, problem


def test_a_request_without_the_right_scheme_is_not_authenticated(client: httpx.Client) -> None:
    for header in ("", "Bearer abc", "pk_sandbox_full_access"):
        answer = client.get("/api/lists", headers={"Authorization": header})
        assert answer.status_code == 401
        assert problem(answer)["code"] == "not_authenticated"
        assert problem(answer)["status"] == 401
        assert "RateLimit-Limit" not in answer.headers


def test_a_wrong_key_fails_authentication(client: httpx.Client) -> None:
    answer = client.get("/api/lists", headers={"Authorization": "Klaviyo-API-Key pk_nobody"})
    assert (answer.status_code, problem(answer)["code"]) == (401, "authentication_failed")
    assert problem(answer)["source"] == {"pointer": "/data/"}


def test_a_key_without_the_scope_is_denied(box: InProcess) -> None:
    with box.client("pk_sandbox_read_only") as reader, box.client("pk_sandbox_no_profiles") as stranger:
        assert reader.get("/api/lists").status_code == 200
        refused = reader.post("/api/lists", json=body("list", {"name": "Mine"}))
        assert (refused.status_code, problem(refused)["code"]) == (403, "permission_denied")
        assert stranger.get("/api/profiles").status_code == 403
        assert stranger.get("/api/lists").status_code == 200
    assert box.requests(status=403, operation="create_list")


def test_accounts_are_apart(box: InProcess) -> None:
    with box.client() as juniper, box.client("pk_sandbox_harbour") as harbour:
        assert juniper.get("/api/accounts").json()["data"][0]["id"] == "SBXJP1"
        assert harbour.get("/api/accounts").json()["data"][0]["id"] == "SBXHC2"
        theirs = juniper.get("/api/profiles").json()["data"][0]["id"]
        assert harbour.get(f"/api/profiles/{theirs}").status_code == 404
        assert harbour.get("/api/accounts/SBXJP1").status_code in {404, 429}


@pytest.mark.parametrize(
    ("revision", "opt_out", "status"),
    [
        (None, "", 200),
        ("2026-07-15", "1", 200),
        ("2025-01-15", "1", 200),
        ("2021-05-05", "", 200),
        ("2021-05-05", "1", 410),
        ("2027-01-15", "", 404),
        ("yesterday", "", 400),
        ("2026-02-31", "", 400),
    ],
)
def test_the_revision_header_follows_the_life_of_revisions(
    box: InProcess, revision: str | None, opt_out: str, status: int
) -> None:
    headers = {"authorization": "Klaviyo-API-Key pk_sandbox_full_access"}
    headers |= {"revision": revision} if revision else {}
    headers |= {"x-klaviyo-revision-fall-forward-opt-out": opt_out} if opt_out else {}
    assert box.sandbox.answer(Call("GET", "/api/lists", headers)).status == status


def test_a_body_that_is_no_json_api_is_refused(client: httpx.Client) -> None:
    assert client.post("/api/lists", content=b"name=x", headers={"Content-Type": "text/plain"}).status_code == 415
    broken = client.post("/api/lists", content=b"{")
    assert (broken.status_code, problem(broken)["source"]) == (400, {"pointer": "/data"})
    assert client.post(
        "/api/lists", json=body("list", {"name": "x"}), headers={"Content-Type": "application/json"}
    ).is_success


def test_a_body_over_five_megabytes_is_too_large(client: httpx.Client) -> None:
    assert client.post("/api/lists", content=b" " * (5 * 1024 * 1024 + 1)).status_code == 413


def test_faults_in_a_body_are_pointed_at(client: httpx.Client) -> None:
    answer = client.post("/api/profiles", json=body("profile", {"first_name": 3, "email": ["x"]}))
    assert answer.status_code == 400
    pointers = {e["source"]["pointer"] for e in answer.json()["errors"]}
    assert pointers == {"/data/attributes/first_name", "/data/attributes/email"}


def test_a_trailing_slash_makes_no_difference(client: httpx.Client) -> None:
    with_slash, without = client.get("/api/lists/"), client.get("/api/lists")
    assert with_slash.json()["data"] == without.json()["data"]
    assert with_slash.json()["links"]["self"] == "http://sandbox.test/api/lists"
    assert without.json()["data"][0]["links"]["self"].endswith("/")


def test_unknown_addresses_and_methods_are_told_apart(client: httpx.Client) -> None:
    assert client.get("/api/unheard-of").status_code == 404
    assert client.put("/api/lists").status_code == 405
    assert client.get("/api/lists/NOPE01").status_code == 404


def test_every_operation_without_a_room_says_so(box: InProcess) -> None:
    headers = {"authorization": "Klaviyo-API-Key pk_sandbox_full_access"}
    for operation in operations():
        if operation.id in ROOMS:
            continue
        path = operation.path.replace("{", "").replace("}", "")
        answer = box.sandbox.answer(Call(operation.method, path, headers))
        assert answer.status == 501, operation.id
        assert operation.id.encode() in answer.body


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("include=profiless", "include"),
        ("sort=shoe_size", "sort"),
        ('filter=equals(shoe_size,"9")', "filter"),
        ('filter=contains(email,"a")', "filter"),
        ("filter=equals(email", "filter"),
        ("filter=greater-than(created,yesterday)", "filter"),
        ("fields[profile]=shoe_size", "fields[profile]"),
        ("additional-fields[profile]=shoe_size", "additional-fields[profile]"),
        ("page[size]=101", "page[size]"),
        ("page[size]=0", "page[size]"),
        ("page[size]=many", "page[size]"),
        ("page[number]=2", "page[number]"),
    ],
)
def test_what_an_operation_does_not_allow_is_refused_by_name(client: httpx.Client, query: str, parameter: str) -> None:
    answer = client.get(f"/api/profiles?{query}")
    assert (answer.status_code, problem(answer)["code"]) == (400, "invalid")
    assert problem(answer)["source"] == {"parameter": parameter}


def test_an_unknown_parameter_that_is_no_option_passes(client: httpx.Client) -> None:
    assert client.get("/api/profiles?utm_source=x").status_code == 200


def test_a_page_size_is_refused_where_there_is_none(client: httpx.Client) -> None:
    answer = client.get("/api/metrics?page[size]=5")
    assert "'page_size' is not a valid field for the resource 'metric'." in problem(answer)["detail"]


def test_sparse_fields_reach_inside(client: httpx.Client) -> None:
    found = client.get("/api/profiles?fields[profile]=email,location.city&page[size]=1").json()["data"][0]
    assert set(found["attributes"]) == {"email", "location"}
    assert set(found["attributes"]["location"]) == {"city"}


def test_additional_fields_come_only_when_asked_for(client: httpx.Client) -> None:
    plain = client.get("/api/profiles?page[size]=1").json()["data"][0]["attributes"]
    more = client.get("/api/profiles?page[size]=1&additional-fields[profile]=subscriptions").json()["data"][0][
        "attributes"
    ]
    assert "subscriptions" not in plain
    assert "consent" in more["subscriptions"]["email"]["marketing"]


def test_nothing_that_a_caller_sends_breaks_the_sandbox(client: httpx.Client) -> None:
    deep = (
        b'{"data":{"type":"profile","attributes":{"email":"a@example.com","properties":'
        + b'{"a":' * 900
        + b"1"
        + b"}" * 904
    )
    for answer in (
        client.post("/api/profiles", content=deep),
        client.get("/api/events?filter=greater-than(timestamp,1e300)"),
        client.get("/api/profiles?filter=" + "and(" * 2000),
        client.get("/api/profiles?page[cursor]=bmV4dDo6aWQ6OlsiYSIsOTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5XQ=="),
        client.get("/api/profiles/%00%ff"),
    ):
        assert answer.status_code < 500, answer.text
