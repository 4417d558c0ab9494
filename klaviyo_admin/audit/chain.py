"""What the hash of a line covers: a canonical JSON of every column, with the hash of the line before it."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from klaviyo_admin.audit.models import Entry

START = "0" * 64
COLUMNS = tuple(f.attname for f in Entry._meta.concrete_fields if f.attname != "hash")


def digest(columns: Mapping[str, Any]) -> str:
    """SHA-256 in hex over COLUMNS (`previous_hash` is one of them), keys sorted, times in UTC with microseconds."""
    return hashlib.sha256(text({name: columns[name] for name in COLUMNS})).hexdigest()


def text(columns: Mapping[str, Any]) -> bytes:
    """Columns as JSON with sorted keys and no spaces, in UTF-8: the form that is hashed and exported."""
    canonical, at = dict(columns), columns.get("at")
    if isinstance(at, datetime):  # no other column is a moment
        canonical["at"] = at.astimezone(UTC).isoformat(timespec="microseconds")
    try:
        # The same bytes as below at a tenth of the cost, except for what it cannot write at all.
        return orjson.dumps(canonical, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        plain = json.dumps(canonical, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return plain.encode("utf-8", "surrogatepass")
