"""The room of events: what people did, recorded with the metric and the profile they belong to."""

from collections.abc import Callable, Mapping

from klaviyo_admin.sandbox.asking import Ask, Reply
from klaviyo_admin.sandbox.refusals import invalid
from klaviyo_admin.sandbox.rooms import recording
from klaviyo_admin.sandbox.rooms.reading import Room, all_of, one_of, related_one
from klaviyo_admin.sandbox.rooms.shelving import EVENTS, METRICS, PROFILES
from klaviyo_admin.sandbox.shelves import Row, Rows

_HERE = "/data/attributes"
_BATCH = f"{_HERE}/events-bulk-create/data"
_MOST = 1000


def create_event(ask: Ask) -> Reply:
    """One event per profile, metric and unique id; a repeat is accepted and changes nothing."""
    given = ask.attributes
    recording.event(ask, given, recording.profile(ask, given["profile"]["data"], f"{_HERE}/profile/data"), _HERE)
    return Reply()


def bulk_create_events(ask: Ask) -> Reply:
    """All or nothing: one improper event or one unique id that was used before refuses the whole request."""
    groups = ask.attributes["events-bulk-create"]["data"]
    if not 0 < sum(len(group["attributes"]["events"]["data"]) for group in groups) <= _MOST:
        raise invalid(f"Between 1 and {_MOST} events may be given at once.", _BATCH)
    for place, group in enumerate(groups):
        pointer, given = f"{_BATCH}/{place}/attributes", group["attributes"]
        profile = recording.profile(ask, given["profile"]["data"], f"{pointer}/profile/data")
        for number, event in enumerate(given["events"]["data"]):
            at = f"{pointer}/events/data/{number}/attributes"
            unique = event["attributes"].get("unique_id")
            if not recording.event(ask, event["attributes"], profile, at) and unique:
                raise invalid(f"An event with the unique_id '{unique}' exists already.", f"{at}/unique_id")
    return Reply()


def _its(column: str) -> Callable[[Ask, Row], Rows]:
    return lambda ask, event: Rows(column, f"{column}.n = ?", (event[column],))


_PROFILE, _PROFILE_ID = related_one(EVENTS, PROFILES, _its("profile"))
_METRIC, _METRIC_ID = related_one(EVENTS, METRICS, _its("metric"))
ROOM: Mapping[str, Room] = {
    "get_events": all_of(EVENTS),
    "get_event": one_of(EVENTS),
    "create_event": create_event,
    "bulk_create_events": bulk_create_events,
    "get_profile_for_event": _PROFILE,
    "get_profile_id_for_event": _PROFILE_ID,
    "get_metric_for_event": _METRIC,
    "get_metric_id_for_event": _METRIC_ID,
}
