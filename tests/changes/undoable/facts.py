"""Lists, segments, tags, metrics and small settings."""

from collections.abc import Callable

from tests.changes.undoable.world import Ask, World
from tests.contract.official import Json, many, one, to

Case = Callable[[World], Ask]
HOOK = {
    "name": "Hook",
    "description": "Of ours",
    "endpoint_url": "https://example.com/hook",
    "secret_key": "a secret of some length",
}
TAGGED = ("campaign", "flow", "list", "segment")


def _definition(value: str) -> Json:
    bound = {"type": "string", "operator": "contains", "value": value}
    condition = {"type": "profile-property", "property": "first_name", "filter": bound}
    return {"condition_groups": [{"conditions": [condition]}]}


def people(world: World) -> list[str]:
    return world.idents("get_profiles")


def circle(world: World) -> str:
    ident = world.made("create_list", one("list", name="Undone", opt_in_process="single_opt_in"))
    world.call("add_profiles_to_list", many("profile", *people(world)[:3]), id=ident)
    return ident


def _update_list(world: World) -> Ask:
    ident = circle(world)
    return Ask({"id": ident}, one("list", ident, name="Other", opt_in_process="double_opt_in"))


def _add(world: World) -> Ask:
    return Ask({"id": circle(world)}, many("profile", *people(world)[1:6]))


def _remove(world: World) -> Ask:
    return Ask({"id": circle(world)}, many("profile", *people(world)[2:6]))


def segment(world: World) -> str:
    return world.made("create_segment", one("segment", name="Undone", definition=_definition("a"), is_starred=True))


def _update_segment(world: World) -> Ask:
    ident = segment(world)
    return Ask({"id": ident}, one("segment", ident, name="Other", definition=_definition("b"), is_starred=False))


def group(world: World) -> str:
    return world.made("create_tag_group", one("tag-group", name="Undone", exclusive=False))


def _tag(world: World) -> Json:
    return one("tag", name="undone", related={"tag-group": to("tag-group", group(world))})


def tag(world: World) -> str:
    ident = world.made("create_tag", _tag(world))
    for kind in TAGGED:
        world.call(f"tag_{kind}s", many(kind, thing(world, kind)), id=ident)
    return ident


def thing(world: World, kind: str, number: int = 0) -> str:
    return world.idents(f"get_{kind}s")[number]


def _rename(kind: str, made: Callable[[World], str]) -> Case:
    def case(world: World) -> Ask:
        ident = made(world)
        return Ask({"id": ident}, one(kind, ident, name="renamed"))

    return case


def _tagging(verb: str, kind: str) -> Case:
    def case(world: World) -> Ask:
        ident, named = tag(world), [thing(world, kind, 0), thing(world, kind, 1)]
        return Ask({"id": ident}, many(kind, *named))

    return case


def metric(world: World, number: int = 0) -> str:
    return world.idents("get_metrics")[number]


def _custom(world: World, name: str) -> Json:
    groups = [{"metric_id": metric(world), "metric_filters": []}]
    return one("custom-metric", name=name, definition={"aggregation_method": "count", "metric_groups": groups})


def custom(world: World) -> str:
    return world.made("create_custom_metric", _custom(world, "Undone"))


def _map(world: World) -> Ask:
    related = {"metric": to("metric", metric(world, 3))}
    return Ask({"id": "ordered_product"}, one("mapped-metric", "ordered_product", related=related))


def _track(world: World) -> Ask:
    ident = world.first("get_tracking_settings")
    told = {"campaign": {"type": "static", "value": "mine"}, "flow": {"type": "static", "value": "mine"}}
    return Ask(
        {"id": ident}, one("tracking-setting", ident, attributes={"auto_add_parameters": True, "utm_source": told})
    )


def _review(world: World) -> Ask:
    said = {"review_type": "store", "email": "visitor@example.com", "author": "V", "content": "Good", "rating": 5}
    world.call("create_client_review", one("review", attributes=said), query={"company_id": "SBXJP1"})
    ident = world.first("get_reviews")
    return Ask({"id": ident}, one("review", ident, status={"value": "unpublished"}))


def _hook(world: World) -> Json:
    return one(
        "webhook", attributes=HOOK, related={"webhook-topics": many("webhook-topic", world.first("get_webhook_topics"))}
    )


def _update_hook(world: World) -> Ask:
    ident = world.made("create_webhook", _hook(world))
    topics = {"webhook-topics": many("webhook-topic", *world.idents("get_webhook_topics")[1:3])}
    return Ask({"id": ident}, one("webhook", ident, name="Hooked", description="More", related=topics))


CASES: dict[str, Case] = {
    "create_list": lambda world: Ask(document=one("list", name="New", opt_in_process="single_opt_in")),
    "update_list": _update_list,
    "delete_list": lambda world: Ask({"id": circle(world)}),
    "add_profiles_to_list": _add,
    "remove_profiles_from_list": _remove,
    "create_segment": lambda world: Ask(document=one("segment", name="New", definition=_definition("c"))),
    "update_segment": _update_segment,
    "delete_segment": lambda world: Ask({"id": segment(world)}),
    "create_tag": lambda world: Ask(document=_tag(world)),
    "update_tag": _rename("tag", tag),
    "delete_tag": lambda world: Ask({"id": tag(world)}),
    "create_tag_group": lambda world: Ask(document=one("tag-group", name="New", exclusive=True)),
    "update_tag_group": _rename("tag-group", group),
    "delete_tag_group": lambda world: Ask({"id": group(world)}),
    **{f"tag_{kind}s": _tagging("tag", kind) for kind in TAGGED},
    **{f"remove_tag_from_{kind}s": _tagging("remove", kind) for kind in TAGGED},
    "create_custom_metric": lambda world: Ask(document=_custom(world, "New")),
    "update_custom_metric": _rename("custom-metric", custom),
    "delete_custom_metric": lambda world: Ask({"id": custom(world)}),
    "update_mapped_metric": _map,
    "update_tracking_setting": _track,
    "update_review": _review,
    "create_webhook": lambda world: Ask(document=_hook(world)),
    "update_webhook": _update_hook,
}
