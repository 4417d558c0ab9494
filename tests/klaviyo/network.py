"""A network for tests: plays prepared answers in order and remembers what was asked."""

from collections.abc import Callable
from typing import Any

import httpx
import orjson

from klaviyo_admin.klaviyo.client import Reader, Session, Writer

BASE = "https://a.klaviyo.com"
KEY = "pk_0123456789abcdef_never_shown"
MEDIA = "application/vnd.api+json"
Play = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


class Network:
    """`plays` are used one after another; the last one for ever after. `waits` are the seconds that were slept."""

    def __init__(self, *plays: Play) -> None:
        self.plays = list(plays)
        self.requests: list[httpx.Request] = []
        self.waits: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        play = self.plays.pop(0) if len(self.plays) > 1 else self.plays[0]
        if isinstance(play, Exception):
            raise play
        return play(request) if callable(play) else play

    @property
    def session(self) -> Session:
        return Session(BASE, KEY, transport=httpx.MockTransport(self), wait=self.waits.append)

    @property
    def reader(self) -> Reader:
        return Reader(self.session)

    @property
    def writer(self) -> Writer:
        return Writer(self.session)


def answer(status: int = 200, document: Any = None, headers: dict[str, str] | None = None) -> httpx.Response:
    body = b"" if document is None else orjson.dumps(document)
    kind = {"Content-Type": MEDIA} if body else {}
    return httpx.Response(status, content=body, headers={**kind, **(headers or {})})


def page_web(status: int, headers: dict[str, str] | None = None) -> httpx.Response:
    """What a proxy in front of the API sends."""
    html = "<html><body>Attention Required!</body></html>"
    return httpx.Response(status, text=html, headers={"Content-Type": "text/html; charset=UTF-8", **(headers or {})})


def refusal(status: int, code: str = "invalid", title: str = "Invalid input.", **more: Any) -> httpx.Response:
    error = {"id": "6a0c", "status": status, "code": code, "title": title, "detail": "Ana at ana@example.com", **more}
    return answer(status, {"errors": [error]})


def throttle(retry_after: str | None) -> httpx.Response:
    """A 429 as the live service sends it: without a Content-Type."""
    body = orjson.dumps({"errors": [{"code": "throttled", "title": "Request was throttled.", "status": 429}]})
    return httpx.Response(429, content=body, headers={} if retry_after is None else {"Retry-After": retry_after})


def profile(ident: str = "01HZ", **attributes: Any) -> dict[str, Any]:
    return {"type": "profile", "id": ident, "attributes": attributes}


def one(**attributes: Any) -> httpx.Response:
    return answer(200, {"data": profile(**attributes)})
