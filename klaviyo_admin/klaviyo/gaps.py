"""Where a request waits for the answer to an earlier one, and how the text that came is put there, and only there."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import quote

import orjson

from klaviyo_admin.klaviyo.values import Gap, Json, Ref, Write


class Misfit(ValueError):
    """What came for a gap cannot stand there, or the gap is not where it should be; the message is a sentence."""


def in_path(template: str, values: Mapping[str, str]) -> tuple[Gap, ...]:
    """The gaps of a path: those of its parts for which a Ref is given."""
    parts = enumerate(template.split("/"))
    named = ((number, values.get(part[1:-1])) for number, part in parts if part.startswith("{"))
    return tuple(Gap(f"path/{number}", value) for number, value in named if isinstance(value, Ref))


def in_body(document: Json) -> tuple[Gap, ...]:
    """The gaps of a document that is not yet bytes, in its order."""
    return tuple(_within(document, "body"))


def value_at(document: Json, pointer: str) -> str | None:
    """The text at a JSON pointer, None where there is none."""
    found = document
    for key in map(_key, pointer.split("/")[1:]):
        found = _member(found, key)
    return found if isinstance(found, str) and found else None


def filled(write: Write, values: Mapping[Ref, str]) -> Write:
    """The request as it leaves, with every gap closed. Raises Misfit."""
    path, document = write.path, orjson.loads(write.body) if write.body else None
    for gap in write.gaps:
        place, _, rest = gap.at.partition("/")
        if place == "path":
            path = _in_path(path, int(rest), gap.ref, values[gap.ref])
        else:
            _put(document, f"/{rest}", gap.ref, values[gap.ref])
    inside = any(gap.at.startswith("body") for gap in write.gaps)
    return replace(write, path=path, body=orjson.dumps(document) if inside else write.body, gaps=())


def _within(value: Json, at: str) -> Iterator[Gap]:
    if isinstance(value, Ref):
        yield Gap(at, value)
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _within(part, f"{at}/{str(key).replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list | tuple):
        for number, part in enumerate(value):
            yield from _within(part, f"{at}/{number}")


def _in_path(path: str, number: int, ref: Ref, value: str) -> str:
    bare, mark, asked = path.partition("?")
    parts = bare.split("/")
    # A dot segment would be resolved away on the wire and reach another operation.
    if number >= len(parts) or parts[number] != quote(ref, safe="") or value in (".", ".."):
        raise Misfit("What came cannot be a part of an address.")
    parts[number] = quote(value, safe="")
    return "/".join(parts) + mark + asked


def _put(document: Json, pointer: str, ref: Ref, value: str) -> None:
    *way, last = map(_key, pointer.split("/")[1:])
    place = document
    for key in way:
        place = _member(place, key)
    if _member(place, last) != str(ref):
        raise Misfit("The place of a reference is not where it was.")
    place[int(last) if isinstance(place, list) else last] = value


def _member(value: Json, key: str) -> Json:
    if isinstance(value, list):
        return value[int(key)] if key.isdecimal() and int(key) < len(value) else None
    return value.get(key) if isinstance(value, dict) else None


def _key(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~")
