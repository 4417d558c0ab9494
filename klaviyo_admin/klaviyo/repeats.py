"""Which writes may be sent once more when nobody knows what became of them: those that carry their own key.

Klaviyo has no idempotency header. What a lost answer allows is decided by the retry class of the operation:

    U  keyed        a repeat changes nothing if the key is in the body, so the Writer sends it up to three times
    S  absolute     a repeat of the same bytes would leave the same state, but somebody may have written in between, and
                    the repeat would undo that unseen: execution marks it unclear, and a person or a look decides
    C  conflicting  a repeat is refused if the first one worked, which reads like a failure: look first
    V  unkeyed      a repeat makes a second one: look first
    N  never        a repeat sends, erases or merges again

A 429 was refused before execution, so every class comes again after one. Everything else is here.
"""

from collections.abc import Callable, Iterator, Mapping

import orjson

from klaviyo_admin.klaviyo.operation import Operation
from klaviyo_admin.klaviyo.values import Json

_IDENTIFIERS = ("id", "email", "phone_number", "external_id")


def keyed(operation: Operation, body: bytes) -> bool:
    """Whether sending these bytes again can do nothing that sending them once did not."""
    has_key = _KEYS.get(operation.id)
    if operation.retry != "U" or has_key is None:
        return False
    try:
        data = _members(orjson.loads(body)).get("data")
    except orjson.JSONDecodeError:
        return False
    return has_key(_members(data))


def _event(data: Mapping[str, Json]) -> bool:
    """Klaviyo keeps the first event of a unique id, and says yes to the others."""
    return bool(_members(data.get("attributes")).get("unique_id"))


def _profile(data: Mapping[str, Json]) -> bool:
    """An upsert finds its profile again by an identifier; an appended value would be appended twice."""
    attributes = _members(data.get("attributes"))
    patches = (_members(place.get("meta")).get("patch_properties") for place in (data, attributes))
    if any(_members(patch).keys() & {"append", "unappend"} for patch in patches):
        return False
    return bool(data.get("id")) or any(attributes.get(name) for name in _IDENTIFIERS)


def _profiles(data: Mapping[str, Json]) -> bool:
    profiles = list(_rows(_members(data.get("attributes")).get("profiles")))
    return bool(profiles) and all(map(_profile, profiles))


def _token(data: Mapping[str, Json]) -> bool:
    return bool(_members(data.get("attributes")).get("token"))


_KEYS: Mapping[str, Callable[[Mapping[str, Json]], bool]] = {
    "create_event": _event,
    "create_or_update_profile": _profile,
    "bulk_import_profiles": _profiles,
    "create_push_token": _token,
}


def _rows(value: Json) -> Iterator[Mapping[str, Json]]:
    rows = _members(value).get("data")
    return (_members(row) for row in rows) if isinstance(rows, list) else iter(())


def _members(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}
