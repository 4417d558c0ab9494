"""Rate limits: the live service's headers, windows and refusals, on a clock that stands still."""

import httpx

from klaviyo_admin.sandbox.limits import Meter, Window
from klaviyo_admin.sandbox.moments import SECOND
from tests.fakes import InProcess
from tests.sandbox.conftest import body


def test_the_headers_speak_of_the_shortest_window(box: InProcess) -> None:
    with box.client() as client:
        first, second = client.get("/api/profiles"), client.get("/api/profiles")
    assert first.headers["RateLimit-Limit"] == "75, 75;w=1, 750;w=60"
    assert (first.headers["RateLimit-Remaining"], second.headers["RateLimit-Remaining"]) == ("74", "73")
    assert first.headers["RateLimit-Reset"] == "0"


def test_a_daily_window_is_the_last_policy(box: InProcess) -> None:
    with box.client() as client:
        answer = client.post("/api/lists", json=body("list", {"name": "One"}))
    assert answer.headers["RateLimit-Limit"] == "10, 10;w=1, 150;w=60, 150;w=86400"


def test_over_the_burst_is_throttled_until_the_window_ends(box: InProcess) -> None:
    with box.client() as client:
        assert client.get("/api/accounts").status_code == 200
        refused = client.get("/api/accounts")
        assert refused.status_code == 429
        assert refused.headers["Retry-After"] == "1"
        assert "RateLimit-Limit" not in refused.headers
        assert "Content-Type" not in refused.headers
        error = refused.json()["errors"][0]
        assert error["detail"] == "Request was throttled. Expected available in 1 second."
        assert error["links"]["type"].startswith("https://developers.klaviyo.com/")
        box.advance(1)
        assert client.get("/api/accounts").status_code == 200


def test_a_spent_minute_waits_for_the_next_one(box: InProcess) -> None:
    with box.client() as client:
        for _ in range(15):
            assert client.get("/api/accounts").status_code == 200
            box.advance(1)
        refused = client.get("/api/accounts")
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "45")
        box.advance(45)
        assert client.get("/api/accounts").status_code == 200


def test_a_spent_day_waits_for_hours(box: InProcess) -> None:
    with box.client() as client:
        for number in range(150):
            assert client.post("/api/lists", json=body("list", {"name": f"List {number}"})).status_code == 201
            box.advance(1)
        refused = client.post("/api/lists", json=body("list", {"name": "One too many"}))
    assert int(refused.headers["Retry-After"]) > 40_000


def test_all_keys_of_an_account_share_a_budget_and_accounts_do_not(box: InProcess) -> None:
    with box.client() as one, box.client("pk_sandbox_read_only") as other, box.client("pk_sandbox_harbour") as stranger:
        assert one.get("/api/accounts").status_code == 200
        assert other.get("/api/accounts").status_code == 429
        assert stranger.get("/api/accounts").status_code == 200


def test_expensive_parameters_have_a_budget_of_their_own(box: InProcess) -> None:
    with box.client() as client:
        ident = client.get("/api/lists").json()["data"][0]["id"]
        counted = f"/api/lists/{ident}?additional-fields[list]=profile_count"
        assert client.get(counted).headers["RateLimit-Limit"] == "1, 1;w=1, 15;w=60"
        assert client.get(counted).status_code == 429
        assert client.get(f"/api/lists/{ident}").headers["RateLimit-Limit"] == "75, 75;w=1, 750;w=60"


def test_refused_requests_cost_too_but_unauthenticated_ones_do_not(box: InProcess) -> None:
    with box.client() as client:
        assert client.get("/api/profiles/NOPE01").headers["RateLimit-Remaining"] == "74"
        assert client.get("/api/profiles/NOPE01", headers={"Authorization": "x"}).status_code == 401
        assert client.get("/api/profiles/NOPE01").headers["RateLimit-Remaining"] == "73"


def test_a_throttled_request_counts_in_no_window() -> None:
    meter, windows, start = Meter(), (Window(1, 1), Window(60, 2)), 60 * SECOND * 1000
    assert [meter.count("a", windows, start).wait for _ in range(4)] == [None, 1, 1, 1]
    assert meter.count("a", windows, start + SECOND).wait is None
    assert meter.count("a", windows, start + 2 * SECOND).wait == 58


def test_the_log_shows_throttled_requests(box: InProcess, client: httpx.Client) -> None:
    with box.client() as hasty:
        hasty.get("/api/accounts")
        hasty.get("/api/accounts")
    assert [line["status"] for line in box.requests(operation="get_accounts")] == [200, 429]
