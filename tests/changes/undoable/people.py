"""People: profiles, devices, imports, consent and suppression."""

from collections.abc import Callable
from typing import Any

from tests.changes.undoable.facts import circle, people
from tests.changes.undoable.world import Ask, World
from tests.contract.official import Json, one, rows, to

Case = Callable[[World], Ask]
OPERATION = {"SUBSCRIBED": "create", "UNSUBSCRIBED": "delete"}


def _emails(world: World) -> list[str]:
    """The addresses of some people, who have all agreed to e-mail."""
    found = [row["attributes"]["email"] for row in world.call("get_profiles")["data"]][:4]
    world.call("bulk_subscribe_profiles", _consent(found[:3], "SUBSCRIBED"))
    return found


def _consent(emails: list[str], said: str, related: Json | None = None) -> Json:
    told = [{"email": email, "subscriptions": {"email": {"marketing": {"consent": said}}}} for email in emails]
    return one(f"profile-subscription-bulk-{OPERATION[said]}-job", profiles=rows("profile", *told), related=related)


def _subscribe(world: World) -> Ask:
    """Two have said yes before, one has said no."""
    emails = _emails(world)
    world.call("bulk_unsubscribe_profiles", _consent(emails[2:3], "UNSUBSCRIBED"))
    return Ask(document=_consent(emails[:3], "SUBSCRIBED"))


def _unsubscribe(world: World) -> Ask:
    emails = _emails(world)
    world.call("bulk_unsubscribe_profiles", _consent(emails[2:3], "UNSUBSCRIBED"))
    return Ask(document=_consent(emails[:3], "UNSUBSCRIBED"))


def _unsubscribe_from_list(world: World) -> Ask:
    emails, ident = _emails(world), circle(world)
    return Ask(document=_consent(emails[:3], "UNSUBSCRIBED", {"list": to("list", ident)}))


def _suppressed(world: World, verb: str) -> Ask:
    """One of three is suppressed before."""
    emails = _emails(world)[:3]
    world.call("bulk_suppress_profiles", _suppression("create", emails[:1]))
    return Ask(document=_suppression(verb, emails))


def all_suppressed(world: World, verb: str, kind: str) -> Ask:
    """Everybody on a list, or in a segment of those on it, of whom one is suppressed before."""
    ident = circle(world)
    emails = [row["attributes"]["email"] for row in world.call("get_profiles_for_list", id=ident)["data"]]
    world.call("bulk_suppress_profiles", _suppression("create", emails[:1]))
    if kind == "segment":
        condition = {"type": "profile-group-membership", "is_member": True, "group_ids": [ident]}
        groups = {"condition_groups": [{"conditions": [condition]}]}
        ident = world.made("create_segment", one("segment", name="On it", definition=groups))
    document = one(f"profile-suppression-bulk-{verb}-job", related={kind: to(kind, ident)})
    document["data"]["attributes"] = {}
    return Ask(document=document)


def _suppression(verb: str, emails: list[str]) -> Json:
    return one(f"profile-suppression-bulk-{verb}-job", profiles=rows("profile", *({"email": e} for e in emails)))


def _known(world: World) -> Json:
    ident = people(world)[0]
    world.call("update_profile", one("profile", ident, title="Dr", properties={"old": 1, "kept": "x"}), id=ident)
    found: Json = world.call("get_profile", id=ident)["data"]
    return found


def _update(world: World) -> Ask:
    ident = _known(world)["id"]
    document = one("profile", ident, title="Prof", last_name=None, properties={"kept": "y", "new": [1]})
    document["data"]["meta"] = {"patch_properties": {"unset": ["old"]}}
    return Ask({"id": ident}, document)


def _upsert(world: World) -> Ask:
    email = _known(world)["attributes"]["email"]
    return Ask(document=one("profile", email=email, title="Prof", properties={"kept": "y", "new": [1]}))


def _import(world: World) -> Ask:
    email, ident = _known(world)["attributes"]["email"], circle(world)
    world.settle()
    told: list[Any] = [{"email": email, "title": "Prof", "properties": {"kept": "y", "new": 2}}]
    other = world.call("get_profiles")["data"][5]["attributes"]["email"]
    told.append({"email": other, "organization": "Acme", "location": {"city": "Porto"}})
    related = {"lists": {"data": [{"type": "list", "id": ident}]}}
    return Ask(document=one("profile-bulk-import-job", profiles=rows("profile", *told), related=related))


def _device(world: World) -> Json:
    email = world.call("get_profiles")["data"][0]["attributes"]["email"]
    told = {"token": "tok-1", "platform": "ios", "vendor": "apns", "profile": one("profile", email=email)}
    return one("push-token", attributes=told)


def _delete_device(world: World) -> Ask:
    world.call("create_push_token", _device(world))
    owned = world.call("get_push_tokens", query={"filter": f'equals(profile.id,"{people(world)[0]}")'})["data"]
    return Ask({"id": owned[0]["id"]})


def _visitor(world: World, kind: str) -> Json:
    told = _device(world)["data"]["attributes"]
    return one(kind, attributes=told)


def _register(world: World) -> Ask:
    return Ask(document=_visitor(world, "push-token"), query={"company_id": "SBXJP1"})


def _unregister(world: World) -> Ask:
    world.call("create_push_token", _device(world))
    return Ask(document=_visitor(world, "push-token-unregister"), query={"company_id": "SBXJP1"})


CASES: dict[str, Case] = {
    "update_profile": _update,
    "create_or_update_profile": _upsert,
    "bulk_import_profiles": _import,
    "bulk_subscribe_profiles": _subscribe,
    "bulk_unsubscribe_profiles": _unsubscribe,
    "bulk_suppress_profiles": lambda world: _suppressed(world, "create"),
    "bulk_unsuppress_profiles": lambda world: _suppressed(world, "delete"),
    "create_push_token": lambda world: Ask(document=_device(world)),
    "delete_push_token": _delete_device,
    "create_client_push_token": _register,
    "unregister_client_push_token": _unregister,
}
