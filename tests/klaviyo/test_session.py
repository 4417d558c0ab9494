"""The session: a key that is never shown, one pool of connections per host, and answers of bounded size."""

import logging
import socket
import threading
import traceback
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from klaviyo_admin.klaviyo import errors
from klaviyo_admin.klaviyo.client import Reader, Session, Writer
from klaviyo_admin.klaviyo.values import Write
from tests.klaviyo.network import BASE, KEY, Network, answer, one, refusal, throttle

DELETE = Write("delete_list", "DELETE", "/api/lists/AbC123")


class Echo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    peers: set[tuple[str, int]] = set()

    def do_GET(self) -> None:
        Echo.peers.add(self.client_address)
        body = b'{"data": {"type": "profile", "id": "01HZ"}}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_DELETE(self) -> None:
        self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    Echo.peers.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


def test_sessions_of_one_host_share_their_connections(server: str) -> None:
    for _ in range(5):
        assert Reader(Session(server, KEY)).item("get_profile", {"id": "01HZ"}).id == "01HZ"
    assert len(Echo.peers) == 1


def test_reads_side_by_side_use_a_connection_each(server: str) -> None:
    reader = Reader(Session(server, KEY))
    results = reader.gather(*[lambda: reader.item("get_profile", {"id": "01HZ"}).id] * 30)
    assert results == ["01HZ"] * 30
    assert len(Echo.peers) <= 8


def test_a_connection_closed_without_an_answer_leaves_a_write_unclear(server: str) -> None:
    with pytest.raises(errors.Unclear):
        Writer(Session(server, KEY)).send(DELETE)


def test_a_port_where_nobody_listens_is_unavailable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    session = Session(f"http://127.0.0.1:{port}", KEY, wait=lambda _: None)
    with pytest.raises(errors.Unavailable):
        Writer(session).send(DELETE)
    with pytest.raises(errors.Unavailable):
        Reader(session).item("get_profile", {"id": "01HZ"})


def test_a_host_without_a_name_is_unavailable() -> None:
    session = Session("http://no-such-host.invalid", KEY, transport=httpx.HTTPTransport())
    with pytest.raises(errors.Unavailable):
        Writer(session).send(DELETE)


FAULTS = [
    refusal(400),
    refusal(401),
    refusal(403),
    throttle("9999"),
    answer(500),
    answer(200),
    httpx.ConnectError("refused"),
    httpx.ReadTimeout("slow"),
]


@pytest.mark.parametrize("fault", FAULTS)
def test_the_key_is_in_no_error_log_or_repr(fault: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for act in (
        lambda n: n.writer.send(DELETE),
        lambda n: n.reader.item("get_profile", {"id": "01HZ"}),
        lambda n: n.reader.page("get_profiles"),
    ):
        try:
            act(Network(fault))
        except errors.KlaviyoError as error:
            shown = [str(error), repr(error), repr(vars(error)), "".join(traceback.format_exception(error))]
            chain = (error.__cause__, error.__context__)
            assert not any(isinstance(link, httpx.RequestError) for link in chain)
            assert KEY not in "".join(shown)
    assert KEY not in caplog.text


def test_the_key_is_in_no_repr_of_what_holds_it() -> None:
    network = Network(one())
    session = network.session
    for shown in (session, network.reader, network.writer, [session], {"session": session}):
        assert KEY not in repr(shown)
        assert KEY not in str(shown)


@pytest.mark.parametrize("key", ["", "two words", "pk_new\nline", "pk_ünusual", "pk_\x00"])
def test_a_key_that_cannot_be_one_is_refused_before_anything_is_sent(key: str) -> None:
    with pytest.raises(errors.Unauthorised) as caught:
        Session(BASE, key)
    assert not key or key not in str(caught.value)


def test_an_answer_has_a_largest_size() -> None:
    class Endless(httpx.SyncByteStream):
        pulled = 0

        def __iter__(self) -> Iterator[bytes]:
            while True:
                Endless.pulled += 1
                yield b" " * 1024 * 1024

    network = Network(lambda request: httpx.Response(200, stream=Endless()))
    with pytest.raises(errors.Unavailable, match="cut off"):
        network.reader.item("get_profile", {"id": "01HZ"})
    assert Endless.pulled <= 3 * 52


def test_an_answer_with_a_wrong_encoding_is_one_that_broke_off() -> None:
    broken = {"Content-Encoding": "gzip", "Content-Type": "application/vnd.api+json"}
    network = Network(lambda request: httpx.Response(200, stream=httpx.ByteStream(b"not gzip"), headers=broken))
    with pytest.raises(errors.Unavailable):
        network.reader.item("get_profile", {"id": "01HZ"})
