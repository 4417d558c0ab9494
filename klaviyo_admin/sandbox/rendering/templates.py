"""Templates as a tree of parts: text, values, conditions, loops and the tags that Klaviyo adds."""

import html
import re
from collections import ChainMap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from klaviyo_admin.sandbox.rendering.dates import formatted
from klaviyo_admin.sandbox.rendering.expressions import Expression, Names, condition_of, value_of
from klaviyo_admin.sandbox.rendering.faults import BadTemplate
from klaviyo_admin.sandbox.rendering.filters import Safe, text

_PIECE = re.compile(r"(\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\})", re.DOTALL)
_LOOP = re.compile(r"^([A-Za-z_]\w*(?:\s*,\s*[A-Za-z_]\w*)*)\s+in\s+(.+?)(\s+reversed)?$", re.DOTALL)
_SET = re.compile(r"^([A-Za-z_]\w*)\s*=\s*(.+)$|^(.+)\s+as\s+([A-Za-z_]\w*)$", re.DOTALL)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_LONGEST = 2_000_000  # letters
_MOST_STEPS = 100_000
_DEEPEST = 50


@dataclass(slots=True)
class _Run:
    """One rendering: the time it happens at, what has been written, and how many parts were visited."""

    now: datetime
    out: list[str]
    length: int = 0
    steps: int = 0

    def step(self) -> None:
        self.steps += 1
        if self.steps > _MOST_STEPS:
            raise BadTemplate("The template takes too many steps to render.")

    def write(self, piece: str) -> None:
        self.length += len(piece)
        if self.length > _LONGEST:
            raise BadTemplate("The rendered template is too long.")
        self.out.append(piece)


_Names = ChainMap[str, Any]
_Part = Callable[[_Run, _Names], None]


def render(source: str, context: Names, now: datetime) -> str:
    """The text with values of the context put in; markup in values is escaped. Raises BadTemplate."""
    reader = _Reader([piece for piece in _PIECE.split(source) if piece])
    parts, end = reader.until(())
    if end:
        raise BadTemplate(f"Unexpected tag '{end}'.")
    run = _Run(now, [])
    _play(parts, run, ChainMap({}, dict(context)))
    return "".join(run.out)


def _play(parts: Sequence[_Part], run: _Run, names: _Names) -> None:
    for part in parts:
        run.step()
        part(run, names)


class _Reader:
    def __init__(self, pieces: list[str]) -> None:
        self.pieces, self.at, self.depth = pieces, 0, 0

    def until(self, ends: tuple[str, ...]) -> tuple[list[_Part], str]:
        """The parts up to one of the tags, and the whole text of that tag; "" at the end of the template."""
        parts: list[_Part] = []
        self.depth += 1
        if self.depth > _DEEPEST:
            raise BadTemplate("The tags are nested too deeply.")
        while self.at < len(self.pieces):
            piece = self.pieces[self.at]
            self.at += 1
            if piece.startswith("{#"):
                continue
            if piece.startswith("{{"):
                parts.append(_shown(value_of(piece[2:-2])))
            elif not piece.startswith("{%"):
                parts.append(_plain(piece))
            else:
                tag = piece[2:-2].strip()
                if tag.split(" ", 1)[0] in ends:
                    self.depth -= 1
                    return parts, tag
                parts.append(self.tag(tag))
        if ends:
            raise BadTemplate(f"Unclosed tag. Looking for one of: {', '.join(ends)}.")
        self.depth -= 1
        return parts, ""

    def tag(self, tag: str) -> _Part:
        name, _, rest = tag.partition(" ")
        block = {"if": self.branches, "for": self.loop, "with": self.scope}.get(name)
        if block:
            return block(rest.strip())
        if name == "comment":
            while self.at < len(self.pieces) and "endcomment" not in self.pieces[self.at]:
                self.at += 1
            self.at += 1
            return _plain("")
        if name == "autoescape":
            return _all(self.until(("endautoescape",))[0])
        made = _TAGS.get(name)
        if made is None:
            raise BadTemplate(f"Invalid block tag: '{name}'.")
        return made(rest.strip())

    def branches(self, rest: str) -> _Part:
        cases: list[tuple[Expression, list[_Part]]] = []
        otherwise: list[_Part] = []
        test, end = condition_of(rest), ""
        while end != "endif":
            parts, end = self.until(("elif", "else", "endif"))
            cases.append((test, parts))
            if end == "else":
                otherwise, end = self.until(("endif",))
            elif end != "endif":
                test = condition_of(end.removeprefix("elif"))

        def play(run: _Run, names: _Names) -> None:
            chosen = next((parts for test, parts in cases if test(names)), otherwise)
            _play(chosen, run, names)

        return play

    def loop(self, rest: str) -> _Part:
        found = _LOOP.match(rest)
        if not found:
            raise BadTemplate("'for' should be written as 'for item in items'.")
        wanted = [name.strip() for name in found[1].split(",")]
        source, backwards = value_of(found[2]), bool(found[3])
        parts, end = self.until(("empty", "endfor"))
        without = self.until(("endfor",))[0] if end == "empty" else []

        def play(run: _Run, names: _Names) -> None:
            items = _items(source(names))
            for place, item in enumerate(reversed(items) if backwards else items):
                inner = names.new_child(_loop_names(place, len(items), names.get("forloop")))
                _bind(inner, wanted, item)
                run.step()
                _play(parts, run, inner)
            if not items:
                _play(without, run, names)

        return play

    def scope(self, rest: str) -> _Part:
        found = _SET.match(rest)
        if not found:
            raise BadTemplate("'with' should be written as 'with name=value'.")
        name, value = found[1] or found[4], value_of(found[2] or found[3])
        parts = self.until(("endwith",))[0]
        return lambda run, names: _play(parts, run, names.new_child({name: value(names)}))


