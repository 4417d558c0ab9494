"""What people type in a shell, as the values that operations take: paths, queries, bodies."""

import sys
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import orjson

from klaviyo_admin.klaviyo import catalogue, filters
from klaviyo_admin.klaviyo.catalogue import Operation, UnknownOperation
from klaviyo_admin.klaviyo.values import Json, Query


class Misuse(ValueError):
    """Words that cannot be understood; the message is a sentence for the person at the shell."""


def operation(name: str) -> Operation:
    """The operation of this id or alias, with underscores or hyphens. Misuse names its neighbours."""
    name = name.replace("-", "_").lower()
    try:
        return catalogue.operation(name)
    except UnknownOperation:
        known = {alias: found.id for found in catalogue.operations() for alias in (found.id, *found.aliases)}
        near = dict.fromkeys(known[word] for word in get_close_matches(name, known, n=5, cutoff=0.6))
        near |= dict.fromkeys(one for one in sorted(set(known.values())) if name in one)
        hint = f" Did you mean {', '.join(list(near)[:5])}?" if near else " See `manage.py operations`."
        raise Misuse(f"Klaviyo's API has no operation “{name}”.{hint}") from None


def pairs(given: Iterable[str], flag: str) -> dict[str, str]:
    """ "id=01H…" as {"id": "01H…"}."""
    found = {}
    for text in given:
        key, sign, value = text.partition("=")
        if not sign or not key:
            raise Misuse(f"{flag} takes name=value, not “{text}”.")
        found[key.strip()] = value
    return found


def lists(given: Iterable[str], flag: str) -> dict[str, tuple[str, ...]]:
    """ "profile=email,id" as {"profile": ("email", "id")}."""
    return {key: split([value]) for key, value in pairs(given, flag).items()}


def split(given: Iterable[str]) -> tuple[str, ...]:
    """ "a,b" and "c" as ("a", "b", "c")."""
    return tuple(word.strip() for text in given for word in text.split(",") if word.strip())


def condition(found: Operation, text: str) -> str:
    """A filter: as Klaviyo writes it, or as "field=value", or as "field operator value" ("email any a@x.com,b@x.com")."""
    if "(" in text.partition("=")[0]:
        return text
    field, sign, value = text.partition("=")
    words = text.split(None, 2)
    if not sign or " " in field.strip():
        if len(words) < 2:
            raise Misuse(f"--filter takes field=value, “field operator value”, or Klaviyo's own form, not “{text}”.")
        return _condition(found, words[0], words[1], words[2] if len(words) == 3 else None)
    return _condition(found, field.strip(), "equals", value)


def _condition(found: Operation, field: str, operator: str, value: str | None) -> str:
    rule = next((known for known in found.filters if known.name == field), None)
    shapes = rule.operators.get(operator, ()) if rule else ()
    if rule is None or value is None:
        return filters.for_operation(found, field, operator, value)
    if "list" in shapes and "single" not in shapes:
        return filters.for_operation(found, field, operator, [_typed(rule.type, one) for one in split([value])])
    return filters.for_operation(found, field, operator, _typed(rule.type, value))


def _typed(kind: str, text: str) -> Any:
    if kind not in ("boolean", "integer", "number"):
        return text
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


def query(found: Operation, options: Mapping[str, Any]) -> Query:
    """The query of a read from the command's options."""
    return Query(
        filter=filters.all_of(*(condition(found, text) for text in options["filter"])),
        sort=options["sort"],
        size=options["size"],
        cursor=options["cursor"],
        include=split(options["include"]),
        fields=lists(options["fields"], "--fields"),
        additional_fields=lists(options["additional_fields"], "--additional-fields"),
        others=pairs(options["param"], "--param"),
    )


def document(found: Operation, path: Mapping[str, str], given: Iterable[str], file: str) -> Json:
    """The body: the JSON of a file ("-" is the standard input), or attributes from name=text and name:=JSON, whose names
    may be dotted. None for neither."""
    given = list(given)
    if file and given:
        raise Misuse("--body and --set exclude each other.")
    if file:
        return _parsed(file, sys.stdin.buffer.read() if file == "-" else _read(file))
    if not given:
        return None
    attributes: dict[str, Json] = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not sign or not name.rstrip(":"):
            raise Misuse(f"--set takes name=text or name:=JSON, not “{text}”.")
        _put(attributes, name.rstrip(":").split("."), _parsed(text, value.encode()) if name.endswith(":") else value)
    data: dict[str, Json] = {"type": found.kind, "attributes": attributes}
    if found.method == "PATCH" and "id" in path:
        data["id"] = path["id"]
    return {"data": data}


def _put(place: dict[str, Json], keys: list[str], value: Json) -> None:
    for key in keys[:-1]:
        place = place.setdefault(key, {})
        if not isinstance(place, dict):
            raise Misuse(f"--set gives “{key}” both a value and parts.")
    place[keys[-1]] = value


def _read(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise Misuse(f"{file} cannot be read: {error.strerror}.") from None


def _parsed(where: str, text: bytes) -> Json:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Misuse(f"{where} holds no JSON: {error}.") from None
