"""What a thing was like right before a request overwrites or removes it: read in time, kept sealed with its step."""

import json
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from klaviyo_admin.changes.undoing import crowds, shapes
from klaviyo_admin.klaviyo import catalogue, filters
from klaviyo_admin.klaviyo.answers import says_all
from klaviyo_admin.klaviyo.catalogue import Operation
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.errors import KlaviyoError, NotFound, Refused
from klaviyo_admin.klaviyo.values import Item, Json, Kind, Query, Write

Image = dict[str, Any]
MOST_PAGES = 20  # of members that are read to learn who belonged to a thing
MOST_BACK = 1000  # members that are put back to a thing that is made anew
AT_ONCE = 100  # ids that one filter takes
UNKNOWN = "what was there before could not be read"
TOO_MANY = "too much belonged to it to keep what was there before"


class TooMany(Exception):
    """There is more than is kept."""


class Misfit(Exception):
    """A value is not of the kind that Klaviyo declares, and only what fits of it would be kept."""


def take(reader: Reader, write: Write, overwritten: Iterable[Sequence[str]]) -> Image | None:
    """What has to be known to take a write back, beyond the fields that its proposal kept; None if that is nothing.

    `overwritten` are the paths of those fields. An image that cannot be had says why in `fault`, a half sentence. Raises
    Throttled and Unavailable: then it is better to wait than to send.
    """
    done = catalogue.operation(write.operation)
    found = catalogue.match(write.method, write.path.partition("?")[0])
    path = found[1] if found else {}
    body = parsed(done, write.body)
    try:
        return _taken(reader, done, path, body, {tuple(one) for one in overwritten})
    except TooMany:
        return {"fault": TOO_MANY}
    except Misfit:
        return {"fault": crowds.MISFIT}
    except NotFound:
        return {"fault": "it was not there any more when the request left"}
    except Refused:
        return {"fault": UNKNOWN}


def _taken(
    reader: Reader, done: Operation, path: dict[str, str], body: Json, kept: set[tuple[str, ...]]
) -> Image | None:
    match shapes.shape(done):
        case "update" if not covered(done, body, kept):
            return {"things": [_whole(reader, done, path["id"], done)]}
        case "delete":
            return _doomed(reader, done, path["id"])
        case "bond":
            return members(reader, done, path, body)
        case "link":
            return {"things": [_linked(reader, done, path["id"])]}
        case "bulk":
            return {"things": _of_rows(reader, done, body)}
        case "consent" | "suppression" | "upsert":
            return crowds.image(reader, done, body)
        case "device":
            return crowds.devices(reader, body)
        case "template":
            return {"things": _template_of(reader, body)}
    return None


def parsed(done: Operation, body: bytes) -> Json:
    """The document of a body; None for none, and for one of another media type."""
    return None if done.media or not body else json.loads(body)


def covered(done: Operation, body: Json, kept: set[tuple[str, ...]]) -> bool:
    """Whether the kept fields are all that an update writes."""
    data = shapes.members(shapes.members(body).get("data"))
    if (
        done.id in shapes.REPLACES_ALL
        or not kept
        or not set(data) <= {"type", "id", "attributes", "meta", "relationships"}
    ):
        return False
    meta = shapes.members(data.get("meta"))
    unset = shapes.members(meta.get("patch_properties")).get("unset", [])
    if meta and meta != {"patch_properties": {"unset": unset}}:
        return False
    written = [*leaves(data.get("attributes", {}), kept), *(("properties", key) for key in unset)]
    written += [("relationships", name) for name in shapes.members(data.get("relationships"))]
    return all(any(one[: len(known)] == known for known in kept) for one in written)


def leaves(value: Json, kept: set[tuple[str, ...]], path: tuple[str, ...] = ()) -> Iterable[tuple[str, ...]]:
    """The paths of what is written; a part that was kept whole is one."""
    if path in kept or not isinstance(value, dict):
        yield path
        return
    for key, part in value.items():
        yield from leaves(part, kept, (*path, key))


