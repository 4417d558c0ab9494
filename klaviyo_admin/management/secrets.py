"""The demo's own secrets: made once, kept in a file that only its owner may read."""

import json
import os
import secrets
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

_WORDS = [
    "amber",
    "birch",
    "cedar",
    "clover",
    "cobalt",
    "coral",
    "dune",
    "ember",
    "fern",
    "flint",
    "harbour",
    "heron",
    "indigo",
    "juniper",
    "kestrel",
    "larch",
    "maple",
    "meadow",
    "olive",
    "orchid",
    "otter",
    "pebble",
    "plover",
    "quartz",
    "raven",
    "saffron",
    "sorrel",
    "spruce",
    "teal",
    "thistle",
    "umber",
    "willow",
]


def password() -> str:
    """A password a person can type: three words and four digits, about 28 bits, for a loopback demo only."""
    words = "-".join(secrets.choice(_WORDS) for _ in range(3))
    return f"{words}-{secrets.randbelow(9000) + 1000}"


def keep(path: Path, people: tuple[str, ...], **more: str) -> dict[str, Any]:
    """The secrets in the file at `path`: SECRET_KEY, SEALING_KEYS, a password for each address in `people`, and `more`."""
    kept: dict[str, Any] = (json.loads(path.read_text()) if path.exists() else {}) | more
    kept.setdefault("SECRET_KEY", secrets.token_urlsafe(50))
    kept.setdefault("SEALING_KEYS", Fernet.generate_key().decode())
    passwords = kept.setdefault("passwords", {})
    for address in people:
        passwords.setdefault(address, password())
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(kept, file, indent=1)
    return kept
