"""Reads of coupon codes, and the pure builders of changes to coupons and their codes."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError

from klaviyo_admin.areas import building
from klaviyo_admin.areas.base import Answers, Asked
from klaviyo_admin.areas.batching import Batch, Line
from klaviyo_admin.areas.building import Noun, patched, posted, to_one
from klaviyo_admin.areas.coupons.columns import code, name
from klaviyo_admin.areas.rows import Rows
from klaviyo_admin.areas.words import counted, plain
from klaviyo_admin.intents import Intent
from klaviyo_admin.klaviyo import filters
from klaviyo_admin.klaviyo.answers import moment
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.values import Item, Json, Page, Query

COUPON = Noun(
    "coupon",
    "coupons",
    "coupon",
    "get_coupon",
    name,
    {"external_id": "Name", "description": "What it is for", "threshold": "Warns below"},
    {"threshold": ("monitor_configuration", "low_balance_threshold")},
)
CODE = Noun(
    "code",
    "codes",
    "coupon-code",
    "get_coupon_code",
    code,
    {"unique_code": "Code", "status": "Status", "expires_at": "Good until"},
)
CREATE = Batch("bulk_create_coupon_codes", "coupon-codes", "get_bulk_create_coupon_codes_job", most=1000)
FREE = "UNASSIGNED"

delete = building.deleting("coupons.delete", "delete_coupon", COUPON)
delete_codes = building.deleting("coupons.delete_codes", "delete_coupon_code", CODE)
create = building.creating("coupons.create", "create_coupon", COUPON, "external_id")
edit = building.editing("coupons.edit", "update_coupon", COUPON)
start_edit = building.starting(COUPON)


def free(reader: Reader, ident: str, asked: Asked) -> Page:
    """The codes of a coupon that nobody has yet."""
    reading = operation("get_coupon_codes")
    conditions = (("coupon.id", [ident]), ("status", FREE))
    condition = ",".join(filters.for_operation(reading, field, "equals", value) for field, value in conditions)
    return reader.page(reading.id, query=Query(condition, size=20, cursor=asked.cursor))


def start_codes(items: Sequence[Item]) -> dict[str, Any]:
    """What one code holds now; several begin with nothing."""
    if len(items) > 1:
        return {}
    return {"status": items[0].get("status"), "expires_at": moment(items[0].get("expires_at"))}


def change_codes(items: Sequence[Item], answers: Answers) -> Intent:
    """One PATCH for each of the codes that is not like this already, with what differs. Raises ValidationError."""
    values = {key: said(answers[key]) for key in ("expires_at", "status") if answers[key]}
    wanted = [(item, {k: v for k, v in values.items() if not _same(item.get(k), v)}) for item in items]
    wanted = [(item, new) for item, new in wanted if new]
    if not wanted:
        raise ValidationError("Nothing would change: this is what Klaviyo has already.")
    requests = tuple(patched("update_coupon_code", CODE, item, CODE.changes(new, item)) for item, new in wanted)
    what = " and ".join(CODE.labels[key].lower() for key in dict.fromkeys(key for _, new in wanted for key in new))
    if len(items) == 1:
        sentence = f"Change {what} of the code “{{target}}”."
        return Intent("coupons.change_codes", sentence, requests, CODE.target(items[0]))
    return Intent("coupons.change_codes", f"Change {what} of {counted(len(wanted), 'code')}.", requests)


def said(value: Any) -> Json:
    """A moment as Klaviyo takes it; any other value as it is."""
    if not isinstance(value, datetime):
        return value
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _same(now: Json, wanted: Json) -> bool:
    """Equal, or the same moment to the minute, as a screen shows it."""
    before, after = moment(now), moment(wanted)
    if before and after and before.tzinfo and after.tzinfo:
        return abs((before - after).total_seconds()) < 60
    return bool(now == wanted)


def add_code(items: Sequence[Item], answers: Answers) -> Intent:
    """One POST of a code of the coupon."""
    (coupon,) = items
    values = {"unique_code": answers["unique_code"], "expires_at": said(answers["expires_at"])}
    fields = CODE.changes({key: value for key, value in values.items() if value})
    target = CODE.new(answers["unique_code"])
    request = posted("create_coupon_code", target, fields, {"coupon": to_one(coupon)})
    sentence = f"Add the code “{{target}}” to the coupon “{plain(name(coupon))}”."
    return Intent("coupons.add_code", sentence, (request,), target)


def add_codes(items: Sequence[Item], answers: Answers) -> Intent:
    """Jobs that add the codes of the `rows`, each good until its own day, else until `expires_at`."""
    (coupon,) = items
    rows: Rows = answers["rows"]
    late = said(answers["expires_at"])
    given = [(row.get("unique_code"), _day(row.get("expires_at"), row.line) or late) for row in rows]
    sentence = f"Add {counted(len(given), 'code')} from {plain(rows.source)} to the coupon “{{target}}”."
    requests = CREATE.requests(_lines(coupon, given), "New codes")
    return Intent("coupons.add_codes", sentence, requests, COUPON.target(coupon), rows.details())


def _day(text: Json, line: int) -> Json:
    """A day of a sheet is meant to its end; without a zone, it is the day in UTC."""
    if not text:
        return None
    whole = f"{text}T23:59:59" if len(text) == len("2026-12-31") else text
    end = datetime.fromisoformat(whole)
    if end.year < 2000:
        raise ValidationError(
            {"rows": f"Line {line}: “{text}” is long past. Write the day until which the code is good."}
        )
    return said(end if end.tzinfo else end.replace(tzinfo=UTC))


def generate(items: Sequence[Item], answers: Answers) -> Intent:
    """Jobs that add the generated `codes`."""
    (coupon,) = items
    codes, late = answers["codes"], said(answers["expires_at"])
    start = f" that begin with “{plain(answers['begins'])}”" if answers["begins"] else ""
    sentence = f"Add {counted(len(codes), 'generated code')}{start} to the coupon “{{target}}”."
    requests = CREATE.requests(_lines(coupon, [(each, late) for each in codes]), "New codes")
    return Intent("coupons.generate_codes", sentence, requests, COUPON.target(coupon))


def _lines(coupon: Item, given: Iterable[tuple[str, Json]]) -> Iterable[Line]:
    for each, until in given:
        attributes = {"unique_code": each, **({"expires_at": until} if until else {})}
        row = {"type": "coupon-code", "attributes": attributes, "relationships": {"coupon": to_one(coupon)}}
        yield row, ()
