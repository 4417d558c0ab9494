"""The pure builders of requests to erase people, and by what each of them is named to Klaviyo."""

from collections.abc import Callable, Sequence
from typing import Any

from klaviyo_admin.areas.base import Answers
from klaviyo_admin.areas.building import Noun
from klaviyo_admin.areas.profiles.service import name
from klaviyo_admin.areas.rows import Rows
from klaviyo_admin.areas.words import counted
from klaviyo_admin.intents import FieldChange, Intent, Request
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.values import Item, Json, Write

PERSON = Noun("person", "people", "profile", "get_profile", name)
KNOWN_BY = {"email": "E-mail", "phone_number": "Phone number"}
_FOR_GOOD = "and everything known of them, for good"


def start(items: Sequence[Item]) -> dict[str, Any]:
    """What has to be typed, and the ways in which all of the people can be named."""
    ways = [("id", "Profile ID: exactly these profiles")]
    ways += [(key, label) for key, label in KNOWN_BY.items() if items and all(item.get(key) for item in items)]
    words = words_for(items[0]) if len(items) == 1 else f"delete {len(items)} people"
    return {"words": words, "choices": ways, "known_by": "id"}


def words_for(person: Item) -> str:
    """What is typed to confirm that this very person is meant."""
    return str(person.get("email") or person.get("phone_number") or person.get("external_id") or person.id)


def erase(items: Sequence[Item], answers: Answers) -> Intent:
    """One request for each person."""
    requests = tuple(Request(_write(answers["known_by"], item), PERSON.target(item), _gone(item.get)) for item in items)
    one = len(items) == 1
    who = "{target}" if one else counted(len(items), "person", "people")
    details = (("asked_of_klaviyo_by", KNOWN_BY.get(answers["known_by"], "Profile ID")),)
    target = PERSON.target(items[0]) if one else None
    return Intent("data_privacy.erase", f"Delete {who} {_FOR_GOOD}.", requests, target, details)


def erase_rows(items: Sequence[Item], answers: Answers) -> Intent:
    """One request for each row, which Klaviyo refuses if nobody has the address."""
    rows: Rows = answers["people"]
    requests = tuple(
        Request(_of({key: row.get(key) for key in ("email", "phone_number") if row.get(key)}), None, _gone(row.get))
        for row in rows
    )
    sentence = f"Delete {counted(len(rows), 'person', 'people')} {_FOR_GOOD}."
    return Intent("data_privacy.erase_rows", sentence, requests, None, rows.details())


def _gone(get: Callable[[str], Json]) -> tuple[FieldChange, ...]:
    """What a person is known by now, and is not afterwards: if it has moved meanwhile, nothing is sent."""
    return tuple(FieldChange((key,), label, get(key), None) for key, label in KNOWN_BY.items() if get(key))


def _write(known_by: str, person: Item) -> Write:
    return _of({}, person.id) if known_by == "id" else _of({known_by: person.get(known_by)})


def _of(attributes: dict[str, Json], ident: str = "") -> Write:
    """The request for one person, who is named by exactly one thing."""
    found = operation("request_profile_deletion")
    person: dict[str, Json] = {"type": "profile", **({"id": ident} if ident else {}), "attributes": attributes}
    return found.write({}, {"data": {"type": found.kind, "attributes": {"profile": {"data": person}}}})
