"""Turns a body into the fields of a form and back: a draft is flat text by place, and holds what cannot be sent as well.

A place is "b" and a JSON pointer ("b/data/attributes/name"). Beside the text of a plain value a draft says: `#blank` what
an empty field means ("" leave out, "null", "text" an empty text), `#is` whether an object or list is there ("in", "null",
"out"), `#n` how many lines a list has, `#as` which alternative of a choice is meant (its number, "null", "out").
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson

from klaviyo_admin.console.shapes import Shape
from klaviyo_admin.klaviyo.bodies import Fault
from klaviyo_admin.klaviyo.values import Json

Draft = Mapping[str, str]
ROOT = "b"
MOST_LINES = 300
_SMALL = re.compile(r"[0-9]{1,6}")
DEEPEST = 60  # parts inside one another
_WHOLE = re.compile(r"[+-]?\d{1,19}")
_SIXTY_FOUR = range(-(2**63), 2**64)  # what can be written as JSON here
_ABSENT = object()


class Unshowable(ValueError):
    """A body that these fields cannot hold; `pointer` says where, the message why."""

    def __init__(self, pointer: str, why: str) -> None:
        super().__init__(f"{pointer or '/'} {why}")
        self.pointer = pointer


@dataclass(slots=True)
class Reading:
    """What a draft says: the document, faults of single fields, and at which place each pointer was typed."""

    document: Json = None
    faults: list[Fault] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)


def read(shape: Shape, draft: Draft) -> Reading:
    """The document that a draft spells. Text that is no number stays text, for the schema's check to name."""
    reading = Reading()
    found = _read(shape, draft, ROOT, "", True, reading)
    reading.document = None if found is _ABSENT else found
    return reading


def write(shape: Shape, document: Json) -> dict[str, str]:
    """The draft that spells a document. Raises Unshowable."""
    if depth(document) > DEEPEST:
        raise Unshowable("", "goes deeper than a form should.")
    draft: dict[str, str] = {}
    _write(shape, document, ROOT, draft)
    return draft


def state(shape: Shape, draft: Draft, place: str, needed: bool) -> str:
    """Whether a container or choice is there: "in", "null" or "out"."""
    if shape.kind == "choice":
        said = draft.get(f"{place}#as", "0" if needed else "out")
        return said if said in ("null", "out") else "in"
    return draft.get(f"{place}#is", "in" if needed else "out")


def chosen(shape: Shape, draft: Draft, place: str) -> int:
    """The number of the alternative that is meant."""
    number = small(draft.get(f"{place}#as", "0"), 0)
    return number if number < len(shape.alternatives) else 0


def lines(draft: Draft, place: str, needed: bool) -> int:
    """How many lines a list has: one to begin with where it must be there."""
    return min(small(draft.get(f"{place}#n", "1" if needed else "0"), 0), MOST_LINES)


def small(text: str, otherwise: int) -> int:
    """A number of at most six digits, as our own fields carry them; `otherwise` for anything else."""
    return int(text) if _SMALL.fullmatch(text) else otherwise


def _read(shape: Shape, draft: Draft, place: str, pointer: str, needed: bool, reading: Reading) -> Json:
    reading.places[pointer] = place
    if shape.constant(needed):
        return shape.options[0]
    if shape.kind == "choice" or shape.container:
        now = state(shape, draft, place, needed)
        if now != "in":
            return None if now == "null" else _ABSENT
        if shape.kind == "choice":
            return _read(shape.alternatives[chosen(shape, draft, place)], draft, place, pointer, True, reading)
        return _parts(shape, draft, place, pointer, needed, reading)
    text = draft.get(place, "").replace("\r\n", "\n")
    if text == "":
        blank = {"null": None, "text": ""}.get(draft.get(f"{place}#blank", ""), _ABSENT)
        return {} if blank is _ABSENT and shape.open and needed and place not in draft else blank
    return _value(shape, text, pointer, reading)


def _parts(shape: Shape, draft: Draft, place: str, pointer: str, needed: bool, reading: Reading) -> Json:
    if shape.kind == "list":
        made: list[Json] = []
        for number in range(lines(draft, place, needed)):
            found = _read(shape.line, draft, f"{place}/{number}", f"{pointer}/{len(made)}", True, reading)
            if found is not _ABSENT:
                made.append(found)
        return made
    read_parts = {
        name: _read(part, draft, f"{place}/{name}", f"{pointer}/{name}", name in shape.required, reading)
        for name, part in shape.members.items()
    }
    return {name: value for name, value in read_parts.items() if value is not _ABSENT}


