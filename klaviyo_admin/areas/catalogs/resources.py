"""The catalogue, declared: products, their variants, and the categories that show them."""

from klaviyo_admin.areas.base import Action, Filter, Resource, Source, Tab
from klaviyo_admin.areas.catalogs import bulk, forms, many, service
from klaviyo_admin.areas.catalogs import columns as look
from klaviyo_admin.areas.reviews import columns as review
from klaviyo_admin.areas.reviews.service import of_product
from klaviyo_admin.areas.words import name

OLD_PRICE = "A new price appears in messages with this product and can start price-drop flows."
ONLY_CUSTOM = "Only for products that come through the API; those of a connected shop are changed there."


def _filters(operation: str, *more: Filter) -> tuple[Filter, ...]:
    return (
        Filter("title", "Title contains", operation, "title", "contains", guess=lambda word: True),
        Filter("published", "Shown to customers", operation, "published", kind="flag"),
        *more,
    )


def _delete(goods: bulk.Goods, single: str, hint: str) -> Action:
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


PRODUCTS = Resource(
    key="catalog-items",
    one="product",
    many="products",
    type="catalog-item",
    source=Source("get_catalog_items", "get_catalog_item", sort="-created"),
    name=look.title,
    columns=(look.TITLE, look.PRICE, look.PUBLISHED, look.EXTERNAL, look.CREATED, look.UPDATED, look.URL, look.ID),
    filters=_filters("get_catalog_items", Filter("category", "Category ID is", "get_catalog_items", "category.id")),
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
        _delete(
            bulk.PRODUCTS,
            "delete_catalog_item",
            "It disappears from product blocks and recommendations, and its variants go with it.",
        ),
    ),
)

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
        look.URL,
        look.ID,
    ),
    filters=_filters(
        "get_catalog_variants",
        Filter("sku", "SKU is", "get_catalog_variants", "sku"),
        Filter("item", "Product ID is", "get_catalog_variants", "item.id"),
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
        _delete(bulk.VARIANTS, "delete_catalog_variant", "Its back-in-stock sign-ups are gone with it."),
    ),
)

CATEGORIES = Resource(
    key="catalog-categories",
    one="category",
    many="categories",
    type="catalog-category",
    source=Source("get_catalog_categories", "get_catalog_category"),
    name=name,
    columns=(look.NAME, look.EXTERNAL, look.UPDATED, look.ID),
    filters=(
        Filter("name", "Name contains", "get_catalog_categories", "name", "contains", guess=lambda word: True),
        Filter("item", "Product ID is", "get_catalog_categories", "item.id"),
    ),
    tabs=(
        Tab(
            "items",
            "Products",
            "get_items_for_catalog_category",
            look.PRODUCTS,
            links_to="catalog-items",
            empty="No products.",
            ids="get_item_ids_for_catalog_category",
        ),
    ),
    actions=(
        Action(
            "edit",
            "Rename",
            forms.EditCategory,
            service.edit_category,
            ("update_catalog_category",),
            start=service.start_category,
        ),
        Action(
            "add-products",
            "Add products",
            forms.PickProducts,
            service.add_products,
            ("add_items_to_catalog_category",),
            hint="Klaviyo refuses a product that is in the category already.",
        ),
        Action(
            "remove-products",
            "Take products out",
            forms.PickProducts,
            service.remove_products,
            ("remove_items_from_catalog_category",),
        ),
        Action(
            "set-products",
            "Set its products",
            forms.SetProducts,
            service.set_products,
            ("update_items_for_catalog_category",),
            hint="Replaces the whole set: every product that is not ticked leaves the category.",
        ),
        Action(
            "create", "New category", forms.NewCategory, service.create_category, ("create_catalog_category",), on="new"
        ),
        Action(
            "import",
            "Create from a file",
            many.CategoryRows,
            bulk.creating(bulk.CATEGORIES),
            ("bulk_create_catalog_categories",),
            on="new",
        ),
        Action(
            "import-names",
            "Rename from a file",
            many.CategoryUpdates,
            bulk.updating(bulk.CATEGORIES),
            ("bulk_update_catalog_categories",),
            on="new",
        ),
        _delete(bulk.CATEGORIES, "delete_catalog_category", "The products in it stay."),
    ),
)
