"""What the hash of a line covers: a canonical JSON of every column, with the hash of the line before it."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from klaviyo_admin.audit.models import Entry

START = "0" * 64
COLUMNS = tuple(f.attname for f in Entry._meta.concrete_fields if f.attname != "hash")


def digest(columns: Mapping[str, Any]) -> str:
    """SHA-256 in hex over COLUMNS (`previous_hash` is one of them), keys sorted, times in UTC with microseconds."""
    canonical = {name: _canonical(columns[name]) for name in COLUMNS}
    text = json.dumps(canonical, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _canonical(value: Any) -> Any:
    return value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else value
