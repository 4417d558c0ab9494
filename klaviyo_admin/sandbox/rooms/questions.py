"""What a report is asked: a span of time in the company's zone, statistics, groups and a filter, as all reports ask it."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from klaviyo_admin.sandbox import calendar, moments
from klaviyo_admin.sandbox.asking import Ask, Json, Reply
from klaviyo_admin.sandbox.calendar import Span
from klaviyo_admin.sandbox.filtering import Condition, Malformed, parse
from klaviyo_admin.sandbox.refusals import Refusal, invalid

HERE = "/data/attributes"
_LONGEST = timedelta(days=366)
_STEPS = {
    "hourly": ("hour", 7),
    "daily": ("day", 60),
    "weekly": ("week", 366),
    "monthly": ("month", 366),
}  # and most days
_MOST_VALUES = 100
_PAGE = 1000  # results on one page
_OPERATORS = ("equals", "contains-any", "contains-all")
Result = tuple[dict[str, Json], dict[str, Json]]  # groupings, statistics


@dataclass(frozen=True, slots=True)
class Question:
    """`spans` is one span for values, and one for each interval for a series; `whole` holds them all."""

    whole: Span
    spans: Sequence[Span]
    statistics: tuple[str, ...]
    series: bool
    conditions: tuple[Condition, ...]


def question(ask: Ask, fields: Iterable[str]) -> Question:
    """`fields` may be filtered by. Raises Refusal pointing at what cannot be asked."""
    given, series = ask.attributes, "interval" in ask.attributes
    where = _zone(ask)
    whole = _timeframe(ask, given["timeframe"], where)
    spans = _spans(whole, given["interval"], where) if series else (whole,)
    statistics = tuple(dict.fromkeys(given["statistics"]))
    if not statistics:
        raise invalid("At least one statistic is needed.", f"{HERE}/statistics")
    return Question(whole, spans, statistics, series, _conditions(given.get("filter") or "", tuple(fields)))


def _zone(ask: Ask) -> ZoneInfo:
    row = ask.db.execute(
        "SELECT attributes ->> '$.timezone' AS zone FROM account WHERE n = ?", (ask.account,)
    ).fetchone()
    return calendar.zone(row["zone"])


def _timeframe(ask: Ask, given: Json, where: ZoneInfo) -> Span:
    if "key" in given:
        start, end = calendar.timeframe(given["key"], ask.now, where)
        return start, end + moments.SECOND if end == ask.now else end  # what happens right now counts
    # What the times say of their own zone does not count: they are times of the company's.
    first, last = (datetime.fromisoformat(given[name].upper()).replace(tzinfo=where) for name in ("start", "end"))
    if first >= last:
        raise invalid("The timeframe ends before it begins.", f"{HERE}/timeframe")
    if last - first > _LONGEST:
        raise invalid("The timeframe may not be longer than one year.", f"{HERE}/timeframe")
    return calendar.moment(first), calendar.moment(last)


def _spans(whole: Span, interval: str, where: ZoneInfo) -> list[Span]:
    """The intervals, the first and last cut to the timeframe."""
    step, most = _STEPS[interval]
    start, end = whole
    if end - start > (most + 1) * moments.DAY:
        raise invalid(f"The interval {interval} goes with at most {most} days.", f"{HERE}/interval")
    return [(max(a, start), min(b, end)) for a, b in calendar.buckets(start, end, step, where)]


def _conditions(text: str, fields: tuple[str, ...]) -> tuple[Condition, ...]:
    if not text:
        return ()
    try:
        found = parse(text)
    except Malformed as fault:
        raise _no(f"The filter could not be read: {fault}") from fault
    for condition in found:
        if condition.field not in fields:
            raise _no(f"'{condition.field}' is not an allowed filter field.  Allowed fields are {','.join(fields)}")
        if condition.operator not in _OPERATORS or condition.value is None:
            raise _no(f"'{condition.operator}' is not an allowed filter operator for {condition.field}")
        if isinstance(condition.value, tuple) and len(condition.value) > _MOST_VALUES:
            raise _no(f"At most {_MOST_VALUES} values may be given for {condition.field}")
    if len({condition.field for condition in found}) < len(found):
        raise _no("A field may be filtered by once only")
    return found


def _no(detail: str) -> Refusal:
    return invalid(f"{detail}.", f"{HERE}/filter")


def holds(conditions: Iterable[Condition], about: Mapping[str, Any]) -> bool:
    """Whether something is what the filter wants. A list in `about` means that it has several of these."""
    return all(_holds(condition, about.get(condition.field)) for condition in conditions)


def _holds(condition: Condition, found: Any) -> bool:
    has = set(found) if isinstance(found, list) else {found}
    wanted = set(condition.value) if isinstance(condition.value, tuple) else {condition.value}
    return wanted <= has if condition.operator == "contains-all" else bool(wanted & has)


def report(
    ask: Ask, asked: Question, results: Sequence[Result], related: Mapping[str, Iterable[str]] | None = None
) -> Reply:
    """The document: a page of results, and for a series the beginnings of the intervals. `related` are ids by relationship."""
    place = _place(dict(ask.query.pairs).get("page_cursor", ""), len(results))
    shown = [{"groupings": g, "statistics": s} for g, s in results[place : place + _PAGE]]
    attributes: dict[str, Json] = {"results": shown}
    if asked.series:
        attributes["date_times"] = [moments.whole(start) for start, _ in asked.spans]
    data: dict[str, Json] = {"type": ask.operation.kind, "id": _uuid(ask), "attributes": attributes}
    if related:
        data["relationships"] = {
            name: {"data": [{"type": name.removesuffix("s"), "id": ident} for ident in idents]}
            for name, idents in related.items()
        }
    at = f"{ask.here}{ask.operation.path}"
    links: dict[str, Json] = {"self": at}
    if ask.operation.paginated:
        following = place + _PAGE < len(results)
        links |= {"next": f"{at}?page_cursor={place + _PAGE}" if following else None, "prev": None}
    return Reply({"data": data, "links": links})


def _place(cursor: str, results: int) -> int:
    if not cursor:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and int(cursor) <= results):
        raise invalid("Invalid cursor provided.", parameter="page_cursor")
    return int(cursor)


def _uuid(ask: Ask) -> str:
    return str(uuid.UUID(int=ask.chance.getrandbits(128), version=4))
