"""How a list looks in tables, its own and those of other areas."""

from klaviyo_admin.areas.base import Column

OPT_IN = {"single_opt_in": "Single opt-in", "double_opt_in": "Double opt-in"}

NAME = Column("name", "Name", lambda x: x.get("name", x.id), sort="name")
PROCESS = Column(
    "opt_in_process", "Opt-in", lambda x: OPT_IN.get(x.get("opt_in_process"), x.get("opt_in_process")), as_="badge"
)
CREATED = Column("created", "Created", lambda x: x.get("created"), as_="moment", sort="created")
UPDATED = Column("updated", "Updated", lambda x: x.get("updated"), as_="moment", sort="updated")
ID = Column("id", "ID", lambda x: x.id, as_="id", sort="id")

MEMBERSHIP = (NAME, PROCESS)
