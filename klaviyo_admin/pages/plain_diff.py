"""What a request changes, for people: long texts side by side and line by line, definitions as sentences."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, unified_diff
from functools import partial
from typing import Any

import orjson

from klaviyo_admin.areas.definitions import mentioned, sentences
from klaviyo_admin.areas.metrics.columns import sentences as of_metric
from klaviyo_admin.areas.profiles.merging import GOES, STAYS, TAKEN
from klaviyo_admin.changes.diff import Row
from klaviyo_admin.changes.models import Step
from klaviyo_admin.intents import MERGED
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.values import Item, Json
from klaviyo_admin.pages.facts import look

LONG = 160  # characters from which a text is no longer a cell of a table
SHORT = 80  # of a long text that stays in the table beside what Klaviyo holds now
MOST_LINES, MOST_COMPARED = 400, 3000  # shown, and compared at all
MOST_NAMES = 16
DEFINITION = ("definition",)
NOTHING: tuple[Json, ...] = (None, "", [])
_HTML = ("html", "amp")
_TAGS = re.compile(r"(?<=>)(?=<)")


@dataclass(frozen=True, slots=True)
class Text:
    """One long text. `lines` are pairs of a sign (" ", "+", "-", "@") and a line; `place` is its path in an address;
    `before` is None where there was none, `html` says whether it can be looked at as a letter."""

    label: str
    place: str
    before: str | None
    after: str
    html: bool
    lines: tuple[tuple[str, str], ...]
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """One group of conditions, of which at least one has to hold. `state`: same, new, gone."""

    state: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One fact of two profiles that become one. `kept` says which of its values is there afterwards: "stays", "goes" (it is
    taken over), or "" where Klaviyo decides."""

    label: str
    stays: Json
    goes: Json
    kept: str

    @property
    def differs(self) -> bool:
        return bool(self.stays != self.goes)

    @property
    def given(self) -> bool:
        return self.goes not in NOTHING

    @property
    def as_(self) -> str:
        return look(self.goes if self.stays in NOTHING else self.stays)


@dataclass(frozen=True, slots=True)
class Plain:
    """What of a request is told apart from the table of its fields, and the labels of the fields told so. `metric`: the
    groups are lines of the definition of a custom metric, not conditions of a segment."""

    texts: tuple[Text, ...] = ()
    groups: tuple[Group, ...] = ()
    sides: tuple[Side, ...] = ()
    other: str = ""
    named: bool = False
    labels: tuple[str, ...] = ()
    metric: bool = False


def of(step: Step, body: bytes | None, names: Mapping[str, str] | None = None) -> Plain:
    """Everything of a request that reads better than in a table. `names` are given in place of ids."""
    changes = list(_changes(step, body))
    texts = tuple(text(*each) for each in changes if _is_long(each[2], each[3]))
    found = next((each for each in changes if each[0] == DEFINITION), None)
    groups = compared(found[2], found[3], names or {}) if found else ()
    sides = tuple(_side(each[0], each[1], each[3]) for each in changes if each[0][0] == MERGED and len(each[0]) > 1)
    labels = [each.label for each in texts] + [each.label for each in sides] + ([found[1]] if found and groups else [])
    other = next((str(each[3][0]) for each in changes if each[0] == (MERGED,)), "")
    named = bool(found and (mentioned(found[2]) or mentioned(found[3])))
    metric = bool(found and any(of_metric(each, {}) for each in found[2:]))
    return Plain(texts, groups, sides, other, named, tuple(labels), metric)


def _side(path: Sequence[str], label: str, both: Json) -> Side:
    stays, goes = both[STAYS], both[GOES]
    if path[1] != TAKEN:
        return Side(label, stays, goes, "")
    return Side(label, stays, goes, "goes" if stays in NOTHING else "stays")


def rows(fields: Sequence[Row], plain: Plain) -> tuple[Row, ...]:
    """The rows of the table without what is told apart; shortened where what Klaviyo holds now stands beside it."""
    return tuple(
        _short(row) if _told(row, plain) else row for row in fields if row.now is not None or not _told(row, plain)
    )


