"""A request that was carried out, opened: what it wrote, what was there before, and what came back."""

import json
from dataclasses import dataclass, field
from typing import Any

from klaviyo_admin.changes import bodies, refs
from klaviyo_admin.changes.models import Step
from klaviyo_admin.changes.undoing import images, shapes
from klaviyo_admin.intents import FieldChange, Request, Target
from klaviyo_admin.klaviyo import catalogue
from klaviyo_admin.klaviyo.answers import fitted, uncut
from klaviyo_admin.klaviyo.catalogue import Operation
from klaviyo_admin.klaviyo.values import Item, Json
from klaviyo_admin.sealing import Unreadable

UNKNOWN_OPERATION = "this version of Klaviyo Admin does not know its operation"
UNREADABLE = "what it sent can no longer be read"
NO_BEFORE = "its values from before were not kept"


class Impossible(Exception):
    """`sentence` says in plain words why something cannot be undone; within `undoing` it is a half sentence."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Unneeded(Impossible):
    """It changed nothing, so there is nothing to take back."""


@dataclass(frozen=True, slots=True)
class Done:
    """One request of a change as it was sent. `image` is what images.take kept, `answer` the data that came back."""

    number: int
    operation: Operation
    path: dict[str, str]
    query: dict[str, str]
    body: Json
    image: dict[str, Any]
    answer: dict[str, Json]
    fields: tuple[FieldChange, ...]
    target: Target | None

    @property
    def data(self) -> dict[str, Json]:
        return shapes.members(shapes.members(self.body).get("data"))

    @property
    def attributes(self) -> dict[str, Json]:
        return shapes.members(self.data.get("attributes"))

    @property
    def made(self) -> str:
        """The id of what the answer names, "" if it names nothing."""
        ident = self.answer.get("id")
        return ident if isinstance(ident, str) else ""

    @property
    def made_with(self) -> set[str]:
        """The ids of what the answer names as made: the thing, and parts of it that came in its body."""
        related = shapes.members(self.answer.get("relationships"))
        parts = [row for name in self.attributes if name in related for row in shapes.named(related[name])]
        return {ident for ident in (self.made, *(str(row.get("id", "")) for row in parts)) if ident}

    @property
    def before(self) -> list[dict[str, Any]]:
        """The things that were kept. Raises Impossible."""
        if "things" not in self.image:
            raise Impossible(self.image.get("fault", NO_BEFORE))
        found: list[dict[str, Any]] = self.image["things"]
        return found

    def after(self, path: tuple[str, ...], wanted: Json) -> Json:
        """What a field held right afterwards: as the answer shows it, else as it was wanted."""
        came = shapes.members(self.answer.get("attributes"))
        if path[0] not in came:
            return wanted
        taken = fitted(str(self.answer.get("type", "")), came)
        return uncut(Item("", "", taken).at(path), Item("", "", came).at(path))


@dataclass(frozen=True, slots=True)
class Opposite:
    """What takes one request back: new requests in their order, and sentences of what that cannot bring back."""

    step: int
    requests: tuple[Request, ...] = ()
    lost: tuple[str, ...] = field(default=())


def opened(step: Step) -> Done:
    """A step that was carried out. Raises Impossible."""
    try:
        operation = catalogue.operation(step.operation)
        address, body = refs.as_sent(step)
        found = catalogue.match(step.method, address.partition("?")[0])
        return Done(
            number=step.number,
            operation=operation,
            path=found[1] if found else {},
            query=dict(part.split("=", 1) for part in address.partition("?")[2].split("&") if "=" in part),
            body=images.parsed(operation, body),
            image=step.image or {},
            answer=_answer(step),
            fields=tuple(FieldChange(tuple(f["path"]), f["label"], f["before"], f["after"]) for f in step.fields),
            target=step.target,
        )
    except catalogue.UnknownOperation:
        raise Impossible(UNKNOWN_OPERATION) from None
    except (bodies.Damaged, refs.Unanswered, Unreadable, ValueError):
        raise Impossible(UNREADABLE) from None


def _answer(step: Step) -> dict[str, Json]:
    try:
        return shapes.members(shapes.members(json.loads(step.response or b"null")).get("data"))
    except ValueError:
        return {}


def spoken(name: str) -> str:
    """A field as a person would call it."""
    words = name.replace("_", " ").replace("-", " ").replace(".", " · ").strip()
    return words[:1].upper() + words[1:]
