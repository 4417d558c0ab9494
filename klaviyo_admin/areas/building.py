"""Knows how answers become requests: the five ways in which Klaviyo lets a thing be changed, and their sentences."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from klaviyo_admin.areas.base import Answers
from klaviyo_admin.areas.words import counted, listed, plain
from klaviyo_admin.intents import FieldChange, Follow, Intent, Request, Target
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.values import Item, Json

Build = Callable[[Sequence[Item], Answers], Intent]
Start = Callable[[Sequence[Item]], dict[str, Any]]
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Noun:
    """What a builder knows of a kind of thing: its words, its JSON:API type, the operation that shows one again, what
    one is called, and the attributes that people edit, as {answer: label}. `paths` says where in the attributes an
    answer belongs if that is not its own name."""

    one: str
    many: str
    type: str
    read: str
    name: Callable[[Item], str]
    labels: Mapping[str, str] = field(default_factory=dict)
    paths: Mapping[str, Path] = field(default_factory=dict)

    def target(self, item: Item) -> Target:
        return Target(type=self.type, id=item.id, name=self.name(item), read=self.read)

    def new(self, name: str) -> Target:
        """The target of a thing that does not exist yet."""
        return Target(type=self.type, id="", name=name)

    def changes(self, answers: Answers, item: Item | None = None) -> tuple[FieldChange, ...]:
        """The answers that are attributes, in the order of the labels, each beside what `item` holds now."""
        given = [(key, label, self.paths.get(key, (key,))) for key, label in self.labels.items() if key in answers]
        return tuple(
            FieldChange(path, label, item.at(path) if item else None, answers[key]) for key, label, path in given
        )


def patched(
    name: str, noun: Noun, item: Item, fields: Sequence[FieldChange], relationships: Mapping[str, Json] | None = None
) -> Request:
    """A PATCH of one thing with the values after the change of `fields`."""
    found = operation(name)
    data: dict[str, Json] = {"type": found.kind or noun.type, "id": item.id}
    if fields:
        data["attributes"] = nested(fields)
    if relationships:
        data["relationships"] = dict(relationships)
    return Request(found.write({"id": item.id}, {"data": data}), noun.target(item), tuple(fields))


def posted(
    name: str,
    target: Target | None,
    fields: Sequence[FieldChange],
    relationships: Mapping[str, Json] | None = None,
    *,
    attributes: Mapping[str, Json] | None = None,
    follow: Follow | None = None,
    counts: int = 1,
) -> Request:
    """A POST of a new thing, or of a job, made of `fields` (with `attributes` beside them that no reader needs to see)."""
    found = operation(name)
    data: dict[str, Json] = {"type": found.kind, "attributes": {**(attributes or {}), **nested(fields)}}
    if relationships:
        data["relationships"] = dict(relationships)
    return Request(found.write({}, {"data": data}), target, tuple(fields), follow, counts)


def deleted(name: str, noun: Noun, item: Item) -> Request:
    """A DELETE of one thing."""
    return Request(operation(name).write({"id": item.id}), noun.target(item))


def linked(name: str, target: Target, relation: str, label: str, others: Sequence[tuple[str, str, str]]) -> Request:
    """A change of one relationship of a thing: `others` are (type, id, name) of those that join or leave it."""
    document = {"data": [{"type": kind, "id": ident} for kind, ident, _ in others]}
    names = [name for _, _, name in others]
    # Named after no part of the thing: what it is related to otherwise may change before this is sent.
    fields = (FieldChange(("members", relation), label, None, names),)
    write = operation(name).write({"id": target.id}, document)
    return Request(write, target, fields, counts=len(others))


def nested(fields: Iterable[FieldChange]) -> dict[str, Json]:
    """The attributes of a body: every value after the change at its path."""
    attributes: dict[str, Json] = {}
    for each in fields:
        place = attributes
        for key in each.path[:-1]:
            place = place.setdefault(key, {})
        place[each.path[-1]] = each.after
    return attributes


def to_one(item: Item) -> dict[str, Json]:
    """A relationship of a body that names one thing."""
    return {"data": {"type": item.type, "id": item.id}}


def to_many(items: Iterable[Item]) -> dict[str, Json]:
    """A relationship of a body that names several things."""
    return {"data": [{"type": item.type, "id": item.id} for item in items]}


def starting(noun: Noun) -> Start:
    """The initial values of an edit form: what the one thing holds now."""

    def start(items: Sequence[Item]) -> dict[str, Any]:
        (item,) = items
        return {key: item.at(noun.paths.get(key, (key,)), "") for key in noun.labels}

    return start


def editing(action: str, name: str, noun: Noun) -> Build:
    """Builds one PATCH with exactly the answers given."""

    def build(items: Sequence[Item], answers: Answers) -> Intent:
        (item,) = items
        fields = noun.changes(answers, item)
        sentence = f"Change {listed([f.label for f in fields])} of the {noun.one} “{{target}}”."
        if [f.path for f in fields] == [("name",)]:
            sentence = f"Rename the {noun.one} “{{target}}” to “{plain(fields[0].after)}”."
        return Intent(action, sentence, (patched(name, noun, item, fields),), noun.target(item))

    return build


def creating(action: str, name: str, noun: Noun, called: str = "name") -> Build:
    """Builds one POST of a new thing with the answers that are not empty; the answer `called` is its name."""

    def build(items: Sequence[Item], answers: Answers) -> Intent:
        fields = noun.changes({key: value for key, value in answers.items() if value not in (None, "", [])})
        target = noun.new(str(answers[called]))
        return Intent(action, f"Create the {noun.one} “{{target}}”.", (posted(name, target, fields),), target)

    return build


def deleting(action: str, name: str, noun: Noun) -> Build:
    """Builds one DELETE for each of the things."""

    def build(items: Sequence[Item], answers: Answers) -> Intent:
        requests = tuple(deleted(name, noun, item) for item in items)
        if len(items) == 1:
            return Intent(action, f"Delete the {noun.one} “{{target}}”.", requests, noun.target(items[0]))
        named = listed([noun.name(item) for item in items], of=noun.many)
        also = f": {named}" if len(items) <= 4 else ""
        return Intent(action, f"Delete {counted(len(items), noun.one, noun.many)}{also}.", requests)

    return build
