"""Knows how a file is written into the body of a request: a form of parts, whose first line names what separates them."""

from collections.abc import Mapping
from hashlib import sha256

_LINE = b"\r\n"


def form(fields: Mapping[str, str], name: str, content: bytes, media: str) -> bytes:
    """The bytes of a form with `fields` and one file, called `name`, as its part "file".

    The same fields and file give the same bytes, so that what was reviewed can be made again.
    """
    boundary = f"----{sha256(content + repr(sorted(fields.items())).encode()).hexdigest()[:32]}".encode()
    parts = [_part(boundary, f'name="{_quoted(key)}"', value.encode()) for key, value in fields.items()]
    media = media if media.isascii() and media.isprintable() else "application/octet-stream"
    parts.append(_part(boundary, f'name="file"; filename="{_quoted(name)}"', content, media))
    return b"".join(parts) + b"--" + boundary + b"--" + _LINE


def _part(boundary: bytes, said: str, content: bytes, media: str = "") -> bytes:
    head = [b"--" + boundary, f"Content-Disposition: form-data; {said}".encode()]
    head += [f"Content-Type: {media}".encode()] if media else []
    return _LINE.join([*head, b"", content]) + _LINE


def _quoted(text: str) -> str:
    """As browsers write the names of files: quotes and line breaks percent-encoded."""
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
