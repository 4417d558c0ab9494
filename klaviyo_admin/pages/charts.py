"""Draws figures as lines over time or as bars: what goes where in an SVG, with its scale, and nothing of the look."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

WIDTH, HEIGHT = 720, 240
LEFT, RIGHT, TOP, BOTTOM = 64, 12, 10, 26
MOST_LINES = 8  # there are no more colours that can be told apart
MOST_BARS = 8
_TICKS = 6  # of time


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it is called, its points within WIDTH and HEIGHT, and its number, which gives it its colour."""

    label: str
    points: str
    number: int


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of a scale: its place, and what it says."""

    at: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is called, its length in per cent of the longest, and the value."""

    label: str
    length: float
    value: float


@dataclass(frozen=True, slots=True)
class Bars:
    """Values side by side, the largest first; `as_` is how they are drawn."""

    title: str
    bars: tuple[Bar, ...]
    as_: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A finished drawing. `said` is what it shows, in words."""

    title: str
    lines: tuple[Line, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    said: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM


def chart(
    title: str, series: Sequence[tuple[str, Sequence[float]]], moments: Sequence[str], as_: str = "number"
) -> Chart | None:
    """The first MOST_LINES series as lines over `moments`; None where there is nothing to draw a line through."""
    drawn = [(label, values) for label, values in series[:MOST_LINES] if len(values) == len(moments)]
    if len(moments) < 2 or not drawn:
        return None
    highest = max(max(values) for _, values in drawn)
    lowest = min(0.0, *(min(values) for _, values in drawn))
    step = _step(max(highest - lowest, 1e-9 if as_ == "share" else 1))
    bottom, top = step * floor(lowest / step + 1e-9), step * max(ceil(highest / step - 1e-9), 1)
    lines = tuple(
        Line(label, " ".join(f"{_x(n, len(moments)):.1f},{_y(v, bottom, top):.1f}" for n, v in enumerate(values)), n)
        for n, (label, values) in enumerate(drawn)
    )
    marks = [bottom + step * n for n in range(round((top - bottom) / step) + 1)]
    up = tuple(Tick(round(_y(mark, bottom, top), 1), _written(mark, as_, step)) for mark in marks)
    every = max(1, -(-len(moments) // _TICKS))
    across = tuple(_under(n, moments) for n in range(0, len(moments), every))
    named = ", ".join(label for label, _ in drawn)
    said = f"{title}, {moments[0]} to {moments[-1]}: {named}; highest {_written(highest, as_, step / 10)}"
    return Chart(title, lines, across, up, said)


def bars(title: str, values: Sequence[tuple[str, float]], as_: str = "number") -> Bars | None:
    """The MOST_BARS largest of the values; None where none is larger than nothing."""
    most = sorted(values, key=lambda pair: -pair[1])[:MOST_BARS]
    longest = most[0][1] if most else 0
    if longest <= 0:
        return None
    return Bars(title, tuple(Bar(label, round(max(0, v) / longest * 100, 1), v) for label, v in most), as_)


def _under(place: int, moments: Sequence[str]) -> Tick:
    """The mark of a moment; the first and the last keep within the drawing."""
    at = _x(place, len(moments))
    anchor = "start" if place == 0 else "end" if at > WIDTH - RIGHT - 30 else "middle"
    return Tick(round(at, 1), moments[place], anchor)


def _x(place: int, of: int) -> float:
    return LEFT + place / (of - 1) * (WIDTH - LEFT - RIGHT)


def _y(value: float, bottom: float, top: float) -> float:
    return TOP + (top - value) / (top - bottom) * (HEIGHT - TOP - BOTTOM)


def _step(span: float) -> float:
    """A round distance between marks, so that there are about four of them."""
    rough = span / 4
    power = 10.0 ** floor(log10(rough))
    return next(power * times for times in (1, 2, 5, 10) if rough <= power * times)


def _written(value: float, as_: str, step: float) -> str:
    """A value as a scale says it, as exactly as its marks are apart."""
    if as_ == "share":
        return f"{value * 100:,.{max(0, -floor(log10(step * 100) + 1e-9))}f} %"
    places = max(0, -floor(log10(step) + 1e-9))
    return f"{value:,.{min(places, 4)}f}"