def _items(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return list(value)
    return value if isinstance(value, list) else list(value) if isinstance(value, str) else []


def _bind(names: _Names, wanted: list[str], item: Any) -> None:
    if len(wanted) == 1:
        names[wanted[0]] = item
        return
    values = item if isinstance(item, list) else []
    for place, name in enumerate(wanted):
        names[name] = values[place] if place < len(values) else ""


def _loop_names(place: int, size: int, outer: Any) -> dict[str, Any]:
    about = {"counter": place + 1, "counter0": place, "revcounter": size - place, "revcounter0": size - place - 1}
    return {"forloop": {**about, "first": place == 0, "last": place == size - 1, "parentloop": outer or {}}}


def _plain(piece: str) -> _Part:
    return lambda run, names: run.write(piece)


def _all(parts: list[_Part]) -> _Part:
    return lambda run, names: _play(parts, run, names)


def _shown(value: Expression) -> _Part:
    def play(run: _Run, names: _Names) -> None:
        found = value(names)
        run.write(found if isinstance(found, Safe) else html.escape(text(found)))

    return play


def _link(address: str, words: str) -> Callable[[str], _Part]:
    """A tag that prints a link; its first argument, if any, is what the link says."""

    def made(rest: str) -> _Part:
        quoted = _QUOTED.match(rest)
        return _plain(f'<a href="{address}">{quoted[0][1:-1] if quoted else words}</a>')

    return made


def _address(address: str) -> Callable[[str], _Part]:
    return lambda rest: _plain(address)


def _clock(pattern: str) -> Callable[[str], _Part]:
    return lambda rest: lambda run, names: run.write(formatted(run.now, pattern))


def _today(rest: str) -> _Part:
    """`{% today '%Y-%m-%d' as name %}` keeps the date under a name; without `as` it is printed."""
    pattern, _, name = rest.partition(" as ")
    found = value_of(pattern or "'%Y-%m-%d'")

    def play(run: _Run, names: _Names) -> None:
        shown = formatted(run.now, text(found(names)))
        if name.strip():
            names[name.strip()] = shown
        else:
            run.write(shown)

    return play


def _coupon(rest: str) -> _Part:
    name = value_of(rest)
    return lambda run, names: run.write(f"{text(name(names)).upper()}-PREVIEW")


_AWAY = "https://sandbox.example.com"
_TAGS: Mapping[str, Callable[[str], _Part]] = {
    "coupon_code": _coupon,
    "current_day": _clock("j"),
    "current_month": _clock("n"),
    "current_month_name": _clock("F"),
    "current_weekday": _clock("l"),
    "current_year": _clock("Y"),
    "manage_preferences": _link(f"{_AWAY}/preferences", "Manage preferences"),
    "manage_preferences_link": _address(f"{_AWAY}/preferences"),
    "today": _today,
    "unsubscribe": _link(f"{_AWAY}/unsubscribe", "Unsubscribe"),
    "unsubscribe_link": _address(f"{_AWAY}/unsubscribe"),
    "web_view": _link(f"{_AWAY}/web-view", "View in browser"),
    "web_view_link": _address(f"{_AWAY}/web-view"),
}
