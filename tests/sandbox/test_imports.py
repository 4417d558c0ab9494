"""The room of bulk imports: jobs take time, keep what is good and list what is not."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.fakes import InProcess, sandbox_in_process
from tests.sandbox.conftest import NOON, body, every_page, problem

JOBS = "/api/profile-bulk-import-jobs"


def upload(client: httpx.Client, rows: list[dict[str, Any]], circle: str = "") -> httpx.Response:
    profiles = {"data": [{"type": "profile", "attributes": row} for row in rows]}
    lists = {"relationships": {"lists": {"data": [{"type": "list", "id": circle}]}}} if circle else {}
    return client.post(JOBS, json=body("profile-bulk-import-job", {"profiles": profiles}, **lists))


def status(client: httpx.Client, job: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"{JOBS}/{job}").json()["data"]["attributes"]
    return found


def people(count: int, **more: Any) -> list[dict[str, Any]]:
    return [{"email": f"row{n}@example.com", "first_name": f"Row {n}", **more} for n in range(count)]


@pytest.fixture
def hasty(box: InProcess) -> httpx.Client:
    """A client whose requests take no time, to look at a job while it works."""
    return box.client()


def test_a_job_is_queued_then_works_then_is_complete(box: InProcess, hasty: httpx.Client) -> None:
    answer = upload(hasty, people(10))
    assert answer.status_code == 202
    job = answer.json()["data"]["id"]
    assert answer.json()["data"]["attributes"]["status"] == "queued"
    assert status(hasty, job)["started_at"] is None
    box.advance(1.5)
    working = status(hasty, job)
    assert working["status"] == "processing"
    assert 0 < working["completed_count"] < 10
    assert working["completed_at"] is None
    box.advance(5)
    done = status(hasty, job)
    assert (done["status"], done["total_count"], done["completed_count"], done["failed_count"]) == (
        "complete",
        10,
        10,
        0,
    )
    assert done["created_at"] <= done["started_at"] <= done["completed_at"] < done["expires_at"]


def test_profiles_are_there_even_if_nobody_looked_at_the_job(box: InProcess, hasty: httpx.Client) -> None:
    upload(hasty, people(3))
    wanted = {"filter": 'equals(email,"row2@example.com")'}
    assert hasty.get("/api/profiles", params=wanted).json()["data"] == []
    box.advance(10)
    assert len(hasty.get("/api/profiles", params=wanted).json()["data"]) == 1


def test_good_rows_are_kept_and_bad_ones_are_listed(box: InProcess, client: httpx.Client) -> None:
    rows = people(6)
    rows[1]["email"] = "not an address"
    rows[2]["phone_number"] = "212-555-0100"
    rows[3] = {"first_name": "Nobody"}
    rows[4]["properties"] = {"x": "y" * 110_000}
    client.post("/api/profiles", json=body("profile", {"email": "row5@example.com"}))
    rows[5]["phone_number"] = "+12125550190"
    client.post("/api/profiles", json=body("profile", {"phone_number": "+12125550190"}))
    job = upload(client, rows).json()["data"]["id"]
    box.advance(10)
    done = status(client, job)
    assert (done["completed_count"], done["failed_count"]) == (1, 5)
    errors = list(every_page(client, f"{JOBS}/{job}/import-errors", **{"page[size]": 2}))
    place = "/data/attributes/profiles/data"
    assert [e["attributes"]["source"]["pointer"] for e in errors] == [
        f"{place}/1/attributes/email",
        f"{place}/2/attributes/phone_number",
        f"{place}/3/attributes",
        f"{place}/4/attributes",
        f"{place}/5/attributes",
    ]
    assert errors[1]["attributes"]["original_payload"]["attributes"] == rows[2]
    assert errors[4]["attributes"]["code"] == "duplicate_profile"
    assert len({e["id"] for e in errors}) == 5


def test_rows_join_the_list_and_update_who_is_there(box: InProcess, client: httpx.Client) -> None:
    circle = client.post("/api/lists", json=body("list", {"name": "Uploaded"})).json()["data"]["id"]
    known = client.post(
        "/api/profiles", json=body("profile", {"email": "row0@example.com", "last_name": "Known"})
    ).json()["data"]
    job = upload(client, people(25), circle).json()["data"]["id"]
    box.advance(10)
    members = {p["id"] for p in every_page(client, f"/api/lists/{circle}/profiles")}
    done = [p["id"] for p in every_page(client, f"{JOBS}/{job}/profiles", **{"page[size]": 10})]
    assert len(members) == len(done) == 25
    assert members == set(done)
    found = client.get(f"/api/profiles/{known['id']}").json()["data"]["attributes"]
    assert (found["first_name"], found["last_name"]) == ("Row 0", "Known")
    assert client.get(f"{JOBS}/{job}/lists").json()["data"][0]["id"] == circle
    assert client.get(f"{JOBS}/{job}/relationships/lists").json()["data"] == [{"type": "list", "id": circle}]
    assert client.get(f"{JOBS}/{job}?include=lists").json()["included"][0]["id"] == circle


def test_jobs_are_listed_by_status(box: InProcess, client: httpx.Client) -> None:
    first = upload(client, people(1)).json()["data"]["id"]
    box.advance(10)
    second = upload(client, people(1)).json()["data"]["id"]
    complete = client.get(JOBS, params={"filter": 'equals(status,"complete")'}).json()["data"]
    others = client.get(JOBS, params={"filter": 'any(status,["queued","processing"])'}).json()["data"]
    assert ([j["id"] for j in complete][:1], [j["id"] for j in others]) == ([first], [second])


def test_a_record_of_a_job_vanishes_after_a_week(box: InProcess, client: httpx.Client) -> None:
    job = upload(client, people(1)).json()["data"]["id"]
    box.advance(8 * 86_400)
    assert client.get(f"{JOBS}/{job}").status_code == 404


def test_an_upload_that_is_wrong_as_a_whole_is_refused(client: httpx.Client) -> None:
    before = client.get(JOBS).json()["data"]
    assert upload(client, []).status_code == 400
    assert upload(client, people(10_001)).status_code == 400
    assert upload(client, people(1), "NOPE01").status_code == 404
    wrong = upload(client, [{"email": "a@example.com"}, {"email": 5}])
    assert problem(wrong)["source"] == {"pointer": "/data/attributes/profiles/data/1/attributes/email"}
    assert client.get(JOBS).json()["data"] == before


def test_speed_shortens_the_wait(tmp_path: Path) -> None:
    with sandbox_in_process(0, now=lambda: NOON, speed=100) as fast, fast.client() as client:
        job = upload(client, people(2)).json()["data"]["id"]
        fast.advance(0.1)
        assert status(client, job)["status"] == "complete"


def test_a_job_outlives_a_restart(tmp_path: Path) -> None:
    file = str(tmp_path / "sandbox.sqlite3")
    with sandbox_in_process(5, now=lambda: NOON, database=file) as before, before.client() as client:
        job = upload(client, people(4)).json()["data"]["id"]
    with sandbox_in_process(5, now=lambda: NOON + 60, database=file) as after, after.client() as client:
        assert status(client, job)["completed_count"] == 4
