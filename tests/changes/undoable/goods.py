"""Goods, coupons and custom objects."""

from collections.abc import Callable
from typing import Any

from tests.changes.undoable.world import Ask, World
from tests.contract.official import Json, many, one, to

Case = Callable[[World], Ask]
CUSTOM = "$custom:::$default:::"
GOOD = {"title": "Trowel", "description": "Digs", "url": "https://example.com/trowel", "price": 4.5}
SORT = GOOD | {"sku": "T", "inventory_quantity": 3, "price": 9.5}
KINDS = {"item": "items", "category": "categories", "variant": "variants"}
PROPERTIES = [{"id": 1, "name": "model", "type": "string"}, {"id": 2, "name": "wheels", "type": "int"}]


def item(world: World, name: str = "trowel") -> str:
    return world.made(
        "create_catalog_item", one("catalog-item", external_id=name, attributes=GOOD | {"title": name.title()})
    )


def category(world: World, name: str = "tools") -> str:
    return world.made("create_catalog_category", one("catalog-category", external_id=name, name=name.title()))


def new_variant(world: World, name: str) -> Json:
    related = {"item": to("catalog-item", item(world))}
    return one("catalog-variant", external_id=name, related=related, **SORT)


def variant(world: World, name: str = "red") -> str:
    return world.made("create_catalog_variant", new_variant(world, name))


MADE: dict[str, Callable[[World], str]] = {"item": item, "category": category, "variant": variant}
NEW: dict[str, Callable[[World, str], Json]] = {
    "item": lambda world, name: one("catalog-item", external_id=name, **GOOD),
    "category": lambda world, name: one("catalog-category", external_id=name, name="New"),
    "variant": new_variant,
}
CHANGED: dict[str, Json] = {
    "item": {"price": 12.0, "title": "Spade", "published": False},
    "category": {"name": "Other"},
    "variant": {"inventory_quantity": 0, "inventory_policy": 1},
}


def _create(kind: str) -> Case:
    return lambda world: Ask(document=NEW[kind](world, "new"))


def _delete(kind: str) -> Case:
    return lambda world: Ask({"id": MADE[kind](world)})


def _update(kind: str) -> Case:
    def case(world: World) -> Ask:
        ident = MADE[kind](world)
        return Ask({"id": ident}, one(f"catalog-{kind}", ident, attributes=CHANGED[kind]))

    return case


def _job(verb: str, kind: str, rows: list[Any]) -> Ask:
    return Ask(document=one(f"catalog-{kind}-bulk-{verb}-job", attributes={KINDS[kind]: {"data": rows}}))


def _bulk_create(kind: str) -> Case:
    """One of the three is there already, and must survive the undo."""

    def case(world: World) -> Ask:
        there = NEW[kind](world, "there")
        world.call(f"create_catalog_{kind}", there)
        base = {k: v for k, v in there["data"].items() if k == "relationships"}
        told = there["data"]["attributes"]
        rows = [
            {"type": f"catalog-{kind}", "attributes": {**told, "external_id": n}, **base} for n in ("a", "b", "there")
        ]
        return _job("create", kind, rows)

    return case


def _bulk_update(kind: str) -> Case:
    def case(world: World) -> Ask:
        ident = MADE[kind](world)
        return _job("update", kind, [{"type": f"catalog-{kind}", "id": ident, "attributes": CHANGED[kind]}])

    return case


def _bulk_delete(kind: str) -> Case:
    return lambda world: _job("delete", kind, [{"type": f"catalog-{kind}", "id": MADE[kind](world)}])


def _bond(verb: str, things: str) -> Case:
    def case(world: World) -> Ask:
        good, sort, other = item(world), category(world), category(world, "other")
        owner, kind, one_, two = (good, "catalog-category", sort, other)
        if things == "items":
            owner, kind, one_, two = (sort, "catalog-item", good, item(world, "spade"))
        whose = "catalog_item" if things == "categories" else "catalog_category"
        world.call(f"add_{things}_to_{whose}", many(kind, one_), id=owner)
        named = {"add": (two,), "remove": (one_,), "update": (two,)}[verb]
        return Ask({"id": owner}, many(kind, *named))

    return case


def coupon(world: World, name: str = "TEN") -> str:
    return world.made("create_coupon", one("coupon", external_id=name, description="Ten off"))


def _code(world: World, ident: str, name: str) -> Json:
    return one(
        "coupon-code", unique_code=name, expires_at="2031-01-01T00:00:00Z", related={"coupon": to("coupon", ident)}
    )


def _update_coupon(world: World) -> Ask:
    ident = coupon(world)
    return Ask({"id": ident}, one("coupon", ident, description="Twenty off"))


def _update_code(world: World) -> Ask:
    ident = world.made("create_coupon_code", _code(world, coupon(world), "ONE"))
    return Ask({"id": ident}, one("coupon-code", ident, expires_at="2030-01-01T00:00:00Z"))


