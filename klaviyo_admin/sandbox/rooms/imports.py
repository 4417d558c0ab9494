"""The room of bulk imports: jobs that take time, upsert row by row and list the rows they could not take."""

import base64
import json
import random
import sqlite3
from collections.abc import Mapping

from klaviyo_admin.sandbox import membership, people
from klaviyo_admin.sandbox.asking import Ask, Json, Reply
from klaviyo_admin.sandbox.documents import single
from klaviyo_admin.sandbox.moments import DAY, SECOND, whole
from klaviyo_admin.sandbox.refusals import Problem, Refusal, invalid
from klaviyo_admin.sandbox.rooms.reading import Room, all_of, one_of, related
from klaviyo_admin.sandbox.rooms.shelving import LISTS, PROFILES
from klaviyo_admin.sandbox.shelves import Extras, Relation, Row, Rows, Shelf, loader

MOST = 10_000
_ROWS = "/data/attributes/profiles/data"
_WAITS = 0.7  # seconds in the queue
_TAKES = 1.6  # seconds of work for a small job
_PER_ROW = 0.0002  # and for each row


def _job(row: Row, extras: Extras) -> dict[str, Json]:
    begun, over = row["status"] != "queued", row["status"] == "complete"
    return {
        "status": row["status"],
        "created_at": whole(row["created"]),
        "total_count": row["total"],
        "completed_count": row["done"],
        "failed_count": row["failed"],
        "completed_at": whole(row["ends"]) if over else None,
        "expires_at": whole(row["created"] + 7 * 86_400 * SECOND),
        "started_at": whole(row["starts"]) if begun else None,
    }


def _problem(row: Row, extras: Extras) -> dict[str, Json]:
    return {**json.loads(row["error"]), "original_payload": json.loads(row["payload"])}


JOBS = Shelf(
    type="profile-bulk-import-job",
    path="/api/profile-bulk-import-jobs",
    table="import_job",
    columns={"status": "import_job.status", "created_at": "import_job.created"},
    show=_job,
    relations=(
        Relation(
            "lists", lambda: LISTS, loader("SELECT n AS owner, * FROM circle WHERE n IN ({})", "circle"), always=True
        ),
        Relation("profiles"),
        Relation("import-errors", own_link=False),
    ),
    sort="-created_at",
)
IMPORT_ERRORS = Shelf("import-error", "", "import_row", {"n": "import_row.n"}, _problem, sort="n", links=False)


def bulk_import_profiles(ask: Ask) -> Reply:
    rows = ask.attributes["profiles"]["data"]
    if len(rows) > MOST:
        raise invalid(f"At most {MOST} profiles may be imported at once.", _ROWS)
    if not rows:
        raise invalid("At least one profile is needed.", _ROWS)
    starts = ask.now + int(_WAITS * SECOND / ask.speed)
    ends = starts + int((_TAKES + _PER_ROW * len(rows)) * SECOND / ask.speed)
    cursor = ask.db.execute(
        "INSERT INTO import_job (account, id, circle, created, starts, ends, total) VALUES (?, '', ?, ?, ?, ?, ?)",
        (ask.account, _list(ask), ask.now, starts, ends, len(rows)),
    )
    n = int(cursor.lastrowid or 0)
    text = f"sandbox_maintenance.{ask.account}.{ask.now // SECOND}.{n}"
    ident = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    ask.db.execute("UPDATE import_job SET id = ? WHERE n = ?", (ident, n))
    payloads = [(n, place, json.dumps(row, ensure_ascii=False)) for place, row in enumerate(rows)]
    ask.db.executemany("INSERT INTO import_row (job, n, payload) VALUES (?, ?, ?)", payloads)
    row = ask.db.execute("SELECT * FROM import_job WHERE n = ?", (n,)).fetchone()
    return Reply(single(ask, JOBS, row))


def _list(ask: Ask) -> int | None:
    given = ((ask.document["data"].get("relationships") or {}).get("lists") or {}).get("data") or []
    if len(given) > 1:
        raise invalid("Profiles can be imported into one list only.", "/data/relationships/lists/data")
    if not given:
        return None
    row = ask.db.execute(
        "SELECT n FROM circle WHERE account = ? AND kind = 'list' AND id = ?", (ask.account, given[0]["id"])
    ).fetchone()
    if row is None:
        detail = f"A list with id {given[0]['id']} does not exist."
        raise Refusal(Problem("not_found", detail, "/data/relationships/lists/data/0/id"))
    return int(row["n"])


