"""Sows the jobs with which a shop has filled its catalogue and its coupons lately, one with a row that was refused."""

import uuid
from typing import Any

from klaviyo_admin.sandbox import ids, jobs, things
from klaviyo_admin.sandbox.moments import SECOND
from klaviyo_admin.sandbox.rooms import catalog_jobs, coupons
from klaviyo_admin.sandbox.seed.ground import Ground

_HOUR = 3600 * SECOND
_WORKS = {**catalog_jobs.WORKS, **coupons.WORKS}
_REFUSED = {
    "create": ("conflict", "Conflict.", "It exists already.", "attributes/external_id"),
    "update": ("not_found", "Not found.", "There is nothing with this id.", "id"),
}
_MADE = 6  # things at most that a job is said to have made


def furnish(ground: Ground) -> None:
    for place, (kind, work) in enumerate(_WORKS.items()):
        verb = kind.removesuffix("-job").rpartition("-")[2]
        made = () if verb == "delete" else _things(ground, work.kind)
        _job(
            ground,
            kind,
            work,
            made,
            ground.now - (3 + 7 * place) * _HOUR,
            _REFUSED.get(verb) if place % 3 == 0 else None,
        )


def _things(ground: Ground, kind: str) -> tuple[int, ...]:
    sql = "SELECT n FROM thing WHERE account = ? AND kind = ? ORDER BY n LIMIT ?"
    return tuple(row["n"] for row in ground.db.execute(sql, (ground.account, kind, _MADE)).fetchall())


def _job(
    ground: Ground, kind: str, work: jobs.Work, made: tuple[int, ...], at: int, refused: tuple[str, ...] | None
) -> None:
    done = len(made) or 4
    errors: list[dict[str, Any]] = []
    if refused:
        code, title, detail, where = refused
        source = {"pointer": f"/data/attributes/{work.noun}/data/{done}/{where}"}
        ident = str(uuid.UUID(int=ground.chance.getrandbits(128), version=4))
        errors = [{"id": ident, "code": code, "title": title, "detail": detail, "source": source}]
    kept = {"starts": at, "ends": at + 4 * SECOND, "total": done + len(errors), "done": done, "errors": errors}
    ledger = things.Ledger(ground.db, ground.account, at)
    row = things.add(ledger, kind, ids.ulid(at, ground.chance), kept, status=jobs.COMPLETE)
    things.tie(ground.db, jobs.MADE, row["n"], made)
