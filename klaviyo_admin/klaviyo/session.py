"""Carries one account's credential over HTTP, and never to another host."""

import atexit
import os
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from klaviyo_admin.klaviyo.errors import Unauthorised

REVISION = "2026-07-15"
_MEDIA = "application/vnd.api+json"
_LARGEST = 50 * 1024 * 1024  # bytes of one answer, after decompression
_PATIENCE = {"timeout": httpx.Timeout(connect=5, read=30, write=30, pool=10).as_dict()}
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}

_BEFORE_SENDING = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)

_SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]+)?")
_pools: dict[tuple[int, str], httpx.BaseTransport] = {}
_pools_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `whole` is False where the body broke off or was larger than 50 MB; the status still counts."""

    status: int
    headers: httpx.Headers
    body: bytes
    whole: bool = True

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait, as the answer says; None where it says nothing usable."""
        told = self.headers.get("retry-after", "").strip()
        return float(told) if _SECONDS.fullmatch(told) else None

    @property
    def from_edge(self) -> bool:
        """Whether a proxy in front of the API wrote this: a web page or plain text, which the API itself never sends."""
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        return kind == "text/html" or self.body.lstrip()[:1] not in (b"", b"{", b"[")


class NotSent(Exception):
    """No connection was made, so nothing can have happened."""


class NoAnswer(Exception):
    """The connection failed after bytes may have left."""


@dataclass(frozen=True, slots=True)
class Session:
    """One account's way to Klaviyo. The key is in no repr. `transport` replaces the pooled one (tests, the sandbox in
    process); `wait` sleeps for seconds."""

    base_url: str
    key: str = field(repr=False)
    transport: httpx.BaseTransport | None = field(default=None, repr=False, kw_only=True)
    revision: str = field(default=REVISION, kw_only=True)
    wait: Callable[[float], object] = field(default=time.sleep, repr=False, kw_only=True)

    def __post_init__(self) -> None:
        if not self.key.isascii() or not self.key.isprintable() or not self.key or " " in self.key:
            raise Unauthorised("This is no Klaviyo key: it is empty or holds spaces or unusual characters.", status=401)

    def owns(self, url: str) -> bool:
        """Whether a full address belongs to this session's host, so that the key may go there."""
        try:
            return _place(url) == _place(self.base_url)
        except ValueError:
            return False

    def exchange(self, method: str, url: str, body: bytes = b"", media: str = "") -> Answer:
        """One request and its answer, whatever it is. `url` is a path, or a full address of this host.

        Raises NotSent or NoAnswer, neither of which holds the request.
        """
        # Behind a slash comes a path; anything else may smuggle in another host.
        address = _address(url if "://" in url else self.base_url.rstrip("/") + url)
        if not url.startswith("/") and not self.owns(str(address)):
            raise NotSent("the address belongs to another host")
        # Straight to the transport: what httpx's client adds (cookies, redirects, auth) is not wanted, and costs as much
        # again as sending the request.
        transport = self.transport or _pooled(self.base_url)
        headers = self._headers(body, media)
        request = httpx.Request(method, address, headers=headers, content=body or None, extensions=_PATIENCE)
        failed: Exception
        try:
            return _read(transport.handle_request(request))
        except _BEFORE_SENDING as error:
            failed = NotSent(_reason(error))
        except httpx.TransportError as error:
            failed = NoAnswer(_reason(error))
        # Raised out here so that no chained exception carries the request, which carries the key.
        raise failed

    def _headers(self, body: bytes, media: str) -> dict[str, str]:
        headers = {
            "Authorization": f"Klaviyo-API-Key {self.key}",
            "revision": self.revision,
            "Accept": _MEDIA,
            "Accept-Encoding": "gzip, deflate",
            "X-Klaviyo-Revision-Fall-Forward-Opt-Out": "1",
            "User-Agent": "klaviyo-admin/1 (self-hosted dashboard)",
        }
        if body:
            headers["Content-Type"] = _content_type(body, media)
        return headers


def _pooled(base_url: str) -> httpx.BaseTransport:
    """The process's one pool of connections to a host. A forked child gets its own: sockets cannot be shared."""
    place = (os.getpid(), base_url)
    with _pools_lock:
        if place not in _pools:
            limits = httpx.Limits(max_connections=32, max_keepalive_connections=16)
            _pools[place] = httpx.HTTPTransport(limits=limits, trust_env=False, proxy=_proxy(base_url))
        return _pools[place]


@atexit.register
def _close_pools() -> None:
    for (process, _), transport in _pools.items():
        if process == os.getpid():
            transport.close()


def _proxy(base_url: str) -> str | None:
    """The environment's proxy, which is for the way out, never for this machine itself."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    if host in _LOOPBACK or proxy_bypass(host):
        return None
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    return proxy if not proxy or "://" in proxy else f"http://{proxy}"


def _read(response: httpx.Response) -> Answer:
    chunks: list[bytes] = []
    size = 0
    whole = True
    try:
        for chunk in response.iter_bytes():
            size += len(chunk)
            if size > _LARGEST:
                whole = False
                break
            chunks.append(chunk)
    except (httpx.TransportError, httpx.DecodingError):
        whole = False
    finally:
        response.close()
    return Answer(response.status_code, response.headers, b"".join(chunks), whole)


def _content_type(body: bytes, media: str) -> str:
    """A form with files names its boundary in its first line, so the bytes of the request say all there is to say."""
    if media != "multipart/form-data":
        return media or _MEDIA
    boundary = body.partition(b"\r\n")[0].removeprefix(b"--").decode("ascii", "replace")
    return f"{media}; boundary={boundary}"


def _address(url: str) -> httpx.URL:
    try:
        return httpx.URL(url)
    except httpx.InvalidURL:
        raise NotSent("the address cannot be read") from None


def _place(url: str) -> tuple[str, str | None, int | None, str | None]:
    """What must agree before a key is sent; an address that smuggles in a name or password agrees with none."""
    parts = urlsplit(url)
    port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    return parts.scheme, parts.hostname, port, parts.username or parts.password


def _reason(error: httpx.TransportError) -> str:
    if isinstance(error, httpx.ConnectTimeout):
        return "no connection in time"
    if isinstance(error, httpx.TimeoutException):
        return "no answer in time"
    return str(error).rstrip(".") or type(error).__name__
