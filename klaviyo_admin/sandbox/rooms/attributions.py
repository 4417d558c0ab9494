"""The room of attributions: the message to which an event is owed, shown beside the event only."""

import json
import sqlite3
from collections.abc import Sequence

from klaviyo_admin.sandbox import attribution
from klaviyo_admin.sandbox.asking import Json
from klaviyo_admin.sandbox.shelves import Extras, Loader, Relation, Row, Shelf, loader, shelf_of

# Events that tell of a message are not owed to one.
_MESSAGES = (*attribution.TOUCHES, "Received Email", "Received SMS", "Received Push", "Bounced Email")
_PLACES = {"campaign-message": "m.parent", "flow-message": "(SELECT a.parent FROM thing a WHERE a.n = m.parent)"}


def load(db: sqlite3.Connection, rows: Sequence[Row]) -> list[tuple[int, Row]]:
    """For each event the attribution it has, if any; all events are of one account."""
    account = rows[0]["account"]
    touches = attribution.metrics(db, account, attribution.TOUCHES)
    told = attribution.metrics(db, account, _MESSAGES)
    parents = " ".join(f"WHEN '{kind}' THEN {parent}" for kind, parent in _PLACES.items())
    found = db.execute(
        f"SELECT e.n, 'att-' || e.id AS id, e.n AS event, t.n AS touch, m.n AS message, m.kind, CASE m.kind {parents} END AS parent "
        f"FROM event e JOIN event t ON t.n = {attribution.touch('e', 't.n')} JOIN thing m ON m.account = e.account "
        f"AND m.kind IN ('campaign-message', 'flow-message') AND m.id = t.properties ->> {attribution.MESSAGE} "
        "WHERE e.n IN (SELECT value FROM json_each(?)) AND e.metric NOT IN (SELECT value FROM json_each(?))",
        (json.dumps(touches), json.dumps([row["n"] for row in rows]), json.dumps(told)),
    ).fetchall()
    return [(row["n"], row) for row in found]


def _nothing(row: Row, extras: Extras) -> dict[str, Json]:
    return {}


def _of_kind(kind: str, key: str) -> Loader:
    """The message or its parent, for attributions to messages of that kind."""
    every = loader("SELECT n AS owner, * FROM thing WHERE n IN ({})", key)
    return lambda db, rows: every(db, [row for row in rows if row["kind"] == kind])


_EVENT = "SELECT n AS owner, * FROM event WHERE n IN ({})"
ATTRIBUTIONS = Shelf(
    type="attribution",
    path="/api/attributions",
    table="event",
    columns={},
    show=_nothing,
    relations=(
        Relation("event", shelf_of("event"), loader(_EVENT, "event"), many=False, always=True),
        Relation("attributed-event", shelf_of("event"), loader(_EVENT, "touch"), many=False, always=True),
        *(
            relation
            for kind in ("campaign", "flow")
            for relation in (
                Relation(kind, shelf_of(kind), _of_kind(f"{kind}-message", "parent"), many=False, always=True),
                Relation(
                    f"{kind}-message",
                    shelf_of(f"{kind}-message"),
                    _of_kind(f"{kind}-message", "message"),
                    many=False,
                    always=True,
                ),
            )
        ),
    ),
)
