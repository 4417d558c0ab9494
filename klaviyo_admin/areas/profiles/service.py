"""The pure builders of changes to profiles, and what a profile is called."""

from collections.abc import Mapping, Sequence
from typing import Any

from klaviyo_admin.areas.base import Answers
from klaviyo_admin.areas.building import posted
from klaviyo_admin.areas.fields import REMOVE
from klaviyo_admin.areas.words import listed
from klaviyo_admin.intents import FieldChange, Intent, Request, Target
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.values import Item, Json

LOCATION = ("address1", "address2", "city", "region", "zip", "country", "timezone")
LABELS = {
    "first_name": "First name",
    "last_name": "Last name",
    "email": "E-mail",
    "phone_number": "Phone number",
    "external_id": "External ID",
    "organization": "Organisation",
    "title": "Title",
    "locale": "Locale",
    "address1": "Address",
    "address2": "Address, second line",
    "city": "City",
    "region": "State or region",
    "zip": "Postal code",
    "country": "Country",
    "timezone": "Time zone",
}


def name(item: Item) -> str:
    """What people call a profile: its full name, else its e-mail, phone, external id or id."""
    full = " ".join(filter(None, (item.get("first_name"), item.get("last_name"))))
    return full or item.get("email") or item.get("phone_number") or item.get("external_id") or item.id


def start_edit(items: Sequence[Item]) -> dict[str, Any]:
    """The answers of EditProfile as Klaviyo holds them now."""
    (profile,) = items
    plain = {key: profile.at(_path(key), "") for key in LABELS}
    return plain | {"properties": dict(profile.get("properties", {}))}


def edit(items: Sequence[Item], answers: Answers) -> Intent:
    """One PATCH with exactly the answers given: `properties` maps names to JSON values or REMOVE, None clears a field."""
    (profile,) = items
    changes = [(_path(key), LABELS[key], answers[key]) for key in LABELS if key in answers]
    changes += _property_changes(answers.get("properties", {}))
    labels = [label for _, label, _ in changes]
    return Intent(
        action="profiles.edit",
        sentence=f"Change {listed(labels)} of {{target}}.",
        requests=(_patch(profile, changes),),
        target=target(profile),
    )


def set_property(items: Sequence[Item], answers: Answers) -> Intent:
    """One PATCH per profile that sets (or removes) the property `name`; profiles that have that value already are left out."""
    key, value = answers["name"], answers["value"]
    touched = [p for p in items if p.at(("properties", key)) != (None if value is REMOVE else value)] or list(items)
    people = "1 profile" if len(touched) == 1 else f"{len(touched):,} profiles"
    verb = (
        f"Remove the property “{key}” from {people}." if value is REMOVE else f"Set the property “{key}” on {people}."
    )
    requests = tuple(_patch(profile, _property_changes({key: value})) for profile in touched)
    return Intent(action="profiles.set_property", sentence=verb, requests=requests)


def create(items: Sequence[Item], answers: Answers) -> Intent:
    """One POST of a new profile; Klaviyo refuses it where somebody has the same address already."""
    nobody = _nobody_yet(answers)
    request = posted("create_profile", nobody, _given(answers))
    return Intent("profiles.create", "Add {target} to the profiles.", (request,), nobody)


def upsert(items: Sequence[Item], answers: Answers) -> Intent:
    """One POST that makes the profile, or gives these values to whoever has the same address."""
    nobody = _nobody_yet(answers)
    request = posted("create_or_update_profile", nobody, _given(answers))
    sentence = "Add {target} to the profiles, or update who has the same e-mail, phone or external ID."
    return Intent("profiles.upsert", sentence, (request,), nobody)


def _nobody_yet(answers: Answers) -> Target:
    full = " ".join(filter(None, (answers.get("first_name"), answers.get("last_name"))))
    called = full or next(answers[key] for key in ("email", "phone_number", "external_id") if answers.get(key))
    return Target("profile", "", called)


def _given(answers: Answers) -> list[FieldChange]:
    fields = [FieldChange(_path(key), LABELS[key], None, answers[key]) for key in LABELS if key in answers]
    properties = {key: value for key, value in answers.get("properties", {}).items() if value is not REMOVE}
    return fields + [FieldChange(path, label, None, value) for path, label, value in _property_changes(properties)]


def _property_changes(properties: Mapping[str, Any]) -> list[tuple[tuple[str, ...], str, Any]]:
    return [(("properties", key), key, value) for key, value in properties.items()]


def _patch(profile: Item, changes: Sequence[tuple[tuple[str, ...], str, Any]]) -> Request:
    attributes: dict[str, Json] = {}
    gone: list[str] = []
    fields = []
    for path, label, value in changes:
        after = None if value is REMOVE else value
        fields.append(FieldChange(path, label, before=profile.at(path), after=after))
        if value is REMOVE:
            gone.append(path[-1])
            continue
        place = attributes
        for key in path[:-1]:
            place = place.setdefault(key, {})
        place[path[-1]] = after
    data: dict[str, Json] = {"type": "profile", "id": profile.id, "attributes": attributes}
    if gone:
        data["meta"] = {"patch_properties": {"unset": gone}}
    write = operation("update_profile").write({"id": profile.id}, {"data": data})
    return Request(write=write, target=target(profile), fields=tuple(fields))


def target(profile: Item) -> Target:
    """The profile as the subject of a request."""
    return Target(type="profile", id=profile.id, name=name(profile), read="get_profile")


def _path(key: str) -> tuple[str, ...]:
    return ("location", key) if key in LOCATION else (key,)
