"""The kinds of resources this sandbox keeps: where each lies, and how it is filtered, sorted, related and shown."""

from collections.abc import Callable
from typing import Any

import orjson

from klaviyo_admin.sandbox import ids
from klaviyo_admin.sandbox.filtering import Literal
from klaviyo_admin.sandbox.moments import SECOND, exact, whole
from klaviyo_admin.sandbox.paging import compare
from klaviyo_admin.sandbox.people import PLACES
from klaviyo_admin.sandbox.rooms import attributions
from klaviyo_admin.sandbox.rooms.tagging import tags
from klaviyo_admin.sandbox.shelves import Extras, Loader, Relation, Row, Shelf, Sql, loader, shelf_of
from klaviyo_admin.sandbox.subscriptions import SAID, predictions, subscriptions

Json = dict[str, Any]
_NOTHING: Sql = ("0", ())


def _profile(row: Row, extras: Extras) -> Json:
    place = orjson.loads(row["location"])
    shown: Json = {
        "email": row["email"],
        "phone_number": row["phone_number"],
        "external_id": row["external_id"],
        "anonymous_id": None,
        "whatsapp_bsuid": None,
        "first_name": row["first_name"],
        "last_name": row["last_name"],
        "organization": row["organization"],
        "locale": row["locale"],
        "title": row["title"],
        "image": row["image"],
        "created": exact(row["created"]),
        "updated": exact(row["updated"]),
        "last_event_date": whole(row["last_event"]),
        "location": {name: place.get(name) for name in PLACES},
        "properties": orjson.loads(row["properties"]),
    }
    if "joined" in row.keys():  # noqa: SIM118 (a Row iterates over its values)
        shown["joined_group_at"] = whole(row["joined"])
    if "subscriptions" in extras and "said" in row.keys():  # noqa: SIM118
        shown["subscriptions"] = subscriptions(row)
    if "predictive_analytics" in extras:
        shown["predictive_analytics"] = predictions()
    return shown


def _list(row: Row, extras: Extras) -> Json:
    shown: Json = {
        "name": row["name"],
        "created": whole(row["created"]),
        "updated": whole(row["updated"]),
        "opt_in_process": row["opt_in"],
    }
    return shown | ({"profile_count": row["members"]} if "profile_count" in extras else {})


def _segment(row: Row, extras: Extras) -> Json:
    shown: Json = {
        "name": row["name"],
        "definition": orjson.loads(row["definition"]),
        "created": exact(row["created"]),
        "updated": exact(row["updated"]),
        "is_active": bool(row["active"]),
        "is_processing": False,
        "is_starred": bool(row["starred"]),
    }
    return shown | ({"profile_count": row["members"]} if "profile_count" in extras else {})


def _metric(row: Row, extras: Extras) -> Json:
    return {
        "name": row["name"],
        "created": whole(row["created"]),
        "updated": whole(row["updated"]),
        "integration": orjson.loads(row["integration"]),
    }


def _event(row: Row, extras: Extras) -> Json:
    return {
        "timestamp": row["at"] // SECOND,
        "event_properties": orjson.loads(row["properties"]),
        "datetime": whole(row["at"]),
        "uuid": ids.event_uuid(row["at"], row["n"]),
    }


def _circles(kind: str) -> Loader:
    return loader(
        "SELECT member.profile AS owner, circle.* FROM member JOIN circle ON circle.n = member.circle "
        f"WHERE circle.kind = '{kind}' AND member.profile IN ({{}}) ORDER BY circle.id"
    )


_FLOWS = Relation(
    "flow-triggers",
    shelf_of("flow"),
    loader(
        "SELECT data ->> '$.trigger' AS owner, * FROM thing WHERE kind = 'flow' AND data ->> '$.trigger' IN ({}) ORDER BY n",
        "id",
    ),
)


def _circle_relations(kind: str) -> tuple[Relation, ...]:
    return Relation("profiles"), tags(kind), _FLOWS


def _suppressed(column: str) -> Callable[[str, Literal, int], Sql]:
    def condition(operator: str, value: Literal, account: int) -> Sql:
        sql, values = compare(f"s.{column}", operator, value)
        return f"EXISTS (SELECT 1 FROM list_suppression s WHERE s.profile = profile.n AND {sql})", values

    return condition


def _on_list(operator: str, value: Literal, account: int) -> Sql:
    sql, values = compare("circle.id", operator, value)
    inner = f"SELECT 1 FROM list_suppression s JOIN circle ON circle.n = s.circle WHERE s.profile = profile.n AND {sql}"
    return f"EXISTS ({inner})", values


def _token(operator: str, value: Literal, account: int) -> Sql:
    sql, values = compare("t.token", operator, value)
    return f"profile.n IN (SELECT t.profile FROM push_token t WHERE t.account = ? AND {sql})", (account, *values)


