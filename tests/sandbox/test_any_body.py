"""Whatever body a write gets, sound or spoilt: never a fault of the sandbox's own, and a refusal points at the place."""

import json
from collections.abc import Iterator
from random import Random
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from klaviyo_admin.klaviyo.catalogue import Operation, operations
from tests.fakes import InProcess, sandbox_in_process
from tests.sandbox.bodies import Maker
from tests.sandbox.conftest import NOON

WRITES = sorted((o for o in operations() if o.method != "GET"), key=lambda o: o.method == "DELETE")
OWNERS = {o.path.split("/")[2]: o.kind for o in operations() if o.method == "GET" and o.path.count("/") == 3}
LISTED = {"get_campaigns": {"filter": "equals(messages.channel,'email')"}}

Shop = tuple[InProcess, httpx.Client, dict[str, list[str]]]


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    with sandbox_in_process(30, now=lambda: NOON) as box, box.client() as client:
        yield box, client, known(box, client)


def known(box: InProcess, client: httpx.Client) -> dict[str, list[str]]:
    """Ids of the first things of each kind."""
    found: dict[str, list[str]] = {}
    for operation in operations():
        if operation.method == "GET" and operation.path.startswith("/api/") and operation.path.count("/") == 2:
            box.sandbox.meter.forget()
            rows = client.get(operation.path, params=LISTED.get(operation.id)).json().get("data", [])
            found.setdefault(operation.kind, []).extend(row["id"] for row in rows[:6])
    return found


def address(operation: Operation, chance: Random, idents: dict[str, list[str]]) -> dict[str, str]:
    kind = OWNERS.get(operation.path.split("/")[2], operation.kind)
    return {p.name: chance.choice([*idents.get(kind, []), "none"]) for p in operation.parameters if p.place == "path"}


def pointed(answer: httpx.Response) -> bool:
    problems = answer.json()["errors"]
    return bool(problems) and all(p["source"].get("pointer") or p["source"].get("parameter") for p in problems)


def send(shop: Shop, operation: Operation, path: dict[str, str], body: Any) -> httpx.Response:
    box, client, _ = shop
    box.sandbox.meter.forget()
    asked = {"company_id": "SBXJP1"} if operation.path.startswith("/client/") else None
    more: dict[str, Any] = {"content": json.dumps(body).encode()} if body is not None else {}
    if operation.media:
        given = body if isinstance(body, dict) else {}
        kept = {name: str(value) for name, value in given.items() if name != "file"}
        form = httpx.Request("POST", box.url, data=kept, files={"file": ("a.png", b"no picture")})
        more = {"content": form.read(), "headers": {"Content-Type": form.headers["Content-Type"]}}
    return client.request(operation.method, operation.url(path), params=asked, **more)


@pytest.mark.parametrize("operation", WRITES, ids=lambda operation: operation.id)
@settings(max_examples=6, deadline=None, derandomize=True, database=None, suppress_health_check=[*HealthCheck])
@given(seed=st.integers(0, 2**32))
def test_any_body_is_answered_and_a_refusal_says_where(shop: Shop, operation: Operation, seed: int) -> None:
    chance = Random(seed)
    path = address(operation, chance, shop[2])
    maker = Maker(operation, chance, shop[2], path)
    body = maker.sound()
    for sent in (body, maker.spoilt(body)):
        answer = send(shop, operation, path, sent)
        assert answer.status_code < 500, (sent, answer.text)
        assert answer.status_code < 300 or pointed(answer), (sent, answer.text)
