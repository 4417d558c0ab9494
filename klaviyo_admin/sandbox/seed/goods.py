"""Sows the catalog: the shop's products with their variants, in categories."""

import re
from typing import Any

from klaviyo_admin.sandbox import things
from klaviyo_admin.sandbox.moments import DAY
from klaviyo_admin.sandbox.rooms import goods
from klaviyo_admin.sandbox.seed.ground import Ground

_KINDS = ("Natural", "Moss", "Ochre")


def furnish(ground: Ground) -> None:
    where = things.Ledger(ground.db, ground.account, ground.today - 700 * DAY)
    for name in sorted({product[1] for product in ground.shop.products}):
        goods.add(where, _resource(goods.CATEGORY, _slug(name), {"name": name}), "/data")
    for place, (name, category, price) in enumerate(ground.shop.products):
        where = things.Ledger(ground.db, ground.account, ground.today - (690 - 11 * place) * DAY)
        slug = _slug(name)
        about = _about(ground, name, slug, price)
        linked = {"categories": {"data": [{"type": goods.CATEGORY, "id": goods.id_of(_slug(category))}]}}
        goods.add(where, _resource(goods.ITEM, slug, {"title": name, **about}, linked), "/data")
        for number, kind in enumerate(_KINDS[: 1 + place % 3]):
            stock = {"sku": f"{ground.shop.id[3:]}-{place:02}{number}", "inventory_policy": number % 2 + 1}
            stock["inventory_quantity"] = ground.chance.choice((0, 3, 12, 40, 250))
            given = {"title": f"{name} – {kind}", **about, **stock}
            belongs = {"item": {"data": {"type": goods.ITEM, "id": goods.id_of(slug)}}}
            goods.add(where, _resource(goods.VARIANT, f"{slug}-{_slug(kind)}", given, belongs), "/data")


def _about(ground: Ground, name: str, slug: str, price: float) -> dict[str, Any]:
    site = ground.shop.site
    return {
        "description": f"{name}, made to last. Ships within three days.",
        "price": price,
        "url": f"{site}/products/{slug}",
        "image_full_url": f"{site}/pictures/{slug}.jpg",
        "image_thumbnail_url": f"{site}/pictures/{slug}-small.jpg",
    }


def _resource(kind: str, external: str, given: dict[str, Any], linked: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"type": kind, "attributes": {"external_id": external, **given}, "relationships": linked or {}}


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
