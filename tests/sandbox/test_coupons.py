"""The rooms of coupons, their codes, and the jobs that make codes."""

from typing import Any

import httpx

from tests.fakes import InProcess
from tests.sandbox.conftest import body, every_page, problem


def new_coupon(client: httpx.Client, name: str = "MINE", **more: Any) -> httpx.Response:
    return client.post("/api/coupons", json=body("coupon", {"external_id": name, **more}))


def code(unique: str, coupon: str = "MINE") -> dict[str, Any]:
    return body(
        "coupon-code",
        {"unique_code": unique},
        relationships={"coupon": {"data": {"type": "coupon", "id": coupon}}},
    )


def test_a_coupon_is_named_by_its_external_id(client: httpx.Client) -> None:
    assert new_coupon(client, description="d").json()["data"]["id"] == "MINE"
    assert new_coupon(client).status_code == 409
    answer = new_coupon(client, "with-hyphen")
    assert (answer.status_code, problem(answer)["source"]) == (400, {"pointer": "/data/attributes/external_id"})
    assert client.get("/api/coupons/with-hyphen").status_code == 400
    assert client.get("/api/coupons/NOBODY").status_code == 404
    client.patch("/api/coupons/MINE", json=body("coupon", {"description": "e"}, "MINE"))
    assert client.get("/api/coupons/MINE").json()["data"]["attributes"]["description"] == "e"


def test_a_threshold_comes_back_as_text_and_is_not_too_low(client: httpx.Client) -> None:
    shown = new_coupon(client, monitor_configuration={"low_balance_threshold": 100}).json()["data"]["attributes"]
    assert shown["monitor_configuration"] == {"low_balance_threshold": "100"}
    for threshold in (99, "many", -5):
        assert new_coupon(client, "X", monitor_configuration={"low_balance_threshold": threshold}).status_code == 400


def test_a_code_is_good_for_a_year_and_belongs_to_its_coupon(client: httpx.Client) -> None:
    new_coupon(client)
    made = client.post("/api/coupon-codes", json=code("ABC"))
    assert made.status_code == 200
    shown = made.json()["data"]
    assert (shown["id"], shown["attributes"]["status"]) == ("MINE-ABC", "UNASSIGNED")
    assert shown["attributes"]["expires_at"].startswith("2027-11-18T12:00")
    assert shown["attributes"]["expires_at"].endswith("Z")
    assert client.get("/api/coupon-codes/MINE-ABC/coupon").json()["data"]["id"] == "MINE"
    assert client.post("/api/coupon-codes", json=code("ABC")).status_code == 409
    assert client.post("/api/coupon-codes", json=code("ABC", "NOBODY")).status_code == 404
    assert client.delete("/api/coupons/MINE").status_code == 204
    assert client.get("/api/coupon-codes/MINE-ABC").status_code == 404


def test_codes_are_listed_by_coupon_or_profile_only(client: httpx.Client) -> None:
    assert client.get("/api/coupon-codes").status_code == 400
    used = {"filter": 'any(coupon.id,["WELCOME10","Sorry5"]),equals(status,"USED")'}
    found = client.get("/api/coupon-codes", params=used).json()["data"]
    assert found
    holder = found[0]["relationships"]["profile"]["data"]["id"]
    theirs = list(every_page(client, "/api/coupon-codes", filter=f'any(profile.id,["{holder}"])'))
    assert found[0]["id"] in [c["id"] for c in theirs]


def test_an_assigned_code_cannot_be_deleted(client: httpx.Client) -> None:
    new_coupon(client)
    client.post("/api/coupon-codes", json=code("ABC"))
    given = body("coupon-code", {"status": "ASSIGNED_TO_PROFILE"}, "MINE-ABC")
    assert client.patch("/api/coupon-codes/MINE-ABC", json=given).status_code == 200
    assert client.delete("/api/coupon-codes/MINE-ABC").status_code == 400
    client.patch("/api/coupon-codes/MINE-ABC", json=body("coupon-code", {"status": "UNASSIGNED"}, "MINE-ABC"))
    assert client.delete("/api/coupon-codes/MINE-ABC").status_code == 204


def test_a_job_makes_codes_and_tells_which_it_could_not(box: InProcess, client: httpx.Client) -> None:
    new_coupon(client)
    rows = [code(name)["data"] for name in ("A", "B", "A")] + [code("C", "NOBODY")["data"]]
    sent = {"type": "coupon-code-bulk-create-job", "attributes": {"coupon-codes": {"data": rows}}}
    job = client.post("/api/coupon-code-bulk-create-jobs", json={"data": sent}).json()["data"]["id"]
    box.advance(10)
    found = client.get(f"/api/coupon-code-bulk-create-jobs/{job}?include=coupon-codes").json()
    shown = found["data"]["attributes"]
    assert (shown["status"], shown["completed_count"], shown["failed_count"]) == ("complete", 2, 2)
    place = "/data/attributes/coupon-codes/data"
    assert [error["source"]["pointer"] for error in shown["errors"]] == [
        f"{place}/2/attributes/unique_code",
        f"{place}/3/relationships/coupon/data/id",
    ]
    assert {c["id"] for c in found["included"]} == {"MINE-A", "MINE-B"}
    assert len(client.get("/api/coupons/MINE/coupon-codes").json()["data"]) == 2
