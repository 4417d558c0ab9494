"""How templates and their shared blocks look in tables, their own and those of other areas."""

from klaviyo_admin.areas.base import Column
from klaviyo_admin.areas.words import name
from klaviyo_admin.klaviyo.values import Item

BLOCKS = "SYSTEM_DRAGGABLE"  # the kind of template that is made of blocks instead of HTML
EDITORS = {"CODE": "HTML", "USER_DRAGGABLE": "Drag-and-drop with HTML", BLOCKS: "Drag-and-drop blocks"}
KINDS = {
    "text": "Text",
    "html": "HTML",
    "button": "Button",
    "image": "Image",
    "horizontal_rule": "Line",
    "spacer": "Space",
    "drop_shadow": "Shadow",
    "header": "Header",
    "product": "Products",
    "coupon": "Coupon",
    "review": "Reviews",
    "social": "Social links",
    "split": "Two columns",
    "table": "Table",
    "video": "Video",
    "unsupported": "Other",
}


def editor(template: Item) -> str | None:
    kind = template.get("editor_type")
    return EDITORS.get(kind, kind)


def block_kind(block: Item) -> str | None:
    kind = block.get("definition.type") or block.get("definition.content_type")
    return KINDS.get(kind, kind)


NAME = Column("name", "Name", name, sort="name")
EDITOR = Column("editor_type", "Editor", editor)
KIND = Column("kind", "Kind", block_kind)
CREATED = Column("created", "Created", lambda t: t.get("created"), as_="moment", sort="created")
UPDATED = Column("updated", "Updated", lambda t: t.get("updated"), as_="moment", sort="updated")
ID = Column("id", "ID", lambda t: t.id, as_="id", sort="id")

SHOWN = (NAME, EDITOR, UPDATED)
