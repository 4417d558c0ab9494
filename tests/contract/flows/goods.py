"""Goods: the catalogue and its nine kinds of jobs, coupons and their codes, custom objects."""

from typing import Any

from tests.contract.official import Json, Official, many, one, to

CUSTOM = "$custom:::$default:::"
GOOD = {"title": "Trowel", "description": "Digs", "url": "https://example.com/trowel"}
SORT = GOOD | {"sku": "T", "inventory_quantity": 3, "price": 9.5}
KINDS = (
    ("item", "items", "catalog_items"),
    ("category", "categories", "categories"),
    ("variant", "variants", "variants"),
)


def catalog(shop: Official) -> None:
    item = shop.made("create_catalog_item", one("catalog-item", external_id="trowel", **GOOD))
    category = shop.made("create_catalog_category", one("catalog-category", external_id="tools", name="Tools"))
    related = {"item": to("catalog-item", item)}
    variant = shop.made("create_catalog_variant", one("catalog-variant", external_id="red", related=related, **SORT))
    shop.call("update_catalog_item", item, one("catalog-item", item, price=12.0))
    shop.call("update_catalog_category", category, one("catalog-category", category, name="Tools!"))
    shop.call("update_catalog_variant", variant, one("catalog-variant", variant, inventory_quantity=0))
    shelve(shop, item, category)
    waiting = one("profile", email="waiting@example.com")
    related = {"variant": to("catalog-variant", variant)}
    shop.call(
        "create_back_in_stock_subscription",
        one("back-in-stock-subscription", channels=["EMAIL"], profile=waiting, related=related),
    )
    shop.call("delete_catalog_variant", variant)
    shop.call("delete_catalog_category", category)
    shop.call("delete_catalog_item", item)


def shelve(shop: Official, item: str, category: str) -> None:
    """Puts an item into a category and takes it out again, from either side."""
    sides = (
        ("categories", "catalog_item", item, "catalog-category", category),
        ("items", "catalog_category", category, "catalog-item", item),
    )
    for things, owner, ident, kind, thing in sides:
        for verb, joint in (("add", "to"), ("update", "for"), ("remove", "from")):
            shop.call(f"{verb}_{things}_{joint}_{owner}", ident, many(kind, thing))
            found = [row["id"] for row in shop.call(f"get_{things}_for_{owner}", ident)["data"]]
            assert found == ([] if verb == "remove" else [thing])


def job(shop: Official, verb: str, kind: tuple[str, str, str], things: list[Json]) -> None:
    name, plural, _ = kind
    long = "categories" if name == "category" else f"{name}s"
    given = one(f"catalog-{name}-bulk-{verb}-job", attributes={plural: {"data": things}})
    made = shop.made(f"bulk_{verb}_catalog_{long}", given)
    shop.box.advance(600)
    done = shop.call(f"get_bulk_{verb}_{kind[2]}_job", made)["data"]["attributes"]
    assert (done["status"], done["failed_count"]) == ("complete", 0), done


def catalog_jobs(shop: Official) -> None:
    numbers = range(3)
    whole: dict[str, list[Json]] = {
        "item": [{"external_id": f"i{n}", **GOOD} for n in numbers],
        "category": [{"external_id": f"c{n}", "name": f"C{n}"} for n in numbers],
        "variant": [{"external_id": f"v{n}", **SORT} for n in numbers],
    }
    for kind in KINDS:
        related = {"relationships": {"item": to("catalog-item", f"{CUSTOM}i0")}} if kind[0] == "variant" else {}
        made = [{"type": f"catalog-{kind[0]}", "attributes": attributes, **related} for attributes in whole[kind[0]]]
        job(shop, "create", kind, made)
    for name, plural, short in reversed(KINDS):
        idents = [CUSTOM + attributes["external_id"] for attributes in whole[name]]
        new = {"name": "New"} if name == "category" else {"title": "New"}
        things: list[Any] = [{"type": f"catalog-{name}", "id": ident, "attributes": new} for ident in idents]
        job(shop, "update", (name, plural, short), things)
        job(shop, "delete", (name, plural, short), many(f"catalog-{name}", *idents)["data"])


def coupons(shop: Official) -> None:
    coupon = shop.made("create_coupon", one("coupon", external_id="CONTRACT", description="Ten off"))
    shop.call("update_coupon", coupon, one("coupon", coupon, description="Twenty off"))
    related = {"coupon": to("coupon", coupon)}
    code = shop.made("create_coupon_code", one("coupon-code", unique_code="ONE", related=related))
    shop.call("update_coupon_code", code, one("coupon-code", code, expires_at="2030-01-01T00:00:00Z"))
    wanted = [
        {"type": "coupon-code", "attributes": {"unique_code": f"N{n}"}, "relationships": related} for n in range(5)
    ]
    attributes = {"coupon-codes": {"data": wanted}}
    made = shop.made("bulk_create_coupon_codes", one("coupon-code-bulk-create-job", attributes=attributes))
    shop.box.advance(600)
    done = shop.call("get_bulk_create_coupon_codes_job", made)["data"]["attributes"]
    assert (done["status"], done["completed_count"]) == ("complete", 5)
    assert len(shop.call("get_coupon_codes", f'any(coupon.id,["{coupon}"])')["data"]) == 6
    shop.call("delete_coupon_code", code)
    doomed = shop.made("create_coupon", one("coupon", external_id="DOOMED"))
    shop.call("delete_coupon", doomed)


FLOWS = (catalog, catalog_jobs, coupons)
