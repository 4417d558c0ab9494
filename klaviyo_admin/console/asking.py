"""What was typed about the address of a request: the parts of its path, filters, fields and pages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import orjson

from klaviyo_admin.console.drafts import small
from klaviyo_admin.klaviyo import filters
from klaviyo_admin.klaviyo.catalogue import BadQuery, Operation
from klaviyo_admin.klaviyo.facts import FilterField, Parameter
from klaviyo_admin.klaviyo.filters import BadFilter, Value
from klaviyo_admin.klaviyo.values import Query

MOST_CONDITIONS = 20
Typed = Mapping[str, Sequence[str]]  # the values of each field of a form
_SHAPED = ("fields[", "additional-fields[", "filter", "include", "sort", "page")


@dataclass(slots=True)
class Asked:
    """The address that was typed; `faults` by the name of the field at fault."""

    path: dict[str, str] = field(default_factory=dict)
    query: Query = field(default_factory=Query)
    faults: dict[str, str] = field(default_factory=dict)


def ask(found: Operation, typed: Typed) -> Asked:
    """Reads the fields of `found`; what cannot be asked is a fault of its field, in a sentence."""
    faults: dict[str, str] = {}
    path = {}
    for part in path_parts(found):
        path[part.name] = text(typed, f"p/{part.name}")
        if not path[part.name]:
            faults[f"p/{part.name}"] = f"“{part.name}” is empty, and the address needs it."
        elif path[part.name] in (".", ".."):
            faults[f"p/{part.name}"] = f"“{path[part.name]}” is no {part.name}. Copy the id from the thing's own page."
    others = {one.name: text(typed, f"q/x/{one.name}") for one in other_parameters(found)}
    for one in other_parameters(found):
        if one.required and not others[one.name]:
            faults[f"q/x/{one.name}"] = f"“{one.name}” is empty, and this operation needs it."
    query = Query(
        filter=_filter(found, typed, faults),
        sort=text(typed, "q/sort"),
        size=_size(found, text(typed, "q/size"), faults),
        cursor=text(typed, "q/cursor"),
        include=tuple(typed.get("q/include", ())),
        fields=_many(found.fields, "q/fields", typed),
        additional_fields=_many(found.additional_fields, "q/more", typed),
        others={name: value for name, value in others.items() if value},
    )
    if not faults:
        try:
            found.url(path, query)
        except BadQuery as error:
            faults["q"] = str(error)
    return Asked(path, query, faults)


def path_parts(found: Operation) -> list[Parameter]:
    return [one for one in found.parameters if one.place == "path"]


def other_parameters(found: Operation) -> list[Parameter]:
    """Parameters of the query that only this operation has (`company_id`), and none of the shapes that many have."""
    return [one for one in found.parameters if one.place == "query" and not one.name.startswith(_SHAPED)]


def conditions(found: Operation) -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be filtered by: for each field its operators, as (value, label)."""
    return [
        (one.name, [(f"{one.name} {name}", f"{one.name} {name}") for name in one.operators]) for one in found.filters
    ]


def rows(typed: Typed) -> list[tuple[str, str]]:
    """The conditions as they were typed: (field and operator, value)."""
    total = min(small(text(typed, "q/filter/n"), 1), MOST_CONDITIONS)
    return [(text(typed, f"q/filter/{n}/on"), text(typed, f"q/filter/{n}/value")) for n in range(total)]


def text(typed: Typed, name: str) -> str:
    """What stands in a field, of several the last."""
    given = typed.get(name)
    return given[-1].strip() if given else ""


def _filter(found: Operation, typed: Typed, faults: dict[str, str]) -> str:
    made: list[str] = []
    for number, (on, value) in enumerate(rows(typed)):
        name, _, operator = on.rpartition(" ")
        if not on and value:
            faults[f"q/filter/{number}/on"] = f"Say what “{value[:60]}” is a value of."
        elif on:
            try:
                made.append(_condition(found, name, operator, value))
            except BadFilter as error:
                faults[f"q/filter/{number}/on"] = str(error)
    whole = filters.all_of(*made, text(typed, "q/raw"))
    if found.filter_required and not whole and not any(name.startswith("q/filter") for name in faults):
        names = ", ".join(one.name for one in found.filters)
        faults["q/filter/0/on"] = f"This operation needs a filter; it can filter by {names}."
    return whole


def _condition(found: Operation, name: str, operator: str, value: str) -> str:
    rule = next((one for one in found.filters if one.name == name), None)
    shapes = rule.operators.get(operator, ()) if rule else ()
    if rule is None or "none" in shapes:
        return filters.for_operation(found, name, operator, value or None)
    many = "list" in shapes and ("single" not in shapes or value.startswith("["))
    return filters.for_operation(found, name, operator, _list(rule, value) if many else _typed(rule, value))


def _list(rule: FilterField, value: str) -> Sequence[Value]:
    """Values between commas, or a JSON list where a value holds a comma itself."""
    if value.startswith("["):
        try:
            return list(orjson.loads(value))
        except (orjson.JSONDecodeError, TypeError):
            raise BadFilter(f"The list of “{rule.name}” cannot be read; write it as a, b, c.") from None
    return [_typed(rule, one.strip()) for one in value.split(",") if one.strip()]


def _typed(rule: FilterField, value: str) -> Value:
    if rule.type not in ("boolean", "integer", "number"):
        return value
    try:
        found: Value = orjson.loads(value)
    except orjson.JSONDecodeError:
        return value
    return found


def _size(found: Operation, said: str, faults: dict[str, str]) -> int | None:
    if not said or found.page_max is None:
        return None
    if not 1 <= small(said, 0) <= found.page_max:
        faults["q/size"] = f"“{said[:20]}” is no page size; it can be from 1 to {found.page_max}."
        return None
    return int(said)


def _many(known: Mapping[str, tuple[str, ...]], prefix: str, typed: Typed) -> dict[str, tuple[str, ...]]:
    return dict(_chosen(known, prefix, typed))


def _chosen(known: Mapping[str, tuple[str, ...]], prefix: str, typed: Typed) -> Iterator[tuple[str, tuple[str, ...]]]:
    for kind in known:
        names = tuple(typed.get(f"{prefix}/{kind}", ()))
        if names:
            yield kind, names
