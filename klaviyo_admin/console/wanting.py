"""Any write of the catalogue as an Intent, with the state before it where the catalogue knows how to read that."""

from collections.abc import Iterator, Mapping

from klaviyo_admin.intents import FieldChange, Follow, Intent, Request, Target
from klaviyo_admin.klaviyo import catalogue
from klaviyo_admin.klaviyo.catalogue import Operation
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.values import Item, Json, Write


def intent(
    found: Operation, path: Mapping[str, str], write: Write, document: Json, reader: Reader, *, action: str, origin: str
) -> Intent:
    """One request. Reads the thing it changes first, so that reviewers see before and after; raises KlaviyoError.

    `origin` says in the sentence where the wish was made: "from the command line".
    """
    attributes = _members(_members(document).get("data")).get("attributes")
    before = _before(found, path, write, reader)
    target = None
    if before:
        name = next((str(before.get(key)) for key in ("name", "email", "title") if before.get(key)), before.id)
        target = Target(before.type, before.id, name, read=_read_of(write))
    fields = tuple(_fields(_members(attributes), before)) if found.method == "PATCH" or before is None else ()
    request = Request(write=write, target=target, fields=fields, follow=_follow(found, write))
    return Intent(
        action=action,
        sentence=f"{found.label}{': {target}' if target else ''} ({origin}).",
        requests=(request,),
        target=target,
    )


def _before(found: Operation, path: Mapping[str, str], write: Write, reader: Reader) -> Item | None:
    """What the write changes, as it is now; None where it makes something, or where there is no read for it."""
    name = _read_of(write)
    changes = found.method in ("PATCH", "DELETE") or "/relationships/" in found.path
    return reader.item(name, path) if name and changes else None


def _read_of(write: Write) -> str:
    """The read at the same address, or at that of the thing whose relationship it is; found by its id alone."""
    matched = catalogue.match("GET", write.path.partition("?")[0].partition("/relationships/")[0])
    one = matched and set(matched[1]) == {"id"} and matched[0].path.endswith("/{id}")
    return matched[0].id if matched and one else ""


def _fields(attributes: Mapping[str, Json], before: Item | None, path: tuple[str, ...] = ()) -> Iterator[FieldChange]:
    for key, value in attributes.items():
        place = (*path, key)
        if isinstance(value, Mapping) and value:
            yield from _fields(value, before, place)
        elif not isinstance(value, list) or before is not None:
            yield FieldChange(place, ".".join(place), before.at(place) if before else None, value)


def _follow(found: Operation, write: Write) -> Follow | None:
    """How to follow a bulk job: its reads are at the same address, one step further in."""
    path = write.path.partition("?")[0].rstrip("/")
    job = catalogue.match("GET", f"{path}/x")
    if found.method != "POST" or job is None or "-bulk-" not in found.path or len(job[1]) != 1:
        return None
    errors = catalogue.match("GET", f"{path}/x/import-errors")
    return Follow(job[0].id, next(iter(job[1])), errors[0].id if errors else "")


def _members(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}
