"""How products, their variants and categories look in tables, their own and those of other areas."""

from klaviyo_admin.areas.base import Column
from klaviyo_admin.klaviyo.values import Item

POLICY = {
    0: "Sold whatever the stock",
    1: "Hidden when out of stock",
    2: "Shown when out of stock",
}
CHANNELS = (("EMAIL", "E-mail"), ("SMS", "Text message"), ("WHATSAPP", "WhatsApp"), ("PUSH", "Push message"))


def title(item: Item) -> str:
    """What a product or variant is called: its title, else its id in the shop."""
    return str(item.get("title") or item.get("external_id") or item.id)


def policy(variant: Item) -> str | None:
    """What happens when a variant is out of stock."""
    given = variant.get("inventory_policy")
    return None if given is None else POLICY.get(given, str(given))


TITLE = Column("title", "Title", title)
PRICE = Column("price", "Price", lambda x: x.get("price"), as_="money")
PUBLISHED = Column("published", "Shown", lambda x: x.get("published"), as_="flag")
EXTERNAL = Column("external_id", "ID in the shop", lambda x: x.get("external_id"))
CREATED = Column("created", "Created", lambda x: x.get("created"), as_="moment", sort="created")
UPDATED = Column("updated", "Updated", lambda x: x.get("updated"), as_="moment")
URL = Column("url", "Address", lambda x: x.get("url"), first=False)
DESCRIPTION = Column("description", "Description", lambda x: x.get("description"), first=False)
PICTURE = Column("image_full_url", "Picture", lambda x: x.get("image_full_url"), first=False)
SMALL = Column("image_thumbnail_url", "Small picture", lambda x: x.get("image_thumbnail_url"), first=False)
MORE = Column("images", "More pictures", lambda x: x.get("images"), first=False)
ID = Column("id", "ID", lambda x: x.id, as_="id", first=False)
SKU = Column("sku", "SKU", lambda x: x.get("sku"))
STOCK = Column("inventory_quantity", "In stock", lambda x: x.get("inventory_quantity"), as_="number")
WITHOUT_STOCK = Column("inventory_policy", "Without stock", policy, first=False)
NAME = Column("name", "Name", lambda x: x.get("name") or x.id)

ABOUT = (DESCRIPTION, URL, PICTURE, SMALL, MORE, ID)
PRODUCTS = (TITLE, PRICE, PUBLISHED)
VARIANTS = (TITLE, SKU, PRICE, STOCK)
CATEGORIES = (NAME,)
