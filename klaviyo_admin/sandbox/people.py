"""What makes a person one person: identifiers, checks, and the rules for writing a profile."""

import json
import random
import re
import sqlite3
from collections.abc import Mapping
from typing import Any

from klaviyo_admin.sandbox import ids
from klaviyo_admin.sandbox.refusals import Problem

Json = Any
Attributes = Mapping[str, Json]

IDENTIFIERS = ("external_id", "email", "phone_number")
_PLAIN = (*IDENTIFIERS, "first_name", "last_name", "organization", "locale", "title", "image")
PLACES = ("address1", "address2", "city", "country", "latitude", "longitude", "region", "zip", "timezone", "ip")
LARGEST = 100 * 1024  # bytes of one profile

_EMAIL = re.compile(
    r"^[^\s@<>()\[\],;:\"\\]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+$"
)
_PHONE = re.compile(r"^\+[1-9]\d{7,14}$")


def faults(attributes: Attributes, pointer: str, *, new: bool) -> list[Problem]:
    """What is wrong with the attributes. `pointer` names their place in the body; a `new` profile needs an identifier."""
    found = []
    email, phone = attributes.get("email"), attributes.get("phone_number")
    if email is not None and not proper_email(email):
        found.append(Problem("invalid", "Invalid email address", f"{pointer}/email"))
    if phone is not None and not _PHONE.match(phone):
        detail = "Invalid phone number format (Example of a valid format: +12345678901)"
        found.append(Problem("invalid", detail, f"{pointer}/phone_number"))
    if new and not any(attributes.get(name) for name in IDENTIFIERS):
        detail = "At least one of email, phone_number or external_id is needed to identify the profile."
        found.append(Problem("invalid", detail, pointer))
    return found


def size(attributes: Attributes) -> int:
    """Bytes that the attributes take as JSON."""
    return len(json.dumps(attributes, ensure_ascii=False).encode())


def proper_email(text: str) -> bool:
    local = text.partition("@")[0]
    return bool(_EMAIL.match(text)) and len(text) <= 254 and ".." not in text and local.strip(".") == local


def find(db: sqlite3.Connection, account: int, attributes: Attributes) -> sqlite3.Row | None:
    """The profile that has one of the identifiers; external id before e-mail before phone."""
    for name in IDENTIFIERS:
        value = clean(name, attributes.get(name))
        if value is None:
            continue
        row: sqlite3.Row | None = db.execute(
            f"SELECT * FROM profile WHERE account = ? AND {name} = ?",
            (account, value),
        ).fetchone()
        if row:
            return row
    return None


def rival(db: sqlite3.Connection, account: int, attributes: Attributes, n: int) -> sqlite3.Row | None:
    """Another profile than number `n` that already has one of the identifiers."""
    for name in IDENTIFIERS:
        row = find(db, account, {name: attributes.get(name)})
        if row and row["n"] != n:
            return row
    return None


def duplicate(row: sqlite3.Row, pointer: str = "/data/attributes") -> Problem:
    detail = "A profile already exists with one of these identifiers."
    return Problem("duplicate_profile", detail, pointer, meta={"duplicate_profile_id": row["id"]})


def add(db: sqlite3.Connection, account: int, attributes: Attributes, now: int, chance: random.Random) -> int:
    """The row number of a new profile. The caller has made sure that it has no rival."""
    cursor = db.execute(
        "INSERT INTO profile (account, id, created, updated) VALUES (?, ?, ?, ?)",
        (account, ids.ulid(now, chance), now, now),
    )
    n = int(cursor.lastrowid or 0)
    amend(db, n, attributes, {}, now)
    return n


def amend(db: sqlite3.Connection, n: int, attributes: Attributes, meta: Attributes, now: int) -> None:
    """Null clears, absent keeps, location and properties are merged by key, then `patch_properties` is applied."""
    row = db.execute("SELECT location, properties FROM profile WHERE n = ?", (n,)).fetchone()
    values: dict[str, Json] = {k: clean(k, v) for k, v in attributes.items() if k in _PLAIN}
    if "location" in attributes:
        values["location"] = json.dumps(_place(json.loads(row["location"]), attributes["location"]))
    properties = json.loads(row["properties"])
    if "properties" in attributes:
        given = attributes["properties"]
        properties = {} if given is None else {**properties, **given}
    values["properties"] = json.dumps(_patched(properties, meta.get("patch_properties") or {}), ensure_ascii=False)
    values["updated"] = now
    columns = ", ".join(f"{name} = ?" for name in values)
    db.execute(f"UPDATE profile SET {columns} WHERE n = ?", (*values.values(), n))
    touch(db, n)


def complete(db: sqlite3.Connection, row: sqlite3.Row, attributes: Attributes, now: int) -> None:
    """Gives a profile those identifiers that it lacks and nobody else has; what it has already stays."""
    lacking = {
        name: value
        for name in IDENTIFIERS
        if (value := attributes.get(name)) and not row[name] and not find(db, row["account"], {name: value})
    }
    if lacking:
        amend(db, row["n"], lacking, {}, now)


def touch(db: sqlite3.Connection, n: int) -> None:
    """Marks a profile whose segments must be looked at again."""
    db.execute("INSERT OR IGNORE INTO touched (profile, account) SELECT n, account FROM profile WHERE n = ?", (n,))


def clean(name: str, value: Json) -> Json:
    """Identifiers as they are compared: e-mail addresses in lower case, nothing empty."""
    if not isinstance(value, str):
        return value
    return (value.strip().lower() if name == "email" else value) or None


def _place(place: dict[str, Json], given: Attributes | None) -> dict[str, Json]:
    if given is None:
        return {}
    merged = {**place, **{k: v for k, v in given.items() if k in PLACES}}
    return {k: v for k, v in merged.items() if v is not None}


def _patched(properties: dict[str, Json], patch: Attributes) -> dict[str, Json]:
    for name, value in (patch.get("append") or {}).items():
        held, more = _listed(properties.get(name)), _listed(value)
        properties[name] = held + [v for v in more if v not in held]
    for name, value in (patch.get("unappend") or {}).items():
        if isinstance(properties.get(name), list):
            gone = _listed(value)
            properties[name] = [v for v in properties[name] if v not in gone]
    for name in _listed(patch.get("unset")):
        properties.pop(name, None)
    return properties


def _listed(value: Json) -> list[Json]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]
