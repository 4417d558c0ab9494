"""Forms sent as multipart/form-data: fields and files out of a body."""

import re
from dataclasses import dataclass

_BOUNDARY = re.compile(r"boundary=(?:\"([^\"]{1,70})\"|([^;\s]{1,70}))", re.IGNORECASE)
_FIELD = re.compile(rb"[;\s](filename|name)=\"([^\"]*)\"", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was sent: its name, which may be empty, and its content."""

    name: str
    content: bytes


def form(content_type: str, body: bytes) -> dict[str, str | File]:
    """The fields by name. Raises ValueError for what is no form."""
    found = _BOUNDARY.search(content_type)
    if not content_type.lower().startswith("multipart/form-data") or not found:
        raise ValueError("the body is not multipart/form-data")
    parts = (b"\r\n" + body).split(b"\r\n--" + (found[1] or found[2]).encode())
    if len(parts) < 3 or not parts[-1].startswith(b"--"):
        raise ValueError("the form is not complete")
    fields: dict[str, str | File] = {}
    for part in parts[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        given = {key.decode().lower(): value.decode(errors="replace") for key, value in _FIELD.findall(head)}
        if "filename" in given:
            fields[given.get("name", "")] = File(given["filename"], content)
        else:
            fields[given.get("name", "")] = content.decode(errors="replace")
    return fields