def _value(shape: Shape, text: str, pointer: str, reading: Reading) -> Json:
    match shape.kind:
        case "whole" | "number":
            return _number(text.strip(), pointer, reading)
        case "flag":
            return {"true": True, "false": False}.get(text, text)
        case "options":
            return next((option for option in shape.options if shown(option) == text), text)
        case "json":
            try:
                return orjson.loads(text)
            except orjson.JSONDecodeError as error:
                said = f"is no JSON ({error}). Text stands in double quotes."
                reading.faults.append(Fault(pointer, said))
                return None
        case _:
            return text


def _number(text: str, pointer: str, reading: Reading) -> Json:
    if _WHOLE.fullmatch(text):
        whole = int(text)
        if whole in _SIXTY_FOUR:
            return whole
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    return found if isinstance(found, int | float) and not isinstance(found, bool) else text


def _write(shape: Shape, value: Json, place: str, draft: dict[str, str]) -> None:
    if value is None:
        return _write_null(shape, place, draft)
    if shape.kind == "choice":
        number = next((n for n, alternative in enumerate(shape.alternatives) if fits(alternative, value)), None)
        if number is None:
            raise Unshowable(place.removeprefix(ROOT), "has none of the forms that are known here.")
        draft[f"{place}#as"] = str(number)
        return _write(shape.alternatives[number], value, place, draft)
    if not fits(shape, value, deep=False):
        raise Unshowable(place.removeprefix(ROOT), "holds what its field cannot.")
    if shape.kind == "object":
        draft[f"{place}#is"] = "in"
        for name, part in value.items():
            _write(shape.members[name], part, f"{place}/{name}", draft)
    elif shape.kind == "list":
        if len(value) > MOST_LINES:
            raise Unshowable(place.removeprefix(ROOT), f"has {len(value):,} lines, more than a form should show.")
        draft |= {f"{place}#is": "in", f"{place}#n": str(len(value))}
        for number, part in enumerate(value):
            _write(shape.line, part, f"{place}/{number}", draft)
    else:
        draft[place] = json.dumps(value, ensure_ascii=False, indent=2) if shape.kind == "json" else shown(value)
        if draft[place] == "":
            draft[f"{place}#blank"] = "text"
    return None


def _write_null(shape: Shape, place: str, draft: dict[str, str]) -> None:
    if shape.kind == "json":
        draft[place] = "null"
    elif not shape.nullable:
        raise Unshowable(place.removeprefix(ROOT), "is null, which its field cannot be.")
    elif shape.kind == "choice":
        draft[f"{place}#as"] = "null"
    else:
        draft[f"{place}#{'is' if shape.container else 'blank'}"] = "null"


def fits(shape: Shape, value: Json, *, deep: bool = True) -> bool:
    """Whether a value has this shape, as far as a form has to know; `deep` looks at its parts too."""
    if value is None:
        return shape.nullable or shape.kind == "json"
    match shape.kind:
        case "choice":
            return any(fits(alternative, value) for alternative in shape.alternatives)
        case "object":
            known = isinstance(value, dict) and value.keys() <= shape.members.keys() and shape.required <= value.keys()
            return known and (not deep or all(fits(shape.members[name], part) for name, part in value.items()))
        case "list":
            return isinstance(value, list) and (not deep or all(fits(shape.line, part) for part in value))
        case "options":
            return any(option == value and type(option) is type(value) for option in shape.options)
        case "flag":
            return isinstance(value, bool)
        case "whole":
            return isinstance(value, int) and not isinstance(value, bool) and value in _SIXTY_FOUR
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "json":
            return isinstance(value, dict) or not shape.open
        case _:
            return isinstance(value, str) and "\r" not in value and "\x00" not in value


def depth(document: Json) -> int:
    """How many parts lie inside one another, at most one more than DEEPEST."""
    level, depth = [document], 0
    while level and depth <= DEEPEST:
        inside = [one.values() if isinstance(one, dict) else one for one in level if isinstance(one, dict | list)]
        level, depth = [part for parts in inside for part in parts], depth + 1
    return depth


def shown(value: Json) -> str:
    """A plain value as a field shows it."""
    return value if isinstance(value, str) else json.dumps(value)
