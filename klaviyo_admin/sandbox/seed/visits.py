"""Sows what people did with a shop's forms: saw them, closed them, sent them."""

import json
from typing import Any

from klaviyo_admin.sandbox import history, ids
from klaviyo_admin.sandbox.moments import DAY, SECOND
from klaviyo_admin.sandbox.seed.ground import Ground

_MOST = 3000  # visitors remembered, however large the shop
_SENT, _CLOSED = 0.35, 0.4
_STEPS = ("Viewed Form Step", "Submitted Form Step")


def furnish(ground: Ground) -> None:
    forms = ground.db.execute(
        "SELECT form.id, form.name, version.id AS version, min(form.created, version.created) AS created FROM thing form "
        "JOIN thing version ON version.parent = form.n AND version.kind = 'form-version' "
        "WHERE form.account = ? AND form.kind = 'form' AND version.status = 'live' ORDER BY form.n, version.n",
        (ground.account,),
    ).fetchall()
    if not forms:
        return
    people = ground.db.execute(
        "SELECT n, created FROM profile WHERE account = ? AND n % 3 = 1 ORDER BY n DESC LIMIT ?",
        (ground.account, _MOST),
    ).fetchall()
    rows: list[tuple[Any, ...]] = []
    for person in people:
        form = ground.chance.choice(forms)
        at = max(person["created"], form["created"]) // SECOND * SECOND
        at += ground.chance.randrange(max(1, (ground.today - DAY - at) // SECOND)) * SECOND
        if at < ground.today:
            rows += _visit(ground, person["n"], form, at)
    ground.db.executemany(
        "INSERT INTO event (account, id, metric, profile, at, unique_id, properties) VALUES (?, ?, ?, ?, ?, ?, ?)", rows
    )
    ground.db.executemany(
        "UPDATE profile SET last_event = max(ifnull(last_event, 0), ?), updated = max(updated, ?) WHERE n = ?",
        [(row[4], row[4], row[3]) for row in rows],
    )


def _visit(ground: Ground, person: int, form: Any, at: int) -> list[tuple[Any, ...]]:
    about = {"form_id": form["id"], "form_version_id": form["version"], "Form Name": form["name"]}
    drawn = ground.chance.random()
    names = ["Viewed Form", _STEPS[0]]
    if drawn < _SENT:
        names += [_STEPS[1], "Submitted Form", "Qualified Form"]
    elif drawn < _SENT + _CLOSED:
        names.append("Closed Form")
    found = []
    for step, name in enumerate(names):
        when = at + step * 7 * SECOND
        metric = history.metric_of(ground.db, ground.account, name, ground.today, ground.chance)
        text = json.dumps(about, ensure_ascii=False)
        found.append((ground.account, ids.eleven(ground.chance), metric, person, when, f"form.{when // SECOND}", text))
    return found
