"""The room of profiles: who they are, and which lists and segments they are in."""

from collections.abc import Mapping

from klaviyo_admin.sandbox import membership, people
from klaviyo_admin.sandbox.asking import Ask, Reply
from klaviyo_admin.sandbox.documents import single
from klaviyo_admin.sandbox.paging import page
from klaviyo_admin.sandbox.people import Attributes
from klaviyo_admin.sandbox.refusals import Problem, Refusal, invalid
from klaviyo_admin.sandbox.rooms.reading import Room, all_of, owner, related
from klaviyo_admin.sandbox.rooms.shelving import LISTS, PROFILES, SEGMENTS
from klaviyo_admin.sandbox.shelves import Row, Rows

_HERE = "/data/attributes"


def create_profile(ask: Ask) -> Reply:
    _must_be_right(ask.attributes, new=True)
    known = people.rival(ask.db, ask.account, ask.attributes, 0)
    if known:
        raise Refusal(people.duplicate(known))
    return _shown(ask, people.add(ask.db, ask.account, ask.attributes, ask.now, ask.chance), 201)


def update_profile(ask: Ask) -> Reply:
    row = owner(ask, PROFILES)
    ask.must_match()
    _must_be_right(ask.attributes, new=False)
    return _amend(ask, row)


def create_or_update_profile(ask: Ask) -> Reply:
    """The profile is found by its id if one is given, else by its identifiers, else it is new."""
    ident = ask.document["data"].get("id")
    row = _by_id(ask, ident) if ident else people.find(ask.db, ask.account, ask.attributes)
    _must_be_right(ask.attributes, new=row is None)
    if row:
        return _amend(ask, row)
    n = people.add(ask.db, ask.account, ask.attributes, ask.now, ask.chance)
    people.amend(ask.db, n, {}, _meta(ask), ask.now)
    return _shown(ask, n, 201)


def _amend(ask: Ask, row: Row) -> Reply:
    rival = people.rival(ask.db, ask.account, ask.attributes, row["n"])
    if rival:
        raise Refusal(people.duplicate(rival))
    people.amend(ask.db, row["n"], ask.attributes, _meta(ask), ask.now)
    return _shown(ask, row["n"], 200)


def _by_id(ask: Ask, ident: str) -> Row:
    row: Row | None = ask.db.execute(
        "SELECT * FROM profile WHERE account = ? AND id = ?", (ask.account, ident)
    ).fetchone()
    if row is None:
        raise Refusal(Problem("not_found", f"A profile with id {ident} does not exist.", "/data/id"))
    return row


def _meta(ask: Ask) -> Attributes:
    return ask.document["data"].get("meta") or {}


def _must_be_right(attributes: Attributes, *, new: bool) -> None:
    problems = people.faults(attributes, _HERE, new=new)
    if problems:
        raise Refusal(*problems)
    if people.size(attributes) > people.LARGEST:
        raise invalid("A profile may not be larger than 100 KB.", _HERE)


def _shown(ask: Ask, n: int, status: int) -> Reply:
    row = page(ask, PROFILES, Rows("profile", "profile.n = ?", (n,))).rows[0]
    return Reply(single(ask, PROFILES, row), status)


def get_profile(ask: Ask) -> Reply:
    if "segments" in ask.query.include:
        membership.settle(ask)
    return Reply(single(ask, PROFILES, owner(ask, PROFILES)))


def _in_circles(ask: Ask, profile: Row) -> Rows:
    membership.settle(ask)
    table = "circle JOIN member ON member.circle = circle.n"
    return Rows(table, "member.profile = ? AND circle.kind = ?", (profile["n"], ask.operation.kind), sort="id")


_LISTS, _LIST_IDS = related(PROFILES, LISTS, _in_circles)
_SEGMENTS, _SEGMENT_IDS = related(PROFILES, SEGMENTS, _in_circles)
ROOM: Mapping[str, Room] = {
    "get_profiles": all_of(PROFILES),
    "get_profile": get_profile,
    "create_profile": create_profile,
    "update_profile": update_profile,
    "create_or_update_profile": create_or_update_profile,
    "get_lists_for_profile": _LISTS,
    "get_list_ids_for_profile": _LIST_IDS,
    "get_segments_for_profile": _SEGMENTS,
    "get_segment_ids_for_profile": _SEGMENT_IDS,
}
