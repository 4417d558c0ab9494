"""Products, declared: what the shop sells."""

from klaviyo_admin.areas.base import Action, Filter, Resource, Source, Tab
from klaviyo_admin.areas.catalogs import bulk, forms, many, service
from klaviyo_admin.areas.catalogs import columns as look
from klaviyo_admin.areas.catalogs.shared import delete, filters
from klaviyo_admin.areas.reviews import columns as review
from klaviyo_admin.areas.reviews.service import of_product

OLD_PRICE = "A new price appears in messages with this product and can start price-drop flows."
ONLY_CUSTOM = "Only for products that come through the API; those of a connected shop are changed there."

PRODUCTS = Resource(
    key="catalog-items",
    one="product",
    many="products",
    type="catalog-item",
    source=Source("get_catalog_items", "get_catalog_item", sort="-created"),
    name=look.title,
    columns=(look.TITLE, look.PRICE, look.PUBLISHED, look.EXTERNAL, look.CREATED, look.UPDATED, *look.ABOUT),
    filters=filters(
        "get_catalog_items",
        Filter("category", "Category", "get_catalog_items", "category.id", kind="thing", of="catalog-categories"),
    ),
    tabs=(
        Tab(
            "variants",
            "Variants",
            "get_variants_for_catalog_item",
            look.VARIANTS,
            links_to="catalog-variants",
            empty="No variants.",
            ids="get_variant_ids_for_catalog_item",
        ),
        Tab(
            "categories",
            "Categories",
            "get_categories_for_catalog_item",
            look.CATEGORIES,
            links_to="catalog-categories",
            empty="In no category.",
            ids="get_category_ids_for_catalog_item",
        ),
        Tab(
            "reviews",
            "Reviews",
            "get_reviews",
            review.SAID,
            links_to="reviews",
            empty="Nobody has reviewed it.",
            lazy=True,
            page=of_product,
        ),
    ),
    actions=(
        Action(
            "edit",
            "Edit",
            forms.EditProduct,
            service.edit_product,
            ("update_catalog_item",),
            start=service.start_product,
            hint=ONLY_CUSTOM,
        ),
        Action(
            "add-variant",
            "Add a variant",
            forms.AddVariant,
            service.create_variant,
            ("create_catalog_variant",),
        ),
        Action(
            "change",
            "Price and visibility",
            many.ChangeProducts,
            bulk.changing(bulk.PRODUCTS),
            ("bulk_update_catalog_items",),
            on="many",
            hint=OLD_PRICE,
        ),
        Action(
            "add-categories",
            "Put into categories",
            forms.PickCategories,
            service.add_categories,
            ("add_categories_to_catalog_item",),
            on="many",
            hint="Klaviyo refuses a product that is in one of them already.",
        ),
        Action(
            "remove-categories",
            "Take out of categories",
            forms.PickCategories,
            service.remove_categories,
            ("remove_categories_from_catalog_item",),
            on="many",
        ),
        Action(
            "set-categories",
            "Set its categories",
            forms.SetCategories,
            service.set_categories,
            ("update_categories_for_catalog_item",),
            hint="Replaces the whole set: the product leaves every category that is not ticked.",
        ),
        Action("create", "New product", forms.NewProduct, service.create_product, ("create_catalog_item",), on="new"),
        Action(
            "import",
            "Create from a file",
            many.ProductRows,
            bulk.creating(bulk.PRODUCTS),
            ("bulk_create_catalog_items",),
            on="new",
        ),
        Action(
            "import-changes",
            "Change from a file",
            many.ProductUpdates,
            bulk.updating(bulk.PRODUCTS),
            ("bulk_update_catalog_items",),
            on="new",
            hint=OLD_PRICE,
        ),
        Action(
            "delete-rows",
            "Delete from a file",
            many.DeletedRows,
            bulk.deleting_rows(bulk.PRODUCTS),
            ("bulk_delete_catalog_items",),
            on="new",
        ),
        delete(
            bulk.PRODUCTS,
            "delete_catalog_item",
            "It disappears from product blocks and recommendations, and its variants go with it.",
        ),
    ),
)
