"""How consent, suppression and imported values of people are taken back: each person to how they were."""

from collections.abc import Iterator, Mapping
from typing import Any

from klaviyo_admin.changes.undoing import crowds, shapes
from klaviyo_admin.changes.undoing.done import NO_BEFORE, Done, Impossible, Opposite, Unneeded
from klaviyo_admin.changes.undoing.restoring import written
from klaviyo_admin.intents import FieldChange, Request, Target
from klaviyo_admin.klaviyo import catalogue
from klaviyo_admin.klaviyo.values import Json

Person = dict[str, Any] | None  # as they were; None for somebody new
_SAID = {"push": "mobile_push"}  # how a profile calls what a request calls otherwise
_MOST = {"bulk_subscribe_profiles": 1000, "bulk_unsubscribe_profiles": 100, "bulk_import_profiles": 10_000}
STAY = "{:,} people were new: they stay as profiles."
NOBODY = "nobody's state was changed by it"


def crowd(done: Done) -> list[tuple[dict[str, Json], Person]]:
    """The rows of the body, each with its person as they were. Raises Impossible."""
    kept = done.image.get("people")
    rows = crowds.rows(done.operation, done.body)
    if kept is None or len(kept) != len(rows):
        raise Impossible(done.image.get("fault", NO_BEFORE))
    return list(zip(rows, kept, strict=True))


def suppression(done: Done) -> Opposite:
    """Lifts the suppression of those who had none by hand, or suppresses again who had."""
    if "changed" in done.image:
        return _whole_group(done)
    people, wanted = crowd(done), done.operation.id == "bulk_suppress_profiles"
    changed = [row for row, was in people if _by_hand(was) != wanted and (was is not None or wanted)]
    if not changed:
        raise Unneeded(NOBODY)
    inverse = catalogue.operation(done.operation.inverse)
    rows = [{"type": "profile", "attributes": {"email": row["attributes"]["email"]}} for row in changed]
    new = sum(1 for _, was in people if was is None)
    left = len(people) - len(changed)
    lost = [STAY.format(new)] if new and wanted else []
    lost += [f"{left:,} of {len(people):,} people stay as they are: they were so before."] if left else []
    return Opposite(done.number, tuple(_requests(inverse.id, rows)), tuple(lost))


def _whole_group(done: Done) -> Opposite:
    """The same for all who belonged to a list or segment when the request left, by the addresses that they had."""
    changed, of = done.image["changed"], done.image["of"]
    if not changed:
        raise Unneeded(NOBODY)
    rows: list[dict[str, Json]] = [{"type": "profile", "attributes": {"email": email}} for _, email in changed]
    left = of - len(changed)
    lost = ["Who came to it later is left alone."]
    lost += [f"{left:,} of {of:,} people stay as they are: it did not change them."] if left else []
    return Opposite(done.number, tuple(_requests(done.operation.inverse, rows)), tuple(lost))


def _by_hand(was: Person) -> bool:
    return was is not None and crowds.suppressed_by_hand(was["attributes"].get("subscriptions"))


def subscribed(done: Done) -> Opposite:
    """Takes back the consent of those who had not given it, and takes them off the list where they were not on it."""
    people = crowd(done)
    rows: list[dict[str, Json]] = []
    for row, was in people:
        channels = {
            channel: kinds
            for channel, told in _channels(row)
            if (
                kinds := {
                    kind: {"consent": "UNSUBSCRIBED"} for kind in told if _consent(was, channel, kind) != "SUBSCRIBED"
                }
            )
        }
        if channels:
            rows.append({"type": "profile", "attributes": {**_reached(row, was), "subscriptions": channels}})
    again = [
        {"type": "profile", "attributes": {"email": _reached(r, was)["email"]}} for r, was in people if _by_hand(was)
    ]
    requests = [*_requests("bulk_unsubscribe_profiles", rows), *_requests("bulk_suppress_profiles", again)]
    requests += _off_lists(done, people)
    if not requests:
        raise Unneeded(NOBODY)
    return Opposite(done.number, tuple(requests), tuple(_remains(people, bool(rows))))


