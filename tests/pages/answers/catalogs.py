"""Answers to the forms of the catalogue."""

from collections.abc import Mapping

_DELETES = ({"how": "each"}, {"how": "job"})
_PRODUCT = "external_id,title,description,url"
_LINE = "mug-1,Mug,A mug,https://example.com/mug"
_NEW = {"external_id": "mug-1", "title": "Mug", "description": "A mug", "url": "https://example.com/mug"}
_STOCK = {"sku": "M-1", "price": "12.50", "inventory_quantity": "3", "inventory_policy": "1"}

ANSWERS: Mapping[tuple[str, str], object] = {
    ("catalog-items", "edit"): {"title": "Cup", "price": "17.25"},
    ("catalog-items", "add-variant"): _NEW | _STOCK,
    ("catalog-items", "change"): ({"prices": "percent", "value": "-10"}, {"prices": "set", "value": "3.99"}),
    ("catalog-items", "create"): _NEW,
    ("catalog-items", "import"): {"rows": f"{_PRODUCT},price,categories\n{_LINE},12.50,kitchen; gifts"},
    ("catalog-items", "import-changes"): {"rows": "external_id,price,published\nmug-1,11,no"},
    ("catalog-items", "delete"): _DELETES,
    ("catalog-items", "delete-rows"): {"rows": "mug-1\nmug-2"},
    ("catalog-variants", "edit"): {"title": "Cup", "inventory_quantity": "7"},
    ("catalog-variants", "change"): {"inventory_quantity": "1234"},
    ("catalog-variants", "back-in-stock"): {"channels": ["EMAIL"]},
    ("catalog-variants", "create"): _NEW | _STOCK,
    ("catalog-variants", "import"): {
        "rows": f"{_PRODUCT},item,price,sku,inventory_quantity\n{_LINE},mug,12,M-1,4\nmug-2,Cup,A cup,https://example.com/c,mug,9,M-2,0"
    },
    ("catalog-variants", "import-changes"): {"rows": "external_id,stock\nmug-1,11"},
    ("catalog-variants", "delete"): _DELETES,
    ("catalog-variants", "delete-rows"): {"rows": "mug-1-blue"},
    ("catalog-categories", "add-products"): {"rows": "mug-1\nmug-2"},
    ("catalog-categories", "remove-products"): {"rows": "mug-1"},
    ("catalog-categories", "edit"): {"name": "Gifts"},
    ("catalog-categories", "create"): {"external_id": "gifts", "name": "Gifts"},
    ("catalog-categories", "import"): {"rows": "external_id,name\ngifts,Gifts\nmugs,Mugs"},
    ("catalog-categories", "import-names"): {"rows": "external_id,name\ngifts,Presents"},
    ("catalog-categories", "delete"): _DELETES,
    ("catalog-categories", "delete-rows"): {"rows": "ID in the shop\ngifts"},
}
