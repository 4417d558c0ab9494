"""Whether what a change overwrites is still what its reviewers saw."""

from collections.abc import Iterable, Sequence
from typing import Any

from klaviyo_admin.changes.models import Step
from klaviyo_admin.klaviyo.values import Item, Json

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
        if not (same(now := at(item, field), field["before"]) or (again and same(now, field["after"])))
    ]


def at(item: Item, field: Field) -> Json:
    """What a field holds now; None where it is absent, which Klaviyo does not tell from null."""
    return item.at(tuple(field["path"]))


def same(one: Json, other: Json) -> bool:
    """Equal as JSON: true is not 1, and an absent key equals null at every depth."""
    if isinstance(one, dict) and isinstance(other, dict):
        return all(same(one.get(key), other.get(key)) for key in one.keys() | other.keys())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)
