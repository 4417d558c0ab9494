"""Writing: sent exactly once, and every end is one of accepted, refused, throttled, never sent, or unclear."""

from typing import Any

import httpx
import pytest

from klaviyo_admin.klaviyo import errors
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.client import WrongDoor
from klaviyo_admin.klaviyo.values import Write
from tests.klaviyo.network import BASE, MEDIA, Network, answer, page_web, refusal, throttle

RENAME = operation("update_list").write(
    {"id": "AbC123"}, {"data": {"type": "list", "id": "AbC123", "attributes": {"name": "VIPs"}}}
)
SEND = operation("send_campaign").write({}, {"data": {"type": "campaign-send-job", "id": "01HZ"}})
DELETE = operation("delete_list").write({"id": "AbC123"})


def test_the_bytes_of_the_write_are_the_bytes_of_the_request() -> None:
    network = Network(answer(200, {"data": {"type": "list", "id": "AbC123"}}))
    receipt = network.writer.send(RENAME)
    request = network.requests[0]
    assert (request.method, str(request.url), request.content) == ("PATCH", BASE + RENAME.path, RENAME.body)
    assert request.headers["content-type"] == MEDIA
    assert (receipt.status, receipt.document["data"]["id"], receipt.attempts) == (200, "AbC123", 1)
    assert receipt.seconds >= 0


def test_a_delete_has_no_body_and_no_content_type() -> None:
    network = Network(answer(204))
    receipt = network.writer.send(DELETE)
    assert (receipt.status, receipt.document, receipt.body) == (204, None, b"")
    assert network.requests[0].content == b""
    assert "content-type" not in network.requests[0].headers


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_any_success_is_accepted(status: int) -> None:
    assert Network(answer(status)).writer.send(SEND).status == status


class BrokenOff(httpx.SyncByteStream):
    """A body that ends before it is complete."""

    def __iter__(self) -> Any:
        yield b'{"data": {"type": "li'
        raise httpx.RemoteProtocolError("peer closed connection without sending complete message body")


@pytest.mark.parametrize(
    "broken",
    [
        httpx.Response(200, content=b'{"data": {"type": "li', headers={"Content-Type": MEDIA}),
        httpx.Response(200, stream=BrokenOff(), headers={"Content-Type": MEDIA}),
    ],
)
def test_an_accepted_write_has_happened_though_its_answer_broke_off(broken: httpx.Response) -> None:
    receipt = Network(broken).writer.send(RENAME)
    assert (receipt.status, receipt.document) == (200, None)


@pytest.mark.parametrize(
    ("status", "leaf"),
    [
        (400, errors.Invalid),
        (401, errors.Unauthorised),
        (403, errors.Forbidden),
        (404, errors.NotFound),
        (409, errors.Conflict),
        (410, errors.Gone),
        (413, errors.Invalid),
    ],
)
def test_a_refused_write_did_nothing_and_is_not_repeated(status: int, leaf: type[errors.Refused]) -> None:
    network = Network(refusal(status, meta={"duplicate_profile_id": "01HZ"}))
    with pytest.raises(errors.Refused) as caught:
        network.writer.send(RENAME)
    assert type(caught.value) is leaf
    assert caught.value.problems[0].duplicate_id == "01HZ"
    assert len(network.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 408, 500, 502, 503, 504, 520, 524])
@pytest.mark.parametrize("make", [answer, page_web])
def test_an_answer_that_says_nothing_leaves_a_write_unclear_and_unrepeated(status: int, make: Any) -> None:
    network = Network(make(status, headers={"Location": f"{BASE}/api/lists/AbC123"}))
    with pytest.raises(errors.Unclear) as caught:
        network.writer.send(SEND)
    assert caught.value.status == status
    assert len(network.requests) == 1
    assert network.waits == []


