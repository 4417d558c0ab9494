"""The rooms of the Client API that a shop's pages and apps read: reviews and their numbers, places, addresses to let in."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from klaviyo_admin.sandbox import history, ids
from klaviyo_admin.sandbox.asking import Ask, Json, Reply
from klaviyo_admin.sandbox.documents import collection
from klaviyo_admin.sandbox.filtering import Condition, Malformed, parse
from klaviyo_admin.sandbox.moments import DAY, whole
from klaviyo_admin.sandbox.paging import everything, page
from klaviyo_admin.sandbox.refusals import Refusal, invalid, missing
from klaviyo_admin.sandbox.rooms import recording
from klaviyo_admin.sandbox.rooms.reading import Room, all_of
from klaviyo_admin.sandbox.rooms.reviews import PUBLIC
from klaviyo_admin.sandbox.shelves import Extras, Row, Rows, Shelf

_HEADER = "x-klaviyo-api-filters"
_ALLOWLIST = "integration-egress"
_PREFIXES = ("192.0.2.0/27", "198.51.100.64/26", "203.0.113.128/25")  # kept free for documentation
_SINCE = {"all_time": None, "last_30_days": 30, "last_90_days": 90, "last_365_days": 365}
_GROUPS = {"company_id": "account.id", "product_id": "review.data ->> '$.product.external_id'"}
_GOODS = "review.type IN ('review', 'rating')"
_STATISTICS = {
    "average_rating": f"avg(CASE WHEN {_GOODS} THEN review.rating END)",
    "total_reviews": "sum(review.type = 'review')",
    "total_questions": "sum(review.type = 'question')",
    "total_ratings": f"sum({_GOODS} AND review.rating IS NOT NULL)",
    "total_store_reviews": "sum(review.type = 'store')",
    "average_store_rating": "avg(CASE WHEN review.type = 'store' THEN review.rating END)",
}


def _fence(row: Row, extras: Extras) -> dict[str, Json]:
    return {"latitude": row["latitude"], "longitude": row["longitude"], "radius": row["radius"]}


GEOFENCES = Shelf("geofence", "/client/geofences", "geofence", {"id": "geofence.id"}, _fence)


def get_client_geofences(ask: Ask) -> Reply:
    """The nearest first, for a place told in a header, as addresses end up in logs."""
    place = _place(ask.headers.get(_HEADER, ""))
    if place is None:
        return Reply(collection(ask, GEOFENCES, page(ask, GEOFENCES)))
    latitude, longitude = place
    near = f"(geofence.latitude - {latitude!r}) * (geofence.latitude - {latitude!r}) + "
    near += f"(geofence.longitude - {longitude!r}) * (geofence.longitude - {longitude!r})"
    every = everything(ask, GEOFENCES)
    rows = Rows(every.table, every.where, every.values, columns={"near": near}, sort="near")
    return Reply(collection(ask, GEOFENCES, page(ask, GEOFENCES, rows)))


def _place(text: str) -> tuple[float, float] | None:
    """Latitude and longitude of the header, None where it lacks either. Raises Refusal."""
    if not text:
        return None
    try:
        found = {c.field: float(str(c.value)) for c in parse(text) if _names_place(c)}
    except (Malformed, ValueError) as fault:
        raise invalid(f"The filter could not be read: {fault}.", parameter="X-Klaviyo-API-Filters") from fault
    if len(found) < 2 or not (abs(found["lat"]) <= 90 and abs(found["lng"]) <= 180):
        return None
    return found["lat"], found["lng"]


def _names_place(condition: Condition) -> bool:
    if condition.field not in ("lat", "lng") or condition.operator != "equals":
        raise Malformed(f"'{condition.operator}' on {condition.field} is not allowed")
    return True


def get_client_ip_allowlist(ask: Ask) -> Reply:
    if ask.id != _ALLOWLIST:
        raise missing(f"An ip-allowlist with id {ask.id} does not exist.")
    attributes = {"prefixes": list(_PREFIXES), "sync_token": "1", "created": whole(1_767_225_600_000_000)}
    wanted = ask.query.fields.get("ip-allowlist")
    at = f"{ask.here}/client/ip-allowlists/{_ALLOWLIST}"
    shown = {name: value for name, value in attributes.items() if wanted is None or name in wanted}
    data = {"type": "ip-allowlist", "id": _ALLOWLIST, "attributes": shown, "links": {"self": f"{at}/"}}
    return Reply({"data": data, "links": {"self": at}})


def get_client_review_values_reports(ask: Ask) -> Reply:
    given = dict(ask.query.pairs)
    group = _one_of(_GROUPS, given, "group_by")
    days = _SINCE[_one_of(_SINCE, given, "timeframe")]
    names = [_known(name) for name in given.get("statistics", "").split(",")]
    results = [
        {"groupings": {group: row[0]}, "statistics": dict(zip(names, map(_rounded, row[1:]), strict=True))}
        for row in _counted(ask, group, names, 0 if days is None else ask.now - days * DAY)
    ]
    at = f"{ask.here}/client/review-values-reports"
    ident = str(uuid.UUID(int=ask.chance.getrandbits(128), version=4))
    data = {
        "type": "review-values-report",
        "id": ident,
        "attributes": {"results": results},
        "links": {"self": f"{at}/{ident}/"},
    }
    return Reply({"data": [data], "links": {"self": at, "next": None, "prev": None}})


def _counted(ask: Ask, group: str, names: list[str], since: int) -> list[Any]:
    """What visitors can see, counted by product or for the whole shop."""
    values: list[Any] = [ask.account, since]
    wheres = [f"review.account = ? AND review.created >= ? AND {PUBLIC.only}"]
    for condition in ask.query.conditions:
        wanted = condition.value if isinstance(condition.value, tuple) else (condition.value,)
        wheres.append(f"{_GROUPS['product_id']} IN ({','.join('?' * len(wanted))})")
        values += wanted
    if group == "product_id":
        wheres.append(f"{_GROUPS['product_id']} IS NOT NULL")
    columns = ", ".join(_STATISTICS[name] for name in names)
    sql = (
        f"SELECT {_GROUPS[group]}, {columns} FROM review JOIN account ON account.n = review.account "
        f"WHERE {' AND '.join(wheres)} GROUP BY 1 ORDER BY 1"
    )
    return ask.db.execute(sql, values).fetchall()


def _one_of(allowed: Mapping[str, Any], given: Mapping[str, str], name: str) -> str:
    value = given.get(name, "")
    if value not in allowed:
        raise invalid(
            f"'{value}' is not an allowed value for {name}.  Allowed values are {','.join(allowed)}", parameter=name
        )
    return value


def _known(name: str) -> str:
    if name not in _STATISTICS:
        allowed = ",".join(_STATISTICS)
        raise invalid(
            f"'{name}' is not an allowed value for statistics.  Allowed values are {allowed}", parameter="statistics"
        )
    return name


def _rounded(value: Json) -> Json:
    return round(value, 2) if isinstance(value, float) else value


def create_client_review(ask: Ask) -> Reply:
    """Waits for the shop's word; verified if its writer bought the product here."""
    given = ask.attributes
    who = {"attributes": {"email": given["email"]}}
    try:
        profile = recording.visitor(ask, who, "")
    except Refusal as refusal:
        raise invalid(refusal.problems[0].detail, "/data/attributes/email") from refusal
    if profile is None:
        raise invalid("Invalid email address", "/data/attributes/email")
    ident, product = ids.ulid(ask.now, ask.chance), given.get("product") or {}
    kept = {"email": given["email"], "author": given["author"], "title": given.get("title")}
    kept["images"] = [image for image in given.get("images") or () if image.startswith(("https://", "http://"))]
    kept["product"] = _product(ask, product.get("external_id"))
    about = {"ReviewId": ident, "Rating": given.get("rating"), "ProductName": (kept["product"] or {}).get("name")}
    history.record(ask.db, ask.account, profile, "Submitted Review", ask.now, about, ask.chance, once=ident)
    event = ask.db.execute("SELECT n FROM event WHERE profile = ? AND unique_id = ?", (profile, ident)).fetchone()
    ask.db.execute(
        "INSERT INTO review (account, id, profile, event, type, status, rating, verified, incentive, content, created, updated, data) "
        "VALUES (?, ?, ?, ?, ?, 'pending', ?, ?, ?, ?, ?, ?, ?)",
        (
            *(ask.account, ident, profile, event["n"], given["review_type"], given.get("rating")),
            *(
                _bought(ask, profile, about["ProductName"]),
                given.get("incentive_type"),
                given["content"],
                ask.now,
                ask.now,
            ),
            json.dumps(kept, ensure_ascii=False),
        ),
    )
    return Reply()


