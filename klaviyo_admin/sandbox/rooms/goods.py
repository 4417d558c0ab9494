"""What catalog items, variants and categories are: how each is shown, made and changed, one by one or by a job."""

import json
import random
from collections.abc import Mapping
from typing import Any

from klaviyo_admin.sandbox import things
from klaviyo_admin.sandbox.asking import Json
from klaviyo_admin.sandbox.filtering import Literal
from klaviyo_admin.sandbox.moments import exact
from klaviyo_admin.sandbox.refusals import Problem, Refusal, invalid
from klaviyo_admin.sandbox.shelves import Extras, Relation, Row, Shelf, Sql, shelf_of

ITEM, VARIANT, CATEGORY = "catalog-item", "catalog-variant", "catalog-category"
SHOWS = "category-shows-item"  # the bond from a category to its items
_LARGEST = 100 * 1024  # bytes of an item's own metadata
_INTEGRATION, _CATALOG = "$custom", "$default"
_COMMON = ("image_full_url", "image_thumbnail_url", "images", "custom_metadata", "published")
_FIELDS: Mapping[str, tuple[str, ...]] = {
    ITEM: ("description", "price", "url", *_COMMON),
    VARIANT: ("description", "sku", "inventory_policy", "inventory_quantity", "price", "url", *_COMMON),
    CATEGORY: (),
}
_BLANK = {"published": True, "images": [], "custom_metadata": {}, "inventory_policy": 0}
_TITLE = {ITEM: "title", VARIANT: "title", CATEGORY: "name"}


def _good(row: Row, extras: Extras) -> dict[str, Any]:
    kept = things.content(row)
    shown = {"external_id": kept["external_id"], _TITLE[row["kind"]]: row["name"]}
    shown |= {name: kept[name] for name in _FIELDS[row["kind"]]}
    if row["kind"] != CATEGORY:
        shown["created"] = exact(row["created"])
    return shown | {"updated": exact(row["updated"])}


def _of_category(operator: str, value: Literal, account: int) -> Sql:
    return _bonded("held", "holder", CATEGORY), (SHOWS, account, value)


def _of_item(operator: str, value: Literal, account: int) -> Sql:
    return _bonded("holder", "held", ITEM), (SHOWS, account, value)


def _bonded(wanted: str, given: str, kind: str) -> str:
    return (
        f"thing.n IN (SELECT bond.{wanted} FROM bond JOIN thing other ON other.n = bond.{given} "
        f"WHERE bond.kind = ? AND other.account = ? AND other.kind = '{kind}' AND other.id = ?)"
    )


_COLUMNS = {
    "ids": "thing.id",
    "title": "thing.name",
    "sku": "thing.data ->> '$.sku'",
    "published": "thing.data ->> '$.published'",
}
ITEMS: Shelf = things.shelf(
    ITEM,
    "/api/catalog-items",
    _good,
    columns=_COLUMNS,
    special={"category.id": _of_category},
    relations=(Relation("variants", shelf_of(VARIANT), things.loading_children(VARIANT)),),
    sort="created",
)
VARIANTS: Shelf = things.shelf(
    VARIANT,
    "/api/catalog-variants",
    _good,
    columns=_COLUMNS,
    special={
        "item.id": lambda operator, value, account: (
            f"thing.parent = (SELECT n FROM thing WHERE account = ? AND kind = '{ITEM}' AND id = ?)",
            (account, value),
        )
    },
    relations=(Relation("item", lambda: ITEMS, things.LOADING_PARENT, many=False, always=True),),
    sort="created",
)
CATEGORIES: Shelf = things.shelf(
    CATEGORY,
    "/api/catalog-categories",
    _good,
    columns=_COLUMNS,
    special={"item.id": _of_item},
    relations=(Relation("items", shelf_of(ITEM), things.loading_held(SHOWS)),),
    sort="created",
)


def id_of(external: str) -> str:
    return f"{_INTEGRATION}:::{_CATALOG}:::{external}"


