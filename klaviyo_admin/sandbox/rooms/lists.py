"""The room of lists: made, renamed, deleted, and given profiles or relieved of them."""

from collections.abc import Mapping

from klaviyo_admin.sandbox import ids, membership
from klaviyo_admin.sandbox.asking import Ask, Reply
from klaviyo_admin.sandbox.refusals import Problem, Refusal, invalid
from klaviyo_admin.sandbox.rooms import circles
from klaviyo_admin.sandbox.rooms.reading import Room, all_of, owner, related
from klaviyo_admin.sandbox.rooms.shelving import LISTS, PROFILES
from klaviyo_admin.sandbox.rooms.tagging import tag_rooms

_MOST = 1000  # profiles in one relationship request


def create_list(ask: Ask) -> Reply:
    name = circles.proper_name(ask.attributes["name"])
    ident = ids.six(ask.chance)
    ask.db.execute(
        "INSERT INTO circle (account, kind, id, name, created, updated, opt_in) VALUES (?, 'list', ?, ?, ?, ?, ?)",
        (ask.account, ident, name, ask.now, ask.now, ask.attributes.get("opt_in_process") or "single_opt_in"),
    )
    return circles.shown(ask, LISTS, ident)


def update_list(ask: Ask) -> Reply:
    row = owner(ask, LISTS)
    ask.must_match()
    name, opt_in = ask.attributes.get("name"), ask.attributes.get("opt_in_process")
    ask.db.execute(
        "UPDATE circle SET name = ?, opt_in = ?, updated = ? WHERE n = ?",
        (row["name"] if name is None else circles.proper_name(name), opt_in or row["opt_in"], ask.now, row["n"]),
    )
    return circles.shown(ask, LISTS, row["id"])


def add_profiles_to_list(ask: Ask) -> Reply:
    row = owner(ask, LISTS)
    membership.join(ask.db, row["n"], _profiles(ask), ask.now)
    return Reply()


def remove_profiles_from_list(ask: Ask) -> Reply:
    row = owner(ask, LISTS)
    membership.leave(ask.db, row["n"], _profiles(ask))
    return Reply()


def _profiles(ask: Ask) -> list[int]:
    """Row numbers of the profiles in the body; one that does not exist refuses the whole request."""
    given = ask.document["data"]
    if len(given) > _MOST:
        raise invalid(f"At most {_MOST} profiles may be given at once.")
    found: dict[int, None] = {}
    for place, item in enumerate(given):
        row = ask.db.execute("SELECT n FROM profile WHERE account = ? AND id = ?", (ask.account, item["id"])).fetchone()
        if row is None:
            raise Refusal(Problem("not_found", f"A profile with id {item['id']} does not exist.", f"/data/{place}/id"))
        found[row["n"]] = None
    return list(found)


_PROFILES, _PROFILE_IDS = related(LISTS, PROFILES, circles.members)
_TAGS, _TAG_IDS = tag_rooms(LISTS)
ROOM: Mapping[str, Room] = {
    "get_lists": all_of(LISTS),
    "get_list": lambda ask: circles.get_one(ask, LISTS),
    "create_list": create_list,
    "update_list": update_list,
    "delete_list": lambda ask: circles.erase(ask, LISTS),
    "get_profiles_for_list": _PROFILES,
    "get_profile_ids_for_list": _PROFILE_IDS,
    "add_profiles_to_list": add_profiles_to_list,
    "remove_profiles_from_list": remove_profiles_from_list,
    "get_tags_for_list": _TAGS,
    "get_tag_ids_for_list": _TAG_IDS,
}
