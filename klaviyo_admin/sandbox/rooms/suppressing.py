"""The room of suppressions: jobs that keep letters from profiles, or end that, by address, list or segment."""

import json
import random
import sqlite3
from collections.abc import Mapping

from klaviyo_admin.sandbox import consent, ids, membership, people
from klaviyo_admin.sandbox.asking import Ask, Json, Reply
from klaviyo_admin.sandbox.documents import single
from klaviyo_admin.sandbox.moments import SECOND, whole
from klaviyo_admin.sandbox.refusals import Problem, Refusal, invalid
from klaviyo_admin.sandbox.rooms.reading import Room, all_of, one_of
from klaviyo_admin.sandbox.shelves import Extras, Relation, Row, Shelf

_ROWS = "/data/attributes/profiles/data"
_MOST = 100
_TAKES = 2.0  # seconds until a job is done
_CIRCLE = "(SELECT circle.id FROM circle WHERE circle.n = suppression_job.circle AND circle.kind = '{}')"


def _job(row: Row, extras: Extras) -> dict[str, Json]:
    # The live service gives the time of completion from the start, when nothing has been counted yet.
    return {
        "status": row["status"],
        "created_at": whole(row["created"]),
        "total_count": row["total"],
        "completed_count": row["done"],
        "completed_at": whole(row["due"] if row["status"] == "complete" else row["created"]),
        "skipped_count": row["skipped"],
    }


def _shelf(verb: str) -> Shelf:
    return Shelf(
        type=f"profile-suppression-bulk-{verb}-job",
        path=f"/api/profile-suppression-bulk-{verb}-jobs",
        table="suppression_job",
        columns={
            "status": "suppression_job.status",
            "created": "suppression_job.created",
            "list_id": _CIRCLE.format("list"),
            "segment_id": _CIRCLE.format("segment"),
        },
        show=_job,
        relations=(Relation("lists"), Relation("segments")),
        sort="-created",
        only=f"suppression_job.verb = '{verb}'",
    )


CREATE, DELETE = _shelf("create"), _shelf("delete")


def _start(ask: Ask, shelf: Shelf, verb: str) -> Reply:
    rows = (ask.attributes.get("profiles") or {}).get("data")
    circle = _circle(ask)
    if (rows is None) == (circle is None):
        raise invalid("Give either profiles, or one list, or one segment.", "/data")
    if rows is not None:
        _must_be_proper(rows)
    emails = [row["attributes"]["email"] for row in rows or ()]
    ident = ids.ulid(ask.now, ask.chance)
    ask.db.execute(
        "INSERT INTO suppression_job (account, id, verb, circle, created, due, emails) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            *(ask.account, ident, verb, circle, ask.now),
            *(ask.now + int(_TAKES * SECOND / ask.speed), json.dumps(emails, ensure_ascii=False)),
        ),
    )
    row = ask.db.execute("SELECT * FROM suppression_job WHERE account = ? AND id = ?", (ask.account, ident)).fetchone()
    return Reply(single(ask, shelf, row))


def _must_be_proper(rows: list[Json]) -> None:
    if not 0 < len(rows) <= _MOST:
        raise invalid(f"Between 1 and {_MOST} profiles may be given at once.", _ROWS)
    problems = [
        problem
        for place, row in enumerate(rows)
        for problem in people.faults(row["attributes"], f"{_ROWS}/{place}/attributes", new=True)
    ]
    if problems:
        raise Refusal(*problems)


def _circle(ask: Ask) -> int | None:
    """The row number of the list or segment that the body names. Raises Refusal: both, or one that is not there."""
    given = ask.document["data"].get("relationships") or {}
    named = {kind: given[kind]["data"]["id"] for kind in ("list", "segment") if (given.get(kind) or {}).get("data")}
    if len(named) > 1:
        raise invalid("Give either a list or a segment.", "/data/relationships")
    for kind, ident in named.items():
        sql = "SELECT n FROM circle WHERE account = ? AND kind = ? AND id = ?"
        row = ask.db.execute(sql, (ask.account, kind, ident)).fetchone()
        if row is None:
            detail = f"A {kind} with id {ident} does not exist."
            raise Refusal(Problem("not_found", detail, f"/data/relationships/{kind}/data/id"))
        return int(row["n"])
    return None


def advance(db: sqlite3.Connection, account: int, now: int, chance: random.Random) -> None:
    """Does the jobs that are due."""
    sql = "SELECT * FROM suppression_job WHERE account = ? AND status = 'processing' AND due <= ? ORDER BY n"
    for job in db.execute(sql, (account, now)).fetchall():
        profiles = _members(db, job) if job["circle"] else _addressed(db, job, chance)
        done = sum(_act(db, job["verb"], profile, job["due"]) for profile in profiles if profile is not None)
        db.execute(
            "UPDATE suppression_job SET status = 'complete', total = ?, done = ?, skipped = ? WHERE n = ?",
            (len(profiles), done, len(profiles) - done, job["n"]),
        )


def _members(db: sqlite3.Connection, job: Row) -> list[int | None]:
    membership.settle_account(db, job["account"], job["due"])
    return [row["profile"] for row in db.execute("SELECT profile FROM member WHERE circle = ?", (job["circle"],))]


def _addressed(db: sqlite3.Connection, job: Row, chance: random.Random) -> list[int | None]:
    """The profile of each address; a suppression makes the profiles that are not there yet."""
    found: list[int | None] = []
    for email in json.loads(job["emails"]):
        known = people.find(db, job["account"], {"email": email})
        if known is None and job["verb"] == "create":
            found.append(people.add(db, job["account"], {"email": email}, job["due"], chance))
        else:
            found.append(known["n"] if known else None)
    return found


def _act(db: sqlite3.Connection, verb: str, profile: int, at: int) -> bool:
    if verb == "create":
        return consent.suppress(db, profile, "USER_SUPPRESSED", at)
    return consent.lift(db, profile, ("USER_SUPPRESSED",))


ROOM: Mapping[str, Room] = {
    "bulk_suppress_profiles": lambda ask: _start(ask, CREATE, "create"),
    "get_bulk_suppress_profiles_jobs": all_of(CREATE),
    "get_bulk_suppress_profiles_job": one_of(CREATE),
    "bulk_unsuppress_profiles": lambda ask: _start(ask, DELETE, "delete"),
    "get_bulk_unsuppress_profiles_jobs": all_of(DELETE),
    "get_bulk_unsuppress_profiles_job": one_of(DELETE),
}
