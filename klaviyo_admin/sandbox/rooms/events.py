"""The room of events: what people did, recorded with the metric and the profile they belong to."""

import json
from collections.abc import Callable, Mapping

from klaviyo_admin.sandbox import ids, moments, people
from klaviyo_admin.sandbox.asking import Ask, Json, Reply
from klaviyo_admin.sandbox.moments import DAY, SECOND
from klaviyo_admin.sandbox.refusals import Problem, Refusal, invalid
from klaviyo_admin.sandbox.rooms.reading import Room, all_of, one_of, related_one
from klaviyo_admin.sandbox.rooms.shelving import EVENTS, METRICS, PROFILES
from klaviyo_admin.sandbox.shelves import Row, Rows

_EARLIEST = 631_152_000 * SECOND  # 1990
_API = {"object": "integration", "id": "0eMvjm", "key": "api", "name": "API", "category": "API"}
_LONGEST_NAME = 127
_HERE = "/data/attributes"


def create_event(ask: Ask) -> Reply:
    """One event per profile, metric and unique id; a repeat is accepted and changes nothing."""
    given = ask.attributes
    at = _time(ask, given.get("time"))
    name = given["metric"]["data"]["attributes"]["name"]
    if not 0 < len(name) <= _LONGEST_NAME:
        raise invalid("The name of a metric has 1 to 127 characters.", f"{_HERE}/metric/data/attributes/name")
    profile = _profile(ask, given["profile"]["data"])
    extra = {
        "$value": given.get("value"),
        "$value_currency": given.get("value_currency"),
        "$event_id": given.get("unique_id"),
    }
    properties = {**given["properties"], **{k: v for k, v in extra.items() if v is not None}}
    ask.db.execute(
        "INSERT OR IGNORE INTO event (account, id, metric, profile, at, value, unique_id, properties) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(ask.account, ids.eleven(ask.chance), _metric(ask, name), profile, at, given.get("value")),
            *(given.get("unique_id") or str(at // SECOND), json.dumps(properties, ensure_ascii=False)),
        ),
    )
    ask.db.execute("UPDATE profile SET last_event = max(ifnull(last_event, 0), ?) WHERE n = ?", (at, profile))
    people.touch(ask.db, profile)
    return Reply()


def _time(ask: Ask, text: str | None) -> int:
    if text is None:
        return ask.now // SECOND * SECOND
    try:
        at = moments.read(text) // SECOND * SECOND
    except ValueError as fault:
        raise invalid("The time is not a valid date and time.", f"{_HERE}/time") from fault
    if not _EARLIEST < at <= ask.now + 365 * DAY:
        raise invalid("The time of an event lies after 1990 and at most one year ahead.", f"{_HERE}/time")
    return at


def _profile(ask: Ask, data: Json) -> int:
    """The row number of the profile, which is made or amended by what the event says of it."""
    place = f"{_HERE}/profile/data/attributes"
    given, ident = dict(data.get("attributes") or {}), data.get("id")
    meta = given.pop("meta", None) or {}
    known = people.find(ask.db, ask.account, given)
    if ident:
        known = ask.db.execute("SELECT * FROM profile WHERE account = ? AND id = ?", (ask.account, ident)).fetchone()
        if known is None:
            raise Refusal(
                Problem("not_found", f"A profile with id {ident} does not exist.", f"{_HERE}/profile/data/id")
            )
    problems = people.faults(given, place, new=known is None)
    rival = people.rival(ask.db, ask.account, given, known["n"]) if known else None
    if rival:
        problems.append(people.duplicate(rival, place))
    if problems:
        raise Refusal(*problems)
    if known is None:
        return people.add(ask.db, ask.account, given, ask.now, ask.chance)
    if given or meta:
        people.amend(ask.db, known["n"], given, meta, ask.now)
    return int(known["n"])


def _metric(ask: Ask, name: str) -> int:
    row = ask.db.execute("SELECT n FROM metric WHERE account = ? AND name = ?", (ask.account, name)).fetchone()
    if row:
        return int(row["n"])
    cursor = ask.db.execute(
        "INSERT INTO metric (account, id, name, created, updated, integration) VALUES (?, ?, ?, ?, ?, ?)",
        (ask.account, ids.six(ask.chance), name, ask.now, ask.now, json.dumps(_API)),
    )
    return int(cursor.lastrowid or 0)


def _its(column: str) -> Callable[[Ask, Row], Rows]:
    return lambda ask, event: Rows(column, f"{column}.n = ?", (event[column],))


_PROFILE, _PROFILE_ID = related_one(EVENTS, PROFILES, _its("profile"))
_METRIC, _METRIC_ID = related_one(EVENTS, METRICS, _its("metric"))
ROOM: Mapping[str, Room] = {
    "get_events": all_of(EVENTS),
    "get_event": one_of(EVENTS),
    "create_event": create_event,
    "get_profile_for_event": _PROFILE,
    "get_profile_id_for_event": _PROFILE_ID,
    "get_metric_for_event": _METRIC,
    "get_metric_id_for_event": _METRIC_ID,
}
