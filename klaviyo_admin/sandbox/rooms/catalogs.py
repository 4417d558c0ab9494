"""The room of catalogs: items, their variants, and the categories that show them."""

from collections.abc import Callable, Mapping

from klaviyo_admin.sandbox import things
from klaviyo_admin.sandbox.asking import Ask, Reply
from klaviyo_admin.sandbox.documents import single
from klaviyo_admin.sandbox.refusals import Problem, Refusal
from klaviyo_admin.sandbox.rooms import goods
from klaviyo_admin.sandbox.rooms.goods import CATEGORIES, ITEMS, SHOWS, VARIANT, VARIANTS
from klaviyo_admin.sandbox.rooms.reading import Room, all_of, one_of, owner, related
from klaviyo_admin.sandbox.shelves import Row, Shelf


def _create(shelf: Shelf) -> Room:
    return lambda ask: Reply(single(ask, shelf, goods.add(things.ledger(ask), ask.document["data"], "/data")))


def _update(shelf: Shelf) -> Room:
    def room(ask: Ask) -> Reply:
        owner(ask, shelf)
        ask.must_match()
        return Reply(single(ask, shelf, goods.change(things.ledger(ask), ask.document["data"], "/data")))

    return room


def _delete(shelf: Shelf) -> Room:
    def room(ask: Ask) -> Reply:
        things.remove(ask.db, owner(ask, shelf))
        return Reply()

    return room


Pair = tuple[int, int]  # row numbers of a category and an item


def _linking(of: Shelf, other: Shelf, act: Callable[[Ask, Row, list[Row]], None]) -> Room:
    """A room that does something with the links between a resource in the path and those in the body."""

    def room(ask: Ask) -> Reply:
        row = owner(ask, of)
        given = enumerate(ask.document["data"])
        act(ask, row, [things.named(ask, other, item["id"], f"/data/{place}/id") for place, item in given])
        return Reply()

    return room


def _pair(row: Row, other: Row) -> Pair:
    return (row["n"], other["n"]) if row["kind"] == CATEGORIES.type else (other["n"], row["n"])


def _add(ask: Ask, row: Row, others: list[Row]) -> None:
    for place, other in enumerate(others):
        category, item = _pair(row, other)
        sql = "SELECT 1 FROM bond WHERE kind = ? AND holder = ? AND held = ?"
        if ask.db.execute(sql, (SHOWS, category, item)).fetchone():
            raise Refusal(Problem("conflict", "These two are linked already.", f"/data/{place}/id"))
        things.tie(ask.db, SHOWS, category, [item])


def _replace(ask: Ask, row: Row, others: list[Row]) -> None:
    goods.link(things.ledger(ask), row, [other["n"] for other in others])


def _remove(ask: Ask, row: Row, others: list[Row]) -> None:
    for other in others:
        category, item = _pair(row, other)
        things.untie(ask.db, SHOWS, category, [item])


_VARIANTS, _VARIANT_IDS = related(ITEMS, VARIANTS, things.children(VARIANT))
_CATEGORIES, _CATEGORY_IDS = related(ITEMS, CATEGORIES, things.holders(SHOWS))
_ITEMS, _ITEM_IDS = related(CATEGORIES, ITEMS, things.held(SHOWS))
ROOM: Mapping[str, Room] = {
    "get_catalog_items": all_of(ITEMS),
    "get_catalog_item": one_of(ITEMS),
    "create_catalog_item": _create(ITEMS),
    "update_catalog_item": _update(ITEMS),
    "delete_catalog_item": _delete(ITEMS),
    "get_catalog_variants": all_of(VARIANTS),
    "get_catalog_variant": one_of(VARIANTS),
    "create_catalog_variant": _create(VARIANTS),
    "update_catalog_variant": _update(VARIANTS),
    "delete_catalog_variant": _delete(VARIANTS),
    "get_catalog_categories": all_of(CATEGORIES),
    "get_catalog_category": one_of(CATEGORIES),
    "create_catalog_category": _create(CATEGORIES),
    "update_catalog_category": _update(CATEGORIES),
    "delete_catalog_category": _delete(CATEGORIES),
    "get_variants_for_catalog_item": _VARIANTS,
    "get_variant_ids_for_catalog_item": _VARIANT_IDS,
    "get_categories_for_catalog_item": _CATEGORIES,
    "get_category_ids_for_catalog_item": _CATEGORY_IDS,
    "add_categories_to_catalog_item": _linking(ITEMS, CATEGORIES, _add),
    "update_categories_for_catalog_item": _linking(ITEMS, CATEGORIES, _replace),
    "remove_categories_from_catalog_item": _linking(ITEMS, CATEGORIES, _remove),
    "get_items_for_catalog_category": _ITEMS,
    "get_item_ids_for_catalog_category": _ITEM_IDS,
    "add_items_to_catalog_category": _linking(CATEGORIES, ITEMS, _add),
    "update_items_for_catalog_category": _linking(CATEGORIES, ITEMS, _replace),
    "remove_items_from_catalog_category": _linking(CATEGORIES, ITEMS, _remove),
}
