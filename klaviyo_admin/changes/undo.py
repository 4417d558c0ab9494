"""How what a change did is taken back: from its requests, answers and images a new Intent is built, last request first."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Sum

from klaviyo_admin.changes import bodies
from klaviyo_admin.changes.models import Change, Step
from klaviyo_admin.changes.staleness import Place, held, still
from klaviyo_admin.changes.undoing import batches, bonds, crowds, images, people, remaking, restoring, shapes, singular
from klaviyo_admin.changes.undoing.done import Done, Impossible, Opposite, Unneeded, opened
from klaviyo_admin.changes.undoing.reasons import REASONS
from klaviyo_admin.intents import Intent, Request, Target
from klaviyo_admin.klaviyo import catalogue
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.values import Item

__all__ = ["OVER", "Impossible", "Opposite", "Undo", "beyond", "build", "moved", "outlook", "place_of", "why_not"]

# From here on nothing can change what a change has done, except an undo.
OVER = ("done", "failed", "stale", "cancelled")
IRREVERSIBLE = "Klaviyo cannot take this back"
CHANGED_AGAIN = "It has been changed again since, so undoing it would overwrite what somebody else wanted."
GOES = "It goes with what the same change created."
STAYS = "It stays, like the thing that the same change created and that is left out."
HEAVY = 512 * 1024  # bytes of bodies beyond which an undo is only worked out on its own page
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Undo:
    """An undo as it would be proposed; `parts` say which requests take back which step, and what stays lost."""

    intent: Intent
    parts: tuple[Opposite, ...]


def build(
    change: Change, steps: Sequence[Step], only: int = 0, *, without: Collection[int] = (), reader: Reader | None = None
) -> Undo:
    """What takes back every request that was carried out, last one first, or the request `only`; not those in `without`.

    Each new request holds what the old one left behind as its before-image, so that the stale check refuses it where
    somebody has changed the thing since. `steps` are all of the change, with bodies, answers and images. Some ids have to
    be looked up: without a `reader` their requests are missing. Raises Impossible, and KlaviyoError from the reader.
    """
    if change.status not in OVER:
        raise Impossible("Only a change that has ended can be undone.")
    done = [step for step in steps if step.status == "done" and (not only or step.number == only)]
    if not done:
        raise Impossible("Nothing of it was carried out, so there is nothing to undo.")
    parts = _parts(steps, done[::-1], without, reader)
    requests = tuple(request for part in parts for request in part.requests)
    if without and not requests:
        raise Impossible(CHANGED_AGAIN)
    intent = Intent(
        action=f"{change.action.partition('.')[0]}.undo",
        sentence=_sentence(change, steps, only, len(without), len(done)),
        requests=requests,
        target=_target(change, requests),
        details=tuple(_details(change, only, without, parts)),
    )
    return Undo(intent, tuple(parts))


def outlook(change: Change) -> str:
    """The sentence why a change cannot be taken back, "" if it can or if finding out would take long: then its own page
    tells."""
    heavy = change.steps.aggregate(bytes=Sum("body_size"))["bytes"] or 0
    if heavy > HEAVY:
        return ""
    try:
        build(change, list(change.steps.all()))
    except Impossible as fault:
        return fault.sentence
    return ""


def why_not(step: Step) -> str:
    """The half sentence why one request that was carried out cannot be taken back, "" if it can or if it is a large one."""
    if step.body_size > HEAVY or step.operation in REASONS:
        return REASONS.get(step.operation, "")
    try:
        _opposite(opened(step), 1, None)
    except Impossible as fault:
        return fault.sentence
    return ""


def beyond(steps: Iterable[Step], people: int | None) -> str:
    """What is to be said of an undo before a change of a whole list or segment of so many people is approved; "" for
    others. Raises UnknownOperation, Damaged."""
    most = crowds.MOST_MEMBERS
    if not any(_of_a_group(step) for step in steps) or (people is not None and people <= most):
        return ""
    if people is None:
        return f"Nobody knows how many people it is done to. If they are more than {most:,}, it cannot be undone."
    return f"It is done to more than {most:,} people. Who they were is not kept of so many, so it cannot be undone."


def _of_a_group(step: Step) -> bool:
    done = catalogue.operation(step.operation)
    if shapes.shape(done) != "suppression":
        return False
    body = images.parsed(done, bodies.of(step))
    return not crowds.rows(done, body) and bool(crowds.group(body)[1])


def moved(undo: Undo, found: Mapping[Place, Item]) -> frozenset[int]:
    """The steps whose target, as read now, is no longer as they left it."""
    taken: set[tuple[Place, Path]] = set()
    gone: set[int] = set()
    for part in undo.parts:
        for request in part.requests:
            place = place_of(request)
            for field in request.fields:
                now = held(found[place], field.path) if place in found else None
                if place in found and (place, field.path) not in taken and not still(field.path, now, field.before):
                    gone.add(part.step)
                taken.add((place, field.path))
    return frozenset(gone)


def place_of(request: Request) -> Place:
    return (request.target.read, request.target.id) if request.target else ("", "")


def _parts(
    steps: Sequence[Step], done: Sequence[Step], without: Collection[int], reader: Reader | None
) -> list[Opposite]:
    """The opposite of each step but those in `without`, in the order of sending. Raises Impossible if one has none."""
    faults: list[tuple[int, str]] = []
    parts: list[Opposite] = []
    opposites: list[Done] = []
    for step in done:
        try:
            opposites.append(opened(step))
        except Impossible as fault:
            faults.append((step.number, fault.sentence))
    made = [(ident, one.number) for one in opposites if _creates(one) for ident in one.made_with]
    goes = {ident for ident, number in made if number not in without}
    stays = {ident for ident, number in made if number in without}
    for one in [each for each in opposites if each.number not in without]:
        number = 1 + sum(len(part.requests) for part in parts)
        if _belongs(one, goes) or _belongs(one, stays):
            parts.append(Opposite(one.number, (), (GOES if _belongs(one, goes) else STAYS,)))
            continue
        try:
            parts.append(_opposite(one, number, reader))
        except Unneeded as fault:
            if len(done) == 1:
                faults.append((one.number, fault.sentence))
            parts.append(Opposite(one.number, (), (_cap(fault.sentence),)))
        except Impossible as fault:
            faults.append((one.number, fault.sentence))
    if faults:
        number, why = min(faults)
        which = "It" if len(steps) == 1 else f"Request {number}"
        rest = f" {len(faults):,} of its {len(steps):,} requests cannot be undone." if len(faults) > 1 else ""
        raise Impossible(f"{which} cannot be undone: {why}.{rest}")
    names = {one.made: one.target.name for one in opposites if one.made and one.target}
    return [_called(part, names) for part in parts]


def _called(part: Opposite, names: Mapping[str, str]) -> Opposite:
    """The same, with what the change itself created called by its name where only the id was known."""
    requests = (
        replace(each, target=replace(each.target, name=names[each.target.id]))
        if each.target and each.target.name == each.target.id and names.get(each.target.id)
        else each
        for each in part.requests
    )
    return replace(part, requests=tuple(requests))


def _belongs(one: Done, made: Collection[str]) -> bool:
    """Whether a request only changed what an earlier one of the change created."""
    about = {*one.path.values(), str(one.data.get("id", ""))}
    return bool(about & set(made)) and one.operation.risk != "sends" and not _creates(one)


def _creates(one: Done) -> bool:
    return shapes.shape(one.operation) == "create"


def _opposite(done: Done, number: int, reader: Reader | None) -> Opposite:
    """What takes one request back, if its first new request has this number. Raises Impossible."""
    if done.operation.id in REASONS:
        raise Impossible(REASONS[done.operation.id])
    match shapes.shape(done.operation):
        case "update":
            return restoring.update(done)
        case "delete" if done.operation.undo == "compensate":
            return singular.redevice(done)
        case "delete":
            return remaking.deleted(done, number)
        case "create":
            return remaking.created(done)
        case "bond":
            return bonds.bond(done)
        case "link":
            return bonds.link(done)
        case "bulk":
            return batches.batch(done)
        case "consent" if done.operation.id == "bulk_subscribe_profiles":
            return people.subscribed(done)
        case "consent":
            return people.unsubscribed(done)
        case "suppression":
            return people.suppression(done)
        case "upsert":
            return people.upserted(done)
        case "sending":
            return singular.sending(done)
        case "template":
            return singular.template(done, number)
        case "hiding":
            return singular.hiding(done)
        case "device":
            return singular.device(done, reader)
        case "visitor device":
            return singular.visitor(done)
    raise Impossible(IRREVERSIBLE)


def _sentence(change: Change, steps: Sequence[Step], only: int, left_out: int, done: int) -> str:
    part = f"request {only} of " if only and len(steps) > 1 else ""
    said = f"Undo {part}change {change.pk}: {change.sentence}"
    if not left_out:
        return said
    return f"{said} {left_out:,} of {done:,} requests are left out: changed again since."


def _details(
    change: Change, only: int, without: Collection[int], parts: Sequence[Opposite]
) -> Iterator[tuple[str, object]]:
    yield "undoes_change", change.pk
    if only:
        yield "undoes_request", only
    if without:
        yield "left_out", len(without)
    if lost := list(dict.fromkeys(said for part in parts for said in part.lost if said not in (GOES, STAYS))):
        yield "not_brought_back", lost


def _target(change: Change, requests: Sequence[Request]) -> Target | None:
    """What the change was about; for something that it created, with the id that it has by now."""
    old = change.target
    new = requests[0].target if requests else None
    return replace(new, name=old.name) if old and new and not old.id and len(requests) == 1 else old


def _cap(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
