"""Says in lines a person can read how the facts of two OpenAPI documents differ."""

from collections.abc import Iterator, Mapping
from typing import Any

from klaviyo_admin.klaviyo.values import Json

Facts = Mapping[str, Any]
_NAMED = ("parameters",)  # lists whose members have a name, so that one can be said to have changed


def differences(before: Mapping[str, Facts], after: Mapping[str, Facts]) -> Iterator[str]:
    """One line per difference between two results of `generator.areas_of`; nothing when they are equal."""
    old, new = _by_operation(before), _by_operation(after)
    for name in sorted(set(old) | set(new)):
        if name not in new:
            yield f"- {name}  ({old[name]['method']} {old[name]['path']}) is gone"
        elif name not in old:
            yield f"+ {name}  ({new[name]['method']} {new[name]['path']}) is new"
        else:
            yield from (f"~ {name}  {line}" for line in _changes("", old[name], new[name]))
    yield from _schemas(before, after)


def _by_operation(areas: Mapping[str, Facts]) -> dict[str, Facts]:
    """All operations by id, with their area in it and shared field lists written out."""
    return {
        name: {
            **facts,
            "area": area,
            "fields": {kind: content["fields"][key] for kind, key in facts.get("fields", {}).items()},
        }
        for area, content in areas.items()
        for name, facts in content["operations"].items()
    }


def _schemas(before: Mapping[str, Facts], after: Mapping[str, Facts]) -> Iterator[str]:
    for area in sorted(set(before) & set(after)):
        old, new = before[area]["schemas"], after[area]["schemas"]
        for name in sorted(set(old) & set(new)):
            yield from (f"~ {area} body {name}  {line}" for line in _changes("", old[name], new[name]))
        yield from (f"+ {area} body {name} is new" for name in sorted(set(new) - set(old)))
        yield from (f"- {area} body {name} is gone" for name in sorted(set(old) - set(new)))


def _changes(where: str, old: Json, new: Json) -> Iterator[str]:
    if old == new:
        return
    if where in _NAMED:
        old, new = ({row["name"]: row for row in rows or ()} for rows in (old, new))
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted(set(old) | set(new)):
            yield from _changes(f"{where}.{key}" if where else key, old.get(key), new.get(key))
    elif isinstance(old or [], list) and isinstance(new or [], list):
        yield from _members(where, old or [], new or [])
    else:
        yield f"{where}: {_shown(old)} → {_shown(new)}"


def _members(where: str, old: list[Json], new: list[Json]) -> Iterator[str]:
    gone = [_shown(value) for value in old if value not in new]
    added = [_shown(value) for value in new if value not in old]
    parts = [*(f"+{value}" for value in added), *(f"-{value}" for value in gone)]
    yield f"{where}: {' '.join(parts) or 'another order'}"


def _shown(value: Json) -> str:
    return "nothing" if value is None else str(value)
