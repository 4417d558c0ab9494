"""How a message leaves for an address that is not Klaviyo's: one POST, no redirect followed, its address never in words.

By the standard library, because httpx belongs to Klaviyo's client alone.
"""

import base64
import http.client
import ipaddress
import socket
import ssl
from urllib.parse import SplitResult, unquote, urlsplit

TIMEOUT = 15.0  # seconds of one delivery


class NotTaken(Exception):
    """The other side does not have it, or does not say so. The words never hold the address: it may be secret."""


class _At(http.client.HTTPConnection):
    """A connection to a numeric address that was looked up, and looked at, beforehand."""

    def __init__(self, parts: SplitResult, found: tuple[str, int]) -> None:
        super().__init__(parts.hostname or "", found[1], timeout=TIMEOUT)
        self._found = found
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None

    def connect(self) -> None:
        plain = socket.create_connection(self._found, TIMEOUT)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host) if self._tls else plain


def post(url: str, body: bytes, kind: str, *, private: bool) -> None:
    """Hands `body`, of media type `kind`, to an http(s) address, which takes it with a 2xx. Raises NotTaken.

    Unless `private`, only an address of the public Internet: a person who may name one must not reach the inside of the
    network by it.
    """
    parts = urlsplit(url)
    headers = {"Content-Type": kind, "User-Agent": "klaviyo-admin", "Host": parts.netloc.rpartition("@")[2]}
    if parts.username:
        said = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Authorization"] = f"Basic {base64.b64encode(said.encode()).decode()}"
    try:
        connection = _At(parts, _place(parts, private))
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", target, body, headers)
            status = connection.getresponse().status
        finally:
            connection.close()
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise NotTaken(f"It cannot be reached ({type(error).__name__}).") from None
    if not 200 <= status < 300:
        raise NotTaken(f"It answered {status}.")


def _place(parts: SplitResult, private: bool) -> tuple[str, int]:
    """The numeric address and port. Raises NotTaken for one that is not public, OSError for none."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = socket.getaddrinfo(parts.hostname or "", port, type=socket.SOCK_STREAM)
    place = str(found[0][4][0])
    if not private and not ipaddress.ip_address(place.partition("%")[0]).is_global:
        raise NotTaken("It is no address of the public Internet.")
    return place, port