def thing(item: Item) -> Image:
    """An item as it is kept. Raises Misfit."""
    if item.came is not None and not says_all(item.attributes, item.came):
        raise Misfit
    related = {name: [[kind.type, kind.id] for kind in kinds] for name, kinds in item.related.items()}
    return {"type": item.type, "id": item.id, "attributes": dict(item.attributes), "related": related}


def item(kept: Image) -> Item:
    """What was kept, as an item again."""
    related = {name: tuple(Kind(*pair) for pair in pairs) for name, pairs in kept.get("related", {}).items()}
    return Item(kept["type"], kept["id"], kept["attributes"], related)


def _whole(reader: Reader, at: Operation, ident: str, like: Operation) -> Image:
    """The thing at an address, with every attribute and relationship that the write `like` can set, as far as they can
    be read; parts that it takes within its attributes are kept under `parts`."""
    read, fitting = shapes.reading(at), shapes.fitting(like)
    if read is None or fitting is None:
        raise NotFound("There is no read of it.", status=404)
    attributes, names = fitting.names("data", "attributes"), fitting.names("data", "relationships")
    wanted = tuple(name for name in read.includes if name in names or name in attributes)
    more = {kind: tuple(n for n in listed if n in attributes) for kind, listed in read.additional_fields.items()}
    query = Query(include=wanted, additional_fields={kind: listed for kind, listed in more.items() if listed})
    found = reader.item(read.id, {"id": ident}, query)
    image = thing(found)
    image["parts"] = {name: [thing(part) for part in found.ones(name)] for name in wanted if name in attributes}
    for name in names:
        ids = shapes.ids_of(at, name)
        if name not in image["related"] and ids is not None:
            image["related"][name] = [[kind.type, kind.id] for kind in _ids(reader, ids, ident)]
    return image


def _doomed(reader: Reader, done: Operation, ident: str) -> Image:
    """What a deletion takes away: the thing, and who belongs to it as far as that can be put back."""
    kept: Image = {"things": [_whole(reader, done, ident, catalogue.operation(done.inverse))], "bonds": {}}
    if done.kind == "object-type":
        kept["things"][0]["parts"]["object-schema"] = [_schema(reader, ident)]
    told = set(kept["things"][0]["related"])
    for put, read in shapes.bonds_of(done):
        if shapes.relationship(put) in told:
            continue
        try:
            kept["bonds"][put.id] = [[k.type, k.id] for k in _ids(reader, read, ident, MOST_BACK)]
        except TooMany:
            kept["bonds"][put.id] = None
    return kept


def _schema(reader: Reader, ident: str) -> Image:
    """The schema of a type of objects, the one in use before a draft, with its mapping: a new type is made with both."""
    drafts = ("get_current_schema_for_object_type", "get_draft_schema_for_object_type")
    found = reader.gather(*(partial(reader.item, name, {"id": ident}) for name in drafts))
    schema = next((one for one in found if isinstance(one, Item)), None)
    if schema is None:
        raise NotFound("Its schema is not there.", status=404)
    image = thing(reader.item("get_object_schema", {"id": schema.id}))
    mapping = reader.item("get_source_mapping_for_object_schema", {"id": schema.id})
    return {**image, "parts": {"source-mapping": [thing(mapping)]}}


def _ids(reader: Reader, read: Operation, ident: str, most: int = 0) -> list[Kind]:
    """All ids of a relationship. Raises TooMany."""
    found: list[Kind] = []
    size = Query(size=read.page_max)
    for number, page in enumerate(reader.pages(read.id, {"id": ident}, size), start=1):
        found += [Kind(one.type, one.id) for one in page.items]
        if (number >= MOST_PAGES and page.next) or (most and len(found) > most):
            raise TooMany
    return found


