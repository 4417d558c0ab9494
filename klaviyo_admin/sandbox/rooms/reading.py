"""The reads that every room has: a collection, one resource, and what is related to one."""

import random
import sqlite3
from collections.abc import Callable

from klaviyo_admin.sandbox.asking import Ask, Reply, absent
from klaviyo_admin.sandbox.documents import collection, identifiers, single
from klaviyo_admin.sandbox.paging import one, page
from klaviyo_admin.sandbox.refusals import missing
from klaviyo_admin.sandbox.shelves import Row, Rows, Shelf

Room = Callable[[Ask], Reply]
# Does what is due: the database, the account, the time in microseconds, and chance.
Clockwork = Callable[[sqlite3.Connection, int, int, random.Random], None]


def all_of(shelf: Shelf) -> Room:
    """A page of all resources of a kind."""
    return lambda ask: Reply(collection(ask, shelf, page(ask, shelf)))


def one_of(shelf: Shelf) -> Room:
    """The resource whose id is in the path."""
    return lambda ask: Reply(single(ask, shelf, owner(ask, shelf)))


def owner(ask: Ask, shelf: Shelf) -> Row:
    """The row that the path names. Raises Refusal: not found."""
    row = one(ask, shelf, ask.id)
    if row is None:
        raise absent(ask, shelf.type)
    return row


def related(of: Shelf, shelf: Shelf, rows: Callable[[Ask, Row], Rows]) -> tuple[Room, Room]:
    """Two rooms: what is related to the resource in the path, in full and as ids."""

    def full(ask: Ask) -> Reply:
        return Reply(collection(ask, shelf, page(ask, shelf, rows(ask, owner(ask, of)))))

    def ids(ask: Ask) -> Reply:
        return Reply(identifiers(ask, shelf, page(ask, shelf, rows(ask, owner(ask, of)))))

    return full, ids


def related_one(of: Shelf, shelf: Shelf, rows: Callable[[Ask, Row], Rows]) -> tuple[Room, Room]:
    """Like `related`, for a relationship to one resource, which may be missing: 404 in full, null as id."""

    def full(ask: Ask) -> Reply:
        found = page(ask, shelf, rows(ask, owner(ask, of))).rows
        if not found:
            raise missing(f"The {of.type} with id {ask.id} has no {shelf.type}.")
        return Reply(single(ask, shelf, found[0]))

    def ids(ask: Ask) -> Reply:
        document = identifiers(ask, shelf, page(ask, shelf, rows(ask, owner(ask, of))))
        return Reply({"data": next(iter(document["data"]), None), "links": {"self": document["links"]["self"]}})

    return full, ids