def _codes(world: World) -> Ask:
    ident = coupon(world)
    world.made("create_coupon_code", _code(world, ident, "THERE"))
    wanted = [_code(world, ident, name)["data"] for name in ("A", "B", "THERE")]
    return Ask(document=one("coupon-code-bulk-create-job", attributes={"coupon-codes": {"data": wanted}}))


def source(world: World) -> str:
    return world.made("create_data_source", one("data-source", title="Garage", description="Cars"))


def _type(world: World, status: str = "draft") -> Json:
    told = source(world)
    mappings = [
        {
            "id": e["id"],
            "type": "simple",
            "source": {"source_id": told, "id_path": "$.key", "data_path": f"$.{e['name']}"},
        }
        for e in PROPERTIES
    ]
    mapping = one("source-mapping", property_mappings=mappings)
    given = {"properties": PROPERTIES, "status": status, "source-mapping": mapping}
    return one("object-type", attributes={"title": "Car", "object-schema": one("object-schema", attributes=given)})


def schema(world: World) -> str:
    return str(
        world.call("get_draft_schema_for_object_type", id=world.made("create_object_type", _type(world)))["data"]["id"]
    )


def _update_schema(world: World) -> Ask:
    ident = schema(world)
    return Ask({"id": ident}, one("object-schema", ident, description="Cars", properties=PROPERTIES[:1]))


def _update_mapping(world: World) -> Ask:
    told = world.call("get_source_mapping_for_object_schema", id=schema(world))["data"]["id"]
    constant = [{"id": 1, "type": "constant", "value": "Panda"}]
    return Ask({"id": told}, one("source-mapping", told, property_mappings=constant))


def _link(verb: str, name: str) -> Case:
    def case(world: World) -> Ask:
        ident = schema(world)
        kind, target = ("profile-object-schema", "$profile") if name == "profile" else ("object-schema", _other(world))
        data: Json = {"type": kind, "id": target, "meta": {"name": "belongs to", "description": "Who has it"}}
        if verb == "create":
            return Ask({"id": ident}, {"data": [data]})
        world.call(f"create_{name}_schema_relationship", {"data": [data]}, id=ident)
        shown = world.call("get_object_schema", query={"include": f"{kind}s"}, id=ident)["included"]
        told = {**data, "meta": {"relationship_id": shown[0]["attributes"]["meta"]["relationship_id"]}}
        if verb == "delete":
            return Ask({"id": ident}, {"data": [told]})
        return Ask({"id": ident}, {"data": {**told, "meta": {**told["meta"], "name": "once belonged to"}}})

    return case


def _other(world: World) -> str:
    return str(world.call("get_current_schema_for_object_type", id=world.first("get_object_types"))["data"]["id"])


CASES: dict[str, Case] = {
    **{f"create_catalog_{kind}": _create(kind) for kind in KINDS},
    **{f"delete_catalog_{kind}": _delete(kind) for kind in KINDS},
    **{f"update_catalog_{kind}": _update(kind) for kind in KINDS},
    **{f"bulk_create_catalog_{KINDS[kind]}": _bulk_create(kind) for kind in KINDS},
    **{f"bulk_update_catalog_{KINDS[kind]}": _bulk_update(kind) for kind in KINDS},
    **{f"bulk_delete_catalog_{KINDS[kind]}": _bulk_delete(kind) for kind in KINDS},
    **{
        f"{verb}_categories_{w}_catalog_item": _bond(verb, "categories")
        for verb, w in (("add", "to"), ("remove", "from"), ("update", "for"))
    },
    **{
        f"{verb}_items_{w}_catalog_category": _bond(verb, "items")
        for verb, w in (("add", "to"), ("remove", "from"), ("update", "for"))
    },
    "create_coupon": lambda world: Ask(document=one("coupon", external_id="NEW", description="New")),
    "update_coupon": _update_coupon,
    "delete_coupon": lambda world: Ask({"id": coupon(world)}),
    "create_coupon_code": lambda world: Ask(document=_code(world, coupon(world), "ONE")),
    "update_coupon_code": _update_code,
    "delete_coupon_code": lambda world: Ask(
        {"id": world.made("create_coupon_code", _code(world, coupon(world), "ONE"))}
    ),
    "bulk_create_coupon_codes": _codes,
    "create_data_source": lambda world: Ask(document=one("data-source", title="Depot")),
    "delete_data_source": lambda world: Ask({"id": source(world)}),
    "create_object_type": lambda world: Ask(document=_type(world)),
    "delete_object_type": lambda world: Ask({"id": world.made("create_object_type", _type(world))}),
    "update_object_schema": _update_schema,
    "update_source_mapping": _update_mapping,
    **{
        f"{verb}_{name}_schema_relationship": _link(verb, name)
        for verb in ("create", "update", "delete")
        for name in ("object", "profile")
    },
}
