"""Knows which texts of an address or a form are the number of a row."""

_LONGEST = 18  # digits that every database takes


def whole(text: object) -> int:
    """The number that a text is, 0 for any other text: no row has that one."""
    said = str(text or "")
    return int(said) if said.isdecimal() and len(said) <= _LONGEST else 0
