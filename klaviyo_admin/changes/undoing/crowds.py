"""What the people whom a request names were like before: their consent, their suppression, their values, their lists."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from klaviyo_admin.changes.undoing import shapes
from klaviyo_admin.klaviyo import filters
from klaviyo_admin.klaviyo.answers import says_all
from klaviyo_admin.klaviyo.catalogue import Operation, operation
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.errors import KlaviyoError
from klaviyo_admin.klaviyo.values import Item, Json, Query

AT_ONCE = 100  # people that one filter takes
MEMBERS_AT_ONCE = 100  # members of a list or segment on one page
MOST_MEMBERS = 10_000  # of whom it is kept what they were like before something is done to all of them
TOO_MANY_MEMBERS = f"it was done to more than {MOST_MEMBERS:,} people at once, and who they were is kept of fewer only"
MISFIT = "it held something in a form in which this version of Klaviyo Admin cannot put it back"
HANDLES = ("id", "email", "phone_number", "external_id")  # what a row may name a person by, surest first
CONSENT: dict[str, tuple[str, ...]] = {"profile": ("subscriptions",)}
Row = dict[str, Json]
People = dict[tuple[str, str], Item]  # by handle and value


def image(reader: Reader, done: Operation, body: Json) -> dict[str, Any]:
    """For each row of a body the person as they were, None for somebody new; and who of them was on the list it names."""
    people = rows(done, body)
    if not people:
        return everybody(reader, done, body)
    states = shapes.shape(done) != "upsert"
    known = find(reader, people, CONSENT if states else {})
    found = [whose(known, row) for row in people]
    kept = [None if one is None else _kept(one, row, states) for one, row in zip(found, people, strict=True)]
    if any(one is not None and told and _cut(one, told) for one, told in zip(found, kept, strict=True)):
        return {"fault": MISFIT}
    made: dict[str, Any] = {"people": kept}
    for ident in lists(body):
        idents = list(dict.fromkeys(one.id for one in found if one is not None))
        made.setdefault("members", {})[ident] = among(
            reader, operation("get_profile_ids_for_list"), {"id": ident}, idents
        )
    return made


def everybody(reader: Reader, done: Operation, body: Json, most: int = MOST_MEMBERS) -> dict[str, Any]:
    """Of a suppression of a whole list or segment, or of its end: whose state it changes, of how many members."""
    kind, ident = group(body)
    if shapes.shape(done) != "suppression" or not ident:
        return {"fault": "nobody kept whom it was done to"}
    wanted, of, changed = done.id == "bulk_suppress_profiles", 0, list[list[str]]()
    asked = Query(size=MEMBERS_AT_ONCE, additional_fields=CONSENT, fields={"profile": ("email", "subscriptions")})
    for page in reader.pages(f"get_profiles_for_{kind}", {"id": ident}, asked):
        of += len(page.items)
        if of > most:
            return {"fault": TOO_MANY_MEMBERS}
        changed += [
            [one.id, str(one.get("email"))]
            for one in page.items
            if one.get("email") and suppressed_by_hand(one.get("subscriptions")) != wanted
        ]
    return {"changed": changed, "of": of}


def group(body: Json) -> tuple[str, str]:
    """The list or segment that a body is about as a whole, by its type and id; ("", "") if it is about none."""
    related = shapes.members(shapes.members(shapes.members(body).get("data")).get("relationships"))
    named = ((kind, row) for kind in ("list", "segment") for row in shapes.named(related.get(kind)))
    return next(((kind, str(row["id"])) for kind, row in named if row.get("id")), ("", ""))


def suppressed_by_hand(subscriptions: Json) -> bool:
    """Whether the subscriptions of a profile say that somebody suppressed it, rather than the person or a bounce."""
    marketing = shapes.members(shapes.members(shapes.members(subscriptions).get("email")).get("marketing"))
    said = marketing.get("suppression")
    return (
        any(shapes.members(one).get("reason") == "USER_SUPPRESSED" for one in said) if isinstance(said, list) else False
    )


def rows(done: Operation, body: Json) -> list[Row]:
    """The rows of a body that name people; of a body about one person, that one."""
    if shapes.rows(body)[0] or done.id != "create_or_update_profile":
        return shapes.rows(body)[1]
    data = shapes.members(body).get("data")
    return [data] if isinstance(data, dict) else []


def lists(body: Json) -> list[str]:
    """The lists that a body about people names."""
    related = shapes.members(shapes.members(shapes.members(body).get("data")).get("relationships"))
    named = [*shapes.named(related.get("list")), *shapes.named(related.get("lists"))]
    return [str(row["id"]) for row in named if row.get("id")]


def handles(row: Row) -> Iterator[tuple[str, str]]:
    """By what a row names its person, surest first."""
    told = {**shapes.members(row.get("attributes")), "id": row.get("id")}
    for name in HANDLES:
        if told.get(name):
            value = str(told[name])
            yield name, value.lower() if name == "email" else value


def find(reader: Reader, people: Sequence[Row], more: dict[str, tuple[str, ...]]) -> People:
    """Everybody whom the rows name and Klaviyo knows, by each of their handles."""
    found: People = {}
    for name in HANDLES:
        wanted = list(dict.fromkeys(v for row in people for n, v in list(handles(row))[:1] if n == name))
        calls = [partial(_some, reader, name, wanted[n : n + AT_ONCE], more) for n in range(0, len(wanted), AT_ONCE)]
        for items in reader.gather(*calls):
            if isinstance(items, KlaviyoError):
                raise items
            for item in items:
                value = item.id if name == "id" else str(item.get(name, ""))
                found[name, value.lower() if name == "email" else value] = item
    return found


def whose(found: People, row: Row) -> Item | None:
    return next((found[handle] for handle in handles(row) if handle in found), None)


def _some(reader: Reader, name: str, values: list[str], more: dict[str, tuple[str, ...]]) -> list[Item]:
    many = operation("get_profiles")
    asked = Query(filter=filters.for_operation(many, name, "any", values), size=many.page_max, additional_fields=more)
    return [item for page in reader.pages(many.id, query=asked) for item in page.items]


def _kept(person: Item, row: Row, states: bool) -> dict[str, Any]:
    """What is kept of a person: how they are reached, and what the request changes of them; nothing else."""
    told: dict[str, Json] = {"email": person.get("email"), "phone_number": person.get("phone_number")}
    written = shapes.members(row.get("attributes"))
    if states:
        told["subscriptions"] = person.get("subscriptions", {})
    else:
        told |= {name: person.get(name) for name in written if name != "properties"}
        own = shapes.members(person.get("properties"))
        unset = shapes.members(shapes.members(row.get("meta")).get("patch_properties")).get("unset") or []
        names = [*shapes.members(written.get("properties")), *unset]
        told["properties"] = {name: own[name] for name in names if name in own}
    return {"type": person.type, "id": person.id, "attributes": told, "related": {}}


def _cut(person: Item, kept: Mapping[str, Any]) -> bool:
    """Whether something of what is kept came in another form, of which a part is missing."""
    came = person.came or {}
    return any(not says_all(person.attributes[name], came[name]) for name in kept["attributes"] if name in came)


def among(reader: Reader, read: Operation, path: dict[str, str], idents: Sequence[str]) -> list[str]:
    """Who of these profiles belongs to a list, asked by their addresses: a list may be too long to be read whole."""
    wanted = [ident for ident in dict.fromkeys(idents) if ident]
    people = find(reader, [{"id": ident} for ident in wanted], {})
    left, inside = dict.fromkeys(wanted), set[str]()
    for handle in ("email", "phone_number"):
        reached = {
            i: str(people["id", i].get(handle)) for i in left if ("id", i) in people and people["id", i].get(handle)
        }
        inside |= set(_inside(reader, read, path, handle, reached.values())) & set(reached)
        left = {ident: None for ident in left if ident not in reached}
    rest = [ident for ident in left if ("id", ident) in people]
    for ident, found in zip(rest, reader.gather(*(partial(_lists_of, reader, i) for i in rest)), strict=True):
        if isinstance(found, KlaviyoError):
            raise found
        inside |= {ident} if path["id"] in found else set()
    return [ident for ident in wanted if ident in inside]


def _inside(reader: Reader, read: Operation, path: dict[str, str], handle: str, values: Iterable[str]) -> Iterator[str]:
    listed = list(values)
    for start in range(0, len(listed), AT_ONCE):
        wanted = filters.for_operation(read, handle, "any", listed[start : start + AT_ONCE])
        for page in reader.pages(read.id, path, Query(filter=wanted, size=read.page_max)):
            yield from (item.id for item in page.items)


def _lists_of(reader: Reader, ident: str) -> set[str]:
    return {item.id for page in reader.pages("get_list_ids_for_profile", {"id": ident}) for item in page.items}


def devices(reader: Reader, body: Json) -> dict[str, Any]:
    """The tokens of the devices that the owner of a new device has already."""
    found = _owner(reader, body)
    return {"tokens": sorted(tokens_of(reader, found.id)) if found else []}


def tokens_of(reader: Reader, ident: str) -> dict[str, str]:
    """The push tokens of a profile, each with its id."""
    pages = reader.pages("get_push_tokens", query=Query(filter=filters.equals("profile.id", ident)))
    return {str(item.get("token")): item.id for page in pages for item in page.items}


def device(reader: Reader, body: Json) -> str:
    """The id under which the token of a body is known now, "" if it is not."""
    found = _owner(reader, body)
    told = shapes.members(shapes.members(shapes.members(body).get("data")).get("attributes"))
    return tokens_of(reader, found.id).get(str(told.get("token")), "") if found else ""


def _owner(reader: Reader, body: Json) -> Item | None:
    told = shapes.members(shapes.members(shapes.members(body).get("data")).get("attributes"))
    row = shapes.members(shapes.members(told.get("profile")).get("data"))
    return whose(find(reader, [row], {}), row)
