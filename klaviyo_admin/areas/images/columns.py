"""How an image looks in tables, its own and those of other areas."""

from klaviyo_admin.areas.base import Column
from klaviyo_admin.areas.words import name

NAME = Column("name", "Name", name, sort="name")
FORMAT = Column("format", "Format", lambda i: str(i.get("format", "")).upper() or None, sort="format")
SIZE = Column("size", "Bytes", lambda i: i.get("size"), as_="number", sort="size")
HIDDEN = Column("hidden", "Hidden", lambda i: bool(i.get("hidden")), as_="flag")
UPDATED = Column("updated_at", "Updated", lambda i: i.get("updated_at"), as_="moment", sort="updated_at")
ID = Column("id", "ID", lambda i: i.id, as_="id", sort="id")

COLUMNS = (NAME, FORMAT, SIZE, HIDDEN, UPDATED, ID)
SHOWN = (NAME, FORMAT, SIZE)
