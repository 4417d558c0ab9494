"""The only way out of the sandbox: requests to this machine itself, never to any other."""

import contextlib
import http.client
import ipaddress
import ssl
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

_PATIENCE = 3.0  # seconds


class Unreachable(Exception):
    """Not an address of this machine, or nobody answers there."""


def is_near(address: str) -> bool:
    """Whether an http or https address names this machine by "localhost" or by a loopback number."""
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and _number(parts) != ""
    except ValueError:
        return False


def request(
    method: str, address: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> tuple[int, bytes]:
    """Status and body of the answer; redirects are not followed. Raises Unreachable."""
    if not is_near(address):
        raise Unreachable(f"{address} is not on this machine")
    parts = urlsplit(address)
    target = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
    with contextlib.closing(_connection(parts)) as connection:
        try:
            connection.request(
                method, target, body or None, {"Host": parts.netloc.rpartition("@")[2], **(headers or {})}
            )
            answer = connection.getresponse()
            return answer.status, answer.read(16 * 1024 * 1024)
        except (OSError, http.client.HTTPException, ValueError) as fault:
            raise Unreachable(f"{address} does not answer") from fault


def _connection(parts: SplitResult) -> http.client.HTTPConnection:
    if parts.scheme == "http":
        return http.client.HTTPConnection(_number(parts), parts.port, timeout=_PATIENCE)
    # A receiver under test has a certificate that it signed itself; nothing leaves this machine.
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    return http.client.HTTPSConnection(_number(parts), parts.port, timeout=_PATIENCE, context=trusting)


def _number(parts: SplitResult) -> str:
    """The loopback number to connect to; empty for any other host. Names are not looked up, so none can mislead."""
    host = (parts.hostname or "").rstrip(".")
    if host == "localhost":
        return "127.0.0.1"
    try:
        return host if ipaddress.ip_address(host).is_loopback else ""
    except ValueError:
        return ""
