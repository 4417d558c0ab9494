"""The room of identity: two profiles become one, and profiles are deleted for good."""

import json
from collections.abc import Mapping

from klaviyo_admin.sandbox import belongings, consent, people
from klaviyo_admin.sandbox.asking import Ask, Reply
from klaviyo_admin.sandbox.refusals import Problem, Refusal, invalid, missing
from klaviyo_admin.sandbox.rooms.reading import Room
from klaviyo_admin.sandbox.rooms.shelving import PROFILES
from klaviyo_admin.sandbox.shelves import Row

_SOURCE = "/data/relationships/profiles/data"
_FACTS = ("first_name", "last_name", "organization", "locale", "title", "image")


def merge_profiles(ask: Ask) -> Reply:
    """What the destination lacks it takes from the source, which ceases to be."""
    data = ask.document["data"]
    given = data["relationships"]["profiles"].get("data") or []
    if len(given) != 1:
        raise invalid("Exactly one profile can be merged into another.", _SOURCE)
    target = _named(ask, data["id"], "/data/id")
    source = _named(ask, given[0]["id"], f"{_SOURCE}/0/id")
    if source["n"] == target["n"]:
        raise invalid("A profile cannot be merged into itself.", f"{_SOURCE}/0/id")
    consent.inherit(ask.db, source["n"], target["n"])
    belongings.hand_over(ask.db, source["n"], target["n"])
    ask.db.execute("DELETE FROM profile WHERE n = ?", (source["n"],))
    _complete(ask, source, target)
    at = f"{ask.here}{PROFILES.path}/{target['id']}/"
    shown = {"type": "profile", "id": target["id"], "attributes": {}, "links": {"self": at}}
    # The live service answers 202 where its description says 201.
    return Reply({"data": shown, "links": {"self": f"{ask.here}{ask.target.partition('?')[0].rstrip('/')}"}}, 202)


def _complete(ask: Ask, source: Row, target: Row) -> None:
    names = (*people.IDENTIFIERS, *_FACTS)
    lacking = {name: source[name] for name in names if target[name] is None and source[name] is not None}
    for name in ("location", "properties"):
        lacking[name] = {**json.loads(source[name]), **json.loads(target[name])}
    people.amend(ask.db, target["n"], lacking, {}, ask.now)
    ask.db.execute(
        "UPDATE profile SET last_event = (SELECT max(at) FROM event WHERE event.profile = profile.n), "
        "created = min(created, ?) WHERE n = ?",
        (source["created"], target["n"]),
    )


def _named(ask: Ask, ident: str, pointer: str) -> Row:
    row: Row | None = ask.db.execute(
        "SELECT * FROM profile WHERE account = ? AND id = ?", (ask.account, ident)
    ).fetchone()
    if row is None:
        raise Refusal(Problem("not_found", f"A profile with id {ident} does not exist.", pointer))
    return row


def request_profile_deletion(ask: Ask) -> Reply:
    """By exactly one identifier; a repeat finds nobody any more."""
    place = "/data/attributes/profile/data"
    data = ask.attributes["profile"]["data"]
    given = {"id": data.get("id"), **(data.get("attributes") or {})}
    named = [(name, value) for name, value in given.items() if value]
    if len(named) != 1:
        raise invalid("Give exactly one of email, phone_number and id.", place)
    name, value = named[0]
    rows = ask.db.execute(
        f"SELECT n FROM profile WHERE account = ? AND {name} = ?",
        (ask.account, people.clean(name, value)),
    ).fetchall()
    if not rows:
        raise missing(f'No profile with {name} "{value}" found.  The profile may have already been deleted.')
    for row in rows:
        belongings.remove(ask.db, row["n"])
    return Reply()


ROOM: Mapping[str, Room] = {
    "merge_profiles": merge_profiles,
    "request_profile_deletion": request_profile_deletion,
}
