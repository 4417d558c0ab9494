"""How an image looks in tables, its own and those of other areas."""

from klaviyo_admin.areas.base import Column
from klaviyo_admin.areas.words import name
from klaviyo_admin.klaviyo.values import Item


def size(image: Item) -> str | None:
    """How many bytes the file has, in words."""
    given = image.get("size")
    if not isinstance(given, int):
        return None
    return f"{given:,} bytes" if given < 10_000 else f"{given / 1024:,.0f} KB"


NAME = Column("name", "Name", name, sort="name")
FORMAT = Column("format", "Format", lambda i: str(i.get("format", "")).upper() or None, sort="format")
SIZE = Column("size", "Size", size, sort="size")
HIDDEN = Column("hidden", "Hidden", lambda i: bool(i.get("hidden")), as_="flag", first=False)
UPDATED = Column("updated_at", "Updated", lambda i: i.get("updated_at"), as_="moment", sort="updated_at")
ID = Column("id", "ID", lambda i: i.id, as_="id", sort="id", first=False)

COLUMNS = (NAME, FORMAT, SIZE, HIDDEN, UPDATED, ID)
SHOWN = (NAME, FORMAT, SIZE)
