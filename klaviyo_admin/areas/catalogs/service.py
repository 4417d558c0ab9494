"""The pure builders of changes to single products, variants and categories, and to who is in which category."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError

from klaviyo_admin.areas import building
from klaviyo_admin.areas.base import Answers
from klaviyo_admin.areas.building import Build, Noun, linked, posted, to_many, to_one
from klaviyo_admin.areas.catalogs.columns import CHANNELS, title
from klaviyo_admin.areas.profiles import service as profiles
from klaviyo_admin.areas.rows import chunks
from klaviyo_admin.areas.words import counted, listed, name, plain
from klaviyo_admin.intents import FieldChange, Intent, Request, Target
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.values import Item, Json

_REACHED_BY = {"EMAIL": "email", "SMS": "phone_number", "WHATSAPP": "phone_number"}
PREFIX = "$custom:::$default:::"  # Klaviyo's ids of a custom catalogue begin so
AT_ONCE = 100  # products that one request puts into a category
_CATALOGUE = {"integration_type": "$custom", "catalog_type": "$default"}
_SHARED = {
    "external_id": "ID in the shop",
    "title": "Title",
    "description": "Description",
    "price": "Price",
    "published": "Visibility",
    "url": "Address",
    "image_full_url": "Picture",
    "image_thumbnail_url": "Small picture",
    "images": "More pictures",
    "custom_metadata": "Other facts",
}
_STOCK = {"sku": "SKU", "inventory_quantity": "In stock", "inventory_policy": "Without stock"}

PRODUCT = Noun("product", "products", "catalog-item", "get_catalog_item", title, _SHARED)
VARIANT = Noun("variant", "variants", "catalog-variant", "get_catalog_variant", title, _SHARED | _STOCK)
CATEGORY = Noun(
    "category",
    "categories",
    "catalog-category",
    "get_catalog_category",
    name,
    {"external_id": "ID in the shop", "name": "Name"},
)

start_product, start_variant = building.starting(PRODUCT), building.starting(VARIANT)
start_category = building.starting(CATEGORY)
edit_product = building.editing("catalogs.edit_product", "update_catalog_item", PRODUCT)
edit_variant = building.editing("catalogs.edit_variant", "update_catalog_variant", VARIANT)
edit_category = building.editing("catalogs.edit_category", "update_catalog_category", CATEGORY)


def create_product(items: Sequence[Item], answers: Answers) -> Intent:
    """One POST of a product, in the picked `categories`."""
    categories: Sequence[Item] = answers["categories"]
    return _created("catalogs.create_product", "create_catalog_item", PRODUCT, answers, "categories", categories)


def create_category(items: Sequence[Item], answers: Answers) -> Intent:
    """One POST of a category with the picked `items` in it."""
    return _created("catalogs.create_category", "create_catalog_category", CATEGORY, answers, "items", answers["items"])


def _created(action: str, called: str, noun: Noun, answers: Answers, relation: str, others: Sequence[Item]) -> Intent:
    target = noun.new(str(answers["title" if "title" in noun.labels else "name"]))
    fields = _filled(noun, answers)
    related = {relation: to_many(others)} if others else None
    request = posted(called, target, fields, related, attributes=_CATALOGUE)
    sentence = f"Create the {noun.one} “{{target}}”."
    if others:
        other = PRODUCT if relation == "items" else CATEGORY
        names = [title_or_name(one) for one in others]
        fields += (FieldChange(("members", relation), other.many.capitalize(), None, names),)
        sentence = f"Create the {noun.one} “{{target}}” with {counted(len(others), other.one, other.many)}."
    return Intent(action, sentence, (replace(request, fields=fields),), target)


def create_variant(items: Sequence[Item], answers: Answers) -> Intent:
    """One POST of a variant of the product that was opened, else of the picked `item`."""
    product: Item = items[0] if items else answers["item"]
    target = VARIANT.new(str(answers["title"]))
    fields = _filled(VARIANT, answers)
    request = posted("create_catalog_variant", target, fields, {"item": to_one(product)}, attributes=_CATALOGUE)
    sentence = f"Create the variant “{{target}}” of the product “{plain(title(product))}”."
    return Intent("catalogs.create_variant", sentence, (request,), target)


def _filled(noun: Noun, answers: Answers) -> tuple[FieldChange, ...]:
    return noun.changes({key: value for key, value in answers.items() if value not in (None, "", [])})


def id_of(external: Json) -> str:
    """Klaviyo's id of what has this id in the shop; a whole id of Klaviyo's stays."""
    return str(external) if str(external).startswith("$") else f"{PREFIX}{external}"


def title_or_name(item: Item) -> str:
    return str(item.get("title") or item.get("name") or item.id)


def relating(action: str, called: str, noun: Noun, relation: str, label: str, sentence: str) -> Build:
    """Builds one request for each thing that adds, removes or sets what it is related to; `sentence` has places for the
    {things} and the {others}."""
    other = PRODUCT if relation == "items" else CATEGORY

    def build(items: Sequence[Item], answers: Answers) -> Intent:
        others = [(one.type, one.id, title_or_name(one)) for one in answers[relation]]
        known = {ident for _, ident, _ in others}
        by_id = [(other.type, id_of(row.get("external_id")), row.get("external_id")) for row in answers.get("rows", ())]
        others += [one for one in by_id if one[1] not in known]
        requests = tuple(
            linked(called, noun.target(item), relation, label, chunk)
            for item in items
            for chunk in list(chunks(others, AT_ONCE)) or [[]]
        )
        named = listed([name for _, _, name in others], of=other.many) if others else f"no {other.many}"
        things = f"the {noun.one} “{{target}}”" if len(items) == 1 else counted(len(items), noun.one, noun.many)
        target = noun.target(items[0]) if len(items) == 1 else None
        return Intent(action, sentence.format(others=named, things=things), requests, target)

    return build


def _product(action: str, called: str, label: str, sentence: str) -> Build:
    return relating(f"catalogs.{action}", called, PRODUCT, "categories", label, sentence)


def _category(action: str, called: str, label: str, sentence: str) -> Build:
    return relating(f"catalogs.{action}", called, CATEGORY, "items", label, sentence)


add_categories = _product(
    "add_categories", "add_categories_to_catalog_item", "Joins the categories", "Put {things} into {others}."
)
remove_categories = _product(
    "remove_categories",
    "remove_categories_from_catalog_item",
    "Leaves the categories",
    "Take {things} out of {others}.",
)
set_categories = _product(
    "set_categories",
    "update_categories_for_catalog_item",
    "Its only categories",
    "Set the categories of {things}: {others}, and nothing else.",
)
add_products = _category(
    "add_products", "add_items_to_catalog_category", "Products that join", "Put {others} into {things}."
)
remove_products = _category(
    "remove_products", "remove_items_from_catalog_category", "Products that leave", "Take {others} out of {things}."
)
set_products = _category(
    "set_products",
    "update_items_for_catalog_category",
    "Its only products",
    "Set the products of {things}: {others}, and nothing else.",
)


def back_in_stock(items: Sequence[Item], answers: Answers) -> Intent:
    """One POST that signs the picked `profile` up for a message when the variant is back, over these `channels`."""
    (variant,), profile, channels = items, answers["profile"], answers["channels"]
    document = {
        "data": {
            "type": "back-in-stock-subscription",
            "attributes": {"channels": channels, "profile": {"data": _person(profile, channels)}},
            "relationships": {"variant": {"data": {"type": variant.type, "id": variant.id}}},
        }
    }
    spoken = dict(CHANNELS)
    fields = (
        FieldChange(("profile",), "Who is told", None, profiles.name(profile)),
        FieldChange(("channels",), "How", None, [spoken[channel] for channel in channels]),
    )
    target = Target("catalog-variant", variant.id, title(variant), "get_catalog_variant")
    write = operation("create_back_in_stock_subscription").write({}, document)
    how = " and ".join(spoken[channel].lower().replace("whatsapp", "WhatsApp") for channel in channels)
    sentence = f"Tell 1 profile by {how} when the variant “{{target}}” is back in stock."
    return Intent("catalogs.back_in_stock", sentence, (Request(write, target, fields),), target)


def _person(profile: Item, channels: Sequence[str]) -> dict[str, Json]:
    """The profile as the request names it. Raises ValidationError where a channel cannot reach it."""
    known: Mapping[str, Any] = {key: profile.get(key) for key in ("email", "phone_number", "external_id")}
    for channel in channels:
        if (needed := _REACHED_BY.get(channel)) and not known[needed]:
            what = "e-mail address" if needed == "email" else "phone number"
            raise ValidationError(
                {"channels": f"{profiles.name(profile)} has no {what}, so {dict(CHANNELS)[channel]} cannot reach them."}
            )
    attributes = {key: value for key, value in known.items() if value}
    return {"type": "profile", "id": profile.id, "attributes": attributes}
