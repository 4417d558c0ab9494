"""Knows of what shape every attribute of an answer is, and lets only what fits go further: one misfit must not break a page."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import jsonschema_rs
import orjson

from klaviyo_admin.klaviyo.shapes import Shape
from klaviyo_admin.klaviyo.values import Json

_TABLE = Path(__file__).parent / "operations" / "answers.json"
_DECLARED = {"text": ["string"], "number": ["number"], "flag": ["boolean"], "plain": ["string", "number", "boolean"]}


def fitted(kind: str, attributes: Mapping[str, Json]) -> Mapping[str, Json]:
    """The attributes of a thing of this JSON:API type as every page may take them.

    Where a text is declared, anything else becomes its JSON, so that people see what came. Where a number, a flag, a list
    or an object is declared, anything else is null, or left out of its list; a number may stand in quotation marks.
    Members that nobody declared stay as they are.
    """
    shape, fits = _known(kind)
    return attributes if fits(attributes) else _members(shape, attributes)


def uncut(taken: Json, came: Json) -> Json:
    """A value as every page takes it, where that says all of what came; else what came. Whoever compares values, or puts
    them back, goes by this: of two misfits a page shows the same nothing."""
    return taken if says_all(taken, came) else came


def says_all(taken: Json, came: Json) -> bool:
    """Whether nothing of what came is missing in the value as every page takes it."""
    if taken is came:
        return True
    if isinstance(taken, dict) and isinstance(came, dict):
        return all(says_all(taken.get(name), part) for name, part in came.items())
    if isinstance(taken, list) and isinstance(came, list):
        return len(taken) == len(came) and all(map(says_all, taken, came))
    if isinstance(taken, str):
        return taken == _text(came)
    return taken is not None and _number(came) == taken


def moment(value: Json) -> datetime | None:
    """A moment or a day as Klaviyo writes it, without a zone where it names none; None for anything else."""
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return at if 1 < at.year < 9999 else None  # at the ends no other zone can tell it


def numbers(value: Json) -> tuple[float, ...]:
    """A list of figures, in which what is no figure is 0; of one figure it alone, of anything else nothing."""
    if isinstance(value, list):
        return tuple(_number(each) or 0 for each in value)
    found = _number(value)
    return () if found is None else (found,)


@lru_cache(maxsize=1)
def _shapes() -> Mapping[str, Shape]:
    return MappingProxyType(orjson.loads(_TABLE.read_bytes())["shapes"])


@lru_cache(maxsize=256)
def _known(kind: str) -> tuple[Mapping[str, Shape], Callable[[Json], bool]]:
    """The shape of a kind, and whether attributes are just as it says, which costs a microsecond and is nearly always so."""
    shape = _shapes().get(kind)
    if shape is None:
        return {}, lambda given: True
    validator = jsonschema_rs.Draft202012Validator(_schema(shape, "null"))

    def fits(given: Json) -> bool:
        try:
            return validator.is_valid(given)
        except ValueError:  # of the checker's own, for very many parts inside one another
            return False

    return shape, fits


def _schema(shape: Shape, *also: str) -> Json:
    if shape is None:
        return True
    if isinstance(shape, dict):
        members = {name: _schema(part, "null") for name, part in shape.items() if part is not None}
        return {"type": ["object", *also], "properties": members}
    if isinstance(shape, list):
        return {"type": ["array", *also], "items": _schema(shape[0])}
    return {"type": [*_DECLARED[shape], *also]}


def _fitted(shape: Shape, value: Json) -> Json:
    if shape is None or value is None:
        return value
    if isinstance(shape, dict):
        return _members(shape, value) if isinstance(value, dict) else None
    if isinstance(shape, list):
        return _rows(shape[0], value) if isinstance(value, list) else None
    return _PLAIN[shape](value)


def _members(shape: Mapping[str, Shape], value: Mapping[str, Json]) -> dict[str, Json]:
    return {name: _fitted(shape.get(name), part) for name, part in value.items()}


def _rows(shape: Shape, value: list[Json]) -> list[Json]:
    if shape is None:
        return value
    return [fit for part in value if (fit := _fitted(shape, part)) is not None]


def _text(value: Json) -> str:
    if isinstance(value, str):
        return value
    try:
        return orjson.dumps(value).decode()
    except TypeError:  # more parts inside one another than anybody could read
        return "…"


def _number(value: Json) -> int | float | None:
    if isinstance(value, str):
        try:
            value = orjson.loads(value)  # the same figure, in quotation marks
        except orjson.JSONDecodeError:
            return None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _flag(value: Json) -> bool | None:
    return value if isinstance(value, bool) else None


def _any(value: Json) -> str | int | float:
    return value if isinstance(value, str | int | float) else _text(value)


_PLAIN: Mapping[str, Callable[[Json], Json]] = {"text": _text, "number": _number, "flag": _flag, "plain": _any}
