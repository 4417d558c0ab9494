"""How profiles look in the tables of other areas."""

from klaviyo_admin.areas.base import Column
from klaviyo_admin.areas.profiles.service import name

MEMBERS = (
    Column("name", "Name", name),
    Column("email", "E-mail", lambda p: p.get("email")),
    Column("phone_number", "Phone", lambda p: p.get("phone_number"), first=False),
    Column("joined_group_at", "Joined", lambda p: p.get("joined_group_at"), as_="moment", sort="joined_group_at"),
)
TALKS = (
    Column("channel", "By", lambda c: str(c.get("channel", "")).upper() or None),
    Column("id", "ID", lambda c: c.id, as_="id"),
)
