"""The pure builders of changes to many products, variants or categories at once: from a file of rows, or of a selection."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError

from klaviyo_admin.areas import building
from klaviyo_admin.areas.base import Answers
from klaviyo_admin.areas.batching import Batch, Line
from klaviyo_admin.areas.building import Build, Noun
from klaviyo_admin.areas.catalogs.service import CATEGORY, PRODUCT, VARIANT, id_of
from klaviyo_admin.areas.rows import Row, Rows
from klaviyo_admin.areas.words import counted, plain
from klaviyo_admin.intents import FieldChange, Intent
from klaviyo_admin.klaviyo.values import Item, Json

EACH, AT_ONCE = "each", "job"
AS_IT_IS = "as it is now"  # what stands in for a value that nobody has read
_NEW = {"integration_type": "$custom", "catalog_type": "$default"}


@dataclass(frozen=True, slots=True)
class Goods:
    """A kind of thing in the catalogue, and the three operations that change many of it in one job."""

    noun: Noun
    key: str
    create: Batch
    update: Batch
    delete: Batch


def _goods(noun: Noun, rows: str, read: str) -> Goods:
    """`read` is the word by which the reads of their jobs go ("catalog_items")."""

    def batch(verb: str) -> Batch:
        return Batch(f"bulk_{verb}_catalog_{rows}", rows, f"get_bulk_{verb}_{read}_job")

    return Goods(noun, noun.one, batch("create"), batch("update"), batch("delete"))


PRODUCTS = _goods(PRODUCT, "items", "catalog_items")
VARIANTS = _goods(VARIANT, "variants", "variants")
CATEGORIES = _goods(CATEGORY, "categories", "categories")


def creating(goods: Goods) -> Build:
    """Builds jobs that create what the `rows` say."""
    noun = goods.noun

    def build(items: Sequence[Item], answers: Answers) -> Intent:
        rows: Rows = answers["rows"]
        requests = goods.create.requests(_new(goods, row) for row in rows)
        sentence = f"Create {counted(len(rows), noun.one, noun.many)} from {plain(rows.source)}."
        return Intent(f"catalogs.create_{goods.key}_rows", sentence, requests, details=rows.details())

    return build


def _new(goods: Goods, row: Row) -> Line:
    attributes = {key: value for key, value in row.values.items() if key in goods.noun.labels}
    resource: dict[str, Json] = {"type": goods.noun.type, "attributes": {**attributes, **_NEW}}
    related: dict[str, Json] = {}
    if row.get("item"):
        related["item"] = {"data": {"type": PRODUCT.type, "id": id_of(row.get("item"))}}
    if row.get("categories"):
        related["categories"] = {"data": [{"type": CATEGORY.type, "id": id_of(one)} for one in row.get("categories")]}
    if related:
        resource["relationships"] = related
    called = str(row.get("title") or row.get("name"))
    return resource, (FieldChange(("rows", str(row.line)), f"Line {row.line}", None, called),)


def updating(goods: Goods) -> Build:
    """Builds jobs that overwrite what the filled cells of the `rows` say; what is left empty stays."""
    noun = goods.noun

    def build(items: Sequence[Item], answers: Answers) -> Intent:
        rows: Rows = answers["rows"]
        if bare := next((row for row in rows if set(row.values) == {"external_id"}), None):
            raise ValidationError({"rows": f"Line {bare.line} changes nothing. Fill a cell, or take the line out."})
        requests = goods.update.requests(_changed(goods, row) for row in rows)
        sentence = f"Change {counted(len(rows), noun.one, noun.many)} as {plain(rows.source)} says."
        return Intent(f"catalogs.update_{goods.key}_rows", sentence, requests, details=rows.details())

    return build


def _changed(goods: Goods, row: Row) -> Line:
    ident = str(row.get("external_id"))
    attributes = {key: value for key, value in row.values.items() if key in goods.noun.labels and key != "external_id"}
    resource = {"type": goods.noun.type, "id": id_of(ident), "attributes": attributes}
    labels = goods.noun.labels
    return resource, [
        FieldChange(("rows", ident, key), f"{ident} · {labels[key]}", AS_IT_IS, value)
        for key, value in attributes.items()
    ]


def deleting(goods: Goods) -> Build:
    """Builds the deletion of the things: one request for each, or jobs, as the answer `how` says."""
    one_by_one = building.deleting(f"catalogs.delete_{goods.key}", f"delete_catalog_{_singular(goods)}", goods.noun)

    def build(items: Sequence[Item], answers: Answers) -> Intent:
        intent = one_by_one(items, answers)
        if answers["how"] == EACH:
            return intent
        lines = [({"type": goods.noun.type, "id": item.id}, (_gone(goods.noun, item),)) for item in items]
        return replace(intent, requests=goods.delete.requests(lines))

    return build


def _singular(goods: Goods) -> str:
    return goods.noun.type.removeprefix("catalog-")


def _gone(noun: Noun, item: Item) -> FieldChange:
    return FieldChange(("rows", item.id), noun.one.capitalize(), noun.name(item), None)


def deleting_rows(goods: Goods) -> Build:
    """Builds jobs that delete what the `rows` name by its id in the shop."""
    noun = goods.noun

    def build(items: Sequence[Item], answers: Answers) -> Intent:
        rows: Rows = answers["rows"]
        named = [str(row.get("external_id")) for row in rows]
        lines = [
            ({"type": noun.type, "id": id_of(one)}, (FieldChange(("rows", one), "ID in the shop", one, None),))
            for one in named
        ]
        sentence = f"Delete {counted(len(rows), noun.one, noun.many)} that {plain(rows.source)} names."
        requests = goods.delete.requests(lines)
        return Intent(f"catalogs.delete_{goods.key}_rows", sentence, requests, details=rows.details())

    return build


def start_deleting(items: Sequence[Item]) -> dict[str, Any]:
    """One thing goes by one request, several by one job."""
    return {"how": EACH if len(items) == 1 else AT_ONCE}


def changing(goods: Goods) -> Build:
    """Builds jobs that give the selected things the same visibility, stock or policy, and new prices."""
    noun = goods.noun

    def build(items: Sequence[Item], answers: Answers) -> Intent:
        wanted = [(item, dict(_wanted(item, answers))) for item in items]
        lines = [_line(noun, item, values) for item, values in wanted if values]
        if not lines:
            raise ValidationError("All of them are like this already, so there is nothing to change.")
        keys = dict.fromkeys(key for _, values in wanted for key in values)
        what = " and ".join(noun.labels[key].lower() for key in keys)
        sentence = f"Change the {what} of {counted(len(lines), noun.one, noun.many)}."
        return Intent(f"catalogs.change_{goods.key}s", sentence, goods.update.requests(lines))

    return build


def _wanted(item: Item, answers: Answers) -> Iterator[tuple[str, Json]]:
    """What differs from what the thing holds now."""
    new: Mapping[str, Json] = {
        "published": {"yes": True, "no": False}.get(answers["published"]),
        "price": _price(item, answers),
        "inventory_quantity": answers.get("inventory_quantity"),
        "inventory_policy": answers.get("inventory_policy"),
    }
    yield from ((key, value) for key, value in new.items() if value is not None and value != item.get(key))


def _price(item: Item, answers: Answers) -> float | None:
    value, now = answers["value"], item.get("price")
    if answers["prices"] == "set":
        return float(value)
    if answers["prices"] == "percent" and isinstance(now, int | float):
        return round(max(0.0, float(now) * (1 + float(value) / 100)), 2)
    return None


def _line(noun: Noun, item: Item, values: Mapping[str, Json]) -> Line:
    resource = {"type": noun.type, "id": item.id, "attributes": dict(values)}
    return resource, [
        FieldChange(("rows", item.id, key), f"{noun.name(item)} · {noun.labels[key]}", item.get(key), value)
        for key, value in values.items()
    ]
