"""The pure builders of events that are recorded by hand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import orjson

from klaviyo_admin.areas.base import Answers
from klaviyo_admin.areas.fields import REMOVE
from klaviyo_admin.areas.profiles import service as profiles
from klaviyo_admin.areas.rows import Row, Rows, chunks
from klaviyo_admin.areas.sheets.cells import PLAIN_NUMBER, number
from klaviyo_admin.areas.sheets.rows import alike
from klaviyo_admin.areas.words import counted, listed, plain
from klaviyo_admin.areas.words import name as called
from klaviyo_admin.intents import FieldChange, Intent, Request
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.values import Item, Json

MOST, MOST_BYTES = 1000, 4_900_000  # events and bytes of one request
_KEYS = ("time", "value", "value_currency", "unique_id")


@dataclass(frozen=True, slots=True)
class _Event:
    """One event, with who it is of: the attributes by which Klaviyo knows a profile."""

    who: tuple[tuple[str, str], ...]
    attributes: Mapping[str, Json]


def record(items: Sequence[Item], answers: Answers) -> Intent:
    """One event of the profile `profile`."""
    profile: Item = answers["profile"]
    metric = _metric(answers)
    properties = {key: value for key, value in answers.get("properties", {}).items() if value is not REMOVE}
    given = {
        "time": answers["time"].isoformat() if answers.get("time") else None,
        "value": float(answers["value"]) if answers.get("value") is not None else None,
        "value_currency": answers.get("currency"),
        "unique_id": answers.get("unique_id"),
        "backfill": answers.get("backfill") or None,
    }
    known = {key: value for key, value in given.items() if value not in (None, "")}
    attributes: dict[str, Json] = {
        **known,
        "properties": properties,
        "metric": _named(metric),
        "profile": {"data": {"type": "profile", "id": profile.id, "attributes": {}}},
    }
    found = operation("create_event")
    write = found.write({}, {"data": {"type": found.kind, "attributes": attributes}})
    fields = [FieldChange((key,), _LABELS[key], None, value) for key, value in known.items()]
    fields += [FieldChange(("properties", key), key, None, value) for key, value in properties.items()]
    target = profiles.target(profile)
    return Intent(
        "events.record", f"Record “{plain(metric)}” for {{target}}.", (Request(write, None, tuple(fields)),), target
    )


def record_rows(items: Sequence[Item], answers: Answers) -> Intent:
    """The events of all rows, in as few requests as Klaviyo's limits allow."""
    rows: Rows = answers["events"]
    common, history = _metric(answers), bool(answers.get("backfill"))
    events = [_event(row, common, history) for row in rows]
    parts = chunks(events, MOST, lambda event: len(orjson.dumps(event.attributes)) + 300, MOST_BYTES)
    requests = tuple(_request(part, history) for part in parts)
    metrics = listed(
        sorted({str(event.attributes["metric"]["data"]["attributes"]["name"]) for event in events}), of="metrics"
    )
    sentence = f"Record {counted(len(events), 'event')} of {metrics}."
    return Intent("events.record_rows", sentence, requests, details=rows.details())


_LABELS = {
    "time": "When",
    "value": "Value",
    "value_currency": "Currency",
    "unique_id": "Unique ID",
    "backfill": "History: no flow starts",
}


def _metric(answers: Answers) -> str:
    picked: Item | None = answers.get("metric")
    return called(picked) if picked else str(answers.get("new_metric") or "")


def _named(metric: str) -> Json:
    return {"data": {"type": "metric", "attributes": {"name": metric}}}


def _event(row: Row, common: str, history: bool) -> _Event:
    who = tuple((key, str(row.get(key))) for key in ("email", "phone_number", "external_id") if row.get(key))
    attributes = {key: row.get(key) for key in _KEYS if row.get(key) is not None}
    properties = {head: number(cell) if PLAIN_NUMBER.fullmatch(cell) else cell for head, cell in row.others.items()}
    return _Event(who, {**attributes, "properties": properties, "metric": _named(row.get("metric") or common)})


def _request(events: Iterable[_Event], history: bool) -> Request:
    """One job: the events of each person together."""
    people: dict[tuple[str, ...], tuple[dict[str, str], list[Json]]] = {}
    for event in events:
        same = tuple(f"{key} {alike(key, value)}" for key, value in event.who)
        _, theirs = people.setdefault(same, (dict(event.who), []))
        theirs.append({"type": "event", "attributes": event.attributes})
    rows = [
        {
            "type": "event-bulk-create",
            "attributes": {
                "profile": {"data": {"type": "profile", "attributes": who}},
                "events": {"data": theirs},
                **({"backfill": True} if history else {}),
            },
        }
        for who, theirs in people.values()
    ]
    found = operation("bulk_create_events")
    document = {"data": {"type": found.kind, "attributes": {"events-bulk-create": {"data": rows}}}}
    count = sum(len(theirs) for _, theirs in people.values())
    fields = (FieldChange(("events",), "Events", None, f"{count:,} of {counted(len(people), 'profile')}"),)
    return Request(found.write({}, document), None, fields, counts=count)
