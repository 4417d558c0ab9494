"""Dates in templates: what counts as one, and how the letters of a format print it."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

_FORMATS: Mapping[str, Callable[[datetime], str]] = {
    "a": lambda at: at.strftime("%p").lower(),
    "A": lambda at: at.strftime("%p"),
    "b": lambda at: at.strftime("%b").lower(),
    "d": lambda at: at.strftime("%d"),
    "D": lambda at: at.strftime("%a"),
    "F": lambda at: at.strftime("%B"),
    "g": lambda at: str(at.hour % 12 or 12),
    "G": lambda at: str(at.hour),
    "h": lambda at: at.strftime("%I"),
    "H": lambda at: at.strftime("%H"),
    "i": lambda at: at.strftime("%M"),
    "j": lambda at: str(at.day),
    "l": lambda at: at.strftime("%A"),
    "m": lambda at: at.strftime("%m"),
    "M": lambda at: at.strftime("%b"),
    "n": lambda at: str(at.month),
    "N": lambda at: at.strftime("%b"),
    "s": lambda at: at.strftime("%S"),
    "S": lambda at: "th" if 10 < at.day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(at.day % 10, "th"),
    "y": lambda at: at.strftime("%y"),
    "Y": lambda at: at.strftime("%Y"),
}


def moment(value: Any) -> datetime | None:
    """A date from a datetime, an ISO text or seconds since 1970."""
    if isinstance(value, datetime):
        return value
    try:
        if isinstance(value, str):
            return datetime.fromisoformat(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None


def formatted(at: datetime, pattern: str) -> str:
    """By the letters of the template language; a backslash keeps a letter as it is. `%` means a format of strftime."""
    if "%" in pattern:
        return at.strftime(pattern)
    found, literal = "", False
    for letter in pattern:
        if literal or letter not in _FORMATS:
            literal = letter == "\\" and not literal
            found += "" if literal else letter
        else:
            found += _FORMATS[letter](at)
    return found
