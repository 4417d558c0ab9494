"""JSON:API documents out of rows: resources, relationships, includes, sparse fields and links."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from klaviyo_admin.sandbox.asking import Ask
from klaviyo_admin.sandbox.paging import Found
from klaviyo_admin.sandbox.shelves import Relation, Row, Shelf

Json = dict[str, Any]
_Related = dict[str, dict[int, list[Row]]]  # relationship, owner's row number, rows of the other shelf


def single(ask: Ask, shelf: Shelf, row: Row) -> Json:
    """The document of one resource."""
    related = _related(ask, shelf, [row], ask.query.include)
    document: Json = {"data": resource(ask, shelf, row, related), "links": {"self": _self(ask)}}
    if ask.query.include:
        document["included"] = _included(ask, shelf, related)
    return document


def collection(ask: Ask, shelf: Shelf, found: Found) -> Json:
    """The document of one page."""
    related = _related(ask, shelf, found.rows, ask.query.include)
    document: Json = {
        "data": [resource(ask, shelf, row, related) for row in found.rows],
        "links": {"self": _self(ask), "next": found.next, "prev": found.prev},
    }
    if ask.query.include:
        document["included"] = _included(ask, shelf, related)
    return document


def identifiers(ask: Ask, shelf: Shelf, found: Found) -> Json:
    """The document of a page of a relationship: types and ids only."""
    return {
        "data": [{"type": shelf.type, "id": row["id"]} for row in found.rows],
        "links": {"self": _self(ask), "next": found.next, "prev": found.prev},
    }


def resource(ask: Ask, shelf: Shelf, row: Row, related: _Related | None = None) -> Json:
    at = f"{ask.here}{shelf.path}/{quote(row['id'], safe='')}/"
    extras = ask.query.additional.get(shelf.type, frozenset())
    attributes = shelf.show(row, extras)
    attributes |= {name: ask.here + attributes[name] for name in shelf.addresses}
    wanted = ask.query.fields.get(shelf.type)
    if wanted is not None:
        attributes = sparse(attributes, wanted | extras)
    shown: Json = {"type": shelf.type, "id": row["id"]}
    if attributes or wanted is not None:
        shown["attributes"] = attributes
    told = (r for r in shelf.relations if not r.told_by or ask.operation.id in r.told_by)
    relationships = {r.name: _relationship(at, r, row, related or {}) for r in told}
    if relationships:
        shown["relationships"] = relationships
    if shelf.links:
        shown["links"] = {"self": at}
    return shown


def sparse(attributes: Mapping[str, Any], wanted: frozenset[str]) -> Json:
    """Only the wanted attributes; a dotted name reaches inside ("location.city")."""
    kept: Json = {}
    for name, value in attributes.items():
        inner = frozenset(w.partition(".")[2] for w in wanted if w.startswith(f"{name}."))
        if name in wanted:
            kept[name] = value
        elif inner and isinstance(value, Mapping):
            kept[name] = sparse(value, inner)
    return kept


def _relationship(at: str, relation: Relation, row: Row, related: _Related) -> Json:
    links = {"related": f"{at}{relation.name}/"}
    if relation.own_link:
        links = {"self": f"{at}relationships/{relation.name}/", **links}
    if relation.name not in related:
        return {"links": links}
    rows = related[relation.name].get(row["n"], [])
    ids = [{"type": relation.shelf().type, "id": r["id"]} for r in rows] if relation.shelf else []
    if not relation.many and not ids:
        return {"links": links}
    return {"data": ids if relation.many else ids[0], "links": links}


def _related(ask: Ask, shelf: Shelf, rows: Sequence[Row], wanted: Sequence[str] = ()) -> _Related:
    """What is needed of the relationships: those wanted, and those that always carry data."""
    found: _Related = {}
    for relation in shelf.relations:
        if relation.name not in wanted and not relation.always:
            continue
        owned = found.setdefault(relation.name, {})
        for owner, row in relation.load(ask.db, rows) if relation.load and rows else ():
            owned.setdefault(owner, []).append(row)
    return found


def _included(ask: Ask, shelf: Shelf, related: _Related) -> list[Json]:
    shown: dict[tuple[str, str, int], Json] = {}
    for relation in shelf.relations:
        if relation.name not in ask.query.include or relation.shelf is None:
            continue
        other = relation.shelf()
        rows = {row["n"]: row for some in related[relation.name].values() for row in some}
        theirs = _related(ask, other, list(rows.values()))
        for n, row in rows.items():
            shown.setdefault((other.type, row["id"], n), resource(ask, other, row, theirs))
    return list(shown.values())


def _self(ask: Ask) -> str:
    path, mark, query = ask.target.partition("?")
    return f"{ask.here}{path.rstrip('/')}{mark}{quote(query, safe='%=&+')}"