def _remains(people: list[tuple[dict[str, Json], Person]], unsubscribed: bool) -> Iterator[str]:
    if unsubscribed:
        yield "Who had never been asked counts as unsubscribed afterwards: Klaviyo cannot go back to “never subscribed”."
    if new := sum(1 for _, was in people if was is None):
        yield STAY.format(new)


def _off_lists(done: Done, people: list[tuple[dict[str, Json], Person]]) -> Iterator[Request]:
    """Takes people who were known already off the lists that they were not on."""
    for ident, members in done.image.get("members", {}).items():
        joined = [
            {"type": "profile", "id": i} for i in dict.fromkeys(w["id"] for _, w in people if w) if i not in members
        ]
        for start in range(0, len(joined), 1000):
            remove = catalogue.operation("remove_profiles_from_list")
            chunk = joined[start : start + 1000]
            target = Target("list", ident, ident, "get_list")
            yield Request(remove.write({"id": ident}, {"data": chunk}), target, counts=len(chunk))


def unsubscribed(done: Done) -> Opposite:
    """Gives back the consent that people had given, with its own time, and their place on the list."""
    people = crowd(done)
    back: dict[str, list[dict[str, Json]]] = {}
    members = {ident: set(found) for ident, found in done.image.get("members", {}).items()}
    stay = 0
    for row, was in people:
        channels = _given(row, was)
        stay += any(_never_asked(was, channel, kind) for channel, told in _channels(row) for kind in told)
        if was is None or not channels:
            continue
        on = next((ident for ident, found in members.items() if was["id"] in found), "")
        told = {**_reached(row, was), "subscriptions": channels}
        back.setdefault(on, []).append({"type": "profile", "id": was["id"], "attributes": told})
    if not back and not any(members.values()):
        raise Impossible("nobody had given a consent before that could be given back")
    requests = [
        r for ident, rows in back.items() for r in _requests("bulk_subscribe_profiles", rows, ident, _HISTORICAL)
    ]
    for ident, found in members.items():
        with_consent = {str(row["id"]) for row in back.get(ident, ())}
        requests += _on_list(ident, [i for i in found if i not in with_consent])
    return Opposite(done.number, tuple(requests), tuple(_stays(len(people), stay, bool(back))))


def _stays(people: int, stay: int, given: bool) -> Iterator[str]:
    if given:
        yield "Consent is entered again as an import of what was given earlier, with its time; no confirmation is sent."
    if stay:
        yield (
            f"{stay:,} of {people:,} people stay unsubscribed from what they had never agreed to: "
            "Klaviyo cannot go back to “never subscribed”."
        )


def _on_list(ident: str, members: list[str]) -> Iterator[Request]:
    """Puts people back on a list that they were on without a consent to give back."""
    add = catalogue.operation("add_profiles_to_list")
    for start in range(0, len(members), 1000):
        chunk = [{"type": "profile", "id": member} for member in members[start : start + 1000]]
        yield Request(
            add.write({"id": ident}, {"data": chunk}), Target("list", ident, ident, "get_list"), counts=len(chunk)
        )


_HISTORICAL = {"historical_import": True, "custom_source": "Restored after an undo"}


def _given(row: dict[str, Json], was: Person) -> dict[str, Json]:
    """The consents that the request withdrew and that had been given, each with its time."""
    found: dict[str, Json] = {}
    for channel, told in _channels(row):
        for kind in told:
            state = _at(was, channel, kind)
            if state.get("consent") != "SUBSCRIBED" or (channel, kind) == ("whatsapp", "conversational"):
                continue
            at = {} if kind == "open_tracking" else {"consented_at": state.get("consent_timestamp")}
            if channel != "push" and all(at.values()):
                found.setdefault(channel, {})[kind] = {"consent": "SUBSCRIBED", **at}
    return found


