"""Sandboxes for the tests of the sandbox."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.fakes import InProcess, RunningSandbox, sandbox_in_process

NOON = 1_795_003_200.0  # 2026-11-18 12:00 UTC: the start of a second, a minute, an hour


@pytest.fixture
def box() -> Iterator[InProcess]:
    """A small shop in this process, on a clock that stands still unless it is moved."""
    with sandbox_in_process(60, now=lambda: NOON) as found:
        yield found


@pytest.fixture
def client(box: InProcess) -> Iterator[httpx.Client]:
    """A caller in no hurry."""
    with box.client(**unhurried(box)) as found:
        yield found


def unhurried(box: InProcess) -> dict[str, Any]:
    """Options of a client before each of whose requests a second passes, so that no limit is met by accident."""
    return {"event_hooks": {"request": [lambda request: box.advance(1)]}}


@pytest.fixture(scope="session")
def running() -> Iterator[RunningSandbox]:
    """A server on a socket, shared; a test that orders faults clears them."""
    with RunningSandbox(profiles=200, speed=20) as found:
        yield found


def body(kind: str, attributes: dict[str, Any], ident: str = "", **more: Any) -> dict[str, Any]:
    """A JSON:API document with one resource."""
    return {"data": {"type": kind, **({"id": ident} if ident else {}), "attributes": attributes, **more}}


def problem(answer: httpx.Response) -> dict[str, Any]:
    """The first problem of an error document."""
    found: dict[str, Any] = answer.json()["errors"][0]
    return found


def every_page(client: httpx.Client, path: str, **params: Any) -> Iterator[dict[str, Any]]:
    """All resources of a collection, following the links."""
    answer = client.get(path, params=params)
    while True:
        assert answer.status_code == 200, answer.text
        yield from answer.json()["data"]
        following = answer.json()["links"]["next"]
        if not following:
            return
        answer = client.get(following)