@pytest.mark.parametrize(
    "fault",
    [
        httpx.ReadTimeout(""),
        httpx.ReadError(""),
        httpx.WriteError("broken pipe"),
        httpx.WriteTimeout(""),
        httpx.RemoteProtocolError("Server disconnected without sending a response."),
    ],
)
def test_a_lost_answer_leaves_a_write_unclear_and_unrepeated(fault: Exception) -> None:
    network = Network(fault)
    with pytest.raises(errors.Unclear, match="may or may not have happened"):
        network.writer.send(SEND)
    assert len(network.requests) == 1
    assert network.waits == []


@pytest.mark.parametrize(
    "fault",
    [httpx.ConnectError("refused"), httpx.ConnectTimeout(""), httpx.PoolTimeout(""), httpx.ProxyError("407")],
)
def test_a_write_without_a_connection_was_surely_not_sent(fault: Exception) -> None:
    network = Network(fault)
    with pytest.raises(errors.Unavailable):
        network.writer.send(SEND)
    assert len(network.requests) == 1


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413])
def test_a_gateway_that_turns_a_write_away_did_not_pass_it_on(status: int) -> None:
    network = Network(page_web(status, {"cf-mitigated": "challenge"}))
    with pytest.raises(errors.Unavailable):
        network.writer.send(SEND)
    assert len(network.requests) == 1


def test_a_web_page_with_a_success_is_not_an_accepted_write() -> None:
    with pytest.raises(errors.Unclear, match="not Klaviyo’s API"):
        Network(page_web(200)).writer.send(SEND)


def test_a_throttled_write_comes_again_after_a_short_wait() -> None:
    network = Network(throttle("1"), throttle("5"), answer(202))
    receipt = network.writer.send(SEND)
    assert (receipt.status, receipt.attempts) == (202, 3)
    assert network.waits == [1, 5]
    assert len({request.content for request in network.requests}) == 1


def test_a_throttled_write_is_sent_at_most_four_times() -> None:
    network = Network(throttle("1"))
    with pytest.raises(errors.Throttled) as caught:
        network.writer.send(SEND)
    assert len(network.requests) == 4
    assert network.waits == [1, 1, 1]
    assert caught.value.retry_after == 1


@pytest.mark.parametrize(("told", "seconds"), [("6", 6), ("67608", 67608), (None, 10)])
def test_a_long_wait_is_left_to_the_caller(told: str | None, seconds: int) -> None:
    network = Network(throttle(told))
    with pytest.raises(errors.Throttled) as caught:
        network.writer.send(SEND)
    assert (caught.value.retry_after, len(network.requests), network.waits) == (seconds, 1, [])


def test_a_failure_after_a_429_is_not_repeated() -> None:
    network = Network(throttle("1"), httpx.ReadTimeout(""))
    with pytest.raises(errors.Unclear):
        network.writer.send(SEND)
    assert len(network.requests) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        Write("get_lists", "GET", "/api/lists"),
        Write("query_flow_values", "POST", "/api/flow-values-reports", b"{}"),
        Write("delete_list", "DELETE", "/api/segments/AbC123"),
        Write("delete_list", "POST", "/api/lists/AbC123"),
        Write("delete_list", "DELETE", "@example.com/api/lists/AbC123"),
        Write("delete_list", "DELETE", "https://example.com/api/lists/AbC123"),
    ],
)
def test_a_writer_sends_only_what_a_write_says_it_is(wrong: Write) -> None:
    network = Network(answer(204))
    with pytest.raises(WrongDoor):
        network.writer.send(wrong)
    assert network.requests == []


def test_a_file_goes_with_the_boundary_of_its_own_bytes() -> None:
    body = b'--xyz42\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n...\r\n--xyz42--\r\n'
    network = Network(answer(201, {"data": {"type": "image", "id": "7"}}))
    network.writer.send(operation("upload_image_from_file").write(body=body))
    assert network.requests[0].headers["content-type"] == "multipart/form-data; boundary=xyz42"
    assert network.requests[0].content == body
