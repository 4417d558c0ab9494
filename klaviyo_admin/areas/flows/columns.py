"""How a flow looks in tables, its own and those of other areas."""

from klaviyo_admin.areas.base import Column
from klaviyo_admin.areas.words import name

NAME = Column("name", "Name", name, sort="name")
STATUS = Column("status", "Status", lambda f: f.get("status"), as_="badge", sort="status")

TRIGGERED = (NAME, STATUS)
