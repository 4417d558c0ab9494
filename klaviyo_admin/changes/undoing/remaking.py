"""How a creation is taken back by deleting, and a deletion by making the thing anew."""

from collections.abc import Iterable, Sequence

from klaviyo_admin.changes.staleness import RELATED
from klaviyo_admin.changes.undoing import images, shapes
from klaviyo_admin.changes.undoing.done import Done, Impossible, Opposite, spoken
from klaviyo_admin.changes.volatile import VOLATILE
from klaviyo_admin.intents import FieldChange, Ref, Request, Target
from klaviyo_admin.klaviyo import catalogue
from klaviyo_admin.klaviyo.bodies import BadBody
from klaviyo_admin.klaviyo.catalogue import Operation
from klaviyo_admin.klaviyo.fitting import Fitting
from klaviyo_admin.klaviyo.values import Json

NO_ANSWER = "no answer names what it created"
AT_MOST = 1000  # members put back by one request


def created(done: Done) -> Opposite:
    """Deletes what the answer names, if it still bears the values it was created with."""
    inverse = catalogue.operation(done.operation.inverse)
    parameters = [parameter.name for parameter in inverse.parameters if parameter.place == "path"]
    if not done.made or len(parameters) != 1:
        raise Impossible(NO_ANSWER)
    return Opposite(done.number, (deletion(done, inverse, done.made),))


def deletion(done: Done, inverse: Operation, ident: str) -> Request:
    """The request that deletes one thing, and the values that it must still have."""
    name = next(parameter.name for parameter in inverse.parameters if parameter.place == "path")
    write = inverse.write({name: ident})
    read = shapes.reading(inverse)
    old = done.target or Target(done.operation.kind, "", ident)
    target = Target(old.type, ident, old.name or ident, read.id if read else "")
    # A proposal may tell a new thing in words that are no values of it: those cannot be compared.
    real = {*done.attributes, *shapes.members(done.answer.get("attributes")), RELATED}
    own = [f for f in done.fields if f.path[0] in real]
    fields = tuple(FieldChange(f.path, f.label, done.after(f.path, f.after), None) for f in own)
    return Request(write, target, (fields or _shown(done)) if read else ())


def _shown(done: Done) -> tuple[FieldChange, ...]:
    """The values that the answer showed of what was asked for."""
    shown = shapes.members(done.answer.get("attributes"))
    return tuple(
        FieldChange((name,), spoken(name), shown[name], None)
        for name in done.attributes
        if name in shown and name not in VOLATILE and not isinstance(shown[name], dict | list)
    )


def deleted(done: Done, number: int) -> Opposite:
    """Makes the thing anew from its image; `number` is the place that this request will have in its change."""
    inverse = catalogue.operation(done.operation.inverse)
    (image,) = done.before
    lost: list[str] = []
    data = anew(inverse, image, lost)
    try:
        write = inverse.write({}, {"data": data})
    except BadBody as fault:
        raise Impossible(f"Klaviyo does not show all that is needed to make it anew ({fault.faults[0]})") from None
    old = done.target
    fields = tuple(FieldChange((name,), spoken(name), None, value) for name, value in data["attributes"].items())
    target = Target(image["type"], "", old.name if old else image["id"])
    first = Request(write, target, tuple(field for field in fields if field.after is not None))
    back, never = _bonds(done, number)
    return Opposite(done.number, (first, *back), tuple(_told(done, lost, never)))


def anew(inverse: Operation, image: images.Image, lost: list[str]) -> dict[str, Json]:
    """The data of a body that makes what the image shows; `lost` gets the names of what it cannot say."""
    fitting = shapes.fitting(inverse)
    attributes = {key: value for key, value in image["attributes"].items() if value is not None}
    attributes |= {name: {"data": _parts(name, parts, fitting)} for name, parts in image.get("parts", {}).items()}
    data: dict[str, Json] = {"type": image["type"], "attributes": _renamed(attributes, image["type"])}
    names = fitting.names("data", "relationships") if fitting else ()
    related = {name: pairs for name, pairs in image["related"].items() if name in names and pairs}
    if related:
        one = {name: not fitting.many("data", "relationships", name, "data") for name in related} if fitting else {}
        data["relationships"] = {name: {"data": _pairs(pairs, one[name])} for name, pairs in related.items()}
    if fitting is None:
        return data
    told: list[str] = []
    fitted: dict[str, Json] = fitting.fitted({"data": data}, told.append)["data"]
    lost += [name.removeprefix("data.attributes.") for name in told if name.rpartition(".")[2] not in VOLATILE]
    return fitted


def _parts(name: str, parts: Sequence[images.Image], fitting: Fitting | None) -> Json:
    """Things that are made with their owner, one or many as its body takes them."""
    made = [_part(part) for part in parts]
    return made if fitting is None or fitting.many("data", "attributes", name, "data") else made[0]


def _part(part: images.Image) -> Json:
    inside = {name: {"data": _part(parts[0])} for name, parts in part.get("parts", {}).items() if parts}
    return {"type": part["type"], "attributes": {**part["attributes"], **inside}}


def _pairs(pairs: Sequence[Sequence[str]], one: bool) -> Json:
    found = [{"type": kind, "id": ident} for kind, ident in pairs]
    return found[0] if one else found


def _renamed(value: Json, kind: str) -> Json:
    """Actions of a flow, whose ids become the temporary names by which they lead to one another; parts of a form, whose
    ids Klaviyo gives anew."""
    definition = shapes.members(shapes.members(value).get("definition"))
    if kind == "form":
        return {**value, "definition": _nameless(definition)}
    actions = definition.get("actions")
    if not isinstance(actions, list):
        return value
    made = [{**action, "temporary_id": str(action.get("id"))} for action in actions if isinstance(action, dict)]
    return {**value, "definition": {**definition, "actions": made}}


def _nameless(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _nameless(part) for key, part in value.items() if key != "id"}
    return [_nameless(part) for part in value] if isinstance(value, list) else value


def _bonds(done: Done, number: int) -> tuple[list[Request], list[str]]:
    """Requests that put members back to the new thing, and the names of those that are too many to put back."""
    back: list[Request] = []
    never: list[str] = []
    for name, pairs in done.image.get("bonds", {}).items():
        put = catalogue.operation(name)
        if pairs is None:
            never.append(spoken(shapes.relationship(put)).lower())
            continue
        for start in range(0, len(pairs), AT_MOST):
            chunk = [{"type": kind, "id": ident} for kind, ident in pairs[start : start + AT_MOST]]
            back.append(Request(put.write({"id": Ref(number)}, {"data": chunk}), counts=len(chunk)))
    return back, never


def _told(done: Done, lost: Iterable[str], never: Sequence[str]) -> Iterable[str]:
    named = list(dict.fromkeys(spoken(name.partition(".")[0] if "." in name else name).lower() for name in lost))
    yield "It is made anew with another id: what names the old one does not find it, and its history is gone."
    if named:
        yield f"Not brought back: {', '.join(named)}."
    if never:
        yield f"Too many to be put back: {', '.join(never)}."
    for name, pairs in done.image.get("bonds", {}).items():
        if pairs:
            members = shapes.relationship(catalogue.operation(name))
            yield f"Put back to it: {len(pairs):,} {members if len(pairs) != 1 else members.removesuffix('s')}."
    if done.operation.warning:
        yield f"The warning before its deletion was: {done.operation.warning}"