def _email(operator: str, value: Literal, account: int) -> Sql:
    lower = tuple(str(v).lower() for v in value) if isinstance(value, tuple) else str(value).lower()
    return compare("profile.email", operator, lower)


_MAIL = "subscriptions.email.marketing"
PROFILES: Shelf = Shelf(
    type="profile",
    path="/api/profiles",
    table="profile",
    columns={
        "id": "profile.id",
        "email": "ifnull(profile.email, '')",
        "phone_number": "profile.phone_number",
        "external_id": "profile.external_id",
        "created": "profile.created",
        "updated": "profile.updated",
        f"{_MAIL}.suppression.reason": "profile.suppression",
        f"{_MAIL}.suppression.timestamp": "ifnull(profile.suppressed_at, 0)",
        f"{_MAIL}.list_suppressions.timestamp": (
            "ifnull((SELECT max(s.at) FROM list_suppression s WHERE s.profile = profile.n), 0)"
        ),
    },
    special={
        "email": _email,
        "_kx": lambda operator, value, account: _NOTHING,
        "push_token": _token,
        f"{_MAIL}.suppression.timestamp": lambda operator, value, account: compare(
            "profile.suppressed_at", operator, value
        ),
        f"{_MAIL}.list_suppressions.reason": _suppressed("reason"),
        f"{_MAIL}.list_suppressions.timestamp": _suppressed("at"),
        f"{_MAIL}.list_suppressions.list_id": _on_list,
    },
    show=_profile,
    relations=(
        Relation("lists", lambda: LISTS, _circles("list")),
        Relation("segments", lambda: SEGMENTS, _circles("segment")),
        Relation(
            "push-tokens",
            shelf_of("push-token"),
            loader("SELECT profile AS owner, * FROM push_token WHERE profile IN ({}) ORDER BY n"),
        ),
        Relation(
            "conversations",
            shelf_of("conversation"),
            loader("SELECT profile AS owner, * FROM conversation WHERE profile IN ({}) ORDER BY n"),
            told_by=frozenset({"get_profile", "get_profiles"}),
        ),
    ),
    computed={"subscriptions": SAID},
)
_CIRCLE = {
    "id": "circle.id",
    "name": "circle.name",
    "created": "circle.created",
    "updated": "circle.updated",
    "is_active": "circle.active",
    "is_starred": "circle.starred",
}
LISTS: Shelf = Shelf(
    "list",
    "/api/lists",
    "circle",
    _CIRCLE,
    _list,
    _circle_relations("list"),
    only="circle.kind = 'list'",
    odd_prev=True,
)
SEGMENTS: Shelf = Shelf(
    "segment",
    "/api/segments",
    "circle",
    _CIRCLE,
    _segment,
    _circle_relations("segment"),
    only="circle.kind = 'segment'",
)
METRICS = Shelf(
    "metric",
    "/api/metrics",
    "metric",
    {
        "id": "metric.id",
        "integration.name": "metric.integration ->> '$.name'",
        "integration.category": "metric.integration ->> '$.category'",
    },
    _metric,
    (_FLOWS,),
)
EVENTS = Shelf(
    type="event",
    path="/api/events",
    table="event",
    columns={"datetime": "event.at", "timestamp": "event.at"},
    special={
        "metric_id": lambda operator, value, account: _numbered("event.metric", "metric", value, account),
        "profile_id": lambda operator, value, account: _numbered("event.profile", "profile", value, account),
        "profile": lambda operator, value, account: ("1", ()),
        "metric": lambda operator, value, account: ("1", ()),
        "timestamp": lambda operator, value, account: compare("event.at", operator, _micro(value)),
    },
    show=_event,
    relations=(
        Relation(
            "profile",
            lambda: PROFILES,
            loader("SELECT n AS owner, * FROM profile WHERE n IN ({})", "profile"),
            False,
            True,
        ),
        Relation(
            "metric",
            lambda: METRICS,
            loader("SELECT n AS owner, * FROM metric WHERE n IN ({})", "metric"),
            False,
            True,
        ),
        Relation("attributions", shelf_of("attribution"), attributions.load),
    ),
    sort="-datetime",
)


def _numbered(column: str, table: str, value: Literal, account: int) -> Sql:
    """A condition on another row's id, as one on its row number, so that the index on it is used."""
    idents = value if isinstance(value, tuple) else (value,)
    numbers = f"SELECT n FROM {table} WHERE account = ? AND id"
    if len(idents) == 1:
        return f"{column} = ({numbers} = ?)", (account, *idents)
    return f"{column} IN ({numbers} IN ({','.join('?' * len(idents))}))", (account, *idents)


def _micro(value: Literal) -> int:
    """Seconds to microseconds, kept within what the store can compare."""
    seconds = value if isinstance(value, int | float) else 0
    return int(max(-(10**12), min(10**12, seconds)) * SECOND)
