"""What kind of write an operation is, and which reads show what it touches: told by the addresses of the catalogue."""

from collections.abc import Iterator
from functools import cache

from klaviyo_admin.intents import Follow
from klaviyo_admin.klaviyo import catalogue
from klaviyo_admin.klaviyo.catalogue import Operation
from klaviyo_admin.klaviyo.fitting import Fitting
from klaviyo_admin.klaviyo.values import Json

# Whatever such a write leaves out is emptied, so that the whole thing has to be written back.
REPLACES_ALL = frozenset({"update_image"})
_CONSENT = {
    **{"bulk_subscribe_profiles": "consent", "bulk_unsubscribe_profiles": "consent"},
    **{"bulk_suppress_profiles": "suppression", "bulk_unsuppress_profiles": "suppression"},
}
# Shows what the write of the shape "template" overwrites, by the id of the message.
TEMPLATE_OF = "get_template_for_campaign_message"
# Writes that one thing alone has: each is named here, with what has to be known before it leaves.
_SINGULAR = {
    "create_or_update_profile": "upsert",
    "bulk_import_profiles": "upsert",
    "send_campaign": "sending",
    "assign_template_to_campaign_message": "template",
    "upload_image_from_file": "hiding",
    "upload_image_from_url": "hiding",
    "create_push_token": "device",
    "create_client_push_token": "visitor device",
    "unregister_client_push_token": "visitor device",
}


def shape(done: Operation) -> str:
    """update, delete, create, bond (who belongs to what), link (of two object schemas), bulk, consent, suppression, or
    the name of one of the singular kinds; "" for a write that nothing takes back."""
    if done.id in _CONSENT or done.id in _SINGULAR:
        return _CONSENT.get(done.id) or _SINGULAR[done.id]
    if "/relationships/" in done.path:
        return ("link" if done.path.startswith("/api/object-schemas/") else "bond") if reading(done) else ""
    if "-bulk-" in done.path and done.undo in ("exact", "delete-created", "re-create"):
        return "bulk"
    if done.method == "PATCH" and done.inverse == done.id and reading(done):
        return "update"
    if done.method == "DELETE" and done.inverse and reading(done):
        return "delete"
    return "create" if done.undo == "delete-created" and done.inverse else ""


def reading(done: Operation) -> Operation | None:
    """The read at the same address as a write."""
    found = catalogue.match("GET", done.path)
    return found[0] if found else None


def relationship(done: Operation) -> str:
    """The last part of a relationship's address: what the members are called."""
    return done.path.rpartition("/")[2]


def ids_of(done: Operation, name: str) -> Operation | None:
    """The read of the ids that a thing is related to by this name."""
    found = catalogue.match("GET", f"{done.path}/relationships/{name}")
    return found[0] if found else None


def bonds_of(done: Operation) -> Iterator[tuple[Operation, Operation]]:
    """For a delete: each write that would put members back to a thing of its kind, and the read that names them."""
    for other in catalogue.operations():
        if other.method == "POST" and other.path.startswith(f"{done.path}/relationships/"):
            read = reading(other)
            if read is not None and shape(other) == "bond":
                yield other, read


@cache
def collection(kind: str) -> Operation | None:
    """The read of all things of a kind."""
    found = (o for o in catalogue.operations() if o.method == "GET" and o.kind == kind and o.path.count("/") == 2)
    return next(found, None)


@cache
def single(kind: str) -> Operation | None:
    """The read of one thing of a kind."""
    found = (
        o
        for o in catalogue.operations()
        if o.method == "GET" and o.kind == kind and o.path.count("/") == 3 and o.path.endswith("}")
    )
    return next(found, None)


def fitting(done: Operation) -> Fitting | None:
    return done.schema().fitting if done.schema else None


def following(done: Operation) -> Follow | None:
    """How the job that a bulk write starts is followed; None if it starts none that can be read."""
    found = catalogue.match("GET", f"{done.path}/job") if "-bulk-" in done.path else None
    if found is None or not found[1]:
        return None
    errors = catalogue.match("GET", f"{done.path}/job/import-errors")
    return Follow(found[0].id, next(iter(found[1])), errors[0].id if errors else "")


def rows(body: Json) -> tuple[str, list[dict[str, Json]]]:
    """What a bulk body is a list of, by its name and as it stands there; ("", []) if it is none."""
    attributes = members(members(body).get("data")).get("attributes")
    for name, part in members(attributes).items():
        listed = members(part).get("data")
        if isinstance(listed, list):
            return name, [row for row in listed if isinstance(row, dict)]
    return "", []


def named(body: Json) -> list[dict[str, Json]]:
    """The members that the body of a relationship names, one or many."""
    data = members(body).get("data")
    found = data if isinstance(data, list) else [data]
    return [row for row in found if isinstance(row, dict)]


def members(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def catalogue_id(row: dict[str, Json]) -> str:
    """The id of a row of a catalogue job: the one it names, or the one that its external id will give it."""
    if row.get("id"):
        return str(row["id"])
    told = members(row.get("attributes"))
    first, second = told.get("integration_type") or "$custom", told.get("catalog_type") or "$default"
    return f"{first}:::{second}:::{told.get('external_id', '')}"