def _channels(row: dict[str, Json]) -> Iterator[tuple[str, list[str]]]:
    said = shapes.members(shapes.members(row.get("attributes")).get("subscriptions"))
    for channel, kinds in said.items():
        told = [kind for kind, value in shapes.members(kinds).items() if isinstance(value, dict)]
        # Push needs the tokens of devices, which only their apps know.
        if told and channel != "push":
            yield channel, told


def _consent(was: Person, channel: str, kind: str) -> Json:
    return _at(was, channel, kind).get("consent")


def _never_asked(was: Person, channel: str, kind: str) -> bool:
    return _consent(was, channel, kind) not in ("SUBSCRIBED", "UNSUBSCRIBED")


def _at(was: Person, channel: str, kind: str) -> dict[str, Json]:
    said = shapes.members(was["attributes"].get("subscriptions")) if was else {}
    return shapes.members(shapes.members(said.get(_SAID.get(channel, channel))).get(kind))


def _reached(row: dict[str, Json], was: Person) -> dict[str, Json]:
    told = was["attributes"] if was else shapes.members(row.get("attributes"))
    return {name: told[name] for name in ("email", "phone_number") if told.get(name)}


def _requests(
    name: str, rows: list[dict[str, Json]], ident: str = "", more: Mapping[str, Json] | None = None
) -> Iterator[Request]:
    operation, most = catalogue.operation(name), _MOST.get(name, 100)
    for start in range(0, len(rows), most):
        chunk = rows[start : start + most]
        data: dict[str, Json] = {"type": operation.kind, "attributes": {"profiles": {"data": chunk}, **(more or {})}}
        data |= {"relationships": {"list": {"data": {"type": "list", "id": ident}}}} if ident else {}
        follow = shapes.following(operation)
        yield Request(operation.write({}, {"data": data}), None, follow=follow, counts=len(chunk))


def upserted(done: Done) -> Opposite:
    """Writes back the values of people who existed already."""
    people = crowd(done)
    known = [(row, was) for row, was in people if was is not None]
    if not known:
        raise Impossible("everybody in it was new, and a profile is only removed by a privacy deletion")
    new = (STAY.format(len(people) - len(known)),) if len(known) < len(people) else ()
    if done.operation.id == "create_or_update_profile":
        return Opposite(done.number, (_one(done, *known[0]),), new)
    rows = [_row(row, was) for row, was in known]
    requests = [*_requests("bulk_import_profiles", rows), *_off_lists(done, people)]
    return Opposite(done.number, tuple(requests), new)


def _one(done: Done, row: dict[str, Json], was: dict[str, Any]) -> Request:
    inverse, made = catalogue.operation(done.operation.inverse), _row(row, was)
    name = str(was["attributes"].get("email") or was["id"])
    fields = tuple(
        FieldChange((key,), key.replace("_", " ").capitalize(), done.after((key,), value), was["attributes"].get(key))
        for key, value in shapes.members(row.get("attributes")).items()
        if key != "properties"
    )
    return Request(
        written(inverse, {"id": was["id"]}, {"data": made}), Target("profile", was["id"], name, "get_profile"), fields
    )


def _row(row: dict[str, Json], was: dict[str, Any]) -> dict[str, Json]:
    """A person's values from before, of exactly what the row wrote."""
    own = was["attributes"]
    told = shapes.members(row.get("attributes"))
    attributes = {key: own.get(key) for key in told if key not in ("properties", "_kx")}
    properties, before = shapes.members(told.get("properties")), shapes.members(own.get("properties"))
    attributes |= {"properties": before} if before else {}
    unset = [key for key in properties if key not in before]
    made: dict[str, Json] = {"type": "profile", "id": was["id"], "attributes": attributes}
    return {**made, "meta": {"patch_properties": {"unset": unset}}} if unset else made
