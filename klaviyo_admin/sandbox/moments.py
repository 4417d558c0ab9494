"""Times: microseconds since 1970 inside, RFC 3339 outside."""

import re
from datetime import UTC, datetime, timedelta

SECOND = 1_000_000
DAY = 86_400 * SECOND
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RFC3339 = re.compile(r"^\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d\d:?\d\d)?)?$")


def exact(moment: int | None) -> str | None:
    """With microseconds, as profiles and segments show their times."""
    return None if moment is None else _aware(moment).isoformat(timespec="microseconds")


def whole(moment: int | None) -> str | None:
    """In whole seconds, as lists, metrics, events and jobs show their times."""
    return None if moment is None else _aware(moment).isoformat(timespec="seconds")


def read(text: str) -> int:
    """Microseconds of an RFC 3339 time; a time without a zone counts as UTC. Raises ValueError."""
    if not _RFC3339.match(text):
        raise ValueError(f"{text!r} is not a date and time")
    found = datetime.fromisoformat(text.upper())
    aware = found if found.tzinfo else found.replace(tzinfo=UTC)
    return (aware - _EPOCH) // timedelta(microseconds=1)


def _aware(moment: int) -> datetime:
    return _EPOCH + timedelta(microseconds=moment)
