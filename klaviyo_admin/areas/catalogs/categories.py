"""Categories, declared: under which the shop shows its products."""

from klaviyo_admin.areas.base import Action, Filter, Resource, Source, Tab
from klaviyo_admin.areas.catalogs import bulk, forms, many, service
from klaviyo_admin.areas.catalogs import columns as look
from klaviyo_admin.areas.catalogs.shared import delete
from klaviyo_admin.areas.words import name

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
        Filter("item", "Product", "get_catalog_categories", "item.id", kind="thing", of="catalog-items"),
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
        Action(
            "delete-rows",
            "Delete from a file",
            many.DeletedRows,
            bulk.deleting_rows(bulk.CATEGORIES),
            ("bulk_delete_catalog_categories",),
            on="new",
        ),
        delete(bulk.CATEGORIES, "delete_catalog_category", "The products in it stay."),
    ),
)
