"""How a segment looks in tables, its own and those of other areas."""

from klaviyo_admin.areas.base import Column
from klaviyo_admin.klaviyo.values import Item


def state(segment: Item) -> str:
    """What a person wants to know first: whether it works, is being worked out, or is switched off."""
    if segment.get("is_active") is False:
        return "Inactive"
    return "Updating" if segment.get("is_processing") else "Active"


NAME = Column("name", "Name", lambda s: s.get("name", s.id), sort="name")
STATE = Column("state", "State", state, as_="badge", covers=("is_active", "is_processing"))
STARRED = Column("is_starred", "Starred", lambda s: bool(s.get("is_starred")), as_="flag")
CREATED = Column("created", "Created", lambda s: s.get("created"), as_="moment", sort="created")
UPDATED = Column("updated", "Updated", lambda s: s.get("updated"), as_="moment", sort="updated")
ID = Column("id", "ID", lambda s: s.id, as_="id", sort="id")

MATCHED = (NAME, STATE)