def value(step: Step, body: bytes | None, place: str, side: str) -> str | None:
    """The text at a place of a request, "before" or "after" it; None where there is none."""
    for path, _, before, after in _changes(step, body):
        if ".".join(path) == place:
            found = before if side == "before" else after
            return found if isinstance(found, str) else None
    return None


def names(reader: Reader, step: Step, body: bytes | None) -> dict[str, str]:
    """The names of what a definition mentions, as far as Klaviyo tells them."""
    wanted = [pair for each in _changes(step, body) if each[0] == DEFINITION for v in each[2:] for pair in mentioned(v)]
    pairs = list(dict.fromkeys(wanted))[:MOST_NAMES]
    found = reader.gather(*(partial(_named, reader, kind, ident) for kind, ident in pairs))
    return {item.id: str(item.get("name")) for item in found if isinstance(item, Item) and item.get("name")}


def _named(reader: Reader, kind: str, ident: str) -> Item:
    if kind == "metric":
        return reader.item("get_metric", path={"id": ident})
    list_, segment = reader.gather(
        partial(reader.item, "get_list", path={"id": ident}), partial(reader.item, "get_segment", path={"id": ident})
    )
    found = list_ if isinstance(list_, Item) else segment
    if isinstance(found, Item):
        return found
    raise found


def _changes(step: Step, body: bytes | None) -> Iterator[tuple[tuple[str, ...], str, Json, Json]]:
    """What a request overwrites: path, label, before, after; of one that says nothing of that, what its body holds."""
    if step.fields:
        for field in step.fields:
            yield tuple(field["path"]), field["label"], field["before"], field["after"]
        return
    for key, found in _attributes(body).items():
        yield (key,), key.replace("_", " ").capitalize(), None, found


def _attributes(body: bytes | None) -> dict[str, Any]:
    try:
        document = orjson.loads(body) if body else None
    except orjson.JSONDecodeError:
        return {}
    data = document.get("data") if isinstance(document, dict) else None
    attributes = data.get("attributes") if isinstance(data, dict) else None
    return attributes if isinstance(attributes, dict) else {}


def text(path: tuple[str, ...], label: str, before: Json, after: Json) -> Text:
    was, will = (each if isinstance(each, str) else "" for each in (before, after))
    html = path[-1] in _HTML
    old, new = _lines(was, html), _lines(will, html)
    cut = len(old) + len(new) > MOST_COMPARED
    diff = unified_diff(old[:MOST_COMPARED], new[:MOST_COMPARED], n=2, lineterm="")
    lines = [("@", "") if line.startswith("@@") else (line[:1], line[1:]) for line in list(diff)[2:]]
    known = was if isinstance(before, str) else None
    return Text(label, ".".join(path), known, will, html, tuple(lines[:MOST_LINES]), cut or len(lines) > MOST_LINES)


def _lines(source: str, html: bool) -> list[str]:
    """The lines of a text; HTML that stands in one line is broken between its tags."""
    return [piece for line in source.splitlines() for piece in (_TAGS.split(line) if html else [line])]


def compared(before: Json, after: Json, names: Mapping[str, str]) -> tuple[Group, ...]:
    """The groups of a definition: those that stay, come and go, in order."""
    was, will = (sentences(each, names) or of_metric(each, names) for each in (before, after))
    if not was:
        return tuple(Group("same" if before is None else "new", group) for group in will)
    found: list[Group] = []
    for how, a, b, c, d in SequenceMatcher(None, was, will, autojunk=False).get_opcodes():
        found += [Group("same", group) for group in was[a:b] if how == "equal"]
        found += [Group("gone", group) for group in was[a:b] if how != "equal"]
        found += [Group("new", group) for group in will[c:d] if how != "equal"]
    return tuple(found)


def _is_long(before: Json, after: Json) -> bool:
    texts = [each for each in (before, after) if isinstance(each, str)]
    return isinstance(after, str) and any(len(each) > LONG or "\n" in each for each in texts)


def _told(row: Row, plain: Plain) -> bool:
    return any(row.label == label or row.label.startswith(f"{label} · ") for label in plain.labels)


def _short(row: Row) -> Row:
    before, after, now = (
        f"{each[:SHORT]}…" if each and len(each) > SHORT else each for each in (row.before, row.after, row.now)
    )
    return Row(row.label, before or "", after or "", now, row.verdict)