def _product(ask: Ask, external: str | None) -> dict[str, Json] | None:
    """The product as reviews show it: as the catalogue has it, else under the name by which the shop knows it."""
    if external is None:
        return None
    sql = "SELECT * FROM thing WHERE account = ? AND kind = 'catalog-item' AND id = ?"
    row = ask.db.execute(sql, (ask.account, f"$custom:::$default:::{external}")).fetchone()
    known = json.loads(row["data"]) if row else {}
    return {
        "url": known.get("url") or "",
        "name": known.get("title") or external,
        "image_url": known.get("image_full_url"),
        "external_id": external,
    }


def _bought(ask: Ask, profile: int, name: str | None) -> bool:
    sql = (
        "SELECT 1 FROM event JOIN metric ON metric.n = event.metric WHERE event.profile = ? AND metric.name = 'Ordered Product' "
        "AND ifnull(event.properties ->> '$.ProductName' = ?, 1)"
    )
    return ask.db.execute(sql, (profile, name)).fetchone() is not None


ROOM: Mapping[str, Room] = {
    "get_client_geofences": get_client_geofences,
    "get_client_ip_allowlist": get_client_ip_allowlist,
    "get_client_reviews": all_of(PUBLIC),
    "get_client_review_values_reports": get_client_review_values_reports,
    "create_client_review": create_client_review,
}