def _template_of(reader: Reader, body: Json) -> list[Image]:
    """The copy of a template that a campaign message holds, if it holds one."""
    message = shapes.members(shapes.members(body).get("data")).get("id")
    try:
        return [thing(reader.item(shapes.TEMPLATE_OF, {"id": str(message)}))]
    except NotFound:
        return []


def members(reader: Reader, done: Operation, path: dict[str, str], body: Json) -> Image:
    """Which of the members that a body names belong to the thing; if it replaces them, all that belong."""
    read = shapes.reading(done)
    if read is None:
        return {"fault": UNKNOWN}
    wanted = [str(row.get("id", "")) for row in shapes.named(body)]
    if done.method != "PATCH" and any(field.name == "email" for field in read.filters):
        return {"ids": crowds.among(reader, read, path, wanted)}
    found = [[kind.type, kind.id] for kind in _ids(reader, read, path["id"])]
    if done.method == "PATCH":
        return {"ids": [ident for _, ident in found]}
    return {"ids": [ident for _, ident in found if ident in wanted]}


def _linked(reader: Reader, done: Operation, ident: str) -> Image:
    """A schema with its links, whose names and ids stand with what they lead to."""
    name = shapes.relationship(done)
    found = reader.item("get_object_schema", {"id": ident}, Query(include=(name,)))
    image = thing(found)
    image["parts"] = {name: [thing(part) for part in found.ones(name)]}
    return image


def _of_rows(reader: Reader, done: Operation, body: Json) -> list[Image]:
    """The things that the rows of a bulk body name, as far as they exist."""
    _, rows = shapes.rows(body)
    if not rows:
        return []
    kind = str(rows[0].get("type", ""))
    if kind == "coupon-code":
        return _codes(reader, rows)
    many = shapes.collection(kind)
    if many is None or "ids" not in {field.name for field in many.filters}:
        raise NotFound("They cannot be read together.", status=404)
    idents = [shapes.catalogue_id(row) for row in rows]
    found: list[Image] = []
    for start in range(0, len(idents), AT_ONCE):
        asked = Query(
            filter=filters.for_operation(many, "ids", "any", idents[start : start + AT_ONCE]), size=many.page_max
        )
        found += [thing(one) for page in reader.pages(many.id, query=asked) for one in page.items]
    if done.undo != "delete-created":
        _add_related(reader, done, found)
    return found


def _add_related(reader: Reader, done: Operation, found: list[Image]) -> None:
    """Adds what each thing is related to where a row of the write, or of its inverse, can say so."""
    fitting = shapes.fitting(catalogue.operation(done.inverse))
    one = shapes.single(found[0]["type"]) if found else None
    if fitting is None or one is None:
        return
    plural = next(iter(fitting.names("data", "attributes")), "")
    for name in fitting.row_names("data", "attributes", plural, "data", "relationships"):
        read = shapes.ids_of(one, name)
        if read is None:
            continue
        calls = [partial(_ids, reader, read, image["id"]) for image in found]
        for image, kinds in zip(found, reader.gather(*calls), strict=True):
            if isinstance(kinds, KlaviyoError):
                raise kinds
            image["related"][name] = [[kind.type, kind.id] for kind in kinds]


def _codes(reader: Reader, rows: list[dict[str, Json]]) -> list[Image]:
    """The codes of the named coupons that exist already, by their ids."""
    coupons = {str(_coupon(row)) for row in rows}
    asked = Query(
        filter=filters.for_operation(catalogue.operation("get_coupon_codes"), "coupon.id", "any", sorted(coupons))
    )
    found: list[Image] = []
    for number, page in enumerate(reader.pages("get_coupon_codes", query=asked), start=1):
        found += [thing(one) for one in page.items]
        if number >= MOST_PAGES and page.next:
            raise TooMany
    return found


def _coupon(row: dict[str, Json]) -> Json:
    related = shapes.members(shapes.members(row.get("relationships")).get("coupon"))
    return shapes.members(related.get("data")).get("id", "")
