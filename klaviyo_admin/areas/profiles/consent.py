"""The pure builders of what people agreed to: subscribe, unsubscribe, suppress, and let in again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from klaviyo_admin.areas.base import Answers
from klaviyo_admin.areas.building import to_one
from klaviyo_admin.areas.rows import Rows, chunks
from klaviyo_admin.areas.words import counted, listed, plain
from klaviyo_admin.areas.words import name as called
from klaviyo_admin.intents import FieldChange, Follow, Intent, Request
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.values import Item, Json

# What people can agree to, by its place in a profile's subscriptions.
CHANNELS = {
    "email.marketing": "E-mail marketing",
    "sms.marketing": "SMS marketing",
    "sms.transactional": "SMS about orders and accounts",
    "whatsapp.marketing": "WhatsApp marketing",
    "whatsapp.transactional": "WhatsApp about orders and accounts",
    "email.open_tracking": "Tracking of opened e-mails",
}
ENDED = CHANNELS | {"whatsapp.conversational": "WhatsApp conversations"}
MOST_SUBSCRIBED, MOST_UNSUBSCRIBED, MOST_SUPPRESSED = 1000, 100, 100  # people of one request
_SUPPRESSING = Follow("get_bulk_suppress_profiles_job", "job_id")
_UNSUPPRESSING = Follow("get_bulk_unsuppress_profiles_job", "job_id")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody by their addresses; `id` if they are a profile already, `since` the moment of an earlier consent."""

    email: str = ""
    phone: str = ""
    id: str = ""
    since: str = ""

    def reached_by(self, channel: str) -> bool:
        return bool(self.email if channel.startswith("email") else self.phone)

    def addresses(self) -> dict[str, Json]:
        return {key: value for key, value in (("email", self.email), ("phone_number", self.phone)) if value}


def of_items(items: Iterable[Item]) -> list[Person]:
    return [Person(p.get("email", ""), p.get("phone_number", ""), p.id) for p in items]


def of_rows(rows: Rows) -> list[Person]:
    return [Person(r.get("email", ""), r.get("phone_number", ""), "", r.get("consented_at", "")) for r in rows]


def subscribe(items: Sequence[Item], answers: Answers) -> Intent:
    """Subscribes the selected profiles to `channels`."""
    return _subscribing(of_items(items), answers, ())


def subscribe_rows(items: Sequence[Item], answers: Answers) -> Intent:
    """Subscribes the people of pasted rows to `channels`."""
    return _subscribing(of_rows(answers["people"]), answers, answers["people"].details())


def unsubscribe(items: Sequence[Item], answers: Answers) -> Intent:
    return _unsubscribing(of_items(items), answers, ())


def unsubscribe_rows(items: Sequence[Item], answers: Answers) -> Intent:
    return _unsubscribing(of_rows(answers["people"]), answers, answers["people"].details())


def suppress(items: Sequence[Item], answers: Answers) -> Intent:
    """Keeps all marketing by e-mail from the selected profiles."""
    return _suppressing("suppress", of_items(items), ())


def unsuppress(items: Sequence[Item], answers: Answers) -> Intent:
    return _suppressing("unsuppress", of_items(items), ())


def suppress_rows(items: Sequence[Item], answers: Answers) -> Intent:
    """Suppresses pasted addresses, or everybody in one list or segment."""
    return _suppressing_any("suppress", answers)


def unsuppress_rows(items: Sequence[Item], answers: Answers) -> Intent:
    return _suppressing_any("unsuppress", answers)


def _subscribing(people: Sequence[Person], answers: Answers, details: Sequence[tuple[str, Any]]) -> Intent:
    channels, kept = answers["channels"], _reachable(people, answers["channels"])
    since = answers["consented_at"].isoformat() if answers.get("consented_at") else ""
    rows = [(person, _row(person, channels, "SUBSCRIBED", since)) for person in kept]
    extra: dict[str, Json] = {"historical_import": True} if answers.get("historical") else {}
    if answers.get("source"):
        extra["custom_source"] = answers["source"]
    requests = _requests("bulk_subscribe_profiles", rows, MOST_SUBSCRIBED, answers.get("to_list"), extra, channels)
    to = (
        f" and put {'it' if len(kept) == 1 else 'them'} on the list {_named(answers['to_list'])}"
        if answers.get("to_list")
        else ""
    )
    sentence = f"Subscribe {counted(len(kept), 'profile')} to {_spoken(channels)}{to}."
    return Intent("profiles.subscribe", sentence, requests, details=(*details, *_left_out(people, kept, channels)))


def _unsubscribing(people: Sequence[Person], answers: Answers, details: Sequence[tuple[str, Any]]) -> Intent:
    channels, kept = answers["channels"], _reachable(people, answers["channels"])
    rows = [(person, _row(person, channels, "UNSUBSCRIBED")) for person in kept]
    requests = _requests("bulk_unsubscribe_profiles", rows, MOST_UNSUBSCRIBED, answers.get("to_list"), {}, channels)
    off = (
        f" and take {'it' if len(kept) == 1 else 'them'} off the list {_named(answers['to_list'])}"
        if answers.get("to_list")
        else ""
    )
    sentence = f"Unsubscribe {counted(len(kept), 'profile')} from {_spoken(channels)}{off}."
    return Intent("profiles.unsubscribe", sentence, requests, details=(*details, *_left_out(people, kept, channels)))


