"""What a page draws of a body: a tree of fields with what was typed, what is allowed there, and what is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from klaviyo_admin.console import drafts
from klaviyo_admin.console.drafts import Draft
from klaviyo_admin.console.shapes import Shape

MOST_FIELDS = 800  # a form with more is refused by the server, and read by nobody
_HINTS = {
    "moment": "With its zone: 2026-07-15T09:30:00Z",
    "date": "2026-07-15",
    "time": "09:30:00",
    "whole": "A whole number",
    "number": "A number",
    "json": "JSON: text stands in double quotes",
}


class TooMany(ValueError):
    """A form of more than MOST_FIELDS fields."""


@dataclass(frozen=True, slots=True)
class Node:
    """One field, or a part with fields inside. `at` says of a container or choice whether it is "in", "null" or "out".

    `picked` is the chosen alternative of a choice, as text; `choices` are pairs of a value and its label.
    """

    kind: str
    place: str
    label: str
    needed: bool
    nullable: bool = False
    at: str = "in"
    text: str = ""
    blank: str = ""
    hint: str = ""
    choices: Sequence[tuple[str, str]] = ()
    picked: str = ""
    removable: bool = False
    faults: Sequence[str] = ()
    inside: Sequence["Node"] = ()
    start: int = 0

    @property
    def pointer(self) -> str:
        return self.place.removeprefix(drafts.ROOT) or "/"


@dataclass(slots=True)
class _Drawing:
    draft: Draft
    faults: Mapping[str, Sequence[str]]
    keys: set[str] = field(default_factory=set)

    def say(self, key: str) -> str:
        self.keys.add(key)
        if len(self.keys) > MOST_FIELDS:
            raise TooMany
        return self.draft.get(key, "")


def tree(shape: Shape, draft: Draft, faults: Mapping[str, Sequence[str]]) -> tuple[Node, dict[str, str]]:
    """The fields of a body with `faults` by place, and what the draft holds beside them, which the form has to keep.

    Raises TooMany.
    """
    drawing = _Drawing(draft, faults)
    root = _node(shape, drafts.ROOT, "body", True, drawing)
    return root, {key: text for key, text in draft.items() if key not in drawing.keys and text}


def _node(shape: Shape, place: str, label: str, needed: bool, drawing: _Drawing, removable: bool = False) -> Node:
    faults = tuple(drawing.faults.get(place, ()))
    if shape.constant(needed):
        return Node("constant", place, label, True, text=drafts.shown(shape.options[0]), faults=faults)
    if shape.kind == "choice":
        return _choice(shape, place, label, needed, drawing, removable)
    if shape.container:
        return _container(shape, place, label, needed, drawing, removable)
    choices: list[tuple[str, str]] = []
    if shape.kind == "options":
        choices = [(drafts.shown(option), drafts.shown(option)) for option in shape.options]
    elif shape.kind == "flag":
        choices = [("true", "true"), ("false", "false")]
    drawing.say(f"{place}#blank")
    typed = drawing.say(place)
    if shape.open and needed and place not in drawing.draft:
        typed = "{}"
    known = not choices or not typed or typed in dict(choices)
    return Node(
        shape.kind,
        place,
        label,
        needed,
        nullable=shape.nullable,
        text=typed,
        blank=drawing.draft.get(f"{place}#blank", ""),
        hint=_hint(shape),
        # What was typed elsewhere (as JSON, or in an address) is shown even where it is not on offer.
        choices=choices if known else [*choices, (typed, typed)],
        removable=removable,
        faults=faults,
    )


def _container(shape: Shape, place: str, label: str, needed: bool, drawing: _Drawing, removable: bool) -> Node:
    now = drafts.state(shape, drawing.draft, place, needed)
    inside: list[Node] = []
    start = drafts.lines(drawing.draft, place, needed) if shape.kind == "list" else 0
    drawing.say(f"{place}#is")
    if now == "in" and shape.kind == "list":
        drawing.say(f"{place}#n")
        inside = [_node(shape.line, f"{place}/{n}", str(n + 1), True, drawing, removable=True) for n in range(start)]
    elif now == "in":
        inside = [
            _node(part, f"{place}/{name}", name, name in shape.required, drawing)
            for name, part in shape.members.items()
        ]
    return Node(
        shape.kind,
        place,
        label,
        needed,
        nullable=shape.nullable,
        at=now,
        removable=removable,
        faults=tuple(drawing.faults.get(place, ())),
        inside=inside,
        start=start,
    )


def _choice(shape: Shape, place: str, label: str, needed: bool, drawing: _Drawing, removable: bool) -> Node:
    now = drafts.state(shape, drawing.draft, place, needed)
    drawing.say(f"{place}#as")
    choices = [(str(number), name) for number, name in enumerate(shape.labels())]
    if not needed:
        choices.insert(0, ("out", "Leave it out"))
    if shape.nullable:
        choices.append(("null", "null"))
    inside: list[Node] = []
    picked = now
    if now == "in":
        number = drafts.chosen(shape, drawing.draft, place)
        picked = str(number)
        inside = [_node(shape.alternatives[number], place, "", True, drawing)]
    return Node(
        "choice",
        place,
        label,
        needed,
        nullable=shape.nullable,
        at=now,
        choices=choices,
        picked=picked,
        removable=removable,
        # A plain alternative stands at the same place, and shows what is wrong itself.
        faults=() if inside else tuple(drawing.faults.get(place, ())),
        inside=inside,
    )


def _hint(shape: Shape) -> str:
    said = [_HINTS.get(shape.kind, "")]
    if shape.default is not None and shape.kind != "options":
        said.append(f"Klaviyo's default: {drafts.shown(shape.default)}")
    elif shape.default is not None:
        said.append(f"Default: {drafts.shown(shape.default)}")
    return ". ".join(part for part in said if part)
