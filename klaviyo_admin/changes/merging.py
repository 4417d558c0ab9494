"""How a stale change is proposed anew: value by value what its author wanted, or what Klaviyo holds by now."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from klaviyo_admin.changes import bodies, diff, refs
from klaviyo_admin.changes.models import Change, Step
from klaviyo_admin.changes.staleness import RELATED, Field, Place, at, compared, differs, gone, place, same, unmade
from klaviyo_admin.changes.undoing import shapes
from klaviyo_admin.changes.undoing.done import Impossible
from klaviyo_admin.intents import FieldChange, Follow, Intent, Request
from klaviyo_admin.klaviyo import catalogue
from klaviyo_admin.klaviyo.bodies import BadBody
from klaviyo_admin.klaviyo.values import Item, Json, Write

NOTHING_LEFT = "You kept what Klaviyo holds everywhere, so nothing is left to change."
TIED = "Some of its requests wait for the answers to others: propose it again from its form."


@dataclass(frozen=True, slots=True)
class Question:
    """One value of a request that was not sent. `moved` says that Klaviyo holds something else than when it was proposed,
    `settled` that it holds what was wanted already, `gone` that the thing itself is not there any more."""

    key: str
    label: str
    before: Json
    wanted: Json
    now: Json
    moved: bool
    settled: bool
    gone: bool = False


def unsent(steps: Sequence[Step]) -> list[Step]:
    """The requests of a stale change that never left."""
    return [step for step in steps if step.status == "waiting"]


def questions(step: Step, found: Mapping[Place, Item]) -> tuple[Question, ...]:
    """A question for each value that a request overwrites, compared with what was read now."""
    return tuple(question for _, question in _asked(step, found))


def _asked(step: Step, found: Mapping[Place, Item]) -> list[tuple[Field, Question]]:
    """The same with their fields. Of what is only compared there is a question where it has moved; one for all of a thing
    that is gone."""
    item = found.get(place(step))
    pairs = [(field, _question(step, number, field, item)) for number, field in enumerate(compared(step))]
    asked = [(f, q) for f, q in pairs if not f.get("beside") or "names" in f or (q.moved and not q.gone)]
    if not asked and item is not None and gone(item):
        lost = Question(f"{step.number}-all", "All of it", None, None, None, moved=True, settled=False, gone=True)
        return [({"path": [], "beside": True}, lost)]
    return asked


def _question(step: Step, number: int, field: Field, item: Item | None) -> Question:
    key, label = f"{step.number}-{number}", field["label"]
    lost = item is not None and gone(item) and not unmade(step)
    now = at(item, field) if item else field["before"]
    moved = item is not None and (lost or differs(field, now))
    if "names" in field:
        known = item is not None and not lost and now is not None
        inside = {ident for ident in (field["before"] if now is None else now) if ident in field["names"]}
        before, wanted, there = (diff.who(field, ids) for ids in (field["before"], field["after"], inside))
        return Question(key, label, before, wanted, there, moved, known and inside == set(field["after"]), lost)
    before, wanted = field["before"], field["after"]
    settled = item is not None and not lost and same(now, wanted) and step.method != "DELETE"
    return Question(key, label, before, wanted, now, moved, settled, lost)


def settle(change: Change, steps: Sequence[Step], found: Mapping[Place, Item], theirs: Collection[str]) -> Intent:
    """The change as it is wanted now: without the values in `theirs` (keys of questions), and with what Klaviyo holds as
    its before-image. Raises Impossible."""
    kept: list[Request] = []
    left: list[str] = []
    for step in unsent(steps):
        dropped = [q for q in questions(step, found) if q.key in theirs or q.gone or q.settled]
        left += [q.label for q in dropped if not q.settled]
        made = _request(step, found, {q.key for q in dropped})
        if made is not None:
            kept.append(made)
    if not kept:
        raise Impossible(NOTHING_LEFT)
    labels = list(dict.fromkeys(left))
    said = (
        f" Without {', '.join(labels)}: that stays as Klaviyo holds it." if labels else " Over what has changed since."
    )
    details = {key: value for key, value in change.details.items() if key != "left_out"}
    return Intent(change.action, change.sentence + said, tuple(kept), change.target, tuple(details.items()))


def _request(step: Step, found: Mapping[Place, Item], dropped: Collection[str]) -> Request | None:
    """A request without the dropped values; None if nothing of it is left."""
    pairs = _asked(step, found)
    asked = [question for _, question in pairs]
    if asked and (len(dropped) == len(asked) or (dropped and step.method != "PATCH")):
        return None
    kept = [(field, q) for field, q in pairs if q.key not in dropped and not field.get("beside")]
    fields = tuple(
        FieldChange(tuple(field["path"]), q.label, None, list(field["names"].values()))
        if "names" in field
        else FieldChange(tuple(field["path"]), q.label, q.now, q.wanted)
        for field, q in kept
    )
    left = [(tuple(field["path"]), q.now) for field, q in pairs if q.key in dropped]
    follow = Follow(**step.follow) if step.follow else None
    return Request(_write(step, left), step.target, fields, follow, step.counts)


def _write(step: Step, gone: Sequence[tuple[tuple[str, ...], Json]]) -> Write:
    """The request as proposed, byte for byte, or without these values. Raises Impossible."""
    try:
        write, _ = refs.closed(step, bodies.of(step))
        matched = catalogue.match(write.method, write.path)
        if not gone or matched is None:
            return write
        return matched[0].write(matched[1], _without(matched[0], json.loads(write.body), gone))
    except refs.Unanswered:
        raise Impossible(TIED) from None
    except (bodies.Damaged, BadBody, ValueError) as fault:
        raise Impossible(f"Request {step.number} cannot be taken apart: {fault}") from None


def _without(done: catalogue.Operation, document: Json, gone: Sequence[tuple[tuple[str, ...], Json]]) -> Json:
    data = shapes.members(document["data"])
    for path, now in gone:
        if done.id in shapes.REPLACES_ALL and path[0] != RELATED:
            _put(shapes.members(data.get("attributes")), path, now)
        elif path[0] == RELATED:
            shapes.members(data.get(RELATED)).pop(path[1], None)
        else:
            _drop(shapes.members(data.get("attributes")), path)
            _unset(data, path)
    return document


def _put(place_: dict[str, Json], path: Sequence[str], value: Json) -> None:
    for key in path[:-1]:
        place_ = place_.setdefault(key, {})
    place_[path[-1]] = value


def _drop(place_: dict[str, Json], path: Sequence[str]) -> None:
    """Takes a value out, and with it what only held it."""
    if len(path) == 1:
        place_.pop(path[0], None)
        return
    inside = place_.get(path[0])
    if isinstance(inside, dict):
        _drop(inside, path[1:])
        if not inside:
            place_.pop(path[0])


def _unset(data: dict[str, Json], path: Sequence[str]) -> None:
    """The same for a custom property that would have been taken away."""
    patch = shapes.members(shapes.members(data.get("meta")).get("patch_properties"))
    if len(path) == 2 and path[0] == "properties" and path[1] in patch.get("unset", ()):
        patch["unset"] = [name for name in patch["unset"] if name != path[1]]
        if not patch["unset"]:
            data.pop("meta")


def moved(steps: Sequence[Step], found: Mapping[Place, Item]) -> Iterator[Question]:
    """The questions that somebody has to answer."""
    for step in unsent(steps):
        yield from (q for q in questions(step, found) if q.moved and not q.settled)