def _suppressing_any(verb: str, answers: Answers) -> Intent:
    group: Item | None = answers.get("to_list") or answers.get("segment")
    if group is None:
        return _suppressing(verb, of_rows(answers["people"]), answers["people"].details())
    found = operation(f"bulk_{verb}_profiles")
    document = {"data": {"type": found.kind, "attributes": {}, "relationships": {group.type: to_one(group)}}}
    follow = _SUPPRESSING if verb == "suppress" else _UNSUPPRESSING
    request = Request(found.write({}, document), None, (_who([f"Everybody in “{called(group)}”"]),), follow)
    return Intent(f"profiles.{verb}", f"{verb.capitalize()} everybody in the {group.type} {_named(group)}.", (request,))


def _suppressing(verb: str, people: Sequence[Person], details: Sequence[tuple[str, Any]]) -> Intent:
    kept = _reachable(people, ("email",))
    follow = _SUPPRESSING if verb == "suppress" else _UNSUPPRESSING
    found = operation(f"bulk_{verb}_profiles")
    requests = []
    for part in chunks(kept, MOST_SUPPRESSED):
        rows = [{"type": "profile", "attributes": {"email": person.email}} for person in part]
        document = {"data": {"type": found.kind, "attributes": {"profiles": {"data": rows}}}}
        fields = (_who([person.email for person in part]),)
        requests.append(Request(found.write({}, document), None, fields, follow, len(part)))
    sentence = f"{verb.capitalize()} {counted(len(kept), 'profile')} for e-mail marketing."
    return Intent(f"profiles.{verb}", sentence, tuple(requests), details=(*details, *_left_out(people, kept)))


def _requests(
    name: str,
    rows: Sequence[tuple[Person, Json]],
    most: int,
    to: Item | None,
    extra: Mapping[str, Json],
    channels: Sequence[str],
) -> tuple[Request, ...]:
    return tuple(_request(name, part, to, extra, channels) for part in chunks(rows, most))


def _request(
    name: str,
    part: Sequence[tuple[Person, Json]],
    to: Item | None,
    extra: Mapping[str, Json],
    channels: Sequence[str],
) -> Request:
    found = operation(name)
    attributes = {**extra, "profiles": {"data": [row for _, row in part]}}
    data: dict[str, Json] = {"type": found.kind, "attributes": attributes}
    if to:
        data["relationships"] = {"list": to_one(to)}
    verb = "Subscribed to" if name == "bulk_subscribe_profiles" else "Unsubscribed from"
    fields = (
        _who([person.email or person.phone for person, _ in part]),
        FieldChange(("subscriptions",), verb, None, [ENDED[channel] for channel in channels]),
    )
    return Request(found.write({}, {"data": data}), None, fields, counts=len(part))


def _row(person: Person, channels: Iterable[str], consent: str, since: str = "") -> Json:
    """One profile of a body: the channels that its addresses can have."""
    subscriptions: dict[str, dict[str, Json]] = {}
    moment = person.since or since
    for channel in filter(person.reached_by, channels):
        kind, _, purpose = channel.partition(".")
        said: dict[str, Json] = {"consent": consent}
        if moment and purpose != "open_tracking":
            said["consented_at"] = moment
        subscriptions.setdefault(kind, {})[purpose] = said
    row: dict[str, Json] = {"type": "profile", "attributes": {**person.addresses(), "subscriptions": subscriptions}}
    if person.id and consent == "SUBSCRIBED":
        row["id"] = person.id
    return row


def _reachable(people: Sequence[Person], channels: Sequence[str]) -> list[Person]:
    """Those who have an address for at least one of the channels."""
    kept = [person for person in people if any(map(person.reached_by, channels))]
    if not kept:
        need = "an e-mail address" if all(c.startswith("email") for c in channels) else "a fitting address or number"
        raise ValidationError(f"Nobody of these has {need}, so there is nothing to send.")
    return kept


def _left_out(
    people: Sequence[Person], kept: Sequence[Person], channels: Sequence[str] = ()
) -> Iterator[tuple[str, Any]]:
    """Who is not in the requests at all, and for whom a part of the `channels` is not."""
    if missing := len(people) - len(kept):
        yield "Without a fitting address, so left out", f"{missing:,}"
    for channel in channels:
        if bare := sum(not person.reached_by(channel) for person in kept):
            need = "an e-mail address" if channel.startswith("email") else "a phone number"
            yield f"{ENDED[channel]}: not for those without {need}", f"{bare:,} of {len(kept):,}"


def _who(addresses: Sequence[str]) -> FieldChange:
    return FieldChange(("profiles",), "Who", None, list(addresses))


def _named(item: Item) -> str:
    return f"“{plain(called(item))}”"


def _spoken(channels: Sequence[str]) -> str:
    return listed([ENDED[channel] for channel in channels], of="kinds of messages")
