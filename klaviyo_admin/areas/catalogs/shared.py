"""What products, variants and categories declare alike."""

from klaviyo_admin.areas.base import Action, Filter
from klaviyo_admin.areas.catalogs import bulk, many


def filters(operation: str, *more: Filter) -> tuple[Filter, ...]:
    return (
        Filter("title", "Title contains", operation, "title", "contains", guess=lambda word: True),
        Filter("published", "Shown to customers", operation, "published", kind="flag"),
        *more,
    )


def delete(goods: bulk.Goods, single: str, hint: str) -> Action:
    return Action(
        "delete",
        "Delete",
        many.DeleteMany,
        bulk.deleting(goods),
        (single, goods.delete.operation),
        on="many",
        start=bulk.start_deleting,
        hint=hint,
    )
