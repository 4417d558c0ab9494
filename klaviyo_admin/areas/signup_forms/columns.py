"""How sign-up forms and their versions look in tables, their own and those of other areas."""

from klaviyo_admin.areas.base import Column
from klaviyo_admin.areas.words import name
from klaviyo_admin.klaviyo.values import Item

SHAPES = {
    "popup": "Pop-up",
    "flyout": "Fly-out",
    "full_page": "Full page",
    "full_screen": "Full page",
    "embed": "Embedded",
    "banner": "Banner",
}


def version_name(version: Item) -> str:
    return str(version.get("variation_name") or f"Version {version.id}")


def shape(version: Item) -> str:
    kind = str(version.get("form_type") or "")
    return SHAPES.get(kind, kind)


NAME = Column("name", "Name", name)
STATUS = Column("status", "Status", lambda f: f.get("status"), as_="badge")
TESTED = Column("ab_test", "A/B test", lambda f: f.get("ab_test"), as_="flag")
CREATED = Column("created_at", "Created", lambda f: f.get("created_at"), as_="moment", sort="created_at")
UPDATED = Column("updated_at", "Updated", lambda f: f.get("updated_at"), as_="moment", sort="updated_at")
ID = Column("id", "ID", lambda f: f.id, as_="id", first=False)

VERSIONS = (
    Column("variation_name", "Version", version_name),
    Column("form_type", "Shape", shape),
    STATUS,
    Column("updated_at", "Updated", lambda v: v.get("updated_at"), as_="moment"),
)
OF_VERSION = (NAME, STATUS)
