"""Whether what a change overwrites is still what its reviewers saw."""

from collections.abc import Iterable, Sequence
from typing import Any

from klaviyo_admin.changes.models import Step
from klaviyo_admin.changes.undoing.done import spoken
from klaviyo_admin.changes.volatile import settled
from klaviyo_admin.klaviyo import catalogue
from klaviyo_admin.klaviyo.answers import uncut
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.values import Item, Json, Query

MEMBERS = "members"
RELATED = "relationships"  # as the first part of a path: no attribute of Klaviyo's is called so

GONE = "All of it: it is not there any more"

Field = dict[str, Any]
Place = tuple[str, str]  # the read operation and the id of a target


def place(step: Step) -> Place:
    return step.target_read, step.target_id


def compared(step: Step) -> list[Field]:
    """Every value that has to be as it was when the change was proposed: what it overwrites, and by its basis who of those
    it names belonged (`names` them by id) and all of what it deletes (`beside` its own fields)."""
    basis = step.basis or {}
    own = [_membership(step, f) if f["path"][0] == MEMBERS and "named" in basis else f for f in step.fields]
    if "named" in basis and own == step.fields:
        own = [*own, _membership(step, {"path": [MEMBERS], "label": "Members", "after": None}) | {"beside": True}]
    told = {field["path"][0] for field in own}
    whole = ((key, value) for key, value in basis.get("attributes", {}).items() if key not in told)
    return own + [
        {"path": [key], "label": spoken(key), "before": value, "after": None, "beside": True} for key, value in whole
    ]


def _membership(step: Step, field: Field) -> Field:
    """Who of those that a request names belonged, by their ids; the proposal says their names in the same order."""
    named, called = step.basis["named"], field["after"] or []
    names = dict(zip(named, called if len(called) == len(named) else named, strict=True))
    return {**field, "before": step.basis["ids"], "after": named if step.method == "POST" else [], "names": names}


def to_compare(steps: Iterable[Step]) -> dict[int, list[Field]]:
    """Per step (by key) the fields to compare: none that an earlier step of the change overwrites on the same target."""
    taken: set[tuple[Place, tuple[str, ...]]] = set()
    written: set[Place] = set()
    found: dict[int, list[Field]] = {}
    for step in steps:
        if step.status == "skipped" or not step.target_read:
            continue
        fresh = [
            f
            for f in compared(step)
            if (place(step), tuple(f["path"])) not in taken and not (f.get("beside") and place(step) in written)
        ]
        taken.update((place(step), tuple(f["path"])) for f in fresh)
        written.add(place(step))
        if fresh:
            found[step.pk] = fresh
    return found


def moved(step: Step, fields: Sequence[Field], item: Item) -> list[str]:
    """The labels of fields that are no longer as reviewed. A request sent again may already have had its effect."""
    again = step.resolution == "send again"
    if gone(item) and not again and any(field.get("beside") for field in fields):
        return [GONE]
    return [
        field["label"]
        for field in fields
        if differs(field, now := at(item, field)) and not (again and same(now, field["after"]))
    ]


def differs(field: Field, now: Json) -> bool:
    """Whether a value is not as it was when proposed. Of members only those count who came or went against what is wanted:
    who has joined already is only not added any more."""
    if "names" not in field:
        return not still(field["path"], now, field["before"])
    if now is None:
        return False
    before, wanted = set(field["before"]), set(field["after"])
    return any((ident in before) != (ident in now) != (ident in wanted) for ident in field["names"])


def gone(item: Item) -> bool:
    """Whether a look found nothing."""
    return not item.id and not item.attributes


def unmade(step: Step) -> bool:
    """Whether nothing stood there when a request was proposed: it gives a thing what it did not have."""
    return bool(step.method == "POST" and step.fields) and all(field["before"] is None for field in compared(step))


def paths(steps: Iterable[Step]) -> dict[Place, list[Sequence[str]]]:
    """Of each target that steps compare, the paths of the values to read."""
    found: dict[Place, list[Sequence[str]]] = {}
    for step in steps:
        fields = compared(step) if step.target_read else []
        if fields:
            found.setdefault(place(step), []).extend(field["path"] for field in fields)
    return found


def look(reader: Reader, where: Place, paths: Iterable[Sequence[str]] = ()) -> Item:
    """What lies at a place now, with the relationships among these paths. Of a relationship's ids: all of them, in order,
    as the attribute `ids`. Raises KlaviyoError."""
    read = catalogue.operation(where[0])
    if "/relationships/" in read.path:
        found = [item.id for page in reader.pages(read.id, {"id": where[1]}) for item in page.items]
        return Item(read.kind, where[1], {"ids": sorted(found)})
    wanted = {path[1] if path[0] == RELATED and len(path) > 1 else path[0] for path in paths}
    include = tuple(name for name in read.includes if name in wanted)
    costly = {kind: tuple(name for name in names if name in wanted) for kind, names in read.additional_fields.items()}
    query = Query(include=include, additional_fields={kind: names for kind, names in costly.items() if names})
    return reader.item(read.id, {"id": where[1]}, query)


def at(item: Item, field: Field) -> Json:
    """What a field holds now; None where it is absent, which Klaviyo does not tell from null."""
    return held(item, tuple(field["path"]))


def held(item: Item, path: tuple[str, ...]) -> Json:
    """The same by its path. A path ("relationships", name) is about whom the thing is related to: an id, or ids in order;
    one that begins with MEMBERS about who of those named belongs to it, None where nobody asked. A value of which a page
    shows only a part, or nothing, is told as it came."""
    if path[0] == MEMBERS:
        return item.attributes.get(MEMBERS)
    if path[0] == RELATED and len(path) == 2:
        found = sorted(kind.id for kind in item.related.get(path[1], ()))
        return found if path[1].endswith("s") else next(iter(found), None)
    return item.at(path) if item.came is None else uncut(item.at(path), _came(item.came, path))


def _came(found: Json, path: Sequence[str]) -> Json:
    """What came at a path, or in its way."""
    for key in path:
        if not isinstance(found, dict):
            break
        found = found.get(key)
    return found


def whole(item: Item) -> dict[str, Json]:
    """All attributes, as `held` tells them one by one."""
    return dict(item.attributes) if item.came is None else {name: held(item, (name,)) for name in item.attributes}


def still(path: Sequence[str], now: Json, before: Json) -> bool:
    """Whether a field is as it was, but for what Klaviyo itself keeps moving; in custom properties that is nothing."""
    return same(now, before) or (path[0] != "properties" and same(settled(now), settled(before)))


def same(one: Json, other: Json) -> bool:
    """Equal as JSON: true is not 1, and an absent key equals null at every depth."""
    if isinstance(one, dict) and isinstance(other, dict):
        return all(same(one.get(key), other.get(key)) for key in one.keys() | other.keys())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)
