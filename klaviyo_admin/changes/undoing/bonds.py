"""How it is taken back that things were put together or parted: by the members that belonged there before."""

from klaviyo_admin.changes.undoing import shapes
from klaviyo_admin.changes.undoing.done import NO_BEFORE, Done, Impossible, Opposite, Unneeded, spoken
from klaviyo_admin.intents import FieldChange, Request, Target
from klaviyo_admin.klaviyo import catalogue
from klaviyo_admin.klaviyo.values import Json, Write

AT_MOST = 1000  # members in one request
NOTHING = "it changed nothing: {} before"


def bond(done: Done) -> Opposite:
    """Takes out only what was put in, and puts back only what was taken out; a replaced set becomes the old one."""
    if "ids" not in done.image:
        raise Impossible(done.image.get("fault", NO_BEFORE))
    before = set(done.image["ids"])
    rows = shapes.named(done.body)
    if done.operation.method == "PATCH":
        return _replaced(done, rows, sorted(before))
    added = done.operation.method == "POST"
    wanted = [row for row in rows if (row.get("id") in before) != added]
    if not wanted:
        raise Unneeded(NOTHING.format("all of them belonged there" if added else "none of them belonged there"))
    inverse = catalogue.operation(done.operation.inverse)
    chunks = [wanted[n : n + AT_MOST] for n in range(0, len(wanted), AT_MOST)]
    requests = tuple(_request(done, inverse.write(done.path, {"data": chunk}), len(chunk)) for chunk in chunks)
    left = len(rows) - len(wanted)
    said = f"{left:,} of {len(rows):,} stay as they are: they {'belonged' if added else 'did not belong'} there before."
    return Opposite(done.number, requests, (said,) if left else ())


def _request(done: Done, write: Write, counts: int) -> Request:
    return Request(write, done.target or _target(done), counts=counts)


def _target(done: Done) -> Target:
    ident = next(iter(done.path.values()), "")
    found = catalogue.match("GET", done.operation.path.partition("/relationships/")[0])
    return Target(found[0].kind if found else done.operation.kind, ident, ident, found[0].id if found else "")


def _replaced(done: Done, rows: list[dict[str, Json]], before: list[str]) -> Opposite:
    many = isinstance(shapes.members(done.body).get("data"), list)
    kind = str(rows[0].get("type")) if rows else done.operation.kind
    if not many and not before:
        raise Impossible("there was none before, and Klaviyo cannot take it away again")
    data: Json = [{"type": kind, "id": ident} for ident in before]
    read = shapes.reading(done.operation)
    target = done.target or _target(done)
    label = spoken(shapes.relationship(done.operation))
    after = sorted(str(row.get("id")) for row in rows)
    back = FieldChange(("ids",), label, after, before)
    seen = Target(target.type, target.id, target.name, read.id if read else "")
    write = done.operation.write(done.path, {"data": data if many else data[0]})
    return Opposite(done.number, (Request(write, seen, (back,)),))


def link(done: Done) -> Opposite:
    """The same for links between object schemas, which have a name and an id of their own."""
    name = shapes.relationship(done.operation)
    # A link is read under the id of what it leads to and its own name, and written under the former alone.
    before = [{**part, "id": part["id"].partition(":::")[0]} for thing in done.before for part in thing["parts"][name]]
    if done.operation.undo == "delete-created":
        return _unlinked(done, before)
    rows = shapes.named(done.body)
    wanted = [row for row in rows if row.get("id") in {part["id"] for part in before}]
    if not wanted:
        raise Impossible(NO_BEFORE)
    links = [_link(part) for row in wanted for part in before if part["id"] == row.get("id") and _meant(part, row)]
    if done.operation.method == "PATCH":
        write = done.operation.write(done.path, {"data": links[0]})
        return Opposite(done.number, (_request(done, write, 1),))
    inverse = catalogue.operation(done.operation.inverse)
    made = [{**one, "meta": {k: v for k, v in one["meta"].items() if k != "relationship_id"}} for one in links]
    lost = "The links are made anew, with other ids: mappings that used the old ones have to be set again."
    return Opposite(done.number, (_request(done, inverse.write(done.path, {"data": made}), len(made)),), (lost,))


def _unlinked(done: Done, before: list[dict[str, Json]]) -> Opposite:
    rows = shapes.named(done.body)
    if {row.get("id") for row in rows} & {part["id"] for part in before}:
        raise Impossible("there was another link between the two before, and nothing tells them apart now")
    inverse = catalogue.operation(done.operation.inverse)
    data = [{"type": row.get("type"), "id": row.get("id")} for row in rows]
    return Opposite(done.number, (_request(done, inverse.write(done.path, {"data": data}), len(data)),))


def _link(part: dict[str, Json]) -> dict[str, Json]:
    meta = {k: v for k, v in shapes.members(part["attributes"].get("meta")).items() if v is not None}
    return {"type": part["type"], "id": part["id"], "meta": meta}


def _meant(part: dict[str, Json], row: dict[str, Json]) -> bool:
    """Whether a link is the one that a row of the body names by its own id, or any to that target."""
    wanted = shapes.members(row.get("meta")).get("relationship_id")
    return wanted is None or shapes.members(part["attributes"].get("meta")).get("relationship_id") == wanted
