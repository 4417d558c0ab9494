"""How a body that tells of an event, and of the profile it befell, is checked and written down."""

from typing import Any

from klaviyo_admin.sandbox import history, moments, people
from klaviyo_admin.sandbox.asking import Ask, Json
from klaviyo_admin.sandbox.moments import DAY, SECOND
from klaviyo_admin.sandbox.refusals import Problem, Refusal, invalid

_EARLIEST = 631_152_000 * SECOND  # 1990
_LONGEST_NAME = 127
_LONGEST_TEXT = 100 * 1024  # bytes of one text in the properties
_PROPERTIES, _ITEMS, _LEVELS = 400, 4000, 10


def event(ask: Ask, given: Json, profile: int, pointer: str) -> bool:
    """Records the event that the attributes tell of; `pointer` is their place. False for a repeat, which changes nothing."""
    at = _time(ask, given.get("time"), f"{pointer}/time")
    name = given["metric"]["data"]["attributes"]["name"]
    if not 0 < len(name) <= _LONGEST_NAME:
        raise invalid("The name of a metric has 1 to 127 characters.", f"{pointer}/metric/data/attributes/name")
    _must_be_modest(given["properties"], f"{pointer}/properties")
    extra = {
        "$value": given.get("value"),
        "$value_currency": given.get("value_currency"),
        "$event_id": given.get("unique_id"),
    }
    properties = {**given["properties"], **{k: v for k, v in extra.items() if v is not None}}
    return history.record(
        *(ask.db, ask.account, profile, name, at, properties, ask.chance),
        value=given.get("value"),
        once=given.get("unique_id") or "",
    )


def profile(ask: Ask, data: Json, pointer: str) -> int:
    """The row number of the profile that the data (at `pointer`) names, which is made or amended by what they say of it.

    Raises Refusal: an unknown id, an improper attribute, an identifier of somebody else.
    """
    place = f"{pointer}/attributes"
    given, ident = dict(data.get("attributes") or {}), data.get("id")
    meta = given.pop("meta", None) or data.get("meta") or {}
    known = people.find(ask.db, ask.account, given)
    if ident:
        known = ask.db.execute("SELECT * FROM profile WHERE account = ? AND id = ?", (ask.account, ident)).fetchone()
        if known is None:
            raise Refusal(Problem("not_found", f"A profile with id {ident} does not exist.", f"{pointer}/id"))
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


def visitor(ask: Ask, data: Json, pointer: str) -> int | None:
    """Like `profile`, for what anybody can send: identifiers that a profile has are never changed, and somebody who gives
    none is nobody yet (None)."""
    given = {k: v for k, v in (data.get("attributes") or {}).items() if v is not None}
    problems = people.faults(given, f"{pointer}/attributes", new=False)
    if problems:
        raise Refusal(*problems)
    known = people.find(ask.db, ask.account, given)
    if known is None:
        named = any(given.get(name) for name in people.IDENTIFIERS)
        return people.add(ask.db, ask.account, given, ask.now, ask.chance) if named else None
    people.complete(ask.db, known, given, ask.now)
    about = {name: value for name, value in given.items() if name not in people.IDENTIFIERS}
    if about:
        people.amend(ask.db, known["n"], about, {}, ask.now)
    return int(known["n"])


def _time(ask: Ask, text: str | None, pointer: str) -> int:
    if text is None:
        return ask.now // SECOND * SECOND
    try:
        at = moments.read(text) // SECOND * SECOND
    except ValueError as fault:
        raise invalid("The time is not a valid date and time.", pointer) from fault
    if not _EARLIEST < at <= ask.now + 365 * DAY:
        raise invalid("The time of an event lies after 1990 and at most one year ahead.", pointer)
    return at


def _must_be_modest(properties: Json, pointer: str) -> None:
    if len(properties) > _PROPERTIES:
        raise invalid(f"An event has at most {_PROPERTIES} properties.", pointer)
    _within(properties, pointer, 1)


def _within(value: Any, pointer: str, level: int) -> None:
    if isinstance(value, str) and len(value) > _LONGEST_TEXT // 4 and len(value.encode()) > _LONGEST_TEXT:
        raise invalid("A text may not be longer than 100 KB.", pointer)
    if not isinstance(value, dict | list):
        return
    if level > _LEVELS:
        raise invalid(f"Properties may be nested {_LEVELS} levels deep.", pointer)
    if isinstance(value, list) and len(value) > _ITEMS:
        raise invalid(f"A list may have at most {_ITEMS} members.", pointer)
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        _within(inner, f"{pointer}/{key}", level + 1)
