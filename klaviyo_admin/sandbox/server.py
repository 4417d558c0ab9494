"""The sandbox on real sockets: HTTP/1.1 with keep-alive, one send per answer, and faults a client can feel."""

import contextlib
import logging
import signal
import socket
import threading
import time
from collections.abc import Callable
from http.client import responses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from klaviyo_admin.sandbox.calls import Answer, Call
from klaviyo_admin.sandbox.service import Sandbox

_LOG = logging.getLogger(__name__)
_LARGEST = 16 * 1024 * 1024
_PULSE = 1.0  # seconds between two looks at what is due
_IDLE = 75  # seconds a silent connection is kept


class Server(ThreadingHTTPServer):
    """A thread for each connection. `shutdown` from another thread stops it."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, sandbox: Sandbox, host: str, port: int) -> None:
        super().__init__((host, port), type("Talk", (_Talk,), {"sandbox": sandbox}))

    @property
    def address(self) -> str:
        return f"http://{self.server_address[0]!s}:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news."""


class _Talk(BaseHTTPRequestHandler):
    sandbox: Sandbox
    protocol_version = "HTTP/1.1"
    timeout = _IDLE

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _talk(self) -> None:
        length = self.headers.get("content-length", "0")
        if "transfer-encoding" in self.headers or not length.isdigit() or int(length) > _LARGEST:
            # What follows cannot be told from the next request, so the connection ends here.
            self.close_connection = True
            self._send(Answer(413 if length.isdigit() and int(length) > _LARGEST else 411))
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        call = Call(self.command, self.path, headers, self.rfile.read(int(length)), self.client_address[0])
        answer = self.sandbox.answer(call)
        if answer.delay:
            time.sleep(answer.delay)
        if answer.fault == "drop":
            self.close_connection = True
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._send(answer)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _talk

    def _send(self, answer: Answer) -> None:
        lines = [f"HTTP/1.1 {answer.status} {responses.get(answer.status, '')}"]
        lines += [f"{name}: {value}" for name, value in answer.headers]
        if answer.status != 204:
            lines.append(f"Content-Length: {len(answer.body)}")
        body = answer.body
        if answer.fault == "truncate":
            body = body[: len(body) // 2]
            self.close_connection = True
        if self.close_connection:
            lines.append("Connection: close")
        self.connection.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + body)

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: the request log is behind the control door."""


def _beat(sandbox: Sandbox, over: threading.Event) -> None:
    """Lets the sandbox do what is due once a second until it is over."""
    while not over.wait(_PULSE):
        try:
            sandbox.tick()
        except Exception:
            _LOG.exception("the heartbeat missed a beat")


def serve(sandbox: Sandbox, host: str, port: int, ready: Callable[[str], None] = lambda address: None) -> None:
    """Serves until SIGTERM or SIGINT. `ready` is told the address when the socket listens. Main thread only."""
    server = Server(sandbox, host, port)

    def stop(number: int, frame: Any) -> None:
        threading.Thread(target=server.shutdown, daemon=True).start()

    over = threading.Event()
    heart = threading.Thread(target=_beat, args=(sandbox, over), daemon=True)
    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        heart.start()
        ready(server.address)
        server.serve_forever(poll_interval=0.1)
    finally:
        over.set()
        heart.join()
        server.server_close()
        sandbox.close()
        for number, action in before.items():
            signal.signal(number, action)
