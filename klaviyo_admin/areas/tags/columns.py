"""How a tag looks in tables, its own and those of other areas."""

from klaviyo_admin.areas.base import Column
from klaviyo_admin.areas.words import name
from klaviyo_admin.klaviyo.values import Item


def group_name(tag: Item) -> str | None:
    """The name of the group that came with the tag, else the group's id."""
    for group in tag.ones("tag-group"):
        return name(group)
    return next((kind.id for kind in tag.related.get("tag-group", ())), None)


NAME = Column("name", "Name", name, sort="name")
GROUP = Column("group", "Group", group_name)
ID = Column("id", "ID", lambda t: t.id, as_="id", sort="id")

NAMED = (NAME,)
