"""Knows the characters that turn text around on the screen, with which a value could read as what it is not."""

# Embeddings, overrides and isolates. The marks that languages written from the right need are not among them.
_TURNING = {code: f"[U+{code:04X}]" for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}


def straight(text: str) -> str:
    """The text with every such character as its number, so that who decides reads what will be sent."""
    return text.translate(_TURNING)