def advance(db: sqlite3.Connection, account: int, now: int, chance: random.Random) -> None:
    """Does the part of each open job that is due by now: nothing runs between requests, yet nobody can tell."""
    jobs = db.execute("SELECT * FROM import_job WHERE account = ? AND status <> 'complete'", (account,)).fetchall()
    for job in jobs:
        if now < job["starts"]:
            continue
        share = min(1.0, (now - job["starts"]) / max(1, job["ends"] - job["starts"]))
        _work(db, job, int(share * job["total"]), now, chance)
        status = "complete" if share >= 1 else "processing"
        db.execute("UPDATE import_job SET status = ? WHERE n = ?", (status, job["n"]))
    db.execute("DELETE FROM import_row WHERE job IN (SELECT n FROM import_job WHERE created < ?)", (now - 7 * DAY,))
    db.execute("DELETE FROM import_job WHERE created < ?", (now - 7 * DAY,))


def _work(db: sqlite3.Connection, job: Row, until: int, now: int, chance: random.Random) -> None:
    done = failed = 0
    begun = job["done"] + job["failed"]
    rows = db.execute(
        "SELECT * FROM import_row WHERE job = ? AND n >= ? AND n < ?", (job["n"], begun, until)
    ).fetchall()
    for row in rows:
        found = _upsert(db, job, json.loads(row["payload"]), row["n"], min(now, job["ends"]), chance)
        if isinstance(found, Problem):
            failed += 1
            error = {
                "code": found.code,
                "title": found.title,
                "detail": found.detail,
                "source": {"pointer": found.pointer},
            }
            db.execute(
                "UPDATE import_row SET error = ? WHERE job = ? AND n = ?", (json.dumps(error), job["n"], row["n"])
            )
        else:
            done += 1
            db.execute("UPDATE import_row SET profile = ? WHERE job = ? AND n = ?", (found, job["n"], row["n"]))
    db.execute("UPDATE import_job SET done = done + ?, failed = failed + ? WHERE n = ?", (done, failed, job["n"]))


def _upsert(db: sqlite3.Connection, job: Row, data: Json, place: int, now: int, chance: random.Random) -> int | Problem:
    """The row number of the profile, or why the row was refused."""
    pointer, account = f"{_ROWS}/{place}/attributes", job["account"]
    given, ident = dict(data.get("attributes") or {}), data.get("id")
    meta = given.pop("meta", None) or data.get("meta") or {}
    known = people.find(db, account, given)
    if ident:
        known = db.execute("SELECT * FROM profile WHERE account = ? AND id = ?", (account, ident)).fetchone()
        if known is None:
            return Problem("not_found", f"A profile with id {ident} does not exist.", f"{_ROWS}/{place}/id")
    for problem in people.faults(given, pointer, new=known is None):
        return problem
    if people.size(given) > people.LARGEST:
        return Problem("invalid", "A profile may not be larger than 100 KB.", pointer)
    rival = people.rival(db, account, given, known["n"]) if known else None
    if rival:
        return people.duplicate(rival, pointer)
    n = int(known["n"]) if known else people.add(db, account, given, now, chance)
    if known or meta:
        people.amend(db, n, given, meta, now)
    if job["circle"]:
        membership.join(db, job["circle"], [n], now)
    return n


def _taken(ask: Ask, job: Row) -> Rows:
    return Rows(
        "import_row JOIN profile ON profile.n = import_row.profile",
        "import_row.job = ?",
        (job["n"],),
        columns={"row": "import_row.n"},
        sort="row",
    )


def _failed(ask: Ask, job: Row) -> Rows:
    ident = f", '{job['id']}.' || import_row.n AS id"
    return Rows("import_row", "import_row.job = ? AND import_row.error IS NOT NULL", (job["n"],), extra=ident)


def _target(ask: Ask, job: Row) -> Rows:
    return Rows("circle", "circle.n = ?", (job["circle"],), sort="id")


_PROFILES, _PROFILE_IDS = related(JOBS, PROFILES, _taken)
_LISTS, _LIST_IDS = related(JOBS, LISTS, _target)
_ERRORS, _ = related(JOBS, IMPORT_ERRORS, _failed)
ROOM: Mapping[str, Room] = {
    "bulk_import_profiles": bulk_import_profiles,
    "get_bulk_import_profiles_jobs": all_of(JOBS),
    "get_bulk_import_profiles_job": one_of(JOBS),
    "get_list_for_bulk_import_profiles_job": _LISTS,
    "get_list_ids_for_bulk_import_profiles_job": _LIST_IDS,
    "get_profiles_for_bulk_import_profiles_job": _PROFILES,
    "get_profile_ids_for_bulk_import_profiles_job": _PROFILE_IDS,
    "get_errors_for_bulk_import_profiles_job": _ERRORS,
}
