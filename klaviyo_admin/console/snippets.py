"""The same request for other hands: as a line for curl and as Python, with a placeholder where the key belongs."""

import shlex
from dataclasses import dataclass
from pprint import pformat
from typing import Any

import orjson

from klaviyo_admin.console.drafts import DEEPEST, depth
from klaviyo_admin.klaviyo.catalogue import Operation

KEY = "YOUR_PRIVATE_KEY"
PICTURE = "picture.png"
MEDIA = "application/vnd.api+json"
LONGEST = 20_000  # characters of a body that is shown


@dataclass(frozen=True, slots=True)
class Wire:
    """A request as it would leave: the full address, its headers without the key's, and the body as text ("" for none).

    `file` is the name of a file that goes with it, whose other fields are `fields`.
    """

    method: str
    url: str
    revision: str
    body: str = ""
    file: str = ""
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def cut(self) -> bool:
        return len(self.body) > LONGEST


def curl(found: Operation, wire: Wire) -> str:
    lines = [f"curl --request {wire.method} {shlex.quote(wire.url)}"]
    lines += [f"--header {shlex.quote(f'{name}: {value}')}" for name, value in _headers(found, wire).items()]
    if found.media:
        lines += [f"--form {shlex.quote(f'{name}={value}')}" for name, value in wire.fields]
        lines.append(f"--form {shlex.quote(f'file=@{wire.file or PICTURE}')}")
    elif wire.body:
        lines.append(f"--data-raw {shlex.quote(_shortened(wire))}")
    return " \\\n  ".join(lines)


def python(found: Operation, wire: Wire) -> str:
    """With httpx, which takes JSON as Python writes it."""
    lines = ["import httpx", "", "answer = httpx.request(", f"    {wire.method!r},", f"    {wire.url!r},"]
    lines.append(f"    headers={_indented(_headers(found, wire))},")
    if found.media:
        lines.append(f"    data={_indented(dict(wire.fields))},")
        lines.append(f"    files={{'file': open({wire.file or PICTURE!r}, 'rb')}},")
    elif wire.body and wire.cut:
        lines.append("    content=open('body.json', 'rb').read(),")
    elif wire.body:
        lines.append(f"    {_json(wire.body)},")
    return "\n".join(
        [*lines, ")", "answer.raise_for_status()", "print(answer.json() if answer.content else answer.status_code)"]
    )


def _headers(found: Operation, wire: Wire) -> dict[str, str]:
    named = {"Authorization": f"Klaviyo-API-Key {KEY}", "revision": wire.revision, "Accept": MEDIA}
    # The Client API is for browsers: it goes by the company in the address, and never sees a private key.
    if wire.url.partition("?")[0].partition("://")[2].partition("/")[2].startswith("client/"):
        del named["Authorization"]
    if wire.body and not found.media:
        named["Content-Type"] = MEDIA
    return named


def _json(body: str) -> str:
    try:
        value: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        value = None
    if value is None or depth(value) > DEEPEST:
        return f"content={body!r}"
    return f"json={_indented(value, 9)}"


def _indented(value: Any, by: int = 4) -> str:
    return pformat(value, width=100, sort_dicts=False).replace("\n", "\n" + " " * by)


def _shortened(wire: Wire) -> str:
    return "@body.json" if wire.cut else wire.body
