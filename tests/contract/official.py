"""Klaviyo's own Python client, pointed at a sandbox on this machine: every answer read by its models, and held to them."""

import importlib
import json
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import openapi_client.api
from klaviyo_api import KlaviyoAPI

from klaviyo_admin.klaviyo.catalogue import operation
from tests.fakes import RunningSandbox

Json = dict[str, Any]
MINUTE = 61
KEY = "pk_sandbox_full_access"


class Official:
    """`call` asks an operation by its id. What the client's models lose or add is kept in `differences`."""

    def __init__(self, box: RunningSandbox) -> None:
        self.box = box
        self.differences: dict[str, set[str]] = {}
        self.seen: dict[str, dict[str, None]] = {}
        client = KlaviyoAPI(KEY, max_retries=1, test_host=box.url).api_client
        self._methods = dict(_methods(client))
        self._done: dict[Callable[..., None], None] = {}
        self.visitor = httpx.Client(
            base_url=box.url,
            headers={"revision": "2026-07-15", "Content-Type": "application/vnd.api+json"},
            params={"company_id": "SBXJP1"},
        )

    def close(self) -> None:
        self.visitor.close()

    def knows(self, name: str) -> bool:
        return name in self._methods

    def call(self, name: str, /, *given: Any, **more: Any) -> Any:
        """Path parts and body in order, queries by the client's names. The document as sent, or None.

        The clock leaps, so that no rate limit is met and jobs end. A model that cannot read the answer raises.
        """
        self.box.advance(MINUTE)
        answer = self._methods[name](*given, **more)
        assert answer.status_code in operation(name).successes or answer.status_code < 300
        if not answer.raw_data:
            return None
        document = json.loads(answer.raw_data)
        self._remember(document)
        if not any(key.startswith("fields_") for key in more):
            read = answer.data.to_dict() if hasattr(answer.data, "to_dict") else answer.data
            found = set(_lost(document, read))
            if found:
                self.differences.setdefault(name, set()).update(found)
        return document

    def _remember(self, document: Json) -> None:
        """The ids that were told, by type."""
        data = document.get("data") or []
        for thing in [*(data if isinstance(data, list) else [data]), *document.get("included", [])]:
            if thing.get("id"):
                self.seen.setdefault(thing["type"], {})[thing["id"]] = None

    def made(self, name: str, /, *given: Any, **more: Any) -> str:
        """The id of what this call made or found."""
        return str(self.call(name, *given, **more)["data"]["id"])

    def first(self, name: str, /, *given: Any, **more: Any) -> str:
        """The id of the first thing that this list tells."""
        return str(self.call(name, *given, **more)["data"][0]["id"])

    def pages(self, name: str, /, *given: Any, **more: Any) -> Iterator[Json]:
        """Every page of a list, by the cursors of `links.next`."""
        while True:
            document = self.call(name, *given, **more)
            yield document
            following = document["links"].get("next")
            if not following:
                return
            cursor = operation(name).cursor
            more["page_cursor"] = parse_qs(urlsplit(following).query)[cursor][0]

    def once(self, flow: Callable[["Official"], None]) -> None:
        """Does this flow unless it was done before."""
        if flow not in self._done:
            flow(self)
            self._done[flow] = None


def _methods(client: openapi_client.ApiClient) -> Iterator[tuple[str, Callable[..., Any]]]:
    for found in pkgutil.iter_modules(openapi_client.api.__path__):
        module = importlib.import_module(f"openapi_client.api.{found.name}")
        part = getattr(module, found.name.title().replace("_", ""))(client)
        for method in dir(part):
            if method.endswith("_with_http_info"):
                yield method.removesuffix("_with_http_info"), getattr(part, method)


def _lost(sent: Any, read: Any, place: str = "") -> Iterator[str]:
    """Where the models dropped something that was sent: an undeclared member, since every declared one is kept."""
    if isinstance(sent, dict) and isinstance(read, dict):
        for key, value in sent.items():
            if key not in read and value is not None:
                yield f"{place}/{key}"
            elif key in read:
                yield from _lost(value, read[key], f"{place}/{key}")
    elif isinstance(sent, list) and isinstance(read, list):
        for one, other in zip(sent, read, strict=True):
            yield from _lost(one, other, f"{place}/*")


def one(kind: str, ident: str = "", /, related: Json | None = None, **attributes: Any) -> Json:
    """A document with one resource; a member named with underscores may be given in a dict as `attributes`."""
    data: Json = {"type": kind, **({"id": ident} if ident else {})}
    given = attributes.pop("attributes", {}) | attributes
    if given:
        data["attributes"] = given
    if related:
        data["relationships"] = related
    return {"data": data}


def many(kind: str, *idents: str) -> Json:
    return {"data": [{"type": kind, "id": ident} for ident in idents]}


def to(kind: str, ident: str) -> Json:
    return {"data": {"type": kind, "id": ident}}


def rows(kind: str, *attributes: Json) -> Json:
    return {"data": [{"type": kind, "attributes": one} for one in attributes]}
