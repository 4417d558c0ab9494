"""Faults over a real socket: what a client sees, and what was done nevertheless."""

from collections.abc import Iterator

import httpx
import pytest

from klaviyo_admin.sandbox.faults import Order, Orders
from tests.fakes import InProcess, RunningSandbox
from tests.sandbox.conftest import body

pytestmark = pytest.mark.processes


@pytest.fixture
def client(running: RunningSandbox) -> Iterator[httpx.Client]:
    running.advance(61)
    running.forget_requests()
    with running.client(timeout=5) as found:
        yield found
    running.clear_faults()


def write(client: httpx.Client, name: str) -> httpx.Response:
    return client.post("/api/lists", json=body("list", {"name": name}))


def done(client: httpx.Client, name: str) -> bool:
    return bool(client.get("/api/lists", params={"filter": f'equals(name,["{name}"])'}).json()["data"])


def test_a_throttle_answers_429_before_anything_is_done(running: RunningSandbox, client: httpx.Client) -> None:
    running.fault("create_list", "throttle", times=1, seconds=3)
    answer = write(client, "throttled")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3")
    assert not done(client, "throttled")
    assert write(client, "throttled").status_code == 201


def test_an_error_before_does_nothing_and_an_error_after_does_it_all(
    running: RunningSandbox, client: httpx.Client
) -> None:
    running.fault("create_list", "error_before", times=1)
    running.fault("create_list", "error_after", times=1, status=503)
    first, second = write(client, "first error"), write(client, "second error")
    assert (first.status_code, first.json()["errors"][0]["code"]) == (500, "error")
    assert second.status_code == 503
    assert (done(client, "first error"), done(client, "second error")) == (False, True)


def test_a_drop_closes_the_connection_without_an_answer(running: RunningSandbox, client: httpx.Client) -> None:
    running.fault("create_list", "drop_before", times=1)
    running.fault("create_list", "drop_after", times=1)
    for name in ("dropped before", "dropped after"):
        with pytest.raises(httpx.RemoteProtocolError):
            write(client, name)
    assert (done(client, "dropped before"), done(client, "dropped after")) == (False, True)
    log = running.requests(operation="create_list")
    assert [(line["status"], line["fault"]) for line in log] == [(None, "drop_before"), (201, "drop_after")]


def test_a_truncated_answer_ends_too_early(running: RunningSandbox, client: httpx.Client) -> None:
    running.fault("create_list", "truncate", times=1)
    with pytest.raises(httpx.RemoteProtocolError, match="complete message body"):
        write(client, "truncated")
    assert done(client, "truncated")


def test_a_slow_answer_outlasts_an_impatient_client(running: RunningSandbox, client: httpx.Client) -> None:
    running.fault("create_list", "slow", times=1, seconds=0.6)
    with running.client(timeout=0.2) as impatient, pytest.raises(httpx.ReadTimeout):
        write(impatient, "slow")
    assert done(client, "slow")


def test_an_html_page_comes_from_the_edge(running: RunningSandbox, client: httpx.Client) -> None:
    running.fault("*", "html", times=1)
    answer = write(client, "html")
    assert answer.status_code == 503
    assert answer.headers["Content-Type"].startswith("text/html")
    assert not done(client, "html")


def test_a_connection_survives_what_came_before(running: RunningSandbox, client: httpx.Client) -> None:
    running.fault("get_lists", "error_before", times=1)
    assert [client.get("/api/lists").status_code for _ in range(3)] == [500, 200, 200]


def test_a_probability_hits_about_that_often_and_the_same_each_time() -> None:
    def hits(seed: int) -> list[bool]:
        orders = Orders(seed)
        orders.add(Order("get_lists", "html", probability=0.3))
        return [orders.draw("get_lists") is not None for _ in range(1000)]

    assert hits(1) == hits(1)
    assert hits(1) != hits(2)
    assert 250 < sum(hits(1)) < 350


def test_a_fault_for_one_operation_spares_the_others(box: InProcess) -> None:
    box.fault("get_lists", "error_before")
    with box.client() as client:
        assert client.get("/api/lists").status_code == 500
        assert client.get("/api/segments").status_code == 200


@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "truncate", "slow"])
def test_the_transport_in_process_misbehaves_like_a_socket(box: InProcess, kind: str) -> None:
    box.fault("create_list", kind, times=1, seconds=9)
    with box.client(timeout=1) as client, pytest.raises(httpx.TransportError):
        write(client, "Carried")
    names = [item["attributes"]["name"] for item in box.client().get("/api/lists?sort=-created").json()["data"]]
    assert ("Carried" in names) is (kind != "drop_before")
