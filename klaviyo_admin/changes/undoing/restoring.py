"""How an update is taken back: the same write again, with the values from before."""

from klaviyo_admin.changes.undoing import images, shapes
from klaviyo_admin.changes.undoing.done import NO_BEFORE, Done, Impossible, Opposite, spoken
from klaviyo_admin.intents import FieldChange, Request, Target
from klaviyo_admin.klaviyo import secrets
from klaviyo_admin.klaviyo.catalogue import BadBody, Operation
from klaviyo_admin.klaviyo.values import Item, Json, Kind, Write

MASKED = "/*****"  # how an address ends of which Klaviyo shows the host only


def update(done: Done) -> Opposite:
    """Writes back every value that the update wrote, by the fields of its proposal or else by the image."""
    kept = {field.path for field in done.fields}
    whole = images.covered(done.operation, done.body, kept)
    if not whole and "things" not in done.image:
        raise Impossible(done.image.get("fault", NO_BEFORE))
    image = images.item(done.before[0]) if "things" in done.image else None
    fields = done.fields if whole else _from(done, image)
    for field in fields:
        if secrets.named(field.path):
            raise Impossible(f"Klaviyo does not show what its {field.label.lower()} was before")
        if isinstance(field.before, str) and field.before.endswith(MASKED):
            raise Impossible(f"Klaviyo shows only the beginning of what its {field.label.lower()} was before")
    back = tuple(FieldChange(f.path, f.label, done.after(f.path, f.after), f.before) for f in fields)
    write = _write(done, back, image)
    read = shapes.reading(done.operation)
    target = done.target or Target(str(done.data.get("type", "")), done.path["id"], done.path["id"])
    return Opposite(done.number, (Request(write, _seen(target, read), back),))


def _seen(target: Target, read: Operation | None) -> Target:
    return target if target.read or read is None else Target(target.type, target.id, target.name, read.id)


def _from(done: Done, image: Item | None) -> tuple[FieldChange, ...]:
    """The fields that the update wrote, with their values from the image. Raises Impossible."""
    if image is None:
        raise Impossible(NO_BEFORE)
    attributes = done.attributes
    if done.operation.id in shapes.REPLACES_ALL:
        fitting = shapes.fitting(done.operation)
        names = fitting.names("data", "attributes") if fitting else ()
        attributes = {name: done.attributes.get(name) for name in names}
    unset = shapes.members(shapes.members(done.data.get("meta")).get("patch_properties")).get("unset") or []
    own = shapes.members(attributes.get("properties"))  # of a profile; those of a schema are a list, and one value
    paths: dict[tuple[str, ...], Json] = {(key,): v for key, v in attributes.items() if not own or key != "properties"}
    paths |= {("properties", key): value for key, value in own.items()}
    paths |= {("properties", key): None for key in unset}
    hidden = [path[0] for path in paths if path[0] not in image.attributes and path[0] != "properties"]
    if hidden:
        raise Impossible(f"Klaviyo does not show what its {spoken(hidden[0]).lower()} was before")
    fields = [FieldChange(path, spoken(".".join(path)), image.at(path), after) for path, after in paths.items()]
    for name, after in shapes.members(done.data.get("relationships")).items():
        if name not in image.related:
            raise Impossible(f"Klaviyo does not show what its {spoken(name).lower()} was before")
        many = isinstance(shapes.members(after).get("data"), list)
        fields.append(FieldChange(("relationships", name), spoken(name), ids(image, name, many), named(after)))
    return tuple(fields)


def ids(image: Item, name: str, many: bool) -> Json:
    """Whom a relationship names: one id or None, or all ids in order."""
    found = [kind.id for kind in image.related.get(name, ())]
    return sorted(found) if many else next(iter(found), None)


def named(relationship: Json) -> Json:
    """Whom the body of a relationship names, in the same form."""
    data = shapes.members(relationship).get("data")
    if isinstance(data, list):
        return sorted(str(row.get("id")) for row in data if isinstance(row, dict))
    return shapes.members(data).get("id")


def _write(done: Done, fields: tuple[FieldChange, ...], image: Item | None) -> Write:
    attributes: dict[str, Json] = {}
    related: dict[str, Json] = {}
    gone: list[str] = []
    for field in fields:
        if field.path[0] == "relationships":
            related[field.path[1]] = {"data": _linkage(done, field, image)}
        elif field.after is None and len(field.path) == 2 and field.path[0] == "properties":
            # Klaviyo does not tell an absent custom property from an empty one: it is taken away again.
            gone.append(field.path[1])
        else:
            _put(attributes, field)
    data: dict[str, Json] = {"type": done.data.get("type"), "id": done.path["id"]}
    data |= {"attributes": attributes} if attributes or "attributes" in done.data else {}
    data |= {"relationships": related} if related else {}
    data |= {"meta": {"patch_properties": {"unset": gone}}} if gone else {}
    return written(done.operation, done.path, {"data": data})


def _put(attributes: dict[str, Json], field: FieldChange) -> None:
    place = attributes
    for key in field.path[:-1]:
        place = place.setdefault(key, {})
    place[field.path[-1]] = field.after


def _linkage(done: Done, field: FieldChange, image: Item | None) -> Json:
    """The members of a relationship as it was, with their types."""
    rows = shapes.named(shapes.members(done.data.get("relationships")).get(field.path[1]))
    kinds = [*(image.related.get(field.path[1], ()) if image else ()), *(Kind(str(r.get("type")), "") for r in rows)]
    kind = kinds[0].type if kinds else field.path[1]
    if isinstance(field.after, list):
        return [{"type": kind, "id": ident} for ident in field.after]
    return None if field.after is None else {"type": kind, "id": field.after}


def written(operation: Operation, path: dict[str, str], document: Json) -> Write:
    """A write of values that were read, without what only Klaviyo sets. Raises Impossible."""
    fitting = shapes.fitting(operation)
    try:
        return operation.write(path, fitting.fitted(document, lambda _: None) if fitting else document)
    except BadBody as fault:
        first = fault.faults[0]
        raise Impossible(f"Klaviyo would not take the values from before: {first}") from None
