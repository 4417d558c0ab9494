"""Which values of a request are secrets: no page, file, audit line or snippet shows them. Listed here and nowhere else."""

import json
import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from klaviyo_admin.klaviyo.values import Json

NAMES = frozenset({"secret_key"})
# Addresses of which Klaviyo itself shows the host only, because the rest may let somebody in.
ADDRESSES = frozenset({"endpoint_url"})
HIDDEN = "•••"
_MEMBER = re.compile(r'("(?:[^"\\]|\\.)*")(\s*:\s*)("(?:[^"\\]|\\.)*"|[^\s"{\[,\]}]+)')


def masked(text: str) -> str:
    """JSON with its secrets left out, every other character as it was."""
    return _MEMBER.sub(_without, text)


def masked_bytes(body: bytes) -> bytes:
    """The same of a body; one that is no text holds none."""
    try:
        return masked(body.decode()).encode()
    except UnicodeDecodeError:
        return body


def named(path: Sequence[str]) -> bool:
    """Whether the value at a path is a secret."""
    return any(part in NAMES for part in path)


def on_record(path: Sequence[str], value: Json) -> Json:
    """A value as the audit may keep it for ever: of an address that may let somebody in, the host."""
    if not (path and path[-1] in ADDRESSES and isinstance(value, str)):
        return HIDDEN if value is not None and named(path) else value
    try:
        parts = urlsplit(value)
        return f"{parts.scheme}://{parts.hostname}/*****"
    except ValueError:
        return HIDDEN


def _without(member: re.Match[str]) -> str:
    name, between, value = member.groups()
    if value in ('""', "null") or json.loads(name, strict=False) not in NAMES:
        return member[0]
    return f'{name}{between}"{HIDDEN}"'
