"""How custom objects look in tables: their types, schemas, sources, mappings, records and logs."""

import re
from typing import Any

from klaviyo_admin.areas.base import Column
from klaviyo_admin.klaviyo.values import Item

KINDS = {
    "string": "Text",
    "int": "Whole number",
    "float": "Number",
    "boolean": "Yes / no",
    "timestamp": "Date and time",
}
VISIBILITY = {"private": "This account alone", "shared": "Shared"}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_CALLED = ("title", "name", "label")
_MOST = 4  # values of a record that a table row shows


def title(item: Item) -> str:
    """What a type, schema or source is called."""
    return str(item.get("title") or item.id)


def mapping_name(item: Item) -> str:
    """A mapping has no name: the end of its id tells it from others."""
    return f"Mapping {item.id[-6:]}"


def record_name(item: Item) -> str:
    """What a record is called: its title or name if it has one, else its own id behind that of its type."""
    kept = item.get("record_properties", {})
    return str(next((kept[key] for key in _CALLED if kept.get(key)), item.id.rpartition("::")[2]))


def values(item: Item) -> str | None:
    """The first values of a record in one line."""
    kept: dict[str, Any] = item.get("record_properties", {})
    shown = [f"{key}: {_short(value)}" for key, value in kept.items() if not isinstance(value, dict | list)]
    return "; ".join(shown[:_MOST]) + (" …" if len(shown) > _MOST else "") if shown else None


def _short(value: Any) -> str:
    """A value as a table has room for it: a moment to the minute, yes and no as words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    said = str(value)
    return f"{said[:10]} {said[11:16]}" if _MOMENT.match(said) else said


def properties(item: Item) -> str | None:
    """The names of a schema's properties."""
    return ", ".join(str(each.get("name")) for each in item.get("properties", ())) or None


def paths(mapping: Item) -> str | None:
    """Where in a record of its source each property is read."""
    sources = (each.get("source") or {} for each in mapping.get("property_mappings", ()))
    return ", ".join(str(source["data_path"]) for source in sources if source.get("data_path")) or None


def faults(item: Item) -> str | None:
    """What was wrong with a record, property by property."""
    said = (f"{each.get('property')}: {each.get('message')}" for each in item.get("errors", ()))
    return "; ".join(said) or None


TITLE = Column("title", "Title", title)
STATUS = Column("status", "Status", lambda x: x.get("status"), as_="badge")
DESCRIPTION = Column("description", "Description", lambda x: x.get("description"))
NAMESPACE = Column("namespace", "Namespace", lambda x: x.get("namespace"), first=False)
SEEN_BY = Column("visibility", "Seen by", lambda x: VISIBILITY.get(x.get("visibility", ""), x.get("visibility")))
CREATED = Column("created_at", "Created", lambda x: x.get("created_at"), as_="moment")
UPDATED = Column("updated_at", "Updated", lambda x: x.get("updated_at"), as_="moment")
PROPERTIES = Column("properties", "Properties", properties)
REQUIRED = Column("required", "Required", lambda x: x.get("required"))
PUBLISHED = Column("published_at", "Published", lambda x: x.get("published_at"), as_="moment")
ID = Column("id", "ID", lambda x: x.id, as_="id")

SCHEMA = (TITLE, STATUS, PUBLISHED, PROPERTIES)
RECORD = (
    Column("name", "Record", record_name),
    Column("record_properties", "Values", values),
    Column("own_id", "ID at the source", lambda r: r.id.rpartition("::")[2]),
)
LOG = (
    Column("timestamp", "When", lambda x: x.get("timestamp"), as_="moment"),
    Column("status", "Kind", lambda x: x.get("status"), as_="badge"),
    Column("summary", "What happened", lambda x: x.get("summary")),
    Column("errors", "Faults", faults),
)
ONLY_ID = (ID,)
NAMED = (Column("title", "Title", title), ID)
MAPPING = (
    Column("name", "Mapping", mapping_name),
    Column("property_mappings", "Properties", lambda m: len(m.get("property_mappings", ())), as_="number"),
    Column("paths", "Read from", paths),
    Column("relationship_mappings", "Links", lambda m: len(m.get("relationship_mappings", ())), as_="number"),
)
