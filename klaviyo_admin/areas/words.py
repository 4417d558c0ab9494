"""Knows what things are called, and how names and counts are put into a sentence."""

from collections.abc import Sequence

from klaviyo_admin.klaviyo.values import Item

MOST = 4  # names that a sentence spells out


def name(item: Item) -> str:
    """What most things are called: their name, else their id."""
    return str(item.get("name") or item.id)


def listed(names: Sequence[str], *, of: str = "fields") -> str:
    """“A”, “B” and “C”; beyond four of them only how many: 7 fields."""
    if len(names) > MOST:
        return f"{len(names):,} {of}"
    quoted = [f"“{plain(name)}”" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def counted(number: int, one: str, many: str = "") -> str:
    """1 profile, 2,500 profiles, 3 categories."""
    return f"1 {one}" if number == 1 else f"{number:,} {many or one + 's'}"


def plain(name: object) -> str:
    """Any text as it may stand in a sentence: on one line, and without braces, which stand for the target there."""
    kept = "".join(c if c.isprintable() else " " for c in str(name)).replace("{", "(").replace("}", ")")
    return " ".join(kept.split())
