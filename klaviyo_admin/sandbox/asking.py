"""What a request asks for: its query, held against the operation and made into values."""

import random
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from klaviyo_admin.klaviyo.catalogue import Operation
from klaviyo_admin.sandbox.filtering import Condition, conditions
from klaviyo_admin.sandbox.refusals import Refusal, invalid, missing

Json = Any


@dataclass(frozen=True, slots=True)
class Asked:
    """A query that the operation allows. An empty `fields` entry means all fields of that type."""

    conditions: tuple[Condition, ...] = ()
    sort: str = ""
    size: int = 0
    cursor: str = ""
    include: tuple[str, ...] = ()
    fields: Mapping[str, frozenset[str]] = field(default_factory=dict)
    additional: Mapping[str, frozenset[str]] = field(default_factory=dict)
    pairs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """One allowed request, as a room gets it. `now` is the sandbox's clock in microseconds; `here` is the address
    without a slash at its end under which the sandbox was called; `speed` divides how long jobs take."""

    operation: Operation
    path: Mapping[str, str]
    query: Asked
    document: Json
    db: sqlite3.Connection
    account: int
    now: int
    here: str
    target: str
    speed: float
    chance: random.Random
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case

    @property
    def id(self) -> str:
        """The id in the path, whatever the operation calls it."""
        return next(iter(self.path.values()))

    @property
    def attributes(self) -> dict[str, Json]:
        return dict(self.document["data"].get("attributes") or {})

    def must_match(self) -> None:
        """The id in a body must be the one in the path."""
        if self.document["data"].get("id") != self.id:
            raise invalid("The id in the payload must match the id in the path.", "/data/id")


@dataclass(frozen=True, slots=True)
class Reply:
    """What a room answers: a document, or None for an empty body."""

    document: Json = None
    status: int = 0  # 0: the operation's own success code


def absent(ask: Ask, kind: str) -> Refusal:
    return missing(f"A {kind} with id {ask.id} does not exist.")


_FALLBACK_SIZE = 100
_EVERYTHING = 1_000_000  # where there are no pages
_FIXED = {"get_metrics": 200}  # pages of a size that nobody can choose, other than the usual


def asked(operation: Operation, query: str) -> Asked:
    """Raises Refusal naming the parameter that is not allowed."""
    pairs = tuple(parse_qsl(query, keep_blank_values=True))
    given = dict(pairs)
    known = {p.name for p in operation.parameters if p.place == "query"}
    for name in given:
        _must_be_known(operation, known, name)
    sort = given.get("sort", "")
    if sort and sort not in operation.sorts:
        raise invalid(f"'{sort}' is not an allowed sort field for this resource.", parameter="sort")
    if operation.filter_required and not given.get("filter"):
        raise invalid("A filter is required for this resource.", parameter="filter")
    return Asked(
        conditions=conditions(operation, given.get("filter", "")),
        sort=sort,
        size=_size(operation, given.get("page[size]")),
        cursor=given.get("page[cursor]", ""),
        include=_include(operation, given.get("include", "")),
        fields=_sets(operation.fields, given, "fields"),
        additional=_sets(operation.additional_fields, given, "additional-fields"),
        pairs=pairs,
    )


def _must_be_known(operation: Operation, known: set[str], name: str) -> None:
    """Unknown names are refused only where they look like an option; the live service lets others pass."""
    head = name.partition("[")[0]
    if name in known or head not in {"page", "fields", "additional-fields", "include", "sort", "filter"}:
        return
    plain = name.replace("[", "_").rstrip("]")
    raise invalid(f"'{plain}' is not a valid field for the resource '{operation.kind}'.", parameter=name)


def _size(operation: Operation, text: str | None) -> int:
    if not operation.paginated:
        return _EVERYTHING
    if text is None:
        return operation.page_default or _FIXED.get(operation.id, _FALLBACK_SIZE)
    most = operation.page_max or _FALLBACK_SIZE
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= most:
        raise invalid(f"Page size must be an integer between 1 and {most}.", parameter="page[size]")
    return int(text)


def _include(operation: Operation, text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(n for n in text.split(",") if n))
    for name in names:
        if name not in operation.includes:
            raise invalid(f"'{name}' is not an allowed include parameter for this resource.", parameter="include")
    return names


def _sets(allowed: Mapping[str, tuple[str, ...]], given: dict[str, str], head: str) -> dict[str, frozenset[str]]:
    found = {}
    for kind, names in allowed.items():
        parameter = f"{head}[{kind}]"
        if parameter not in given:
            continue
        wanted = frozenset(n for n in given[parameter].split(",") if n)
        for name in sorted(wanted):
            if name not in names:
                raise invalid(f"'{name}' is not a valid field for the resource '{kind}'.", parameter=parameter)
        found[kind] = wanted
    return found
