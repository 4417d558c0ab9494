"""The sandbox as a process: sockets, signals, sudden death and the control door."""

import hashlib
import json
import socket
import time
from pathlib import Path

import httpx
import pytest

from klaviyo_admin.sandbox.calls import Call
from tests.fakes import InProcess, RunningSandbox
from tests.sandbox.conftest import body

pytestmark = pytest.mark.processes


def test_one_connection_carries_many_requests(running: RunningSandbox) -> None:
    with socket.create_connection(("127.0.0.1", running.port), timeout=5) as line:
        for _ in range(3):
            line.sendall(b"GET /api/nowhere HTTP/1.1\r\nHost: x\r\n\r\n")
            received = line.recv(65536)
            assert received.startswith(b"HTTP/1.1 401")
            assert b'"errors"' in received, "head and body come in one piece"


def test_a_body_of_unknown_length_is_refused(running: RunningSandbox) -> None:
    with running.client() as client:
        answer = client.post("/api/lists", content=iter([b"{}"]))
    assert answer.status_code == 411


def test_data_survives_a_kill(tmp_path: Path) -> None:
    with RunningSandbox(database=tmp_path / "shop.sqlite3", profiles=20) as sandbox:
        with sandbox.client() as client:
            made = client.post("/api/profiles", json=body("profile", {"email": "kept@example.com"})).json()["data"]
        port = sandbox.port
        assert sandbox.stop(kill=True) == -9
        begun = time.monotonic()
        sandbox.start()
        assert time.monotonic() - begun < 5
        assert sandbox.port == port
        with sandbox.client() as client:
            assert client.get(f"/api/profiles/{made['id']}").json()["data"]["attributes"] == made["attributes"]
        assert [line["operation"] for line in sandbox.requests()] == ["create_profile", "get_profile"]
        assert sandbox.stop() == 0


def test_the_log_holds_what_was_sent_and_what_came_back(box: InProcess) -> None:
    sent = json.dumps(body("list", {"name": "Logged"})).encode()
    with box.client() as client:
        client.post("/api/lists", content=sent)
        client.get("/api/lists", params={"filter": 'equals(name,["Logged"])'})
        client.get("/api/nowhere")
    made, read, lost = box.requests()
    assert (made["operation"], made["method"], made["path"], made["status"]) == (
        "create_list",
        "POST",
        "/api/lists",
        201,
    )
    assert (made["sha256"], made["size"], made["account"]) == (hashlib.sha256(sent).hexdigest(), len(sent), "SBXJP1")
    assert "Logged" in read["query"]
    assert (lost["operation"], lost["status"]) == ("", 404)
    assert [line["n"] for line in box.requests(method="GET", status=200)] == [read["n"]]
    assert [line["n"] for line in box.requests(limit=1)] == [lost["n"]]
    box.forget_requests()
    assert box.requests() == []


def test_a_reset_brings_the_seeded_shop_back(box: InProcess) -> None:
    with box.client() as client:
        before = client.get("/api/profiles?page[size]=100").json()["data"]
        client.post("/api/profiles", json=body("profile", {"email": "new@example.com"}))
        box.fault("*", "html")
        box.advance(5000)
        box.reset()
        assert client.get("/api/profiles?page[size]=100").json()["data"] == before
    assert [line["operation"] for line in box.requests()] == ["get_profiles"]


def test_another_seed_makes_another_shop(box: InProcess) -> None:
    with box.client() as client:
        before = client.get("/api/profiles").json()["data"]
        box.door("POST", "seed", profiles=7, seed=8)
        after = client.get("/api/profiles").json()["data"]
    assert len(after) == 7
    assert {p["id"] for p in before}.isdisjoint(p["id"] for p in after)


def test_the_control_door_is_shut_to_other_machines(box: InProcess) -> None:
    for peer, status in (("127.0.0.1", 200), ("::1", 200), ("192.0.2.7", 403)):
        assert box.sandbox.answer(Call("GET", "/_sandbox/requests", peer=peer)).status == status


@pytest.mark.parametrize(
    ("part", "given"),
    [("faults", {"kind": "flood"}), ("faults", {"kind": "slow", "times": "often"}), ("clock", {"advance": "a day"})],
)
def test_the_control_door_says_what_it_cannot_read(box: InProcess, part: str, given: dict[str, str]) -> None:
    with pytest.raises(httpx.HTTPStatusError, match="400"):
        box.door("POST", part, **given)


def test_there_is_nothing_else_behind_the_control_door(box: InProcess) -> None:
    assert box.sandbox.answer(Call("GET", "/_sandbox/keys")).status == 404
