"""Variants, declared: what of a product is on the shelf."""

from klaviyo_admin.areas.base import Action, Filter, Resource, Source
from klaviyo_admin.areas.catalogs import bulk, forms, many, service
from klaviyo_admin.areas.catalogs import columns as look
from klaviyo_admin.areas.catalogs.shared import delete, filters

VARIANTS = Resource(
    key="catalog-variants",
    one="variant",
    many="variants",
    type="catalog-variant",
    source=Source("get_catalog_variants", "get_catalog_variant", sort="-created"),
    name=look.title,
    columns=(
        look.TITLE,
        look.SKU,
        look.PRICE,
        look.STOCK,
        look.PUBLISHED,
        look.WITHOUT_STOCK,
        look.EXTERNAL,
        look.CREATED,
        look.UPDATED,
        *look.ABOUT,
    ),
    filters=filters(
        "get_catalog_variants",
        Filter("sku", "SKU is", "get_catalog_variants", "sku"),
        Filter("item", "Product", "get_catalog_variants", "item.id", kind="thing", of="catalog-items"),
    ),
    actions=(
        Action(
            "edit",
            "Edit",
            forms.EditVariant,
            service.edit_variant,
            ("update_catalog_variant",),
            start=service.start_variant,
            hint="A new price or stock can start price-drop, low-inventory and back-in-stock messages.",
        ),
        Action(
            "change",
            "Price, stock and visibility",
            many.ChangeVariants,
            bulk.changing(bulk.VARIANTS),
            ("bulk_update_catalog_variants",),
            on="many",
            hint="A new price or stock can start price-drop, low-inventory and back-in-stock messages.",
        ),
        Action(
            "back-in-stock",
            "Tell somebody when it is back",
            forms.BackInStock,
            service.back_in_stock,
            ("create_back_in_stock_subscription",),
            hint="Klaviyo offers no way to take such a sign-up back.",
        ),
        Action(
            "create", "New variant", forms.NewVariant, service.create_variant, ("create_catalog_variant",), on="new"
        ),
        Action(
            "import",
            "Create from a file",
            many.VariantRows,
            bulk.creating(bulk.VARIANTS),
            ("bulk_create_catalog_variants",),
            on="new",
        ),
        Action(
            "import-changes",
            "Change from a file",
            many.VariantUpdates,
            bulk.updating(bulk.VARIANTS),
            ("bulk_update_catalog_variants",),
            on="new",
        ),
        Action(
            "delete-rows",
            "Delete from a file",
            many.DeletedRows,
            bulk.deleting_rows(bulk.VARIANTS),
            ("bulk_delete_catalog_variants",),
            on="new",
        ),
        delete(bulk.VARIANTS, "delete_catalog_variant", "Its back-in-stock sign-ups are gone with it."),
    ),
)
