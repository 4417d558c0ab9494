"""The room of coupons, of their codes, and of the jobs that make codes in bulk."""

import random
import re
from collections.abc import Mapping
from typing import Any

from klaviyo_admin.sandbox import jobs, moments, things
from klaviyo_admin.sandbox.asking import Ask, Json, Reply
from klaviyo_admin.sandbox.documents import single
from klaviyo_admin.sandbox.filtering import Literal
from klaviyo_admin.sandbox.jobs import Work
from klaviyo_admin.sandbox.moments import DAY, exact
from klaviyo_admin.sandbox.paging import compare
from klaviyo_admin.sandbox.refusals import Problem, Refusal, invalid
from klaviyo_admin.sandbox.rooms.reading import Room, all_of, one_of, owner, related, related_one
from klaviyo_admin.sandbox.shelves import Extras, Relation, Row, Shelf, Sql, loader, shelf_of

COUPON, CODE, JOB = "coupon", "coupon-code", "coupon-code-bulk-create-job"
UNASSIGNED, ASSIGNED = "UNASSIGNED", "ASSIGNED_TO_PROFILE"
_NAME = re.compile(r"^[0-9_A-z]+$")
_LEAST = 100  # the lowest balance at which a warning can be wanted
_YEAR = 365 * DAY
_HERE, _COUPON = "/data/attributes", "relationships/coupon/data"


def _coupon(row: Row, extras: Extras) -> dict[str, Any]:
    return {"external_id": row["id"], **things.content(row)}


def _code(row: Row, extras: Extras) -> dict[str, Any]:
    kept = things.content(row)
    expires = exact(kept["expires_at"])
    return {
        "unique_code": kept["unique_code"],
        "expires_at": expires and expires.replace("+00:00", "Z"),
        "status": row["status"],
    }


def _of_coupon(operator: str, value: Literal, account: int) -> Sql:
    sql, values = compare("c.id", operator, value)
    inner = f"SELECT c.n FROM thing c WHERE c.account = ? AND c.kind = '{COUPON}' AND {sql}"
    return f"thing.parent IN ({inner})", (account, *values)


COUPONS: Shelf = things.shelf(COUPON, "/api/coupons", _coupon)
CODES: Shelf = things.shelf(
    CODE,
    "/api/coupon-codes",
    _code,
    columns={"expires_at": "thing.data ->> '$.expires_at'", "profile.id": "thing.data ->> '$.profile'"},
    special={"coupon.id": _of_coupon},
    relations=(
        Relation("coupon", lambda: COUPONS, things.LOADING_PARENT, many=False, always=True),
        Relation(
            "profile",
            shelf_of("profile"),
            loader(
                "SELECT thing.n AS owner, profile.* FROM thing JOIN profile ON profile.account = thing.account "
                "AND profile.id = thing.data ->> '$.profile' WHERE thing.n IN ({})"
            ),
            many=False,
            always=True,
        ),
    ),
)


def create_coupon(ask: Ask) -> Reply:
    given = ask.attributes
    ident = given["external_id"]
    if not _NAME.match(ident):
        raise invalid(f"'external_id' must match regex '{_NAME.pattern}' ('{ident}' doesn't)", f"{_HERE}/external_id")
    if things.find(things.ledger(ask), COUPON, ident):
        detail = f"A coupon with the external_id '{ident}' exists already."
        raise Refusal(Problem("conflict", detail, f"{_HERE}/external_id"))
    kept = {"description": given.get("description"), "monitor_configuration": _monitor(given)}
    return Reply(single(ask, COUPONS, things.add(things.ledger(ask), COUPON, ident, kept)))


def _monitor(given: Json) -> Json:
    """The threshold comes back as a text, as the live service was seen to do."""
    wanted = dict(given.get("monitor_configuration") or {})
    if wanted.get("low_balance_threshold") is None:
        return wanted or None
    threshold = str(wanted["low_balance_threshold"])
    if not (threshold.isascii() and threshold.isdigit() and int(threshold) >= _LEAST):
        pointer = f"{_HERE}/monitor_configuration/low_balance_threshold"
        raise invalid(f"'low_balance_threshold' must be {_LEAST} or more.", pointer)
    return {**wanted, "low_balance_threshold": threshold}


def _own(ask: Ask) -> Row:
    """The coupon in the path. Raises Refusal: 400 for what can be no coupon's id, 404."""
    if not _NAME.match(ask.id):
        raise invalid(f"'id' must match regex '{_NAME.pattern}' ('{ask.id}' doesn't)", "/data/id")
    return owner(ask, COUPONS)


def get_coupon(ask: Ask) -> Reply:
    return Reply(single(ask, COUPONS, _own(ask)))


