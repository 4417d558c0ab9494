"""Webhooks: kept, masked, and really delivered to this machine and to no other."""

import json
import queue
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest

from klaviyo_admin.sandbox.deliveries import signature
from tests.fakes import InProcess, RunningSandbox
from tests.sandbox.conftest import body, problem

SECRET = "a secret of some length"
VIEWED = "event:api.viewed_product"


class Receiver(HTTPServer):
    """Keeps what it was sent: headers and body of each request."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Receive)
        self.received: queue.Queue[tuple[dict[str, str], bytes]] = queue.Queue()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class _Receive(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        assert isinstance(self.server, Receiver)
        self.server.received.put((dict(self.headers.items()), content))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def subscribe(client: httpx.Client, address: str, topic: str = VIEWED, secret: str = SECRET) -> httpx.Response:
    topics = {"webhook-topics": {"data": [{"type": "webhook-topic", "id": topic}]}}
    attributes = {"name": "Mine", "endpoint_url": address, "secret_key": secret}
    return client.post("/api/webhooks", json=body("webhook", attributes, relationships=topics))


def happen(client: httpx.Client, name: str = "Viewed Product", who: str = "ann@example.com") -> None:
    given: dict[str, Any] = {
        "properties": {"shelf": 3},
        "metric": {"data": {"type": "metric", "attributes": {"name": name}}},
        "profile": {"data": {"type": "profile", "attributes": {"email": who}}},
    }
    assert client.post("/api/events", json=body("event", given)).status_code == 202


def outcomes(box: InProcess, *expected: str) -> list[str]:
    """What became of the batches, once it is as expected or two seconds have passed."""
    until = time.monotonic() + 2
    while True:
        found = [line["outcome"] for line in box.door("GET", "deliveries")["deliveries"]]
        if found == list(expected) or time.monotonic() > until:
            return found
        time.sleep(0.02)


def test_an_event_arrives_signed(box: InProcess, client: httpx.Client, receiver: Receiver) -> None:
    made = subscribe(client, receiver.address).json()["data"]
    assert receiver.address not in json.dumps(made)
    assert SECRET not in json.dumps(made)
    happen(client)
    happen(client, "Added to Cart")
    box.advance(1)
    headers, content = receiver.received.get(timeout=5)
    assert headers["Klaviyo-Webhook-Id"] == made["id"]
    assert headers["Klaviyo-Signature"] == signature(SECRET, content, headers["Klaviyo-Timestamp"])
    told = json.loads(content)
    assert [item["topic"] for item in told["data"]] == [VIEWED], "only what was subscribed to"
    payload = told["data"][0]["payload"]["data"]
    assert payload["attributes"]["event_properties"]["shelf"] == 3
    seen = client.get(f"/api/events/{payload['id']}").json()["data"]
    assert payload["attributes"] == seen["attributes"]
    assert outcomes(box, "delivered") == ["delivered"]


def test_every_event_is_told_once(box: InProcess, client: httpx.Client, receiver: Receiver) -> None:
    subscribe(client, receiver.address)
    for number in range(3):
        happen(client, who=f"person{number}@example.com")
    box.advance(1)
    box.advance(1)
    told = []
    while len(told) < 3:
        told += [item["external_id"] for item in json.loads(receiver.received.get(timeout=5)[1])["data"]]
    assert len(set(told)) == 3
    time.sleep(0.1)
    assert receiver.received.empty()


def test_nobody_beyond_this_machine_is_asked(box: InProcess, client: httpx.Client) -> None:
    assert subscribe(client, "https://hooks.example.com/a").status_code == 201
    happen(client)
    box.advance(1)
    assert outcomes(box, "away") == ["away"]


def test_a_receiver_that_does_not_answer_is_written_down(box: InProcess, client: httpx.Client) -> None:
    subscribe(client, "http://127.0.0.1:1/hook")
    happen(client)
    box.advance(1)
    assert outcomes(box, "failed") == ["failed"]


def test_a_webhook_that_is_off_misses_what_happens(box: InProcess, client: httpx.Client, receiver: Receiver) -> None:
    ident = subscribe(client, receiver.address).json()["data"]["id"]
    address = f"/api/webhooks/{ident}"
    shown = client.patch(address, json=body("webhook", {"enabled": False}, ident)).json()["data"]["attributes"]
    assert shown["enabled"] is False
    happen(client)
    client.patch(address, json=body("webhook", {"enabled": True}, ident))
    happen(client, who="bo@example.com")
    box.advance(1)
    told = json.loads(receiver.received.get(timeout=5)[1])["data"]
    assert len(told) == 1


def test_a_webhook_must_be_secret_and_safe(client: httpx.Client) -> None:
    wrong = {
        "/data/attributes/endpoint_url": ("http://hooks.example.com/a", VIEWED, SECRET),
        "/data/attributes/secret_key": ("https://hooks.example.com/a", VIEWED, "short"),
    }
    for pointer, given in wrong.items():
        answer = subscribe(client, *given)
        assert (answer.status_code, problem(answer)["source"]) == (400, {"pointer": pointer})
    assert subscribe(client, "https://hooks.example.com/a", "event:klaviyo.nothing").status_code == 404


def test_topics_are_the_metrics_of_the_account(client: httpx.Client) -> None:
    topics = [topic["id"] for topic in client.get("/api/webhook-topics").json()["data"]]
    assert {"event:klaviyo.opened_email", "event:sandbox_shop.placed_order", VIEWED} <= set(topics)
    assert client.get(f"/api/webhook-topics/{VIEWED}").json()["data"]["id"] == VIEWED
    assert client.get("/api/webhook-topics/event:nothing").status_code == 404


def test_a_server_delivers_by_itself(running: RunningSandbox, receiver: Receiver) -> None:
    with running.client() as client:
        ident = subscribe(client, receiver.address).json()["data"]["id"]
        happen(client)
        assert receiver.received.get(timeout=5)
        assert client.delete(f"/api/webhooks/{ident}").status_code == 204
