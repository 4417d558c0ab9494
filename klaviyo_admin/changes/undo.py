"""How what a change did is taken back: from its requests and answers a new Intent is built, by the undo class of each."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from klaviyo_admin.changes import bodies
from klaviyo_admin.changes.models import Change, Step
from klaviyo_admin.changes.staleness import Place, same
from klaviyo_admin.intents import FieldChange, Intent, Request, Target
from klaviyo_admin.klaviyo import catalogue
from klaviyo_admin.klaviyo.bodies import BadBody
from klaviyo_admin.klaviyo.values import Item, Json

# From here on nothing can change what a change has done, except an undo.
OVER = ("done", "failed", "stale", "cancelled")
WHY_NOT = {
    "re-create": "what it removed could only be made anew, with another id and without its history",
    "compensate": "it has no exact opposite; only a new change can make up for it",
    "irreversible": "Klaviyo cannot take this back",
}
NO_BEFORE = "its values from before were not kept"
NO_ANSWER = "no answer names what it created"
Path = tuple[str, ...]


class Impossible(Exception):
    """`sentence` says in plain words why something cannot be undone."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def build(change: Change, steps: Sequence[Step], only: int = 0) -> Intent:
    """The Intent that takes back every request that was carried out, last one first, or the request `only`.

    Each new request holds what the old one left behind as its before-image, so that the stale check refuses it where
    somebody has changed the thing since. `steps` are all of the change, with bodies and answers. Raises Impossible.
    """
    if change.status not in OVER:
        raise Impossible("Only a change that has ended can be undone.")
    done = [step for step in steps if step.status == "done" and (not only or step.number == only)]
    if not done:
        raise Impossible("Nothing of it was carried out, so there is nothing to undo.")
    faults = [(step.number, fault) for step in done if (fault := why_not(step))]
    if faults:
        number, fault = faults[0]
        which = "It" if len(steps) == 1 else f"Request {number}"
        rest = f" {len(faults):,} of its {len(steps):,} requests cannot be undone." if len(faults) > 1 else ""
        raise Impossible(f"{which} cannot be undone: {fault}.{rest}")
    requests = tuple(_opposite(step) for step in reversed(done))
    return Intent(
        action=f"{change.action.partition('.')[0]}.undo",
        sentence=_sentence(change, steps, only),
        requests=requests,
        target=_target(change, requests),
        details=(("undoes_change", change.pk), *((("undoes_request", only),) if only else ())),
    )


def why_not(step: Step) -> str:
    """The half sentence why one request that was carried out cannot be taken back, "" if it can."""
    try:
        done = catalogue.operation(step.operation)
        inverse = catalogue.operation(done.inverse) if done.inverse else None
    except catalogue.UnknownOperation:
        return "this version of Klaviyo Admin does not know its operation"
    if done.undo == "delete-created" and inverse is not None:
        return "" if _created(step) and _one_parameter(inverse) else NO_ANSWER
    if done.undo == "exact":
        covered = done.inverse == done.id and step.target_read and step.fields and _covered(step)
        return "" if covered else NO_BEFORE
    return WHY_NOT.get(done.undo, WHY_NOT["irreversible"])


def moved(intent: Intent, found: Mapping[Place, Item]) -> tuple[Request, ...]:
    """The requests of an undo whose target, as read now, is no longer as the change left it."""
    taken: set[tuple[Place, Path]] = set()
    gone: set[Place] = set()
    for request in intent.requests:
        place = place_of(request)
        for field in request.fields:
            now = found[place].at(field.path) if place in found else None
            if place in found and (place, field.path) not in taken and not same(now, field.before):
                gone.add(place)
            taken.add((place, field.path))
    return tuple(request for request in intent.requests if place_of(request) in gone)


def narrowed(intent: Intent, left_out: Sequence[Request]) -> Intent:
    """The undo without these requests, saying so. Raises Impossible if nothing is left."""
    if not left_out:
        return intent
    rest = tuple(request for request in intent.requests if request not in left_out)
    if not rest:
        raise Impossible("It has been changed again since, so undoing it would overwrite what somebody else wanted.")
    said = (
        f"{intent.sentence} {len(left_out):,} of {len(intent.requests):,} requests are left out: changed again since."
    )
    return replace(intent, sentence=said, requests=rest, details=(*intent.details, ("left_out", len(left_out))))


