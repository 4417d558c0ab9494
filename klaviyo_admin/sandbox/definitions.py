"""Segment definitions to SQL: groups of conditions joined by AND, the conditions of a group by OR."""

import json
from collections.abc import Callable
from typing import Any

from klaviyo_admin.sandbox import moments
from klaviyo_admin.sandbox.shelves import Sql

Definition = dict[str, Any]
_RELATIVE = ("in-the-last", "in-the-next", "at-least", "between")
_UNITS = {"hour": 3600, "day": 86_400, "week": 604_800}
_NUMERIC = {
    "equals": "=",
    "not-equals": "<>",
    "greater-than": ">",
    "greater-than-or-equal": ">=",
    "less-than": "<",
    "less-than-or-equal": "<=",
}
_FIELDS = ("email", "first_name", "last_name", "phone_number", "external_id", "organization", "locale", "title")


def drifts(definition: str) -> bool:
    """Whether the members of a definition (as text) change with the clock alone, as in "in the last 30 days"."""
    return any(f'"{operator}"' in definition for operator in _RELATIVE)


def condition(definition: Definition, account: int, now: int) -> Sql:
    """The definition as a condition on `profile`. A condition that the sandbox cannot judge holds for nobody.

    Raises ValueError for a time that cannot be read.
    """
    return _joined(" AND ", [_group(g, account, now) for g in definition["condition_groups"]])


def _group(group: Definition, account: int, now: int) -> Sql:
    return _joined(" OR ", [_KINDS.get(c["type"], _nobody)(c, account, now) for c in group["conditions"]])


def _joined(word: str, parts: list[Sql]) -> Sql:
    return word.join(f"({sql})" for sql, _ in parts) or "0", tuple(v for _, values in parts for v in values)


def _nobody(found: Definition, account: int, now: int) -> Sql:
    return "0", ()


def _metric(found: Definition, account: int, now: int) -> Sql:
    when, values = _timeframe(found.get("timeframe_filter"), "event.at", now)
    measure = "count(*)" if found["measurement"] == "count" else "ifnull(sum(event.value), 0)"
    bound = found["measurement_filter"]
    narrow, more = _joined(" AND ", [_event_property(f, now) for f in found.get("metric_filters") or ()] or [("1", ())])
    sql = (
        f"(SELECT {measure} FROM event WHERE event.profile = profile.n AND event.metric = "
        f"(SELECT n FROM metric WHERE account = ? AND id = ?) AND {when} AND {narrow}) {_NUMERIC[bound['operator']]} ?"
    )
    return sql, (account, found["metric_id"], *values, *more, bound["value"])


def _event_property(found: Definition, now: int) -> Sql:
    return _compared("json_extract(event.properties, ?)", (_path(found["property"]),), found.get("filter") or {}, now)


def _property(found: Definition, account: int, now: int) -> Sql:
    name, bound = found["property"], found["filter"]
    if name in _FIELDS:
        return _compared(f"profile.{name}", (), bound, now)
    if name.startswith("location."):
        return _compared("json_extract(profile.location, ?)", (_path(name.removeprefix("location.")),), bound, now)
    key = name.removeprefix("properties['").removesuffix("']")
    return _compared("json_extract(profile.properties, ?)", (_path(key),), bound, now)


def _path(key: str) -> str:
    """A key that SQLite's paths cannot spell becomes one that nobody has."""
    return f"$.{json.dumps(key, ensure_ascii=False)}" if not set(key) & {'"', "\\"} else '$."\x7f"'


