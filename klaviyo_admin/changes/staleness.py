"""Whether what a change overwrites is still what its reviewers saw."""

from collections.abc import Iterable, Sequence
from typing import Any

from klaviyo_admin.changes.models import Step
from klaviyo_admin.changes.volatile import settled
from klaviyo_admin.klaviyo import catalogue
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.values import Item, Json, Query

RELATED = "relationships"  # as the first part of a path: no attribute of Klaviyo's is called so

Field = dict[str, Any]
Place = tuple[str, str]  # the read operation and the id of a target


def place(step: Step) -> Place:
    return step.target_read, step.target_id


def to_compare(steps: Iterable[Step]) -> dict[int, list[Field]]:
    """Per step (by key) the fields to compare: none that an earlier step of the change overwrites on the same target."""
    taken: set[tuple[Place, tuple[str, ...]]] = set()
    found: dict[int, list[Field]] = {}
    for step in steps:
        if step.status == "skipped" or not step.target_read:
            continue
        fresh = [f for f in step.fields if (place(step), tuple(f["path"])) not in taken]
        taken.update((place(step), tuple(f["path"])) for f in fresh)
        if fresh:
            found[step.pk] = fresh
    return found


def moved(step: Step, fields: Sequence[Field], item: Item) -> list[str]:
    """The labels of fields that are no longer as reviewed. A request sent again may already have had its effect."""
    again = step.resolution == "send again"
    return [
        field["label"]
        for field in fields
        if not (still(field["path"], now := at(item, field), field["before"]) or (again and same(now, field["after"])))
    ]


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
    """The same by its path. A path ("relationships", name) is about whom the thing is related to: an id, or ids in order."""
    if path[0] == RELATED and len(path) == 2:
        found = sorted(kind.id for kind in item.related.get(path[1], ()))
        return found if path[1].endswith("s") else next(iter(found), None)
    return item.at(path)


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