def place_of(request: Request) -> Place:
    return (request.target.read, request.target.id) if request.target else ("", "")


def _opposite(step: Step) -> Request:
    done = catalogue.operation(step.operation)
    return _restoring(step) if done.undo == "exact" else _deleting(step, catalogue.operation(done.inverse))


def _restoring(step: Step) -> Request:
    """The same operation on the same target, with the values from before."""
    fields = tuple(FieldChange(tuple(f["path"]), f["label"], f["after"], f["before"]) for f in step.fields)
    attributes: dict[str, Json] = {}
    gone: list[str] = []
    for field in fields:
        # Klaviyo does not tell an absent custom property from an empty one: it is taken away again.
        if field.after is None and len(field.path) == 2 and field.path[0] == "properties":
            gone.append(field.path[1])
            continue
        place = attributes
        for key in field.path[:-1]:
            place = place.setdefault(key, {})
        place[field.path[-1]] = field.after
    data: dict[str, Json] = {"type": step.target_type, "id": step.target_id, "attributes": attributes}
    if gone:
        data["meta"] = {"patch_properties": {"unset": gone}}
    found = catalogue.match(step.method, step.path.partition("?")[0])
    if found is None:
        raise Impossible("Its address is none that Klaviyo knows today.")
    try:
        write = found[0].write(found[1], {"data": data})
    except BadBody as fault:
        raise Impossible(f"Klaviyo would not take the values from before: {fault}") from None
    return Request(write=write, target=step.target, fields=fields)


def _deleting(step: Step, inverse: catalogue.Operation) -> Request:
    """Deletes what the answer names, if it still bears the values it was created with."""
    ident = _created(step)
    write = inverse.write({_one_parameter(inverse): ident})
    read = catalogue.match("GET", write.path)
    fields = tuple(FieldChange(tuple(f["path"]), f["label"], f["after"], None) for f in step.fields)
    target = Target(step.target_type or ident, ident, step.target_name or ident, read[0].id if read else "")
    return Request(write=write, target=target, fields=fields if read else ())


def _one_parameter(inverse: catalogue.Operation) -> str:
    """The part of its path that names one thing, "" if several do."""
    names = [parameter.name for parameter in inverse.parameters if parameter.place == "path"]
    return names[0] if len(names) == 1 else ""


def _created(step: Step) -> str:
    """The id that the answer to a creating request names, "" if it names none."""
    try:
        data = json.loads(step.response or b"").get("data")
    except (ValueError, AttributeError):
        return ""
    ident = data.get("id") if isinstance(data, dict) else None
    return ident if isinstance(ident, str) else ""


def _covered(step: Step) -> bool:
    """Whether the kept fields are all that the request wrote."""
    try:
        data = json.loads(bodies.of(step))["data"]
    except (ValueError, KeyError, TypeError, bodies.Damaged):
        return False
    if not isinstance(data, dict) or not set(data) <= {"type", "id", "attributes", "meta"}:
        return False
    meta = data.get("meta", {})
    unset = meta.get("patch_properties", {}).get("unset", []) if isinstance(meta, dict) else []
    if meta and meta != {"patch_properties": {"unset": unset}}:
        return False
    kept = {tuple(field["path"]) for field in step.fields}
    written = [*_leaves(data.get("attributes", {}), kept), *(("properties", key) for key in unset)]
    return all(any(path[: len(known)] == known for known in kept) for path in written)


def _leaves(value: Json, kept: set[Path], path: Path = ()) -> Iterator[Path]:
    if path in kept or not isinstance(value, dict):
        yield path
        return
    for key, part in value.items():
        yield from _leaves(part, kept, (*path, key))


def _sentence(change: Change, steps: Sequence[Step], only: int) -> str:
    part = f"request {only} of " if only and len(steps) > 1 else ""
    return f"Undo {part}change {change.pk}: {change.sentence}"


def _target(change: Change, requests: Sequence[Request]) -> Target | None:
    """What the change was about; for something that it created, with the id that it has by now."""
    old = change.target
    new = requests[0].target
    return replace(new, name=old.name) if old and new and not old.id and len(requests) == 1 else old
