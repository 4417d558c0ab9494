"""How a job on many goods at once is taken back: made ones deleted, changed ones restored, deleted ones made anew."""

from collections.abc import Iterator, Sequence
from typing import Any

from klaviyo_admin.changes.undoing import images, remaking, shapes
from klaviyo_admin.changes.undoing.done import Done, Impossible, Opposite, spoken
from klaviyo_admin.intents import Request, Target
from klaviyo_admin.klaviyo import catalogue
from klaviyo_admin.klaviyo.catalogue import BadBody, Operation
from klaviyo_admin.klaviyo.values import Json

Row = dict[str, Json]
AT_ONCE = 100  # rows in one job


def batch(done: Done) -> Opposite:
    """The inverse job, with exactly the rows that this one had an effect on."""
    known = {str(thing["id"]): thing for thing in done.before}
    _, rows = shapes.rows(done.body)
    if done.operation.undo == "delete-created":
        return _unmade(done, rows, set(known))
    inverse = catalogue.operation(done.operation.inverse)
    found = [known[ident] for row in rows if (ident := shapes.catalogue_id(row)) in known]
    if not found:
        raise Impossible("nothing of what it names was there before")
    lost: list[str] = []
    if done.operation.undo == "exact":
        made = [_restored(row, known[shapes.catalogue_id(row)]) for row in rows if shapes.catalogue_id(row) in known]
    else:
        made = [_anew(inverse, thing, lost) for thing in found]
    requests = tuple(_jobs(inverse, made))
    return Opposite(done.number, requests, tuple(_told(done, lost, len(rows) - len(found))))


def _told(done: Done, lost: Sequence[str], absent: int) -> Iterator[str]:
    if done.operation.undo == "re-create":
        yield "They are made anew under their own ids; what was linked to them and their history is gone."
        if done.operation.warning:
            yield f"The warning before their deletion was: {done.operation.warning}"
    if lost:
        yield f"Not brought back: {', '.join(dict.fromkeys(spoken(name).lower() for name in lost))}."
    if absent:
        yield f"{absent:,} of its rows named nothing that was there, and are left out."


def _unmade(done: Done, rows: list[Row], known: set[str]) -> Opposite:
    """Deletes what was not there before: by one job, or one by one where Klaviyo knows no such job."""
    if rows and rows[0].get("type") == "coupon-code":
        return _codes(done, rows, known)
    inverse = catalogue.operation(done.operation.inverse)
    made = [{"type": row["type"], "id": shapes.catalogue_id(row)} for row in rows]
    made = [row for row in made if row["id"] not in known]
    if not made:
        raise Impossible("all that it names was there before")
    return Opposite(done.number, tuple(_jobs(inverse, made)))


def _codes(done: Done, rows: list[Row], known: set[str]) -> Opposite:
    inverse = catalogue.operation(done.operation.inverse)
    idents = [f"{_coupon(row)}-{shapes.members(row.get('attributes')).get('unique_code')}" for row in rows]
    wanted = [ident for ident in idents if ident not in known]
    if not wanted:
        raise Impossible("all of these codes were there before")
    read = shapes.reading(inverse)
    targets = [Target("coupon-code", ident, ident, read.id if read else "") for ident in wanted]
    return Opposite(done.number, tuple(Request(inverse.write({"id": one.id}), one) for one in targets))


def _coupon(row: Row) -> Json:
    related = shapes.members(shapes.members(row.get("relationships")).get("coupon"))
    return shapes.members(related.get("data")).get("id")


def _restored(row: Row, image: images.Image) -> Row:
    """A row of an update with the values from before."""
    was = images.item(image)
    attributes = {name: was.get(name) for name in shapes.members(row.get("attributes"))}
    made: Row = {"type": row["type"], "id": image["id"], "attributes": attributes}
    names = [name for name in shapes.members(row.get("relationships")) if name in was.related]
    if names:
        made["relationships"] = {n: {"data": [{"type": k.type, "id": k.id} for k in was.related[n]]} for n in names}
    return made


def _anew(inverse: Operation, image: images.Image, lost: list[str]) -> Row:
    """A row of a create, with the external id that its id holds."""
    kind = next(
        (o for o in catalogue.operations(inverse.area) if o.method == "POST" and o.kind == image["type"]), inverse
    )
    return remaking.anew(kind, image, lost)


def _jobs(inverse: Operation, rows: list[Row]) -> Iterator[Request]:
    """The job that takes these rows, as often as they need."""
    fitting = shapes.fitting(inverse)
    plural = next(iter(fitting.names("data", "attributes")), "") if fitting else ""
    for start in range(0, len(rows), AT_ONCE):
        chunk: list[Any] = rows[start : start + AT_ONCE]
        document = {"data": {"type": inverse.kind, "attributes": {plural: {"data": chunk}}}}
        try:
            write = inverse.write({}, fitting.fitted(document, lambda _: None) if fitting else document)
        except BadBody as fault:
            raise Impossible(f"Klaviyo would not take the values from before: {fault.faults[0]}") from None
        yield Request(write, None, follow=shapes.following(inverse), counts=len(chunk))
