"""The rooms of the Client API that anybody may write to: what visitors of a shop do, say of themselves and agree to."""

from collections.abc import Mapping

from klaviyo_admin.sandbox import devices
from klaviyo_admin.sandbox.asking import Ask, Json, Reply
from klaviyo_admin.sandbox.refusals import invalid
from klaviyo_admin.sandbox.rooms import consenting, recording
from klaviyo_admin.sandbox.rooms.reading import Room

_HERE = "/data/attributes"
_PROFILE = f"{_HERE}/profile/data"
_MOST = 1000
_CHANNELS = {"email": ("email", "marketing"), "phone_number": ("sms", "marketing")}


def create_client_profile(ask: Ask) -> Reply:
    recording.visitor(ask, ask.document["data"], "/data")
    return Reply()


def create_client_event(ask: Ask) -> Reply:
    profile = recording.visitor(ask, ask.attributes["profile"]["data"], _PROFILE)
    if profile is not None:
        recording.event(ask, ask.attributes, profile, _HERE)
    return Reply()


def bulk_create_client_events(ask: Ask) -> Reply:
    given = ask.attributes
    rows = given["events"]["data"]
    if not 0 < len(rows) <= _MOST:
        raise invalid(f"Between 1 and {_MOST} events may be given at once.", f"{_HERE}/events/data")
    profile = recording.visitor(ask, given["profile"]["data"], _PROFILE)
    for place, row in enumerate(rows if profile is not None else ()):
        recording.event(ask, row["attributes"], int(profile or 0), f"{_HERE}/events/data/{place}/attributes")
    return Reply()


def create_client_subscription(ask: Ask) -> Reply:
    """Without channels, the identifiers say which: an address means letters, a number means messages."""
    row: Json = ask.attributes["profile"]["data"]
    attributes = dict(row["attributes"])
    if not attributes.get("subscriptions"):
        attributes["subscriptions"] = {
            channel: {kind: {"consent": "SUBSCRIBED"}}
            for name, (channel, kind) in _CHANNELS.items()
            if attributes.get(name)
        }
    row = {"type": "profile", "attributes": attributes}
    consenting.must_be_proper(ask, {_PROFILE: row})
    circle = consenting.target(ask)
    if circle is None:
        raise invalid("A list is needed.", "/data/relationships/list")
    payload = {"rows": [row], "detail": ask.attributes.get("custom_source") or ""}
    return consenting.queue(ask, "subscribe", circle, payload)


def create_client_push_token(ask: Ask) -> Reply:
    profile = recording.visitor(ask, ask.attributes["profile"]["data"], _PROFILE)
    if profile is not None:
        devices.register(ask.db, ask.account, profile, ask.attributes, ask.now, ask.chance)
    return Reply()


def unregister_client_push_token(ask: Ask) -> Reply:
    devices.forget(ask.db, ask.account, ask.attributes)
    return Reply()


ROOM: Mapping[str, Room] = {
    "create_client_profile": create_client_profile,
    "create_client_event": create_client_event,
    "bulk_create_client_events": bulk_create_client_events,
    "create_client_subscription": create_client_subscription,
    "create_client_push_token": create_client_push_token,
    "unregister_client_push_token": unregister_client_push_token,
}
