"""Bulk jobs: they wait, work row by row as the clock moves, keep the errors of rows they refuse, and vanish after a week."""

import json
import random
import sqlite3
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from klaviyo_admin.sandbox import ids, things
from klaviyo_admin.sandbox.asking import Ask, Json
from klaviyo_admin.sandbox.moments import DAY, SECOND, exact
from klaviyo_admin.sandbox.refusals import Refusal, invalid
from klaviyo_admin.sandbox.shelves import Extras, Relation, Row, Shelf, shelf_of

PROCESSING, COMPLETE = "processing", "complete"
MADE = "made-by-job"  # the bond from a job to what it made or changed
_WAITS, _TAKES, _PER_ROW = 0.7, 1.2, 0.002  # seconds
_KEPT = 7 * DAY


@dataclass(frozen=True, slots=True)
class Work:
    """What a kind of job does: `noun` names the rows in the body ("items"), `kind` is what they are. `act` does one row
    and tells which thing it made, None where nothing is left; it raises Refusal, with pointers below the given one."""

    kind: str
    noun: str
    act: Callable[[things.Ledger, Json, str, random.Random], Row | None]
    most_rows: int
    most_jobs: int
    family: str  # the jobs that count together towards `most_jobs` have this in their kind


def begin(ask: Ask, job: str, work: Work) -> Row:
    """A job for the rows in the body. Raises Refusal for too many rows or too many jobs at once."""
    pointer = f"/data/attributes/{work.noun}/data"
    rows = ask.attributes[work.noun]["data"]
    if not 0 < len(rows) <= work.most_rows:
        raise invalid(f"Between 1 and {work.most_rows} may be given at once.", pointer)
    under_way = ask.db.execute(
        "SELECT count(*) FROM thing WHERE account = ? AND status = ? AND kind LIKE ?",
        (ask.account, PROCESSING, f"{work.family}%-job"),
    ).fetchone()[0]
    if under_way >= work.most_jobs:
        raise invalid(f"At most {work.most_jobs} jobs may be under way at once.")
    starts = ask.now + int(_WAITS * SECOND / ask.speed)
    ends = starts + int((_TAKES + _PER_ROW * len(rows)) * SECOND / ask.speed)
    kept = {"starts": starts, "ends": ends, "total": len(rows), "done": 0, "errors": []}
    made = things.add(things.ledger(ask), job, ids.ulid(ask.now, ask.chance), kept, status=PROCESSING)
    payloads = [(made["n"], place, json.dumps(row, ensure_ascii=False)) for place, row in enumerate(rows)]
    ask.db.executemany("INSERT INTO job_row VALUES (?, ?, ?)", payloads)
    return made


def clock(works: Mapping[str, Work]) -> Callable[[sqlite3.Connection, int, int, random.Random], None]:
    """The clockwork of these kinds of jobs."""
    marks = ",".join("?" * len(works))

    def advance(db: sqlite3.Connection, account: int, now: int, chance: random.Random) -> None:
        where = things.Ledger(db, account, now)
        sql = f"SELECT * FROM thing WHERE account = ? AND kind IN ({marks}) AND (status = ? OR created < ?)"
        for job in db.execute(sql, (account, *works, PROCESSING, now - _KEPT)).fetchall():
            if job["status"] == PROCESSING:
                _move(where, job, works[job["kind"]], chance)
            if job["created"] < now - _KEPT:
                things.remove(db, job)

    return advance


def _move(where: things.Ledger, job: Row, work: Work, chance: random.Random) -> None:
    kept = things.content(job)
    if where.now < kept["starts"]:
        return
    share = min(1.0, (where.now - kept["starts"]) / max(1, kept["ends"] - kept["starts"]))
    until = int(share * kept["total"])
    rows = where.db.execute(
        "SELECT * FROM job_row WHERE job = ? AND place < ? ORDER BY place", (job["n"], until)
    ).fetchall()
    for row in rows:
        pointer = f"/data/attributes/{work.noun}/data/{row['place']}"
        # A row that is refused half-way leaves nothing behind.
        where.db.execute("SAVEPOINT job_row")
        try:
            made = work.act(where, json.loads(row["payload"]), pointer, chance)
        except Refusal as refusal:
            where.db.execute("ROLLBACK TO job_row")
            kept["errors"] += [_error(problem.document()) for problem in refusal.problems[:1]]
            continue
        finally:
            where.db.execute("RELEASE job_row")
        kept["done"] += 1
        if made is not None:
            things.tie(where.db, MADE, job["n"], [made["n"]])
    where.db.execute("DELETE FROM job_row WHERE job = ? AND place < ?", (job["n"], until))
    if rows or share >= 1:
        things.change(where, job, data=kept, status=COMPLETE if share >= 1 else PROCESSING)


def _error(document: dict[str, Any]) -> dict[str, Any]:
    shown = {name: document[name] for name in ("code", "title", "detail", "source")}
    return {"id": str(uuid.uuid4()), **shown}


def _show(row: Row, extras: Extras) -> dict[str, Any]:
    kept = things.content(row)
    return {
        "status": row["status"],
        "created_at": exact(row["created"]),
        "total_count": kept["total"],
        "completed_count": kept["done"],
        "failed_count": len(kept["errors"]),
        "completed_at": exact(kept["ends"]) if row["status"] == COMPLETE else None,
        "errors": kept["errors"],
        "expires_at": exact(row["created"] + _KEPT),
    }


def shelf(job: str, work: Work) -> Shelf:
    """How jobs of this kind are shown."""
    relation = Relation(work.noun, shelf_of(work.kind), things.loading_held(MADE))
    return things.shelf(job, f"/api/{job}s", _show, relations=(relation,), sort="-created_at")
