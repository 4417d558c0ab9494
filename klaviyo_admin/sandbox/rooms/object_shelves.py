"""How custom objects are stored and shown: types, their schemas, how schemas relate, sources, mappings, records and logs."""

from typing import Any

from klaviyo_admin.sandbox import things
from klaviyo_admin.sandbox.moments import exact
from klaviyo_admin.sandbox.shelves import Extras, Loader, Relation, Row, Shelf, loader

TYPE, SCHEMA, LINK, MAPPING = "object-type", "object-schema", "object-link", "source-mapping"
SOURCE, RECORD, LOG = "data-source", "object-record", "object-ingestion-log"
DRAFT, PUBLISHING, ACTIVE, SUPERSEDED = "draft", "publishing", "active", "superseded"
TO_SCHEMA, TO_PROFILE = "object-schema", "profile-object-schema"  # what a link can lead to

# The schema that speaks for a type: the active one, else the one that is to be.
_SPOKEN = (
    "s.n = (SELECT x.n FROM thing x WHERE x.parent = s.parent AND x.kind = 'object-schema' "
    "ORDER BY x.status = 'active' DESC, x.n DESC LIMIT 1)"
)


def _status(status: str) -> str:
    return "undefined" if status == SUPERSEDED else status


def _type(row: Row, extras: Extras) -> dict[str, Any]:
    kept = things.content(row)
    return {
        "title": row["name"],
        "description": kept["description"],
        "status": _status(row["status"]),
        "namespace": kept["namespace"],
        "created_at": exact(row["created"]),
        "updated_at": exact(row["updated"]),
    }


def _schema(row: Row, extras: Extras) -> dict[str, Any]:
    kept = things.content(row)
    return {
        "title": row["name"],
        "description": kept["description"],
        "status": _status(row["status"]),
        "properties": kept["properties"],
        "required": kept["required"],
        "published_at": exact(kept["published_at"]),
        "visibility": kept["visibility"],
    }


def _link(row: Row, extras: Extras) -> dict[str, Any]:
    kept = things.content(row)
    return {"meta": {name: kept[name] for name in ("relationship_id", "name", "description")}}


def _source(row: Row, extras: Extras) -> dict[str, Any]:
    return {"title": row["name"], **things.content(row)}


def _mapping(row: Row, extras: Extras) -> dict[str, Any]:
    return things.content(row)


def _record(row: Row, extras: Extras) -> dict[str, Any]:
    return {"record_properties": things.content(row)["properties"]}


def _log(row: Row, extras: Extras) -> dict[str, Any]:
    kept = things.content(row)
    return {
        "status": row["status"],
        "event_type": kept["event_type"],
        "timestamp": exact(row["created"]),
        "summary": kept["summary"],
        "errors": kept["errors"],
    }


def _in_state(*states: str) -> Loader:
    marks = ", ".join(f"'{state}'" for state in states)
    return loader(
        f"SELECT parent AS owner, * FROM thing WHERE kind = '{SCHEMA}' AND status IN ({marks}) AND parent IN ({{}})"
    )


def _links(to: str) -> Loader:
    """The links of schemas, each under the id of the schema that it leads to and its own name; to profiles, under theirs."""
    ident = "data ->> '$.target' || ':::' || (data ->> '$.name')" if to == TO_SCHEMA else "data ->> '$.target'"
    return loader(
        f"SELECT parent AS owner, n, account, kind, data, {ident} AS id FROM thing "
        f"WHERE kind = '{LINK}' AND data ->> '$.to' = '{to}' AND parent IN ({{}}) ORDER BY n"
    )


def _type_links(to: str) -> Loader:
    """The links of the schemas that speak for types, each under the id of the other type, or "profile", and its own name."""
    return loader(
        "SELECT s.parent AS owner, l.n, l.account, l.kind, l.data, ifnull(t.id, l.data ->> '$.target') || ':::' || (l.data ->> '$.name') AS id "
        f"FROM thing s JOIN thing l ON l.parent = s.n AND l.kind = '{LINK}' AND l.data ->> '$.to' = '{to}' "
        f"LEFT JOIN thing o ON o.account = l.account AND o.kind = '{SCHEMA}' AND o.id = l.data ->> '$.target' "
        f"LEFT JOIN thing t ON t.n = o.parent WHERE {_SPOKEN} AND s.parent IN ({{}}) ORDER BY l.n"
    )


# A linked resource is shown by what the link says, not by its own attributes. These four come before the shelves of the
# types themselves, so that the latter are the ones found by name.
LINKED_TYPES = Shelf(TYPE, "/api/object-types", "thing", {}, _link)
LINKED_SCHEMAS = Shelf(SCHEMA, "/api/object-schemas", "thing", {}, _link)
PROFILE_TYPES = Shelf("profile-object-type", "/api/profile-object-types", "thing", {}, _link)
PROFILE_SCHEMAS = Shelf(TO_PROFILE, "/api/profile-object-schemas", "thing", {}, _link)

MAPPINGS: Shelf = things.shelf(MAPPING, "/api/source-mappings", _mapping)
SCHEMAS: Shelf = things.shelf(
    SCHEMA,
    "/api/object-schemas",
    _schema,
    relations=(
        Relation("source-mapping", lambda: MAPPINGS, things.loading_children(MAPPING), many=False),
        Relation("object-schemas", lambda: LINKED_SCHEMAS, _links(TO_SCHEMA)),
        Relation("profile-object-schemas", lambda: PROFILE_SCHEMAS, _links(TO_PROFILE)),
    ),
    sort="created",
)
TYPES: Shelf = things.shelf(
    TYPE,
    "/api/object-types",
    _type,
    columns={"namespace": "thing.data ->> '$.namespace'"},
    relations=(
        Relation("current-schema", lambda: SCHEMAS, _in_state(ACTIVE), many=False),
        Relation("draft-schema", lambda: SCHEMAS, _in_state(DRAFT, PUBLISHING), many=False),
        Relation("schema-versions", lambda: SCHEMAS, things.loading_children(SCHEMA)),
        Relation("object-types", lambda: LINKED_TYPES, _type_links(TO_SCHEMA)),
        Relation("profile-object-types", lambda: PROFILE_TYPES, _type_links(TO_PROFILE)),
    ),
    sort="created",
)
SOURCES: Shelf = things.shelf(SOURCE, "/api/data-sources", _source)
RECORDS: Shelf = things.shelf(RECORD, "/api/object-records", _record)
LOGS: Shelf = things.shelf(
    LOG,
    "/api/object-ingestion-logs",
    _log,
    columns={
        "record_id": "thing.data ->> '$.record_id'",
        "event_type": "thing.data ->> '$.event_type'",
        "timestamp": "thing.created",
    },
    relations=(
        Relation("object-type", lambda: TYPES, things.LOADING_PARENT, many=False, always=True),
        Relation(
            "object-record",
            lambda: RECORDS,
            loader(
                "SELECT log.n AS owner, thing.* FROM thing log JOIN thing ON thing.account = log.account "
                f"AND thing.kind = '{RECORD}' AND thing.id = log.data ->> '$.record_id' WHERE log.n IN ({{}})"
            ),
            many=False,
            always=True,
        ),
    ),
    sort="-created",
)