def add(where: things.Ledger, data: Json, pointer: str) -> Row:
    """A new item, variant or category from a resource in a body, which lies at `pointer`. Raises Refusal."""
    kind, given, at = data["type"], data["attributes"], f"{pointer}/attributes"
    if not given["external_id"].strip():
        raise invalid("'external_id' may not be blank.", f"{at}/external_id")
    if (given.get("catalog_type") or _CATALOG) != _CATALOG:
        raise invalid(f"'catalog_type' must be {_CATALOG}.", f"{at}/catalog_type")
    _check(given, at)
    ident = id_of(given["external_id"])
    if things.find(where, kind, ident):
        detail = f"A {kind} with the external_id '{given['external_id']}' exists already."
        raise Refusal(Problem("conflict", detail, f"{at}/external_id"))
    kept = {"external_id": given["external_id"]}
    for name in _FIELDS[kind]:
        kept[name] = _BLANK.get(name) if given.get(name) is None else given[name]
    parent = _item(where, data, pointer) if kind == VARIANT else None
    row = things.add(where, kind, ident, kept, name=given[_TITLE[kind]], parent=parent)
    _relate(where, row, data, pointer)
    return row


def change(where: things.Ledger, data: Json, pointer: str) -> Row:
    """Overwrites what a resource in a body gives; null means nothing given. Raises Refusal."""
    kind, at = data["type"], f"{pointer}/attributes"
    row = _known(where, kind, data["id"], f"{pointer}/id")
    given = {k: v for k, v in (data.get("attributes") or {}).items() if v is not None}
    _check(given, at)
    name = given.pop(_TITLE[kind], None)
    row = things.change(where, row, data={k: v for k, v in given.items() if k in _FIELDS[kind]}, name=name)
    _relate(where, row, data, pointer)
    return row


def remove(where: things.Ledger, data: Json, pointer: str) -> None:
    """Raises Refusal for what does not exist."""
    things.remove(where.db, _known(where, data["type"], data["id"], f"{pointer}/id"))


def _check(given: Json, at: str) -> None:
    if len(json.dumps(given.get("custom_metadata") or {}).encode()) > _LARGEST:
        raise invalid("'custom_metadata' may not be larger than 100 KB.", f"{at}/custom_metadata")
    for name in ("title", "name"):
        if given.get(name) is not None and not given[name].strip():
            raise invalid(f"'{name}' may not be blank.", f"{at}/{name}")


def _known(where: things.Ledger, kind: str, ident: str, pointer: str) -> Row:
    row = things.find(where, kind, ident)
    if row is None:
        raise Refusal(Problem("not_found", f"A {kind} with id {ident} does not exist.", pointer))
    return row


def _item(where: things.Ledger, data: Json, pointer: str) -> int:
    given = data["relationships"]["item"].get("data")
    if not given:
        raise invalid("A variant belongs to an item.", f"{pointer}/relationships/item/data")
    return int(_known(where, ITEM, given["id"], f"{pointer}/relationships/item/data/id")["n"])


def _relate(where: things.Ledger, row: Row, data: Json, pointer: str) -> None:
    """Replaces the links between categories and items by those given."""
    for name, kind in (("items", ITEM), ("categories", CATEGORY)):
        given = ((data.get("relationships") or {}).get(name) or {}).get("data")
        if given is None:
            continue
        at = f"{pointer}/relationships/{name}/data"
        others = [_known(where, kind, item["id"], f"{at}/{place}/id")["n"] for place, item in enumerate(given)]
        link(where, row, others)


def link(where: things.Ledger, row: Row, others: list[int]) -> None:
    """These items (of a category) or categories (of an item), and no others."""
    if row["kind"] == CATEGORY:
        things.untie(where.db, SHOWS, row["n"])
        things.tie(where.db, SHOWS, row["n"], others)
        return
    where.db.execute("DELETE FROM bond WHERE kind = ? AND held = ?", (SHOWS, row["n"]))
    for category in others:
        things.tie(where.db, SHOWS, category, [row["n"]])


def make(where: things.Ledger, data: Json, pointer: str, chance: random.Random) -> Row:
    """`add` as the work of a job."""
    return add(where, data, pointer)


def amend(where: things.Ledger, data: Json, pointer: str, chance: random.Random) -> Row:
    """`change` as the work of a job."""
    return change(where, data, pointer)


def drop(where: things.Ledger, data: Json, pointer: str, chance: random.Random) -> None:
    """`remove` as the work of a job."""
    remove(where, data, pointer)