def update_coupon(ask: Ask) -> Reply:
    row, given = _own(ask), ask.attributes
    ask.must_match()
    kept = {}
    if given.get("description") is not None:
        kept["description"] = given["description"]
    if given.get("monitor_configuration") is not None:
        kept["monitor_configuration"] = _monitor(given)
    return Reply(single(ask, COUPONS, things.change(things.ledger(ask), row, data=kept)))


def delete_coupon(ask: Ask) -> Reply:
    things.remove(ask.db, _own(ask))
    return Reply()


def create_coupon_code(ask: Ask) -> Reply:
    return Reply(single(ask, CODES, add_code(things.ledger(ask), ask.document["data"], "/data", ask.chance)))


def add_code(where: things.Ledger, data: Json, pointer: str, chance: random.Random) -> Row:
    """A code from a resource in a body, which lies at `pointer`; it is good for a year unless told. Raises Refusal."""
    code, wanted = data["attributes"]["unique_code"], data["relationships"]["coupon"].get("data")
    if not wanted:
        raise invalid("A code belongs to a coupon.", f"{pointer}/{_COUPON}")
    coupon = things.find(where, COUPON, wanted["id"])
    if coupon is None:
        detail = f"A coupon with id {wanted['id']} does not exist."
        raise Refusal(Problem("not_found", detail, f"{pointer}/{_COUPON}/id"))
    at = f"{pointer}/attributes"
    if not code.strip():
        raise invalid("'unique_code' may not be blank.", f"{at}/unique_code")
    ident = f"{coupon['id']}-{code}"
    if things.find(where, CODE, ident):
        raise Refusal(Problem("conflict", f"The code '{code}' exists already.", f"{at}/unique_code"))
    expires = _moment(data["attributes"].get("expires_at"), f"{at}/expires_at") or where.now + _YEAR
    kept = {"unique_code": code, "expires_at": expires, "profile": None}
    return things.add(where, CODE, ident, kept, status=UNASSIGNED, parent=coupon["n"])


def _moment(text: str | None, pointer: str) -> int | None:
    if text is None:
        return None
    try:
        return moments.read(text)
    except ValueError as fault:
        raise invalid("'expires_at' is not a valid date and time.", pointer) from fault


def update_coupon_code(ask: Ask) -> Reply:
    row, given = owner(ask, CODES), ask.attributes
    ask.must_match()
    expires = _moment(given.get("expires_at"), f"{_HERE}/expires_at")
    kept = {"expires_at": expires} if expires else None
    return Reply(single(ask, CODES, things.change(things.ledger(ask), row, data=kept, status=given.get("status"))))


def delete_coupon_code(ask: Ask) -> Reply:
    row = owner(ask, CODES)
    if row["status"] == ASSIGNED:
        raise invalid("A code that is assigned to a profile cannot be deleted.")
    things.remove(ask.db, row)
    return Reply()


def get_coupon_codes(ask: Ask) -> Reply:
    if not any(condition.field in ("coupon.id", "profile.id") for condition in ask.query.conditions):
        raise invalid("A filter on coupon.id or profile.id is required.", parameter="filter")
    return all_of(CODES)(ask)


WORKS: Mapping[str, Work] = {JOB: Work(CODE, "coupon-codes", add_code, most_rows=1000, most_jobs=100, family=CODE)}
JOBS: Shelf = jobs.shelf(JOB, WORKS[JOB])
_CODES, _CODE_IDS = related(COUPONS, CODES, things.children(CODE))
_COUPON_OF, _COUPON_ID = related_one(CODES, COUPONS, things.parent)
ROOM: Mapping[str, Room] = {
    "get_coupons": all_of(COUPONS),
    "get_coupon": get_coupon,
    "create_coupon": create_coupon,
    "update_coupon": update_coupon,
    "delete_coupon": delete_coupon,
    "get_coupon_codes": get_coupon_codes,
    "get_coupon_code": one_of(CODES),
    "create_coupon_code": create_coupon_code,
    "update_coupon_code": update_coupon_code,
    "delete_coupon_code": delete_coupon_code,
    "get_coupon_codes_for_coupon": _CODES,
    "get_coupon_code_ids_for_coupon": _CODE_IDS,
    "get_coupon_for_coupon_code": _COUPON_OF,
    "get_coupon_id_for_coupon_code": _COUPON_ID,
    "bulk_create_coupon_codes": lambda ask: Reply(single(ask, JOBS, jobs.begin(ask, JOB, WORKS[JOB]))),
    "get_bulk_create_coupon_codes_job": one_of(JOBS),
    "get_bulk_create_coupon_code_jobs": all_of(JOBS),
}
