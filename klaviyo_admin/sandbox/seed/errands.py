"""Sows the bulk jobs that a shop has just behind it: imports with a row that was refused, suppressions, and their end."""

import base64
import json
from typing import Any

from klaviyo_admin.sandbox import ids
from klaviyo_admin.sandbox.moments import SECOND
from klaviyo_admin.sandbox.seed.ground import Ground

_HOUR = 3600 * SECOND
_IMPORTS = ((50, 12, False), (26, 5, True))  # hours ago, people, whether one row more was refused
_REFUSED = {"code": "invalid", "title": "Invalid input.", "detail": "Invalid email address."}
_PLACE = "/data/attributes/profiles/data/{}/attributes/email"


def furnish(ground: Ground) -> None:
    for hours, people, refused in _IMPORTS:
        _import(ground, ground.now - hours * _HOUR, people, refused)
    for verb, hours in (("create", 30), ("delete", 6)):
        _suppression(ground, verb, ground.now - hours * _HOUR)


def _import(ground: Ground, at: int, size: int, refused: bool) -> None:
    people = _people(ground, size)
    place = len(people)
    newsletter = "SELECT n FROM circle WHERE account = ? AND kind = 'list' ORDER BY n LIMIT 1"
    (circle,) = ground.db.execute(newsletter, (ground.account,)).fetchone()
    cursor = ground.db.execute(
        "INSERT INTO import_job (account, id, circle, created, starts, ends, total, done, failed, status) "
        "VALUES (?, '', ?, ?, ?, ?, ?, ?, ?, 'complete')",
        (ground.account, circle, at, at + SECOND, at + 9 * SECOND, place + refused, place, int(refused)),
    )
    job = int(cursor.lastrowid or 0)
    text = f"sandbox_maintenance.{ground.account}.{at // SECOND}.{job}"
    ident = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    ground.db.execute("UPDATE import_job SET id = ? WHERE n = ?", (ident, job))
    rows: list[tuple[Any, ...]] = [
        (job, n, _row(person["email"]), person["n"], None) for n, person in enumerate(people)
    ]
    if refused:
        error = json.dumps({**_REFUSED, "source": {"pointer": _PLACE.format(place)}})
        rows.append((job, place, _row("robin(at)example.com"), None, error))
    ground.db.executemany("INSERT INTO import_row (job, n, payload, profile, error) VALUES (?, ?, ?, ?, ?)", rows)


def _suppression(ground: Ground, verb: str, at: int) -> None:
    people = _people(ground, 3, "suppression IS NOT NULL" if verb == "create" else "suppression IS NULL")
    done = len(people) if verb == "create" else 0  # nobody of these was suppressed any more
    ground.db.execute(
        "INSERT INTO suppression_job (account, id, verb, circle, created, due, emails, total, done, skipped, status) "
        "VALUES (?, ?, ?, NULL, ?, ?, ?, ?, ?, ?, 'complete')",
        (
            *(ground.account, ids.ulid(at, ground.chance), verb, at, at + 2 * SECOND),
            *(json.dumps([person["email"] for person in people]), len(people), done, len(people) - done),
        ),
    )


def _people(ground: Ground, size: int, which: str = "1") -> list[Any]:
    sql = f"SELECT n, email FROM profile WHERE account = ? AND email IS NOT NULL AND {which} ORDER BY n LIMIT ?"
    return list(ground.db.execute(sql, (ground.account, size)).fetchall())


def _row(email: str) -> str:
    return json.dumps({"type": "profile", "attributes": {"email": email}})