def _compared(column: str, own: tuple[Any, ...], bound: Definition, now: int) -> Sql:
    kind, operator, value = bound.get("type"), bound.get("operator"), bound.get("value")
    if isinstance(value, list):
        return "0", ()
    if kind == "existence":
        return f"{column} IS {'NOT NULL' if operator == 'is-set' else 'NULL'}", own
    if kind == "numeric" and operator in _NUMERIC:
        return f"typeof({column}) IN ('integer', 'real') AND {column} {_NUMERIC[operator]} ?", (*own, *own, value)
    if kind == "boolean":
        return f"{column} = ?", (*own, int(bool(value)))
    if kind == "date":
        sql, values = _timeframe(bound, f"CAST(strftime('%s', {column}) AS INTEGER) * 1000000", now)
        return f"{column} IS NOT NULL AND {sql}", (*own, *own * sql.count(column), *values)
    words: dict[str, Sql] = {
        "equals": (f"{column} = ?", (*own, value)),
        "not-equals": (f"{column} IS NOT ?", (*own, value)),
        "contains": (f"instr(lower({column}), lower(?)) > 0", (*own, value)),
        "not-contains": (f"ifnull(instr(lower({column}), lower(?)), 0) = 0", (*own, value)),
        "starts-with": (f"lower({column}) LIKE lower(?) || '%'", (*own, value)),
        "ends-with": (f"lower({column}) LIKE '%' || lower(?)", (*own, value)),
    }
    return words.get(str(operator), ("0", ()))


def _group_membership(found: Definition, account: int, now: int) -> Sql:
    when, values = _timeframe(found.get("timeframe_filter"), "m.joined", now)
    marks = ",".join("?" * len(found["group_ids"]))
    sql = (
        f"EXISTS (SELECT 1 FROM member m JOIN circle ON circle.n = m.circle WHERE m.profile = profile.n "
        f"AND circle.account = ? AND circle.id IN ({marks}) AND {when})"
    )
    return ("" if found["is_member"] else "NOT ") + sql, (account, *found["group_ids"], *values)


def _consent(found: Definition, account: int, now: int) -> Sql:
    consent = found["consent"]
    channel = {"email": "email", "sms": "sms"}.get(consent["channel"])
    if channel is None:
        return "0", ()
    subscribed = f"profile.{channel}_consent = 'SUBSCRIBED'"
    able = f"{subscribed} AND profile.suppression IS NULL" if channel == "email" else subscribed
    return (able if consent["can_receive_marketing"] else f"NOT ({able})"), ()


def _region(found: Definition, account: int, now: int) -> Sql:
    eu = "('Austria','Belgium','Czechia','Denmark','Finland','France','Germany','Ireland','Italy','Netherlands',"
    eu += "'Poland','Portugal','Spain','Sweden')"
    where = "profile.location ->> '$.country'"
    inside = f"{where} IN {eu}" if found["region"] == "european_union" else f"{where} = 'United States'"
    return (inside if found["in_region"] else f"NOT ifnull({inside}, 0)"), ()


def _timeframe(found: Definition | None, column: str, now: int) -> Sql:
    """A date filter as a condition on a column of microseconds."""
    operator = (found or {}).get("operator", "alltime")
    if found is None or operator == "alltime":
        return "1", ()
    if operator in ("after", "before"):
        return f"{column} {'>' if operator == 'after' else '<'} ?", (moments.read(found["date"]),)
    if operator == "between-static":
        return f"{column} BETWEEN ? AND ?", (moments.read(found["start"]), moments.read(found["end"]))
    unit = _UNITS.get(found.get("unit", ""), 86_400) * moments.SECOND
    if operator == "between":
        return f"{column} BETWEEN ? AND ?", (now - found["end"] * unit, now - found["start"] * unit)
    if operator not in ("in-the-last", "at-least", "in-the-next"):
        return "0", ()
    span = found["quantity"] * unit
    if operator == "in-the-last":
        return f"{column} BETWEEN ? AND ?", (now - span, now)
    if operator == "in-the-next":
        return f"{column} BETWEEN ? AND ?", (now, now + span)
    return f"{column} <= ?", (now - span,)


_KINDS: dict[str, Callable[[Definition, int, int], Sql]] = {
    "profile-metric": _metric,
    "profile-property": _property,
    "profile-group-membership": _group_membership,
    "profile-marketing-consent": _consent,
    "profile-region": _region,
}
