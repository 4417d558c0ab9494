"""Sandboxes for the tests of the sandbox."""

from collections.abc import Iterator

import httpx
import pytest

from tests.fakes import InProcess, RunningSandbox, sandbox_in_process


@pytest.fixture
def box() -> Iterator[InProcess]:
    """A small shop in this process."""
    with sandbox_in_process(60) as found:
        yield found


@pytest.fixture
def client(box: InProcess) -> Iterator[httpx.Client]:
    with box.client() as found:
        yield found


@pytest.fixture(scope="session")
def running() -> Iterator[RunningSandbox]:
    """A server on a socket, shared; a test that orders faults clears them."""
    with RunningSandbox(profiles=200, speed=20) as found:
        yield found
