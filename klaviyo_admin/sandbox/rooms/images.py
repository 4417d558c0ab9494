"""The room of images: taken from an address, from a data URI or as a file, hidden and renamed."""

import base64
import binascii
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from klaviyo_admin.sandbox import loopback, pictures, things
from klaviyo_admin.sandbox.asking import Ask, Reply
from klaviyo_admin.sandbox.documents import collection, single
from klaviyo_admin.sandbox.filtering import Literal
from klaviyo_admin.sandbox.moments import exact
from klaviyo_admin.sandbox.multipart import File
from klaviyo_admin.sandbox.paging import compare, everything, page
from klaviyo_admin.sandbox.refusals import invalid
from klaviyo_admin.sandbox.rooms.reading import Room, one_of, owner
from klaviyo_admin.sandbox.shelves import Extras, Row, Rows, Shelf, Sql

KIND = "image"
LARGEST = 5 * 1024 * 1024
_FIRST = 80_000_001  # ids are numbers, counted up through both accounts
_URI = re.compile(r"^data:image/[a-z+.-]+(;[a-z-]+=[^;,]*)*(;base64)?,", re.IGNORECASE)
_URL = "/data/attributes/import_from_url"


def _show(row: Row, extras: Extras) -> dict[str, Any]:
    kept = things.content(row)
    return {
        "name": row["name"] or None,
        "image_url": pictures.path_of(row["account"], row["id"], kept["format"]),
        "format": kept["format"],
        "size": kept["size"],
        "hidden": kept["hidden"],
        "updated_at": exact(row["updated"]),
    }


def _hidden(operator: str, value: Literal, account: int) -> Sql:
    return compare("thing.data ->> '$.hidden'", operator, value)


IMAGES: Shelf = things.shelf(
    KIND,
    "/api/images",
    _show,
    columns={"format": "thing.data ->> '$.format'", "size": "thing.data ->> '$.size'"},
    special={"hidden": _hidden},
    addresses=("image_url",),
)


def get_images(ask: Ask) -> Reply:
    """Hidden images are not listed unless they are asked for."""
    all_rows = everything(ask, IMAGES)
    if any(condition.field == "hidden" for condition in ask.query.conditions):
        return Reply(collection(ask, IMAGES, page(ask, IMAGES, all_rows)))
    shown = Rows(all_rows.table, f"{all_rows.where} AND NOT thing.data ->> '$.hidden'", all_rows.values)
    return Reply(collection(ask, IMAGES, page(ask, IMAGES, shown)))


def upload_image_from_url(ask: Ask) -> Reply:
    given = ask.attributes
    content = _content(ask, given["import_from_url"])
    name = given.get("name") or _stem(given["import_from_url"]) or "image"
    return Reply(single(ask, IMAGES, _add(ask, name, content, bool(given.get("hidden")), _URL)))


def _stem(address: str) -> str:
    """The name of the file that an address ends with, without its ending; empty for a data URI."""
    return "" if address.startswith("data:") else PurePosixPath(unquote(urlsplit(address).path)).stem


def upload_image_from_file(ask: Ask) -> Reply:
    file = ask.document["file"]
    if not isinstance(file, File):
        raise invalid("'file' must be a file.", "/file")
    name = ask.document.get("name") or PurePosixPath(file.name.replace("\\", "/")).stem or "image"
    hidden = ask.document.get("hidden") == "true"
    return Reply(single(ask, IMAGES, _add(ask, str(name), file.content, hidden, "/file")))


def _content(ask: Ask, address: str) -> bytes:
    """What lies at an address. Raises Refusal if it cannot be had.

    Only this machine is asked; for any other https address the sandbox paints a picture of its own.
    """
    if address.startswith("data:"):
        return _written(address)
    if not _proper(address):
        raise invalid("Unable to fetch the URL you entered.", _URL)
    own = address.removeprefix(ask.here)
    if own.startswith(pictures.PATH):  # the sandbox cannot answer itself while it is answering
        found = pictures.content_at(ask.db, own)
        if found is None:
            raise invalid("Unable to fetch the URL you entered.", _URL)
        return found
    if not loopback.is_near(address):
        return pictures.painted(address)
    try:
        status, content = loopback.request("GET", address)
    except loopback.Unreachable as fault:
        raise invalid("Unable to fetch the URL you entered.", _URL) from fault
    if status != 200:
        raise invalid("Unable to fetch the URL you entered.", _URL)
    return content


def _proper(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _written(uri: str) -> bytes:
    head = _URI.match(uri)
    try:
        if not head:
            raise ValueError(uri[:40])
        data = uri[head.end() :]
        return base64.b64decode(data, validate=True) if head[2] else unquote_to_bytes(data)
    except (ValueError, binascii.Error) as fault:
        raise invalid("The data URI is not an image.", _URL) from fault


def _add(ask: Ask, name: str, content: bytes, hidden: bool, pointer: str) -> Row:
    kind = pictures.format_of(content)
    if kind is None:
        raise invalid("The image must be a JPEG, PNG or GIF.", pointer)
    if len(content) > LARGEST:
        raise invalid("The image may not be larger than 5 MB.", pointer)
    return keep(things.ledger(ask), name, content, kind, hidden=hidden)


def keep(where: things.Ledger, name: str, content: bytes, kind: str, *, hidden: bool = False) -> Row:
    """Stores a picture; a name that is taken gets a number."""
    number = where.db.execute(
        "SELECT ifnull(max(CAST(id AS INTEGER)) + 1, ?) FROM thing WHERE kind = ?", (_FIRST, KIND)
    )
    kept = {"format": kind, "size": len(content), "hidden": hidden}
    row = things.add(where, KIND, str(number.fetchone()[0]), kept, name=_free(where, name))
    where.db.execute("INSERT INTO picture VALUES (?, ?)", (row["n"], content))
    return row


def _free(where: things.Ledger, name: str) -> str:
    sql = "SELECT name FROM thing WHERE account = ? AND kind = ? AND substr(name, 1, length(?)) = ?"
    taken = {row["name"] for row in where.db.execute(sql, (where.account, KIND, name, name))}
    numbers = (f"{name}_{number}" for number in range(1, len(taken) + 1))
    return name if name not in taken else next(n for n in numbers if n not in taken)


def update_image(ask: Ask) -> Reply:
    """Replaces both attributes, as the live service was seen to do: what is not given is lost."""
    row = owner(ask, IMAGES)
    ask.must_match()
    name, hidden = ask.attributes.get("name"), bool(ask.attributes.get("hidden"))
    return Reply(single(ask, IMAGES, things.change(things.ledger(ask), row, data={"hidden": hidden}, name=name or "")))


ROOM: Mapping[str, Room] = {
    "get_images": get_images,
    "get_image": one_of(IMAGES),
    "upload_image_from_url": upload_image_from_url,
    "upload_image_from_file": upload_image_from_file,
    "update_image": update_image,
}
