"""Knows how profiles become bulk import requests: how one is written, how many fit into a body, and what it is called."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from klaviyo_admin.intents import Follow, Intent, Request
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.values import Json, Kind

MOST_PROFILES = 10_000  # in one request
MOST_BYTES = 4_900_000  # of one body; Klaviyo takes 5 MB
PROFILE_BYTES = 100_000  # of one profile

_HEAD = b'{"data":{"type":"profile-bulk-import-job","attributes":{"profiles":{"data":['
_TAIL = b"]}}"
_LISTS = b',"relationships":{"lists":{"data":'
_ROOM = MOST_BYTES - 1_000  # for profiles; the envelope with one list is far below 1,000 bytes
_FOLLOW = Follow("get_bulk_import_profiles_job", "job_id", "get_errors_for_bulk_import_profiles_job")


@dataclass(frozen=True, slots=True)
class Chunk:
    """Profiles of one request: their JSON joined by commas, and how many they are."""

    profiles: bytes
    count: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Where profiles come from and go to. `list` is the Klaviyo list they join, None for none; `name` is what it is
    called, `file` what the file is called: both are plain text, whatever they hold."""

    file: str
    list: Kind | None = None
    name: str = ""


def encode(attributes: Mapping[str, Json], klaviyo_id: str = "") -> bytes:
    """One profile as it will stand in a body."""
    if klaviyo_id:
        return orjson.dumps({"type": "profile", "id": klaviyo_id, "attributes": attributes})
    return orjson.dumps({"type": "profile", "attributes": attributes})


def packed(profiles: Iterable[bytes]) -> Iterator[Chunk]:
    """Encoded profiles, in order, in as few chunks as the limits of a request allow. Memory: one chunk."""
    held: list[bytes] = []
    size = 0
    for profile in profiles:
        if held and (len(held) == MOST_PROFILES or size + len(profile) + 1 > _ROOM):
            yield Chunk(b",".join(held), len(held))
            held, size = [], 0
        held.append(profile)
        size += len(profile) + 1
    if held:
        yield Chunk(b",".join(held), len(held))


def build_import(chunks: Iterable[Chunk], origin: Origin, details: Iterable[tuple[str, Any]] = ()) -> Intent:
    """The upsert of all chunks, one request each, followed by its remote job. Empty cells were left out of the
    profiles, so what Klaviyo knows beside them stays."""
    requests = tuple(
        Request(
            write=operation("bulk_import_profiles").write(body=_body(chunk, origin.list)),
            follow=_FOLLOW,
            counts=chunk.count,
        )
        for chunk in chunks
    )
    total = sum(request.counts for request in requests)
    sentence = f"Import {total:,} profile{'' if total == 1 else 's'} from “{_plain(origin.file)}”"
    if origin.list:
        sentence += f" and add {'it' if total == 1 else 'them'} to the list “{_plain(origin.name)}”"
    return Intent("profiles.import", f"{sentence}.", requests, details=tuple(details))


def _body(chunk: Chunk, to: Kind | None) -> bytes:
    lists = _LISTS + orjson.dumps([{"type": to.type, "id": to.id}]) + b"}}" if to else b""
    return b"".join((_HEAD, chunk.profiles, _TAIL, lists, b"}}"))


def _plain(name: str) -> str:
    """A name as it may stand in a sentence: no control characters, and no braces, which stand for the target there."""
    kept = "".join(c if c.isprintable() else " " for c in name).replace("{", "(").replace("}", ")")
    return " ".join(kept.split()) or "a file without a name"
