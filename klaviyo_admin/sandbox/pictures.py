"""Pictures: what counts as one, how the sandbox paints its own, and the address under which it serves them to anyone."""

import binascii
import hashlib
import sqlite3
import struct
import zlib

from klaviyo_admin.sandbox.calls import Answer, Call
from klaviyo_admin.sandbox.store import Store

PATH = "/pictures/"
_SIGNS = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"), (b"GIF87a", "gif"), (b"GIF89a", "gif"))
_WIDTH, _HEIGHT = 64, 48


def format_of(content: bytes) -> str | None:
    """ "png", "jpeg" or "gif"; None for anything else."""
    return next((name for sign, name in _SIGNS if content.startswith(sign)), None)


def path_of(account: int, ident: str, kind: str) -> str:
    return f"{PATH}{account}/{ident}.{kind}"


def painted(name: str) -> bytes:
    """A small picture in a colour of its own, the same for the same name."""
    colour = hashlib.blake2b(name.encode(), digest_size=3).digest()
    lines = (b"\x00" + colour * _WIDTH) * _HEIGHT
    head = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(lines)), (b"IEND", b""))
    return _SIGNS[0][0] + b"".join(_chunk(*chunk) for chunk in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", binascii.crc32(kind + content))


def content_at(db: sqlite3.Connection, path: str) -> bytes | None:
    """The picture that is served under a path, None if there is none."""
    account, _, file = path.removeprefix(PATH).partition("/")
    ident, _, kind = file.partition(".")
    row = db.execute(
        "SELECT picture.content FROM picture JOIN thing ON thing.n = picture.image "
        "WHERE thing.account = ? AND thing.kind = 'image' AND thing.id = ?",
        (account, ident),
    ).fetchone()
    return row["content"] if row and format_of(row["content"]) == kind else None


def answer(store: Store, call: Call) -> Answer:
    """Serves without a key, as a content network does; 404 for what is not there."""
    with store.look() as db:
        content = content_at(db, call.target.partition("?")[0]) if call.method == "GET" else None
    if content is None:
        return Answer(404)
    return Answer(200, (("Content-Type", f"image/{format_of(content)}"),), content)
