"""Spans of time as people name them: in their own zone, by hours, days, weeks and months."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from klaviyo_admin.sandbox.moments import SECOND

_Beginning = Callable[[datetime], tuple[datetime, datetime | None]]
Span = tuple[int, int]  # from, until (not included), in microseconds
STEPS = ("hour", "day", "week", "month")
_DAYS = {"day": 1, "week": 7}


def zone(name: str) -> ZoneInfo:
    """Raises ValueError for a name that is no zone's; upper and lower case matter."""
    if name not in available_timezones():
        raise ValueError(f"'{name}' is not a time zone")
    return ZoneInfo(name)


def aware(moment: int, where: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(moment // SECOND, where)


def moment(when: datetime) -> int:
    return int(when.timestamp()) * SECOND


def floor(when: datetime, step: str) -> datetime:
    """The beginning of the hour, day, week (Monday) or month."""
    if step == "hour":
        return when.replace(minute=0, second=0, microsecond=0)
    day = when.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if step == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if step == "month" else day


def following(when: datetime, step: str) -> datetime:
    """The beginning of the next one; hours are counted on the clock that never jumps."""
    if step == "hour":
        return (when.astimezone(UTC) + timedelta(hours=1)).astimezone(when.tzinfo)
    if step == "month":
        return (when.replace(day=28) + timedelta(days=4)).replace(day=1)
    return when + timedelta(days=_DAYS[step])


def buckets(start: int, end: int, step: str, where: ZoneInfo) -> Iterator[Span]:
    """The hours, days, weeks or months that hold any of the time from start until end."""
    at = floor(aware(start, where), step)
    while moment(at) < end:
        after = following(at, step)
        yield moment(at), moment(after)
        at = after


def timeframe(key: str, now: int, where: ZoneInfo) -> Span:
    """A span by its name ("last_7_days"), whole days in that zone; those of "this" end now, those of "last" before today."""
    here = aware(now, where)
    today = floor(here, "day")
    first = _BEGINNINGS.get(key)
    if first is None:
        raise ValueError(f"'{key}' is not a timeframe")
    start, end = first(today)
    return moment(start), now if end is None else moment(end)


def _days(count: int) -> _Beginning:
    return lambda today: (today - timedelta(days=count), today)


def _months(count: int) -> _Beginning:
    return lambda today: (_back(floor(today, "month"), count), floor(today, "month"))


def _back(month: datetime, count: int) -> datetime:
    number = month.year * 12 + month.month - 1 - count
    return month.replace(year=number // 12, month=number % 12 + 1)


def _year(today: datetime) -> datetime:
    return today.replace(month=1, day=1)


_BEGINNINGS: dict[str, _Beginning] = {
    "today": lambda today: (today, None),
    "yesterday": _days(1),
    "this_week": lambda today: (floor(today, "week"), None),
    "last_7_days": _days(7),
    "last_week": lambda today: (floor(today, "week") - timedelta(days=7), floor(today, "week")),
    "this_month": lambda today: (floor(today, "month"), None),
    "last_30_days": _days(30),
    "last_month": _months(1),
    "last_90_days": _days(90),
    "last_3_months": _months(3),
    "last_365_days": _days(365),
    "last_12_months": _months(12),
    "this_year": lambda today: (_year(today), None),
    "last_year": lambda today: (_year(today).replace(year=today.year - 1), _year(today)),
}
