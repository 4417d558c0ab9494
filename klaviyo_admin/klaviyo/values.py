"""The values that cross the border of the Klaviyo API: nothing here does anything."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = Any  # None, bool, int, float, str, list or dict, as JSON has them


@dataclass(frozen=True, slots=True)
class Kind:
    """The identity of one thing in Klaviyo: its JSON:API type ("profile") and its id."""

    type: str
    id: str


@dataclass(frozen=True, slots=True)
class Item:
    """One resource as read from Klaviyo. `related` holds only relationships whose data the answer carried."""

    type: str
    id: str
    attributes: Mapping[str, Json]
    related: Mapping[str, tuple[Kind, ...]] = field(default_factory=dict)
    included: Mapping[Kind, "Item"] = field(default_factory=dict, repr=False)

    def get(self, path: str, default: Json = None) -> Json:
        """The attribute at a dotted path ("location.city"); `default` where any part is absent or null."""
        return self.at(tuple(path.split(".")), default)

    def at(self, path: tuple[str, ...], default: Json = None) -> Json:
        """Like `get`, for keys that may contain dots themselves (custom properties)."""
        found: Json = self.attributes
        for key in path:
            if not isinstance(found, Mapping) or found.get(key) is None:
                return default
            found = found[key]
        return found

    def ones(self, relationship: str) -> tuple["Item", ...]:
        """The included resources of a relationship, in the answer's order; those not included are left out."""
        return tuple(self.included[k] for k in self.related.get(relationship, ()) if k in self.included)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a collection. `next` is the full address to follow; the cursors are what a dashboard URL carries."""

    items: tuple[Item, ...]
    as_of: datetime
    next: str | None = None
    next_cursor: str | None = None
    previous_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """What may be asked of a read. `filter` is a finished Klaviyo filter (see filters.py); `size` None means the default.

    `others` are parameters that only single operations have, such as `company_id` of the Client API.
    """

    filter: str = ""
    sort: str = ""
    size: int | None = None
    cursor: str = ""
    include: tuple[str, ...] = ()
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    additional_fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Write:
    """One request that changes something, complete: these bytes are what is sealed, shown, sent and recorded.

    `path` begins with "/", has its ids filled in and percent-encoded, and carries the query string if any.
    """

    operation: str
    method: str
    path: str
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came back for a Write that Klaviyo accepted (any 2xx). `document` is the parsed body, None when empty."""

    status: int
    document: Json
    body: bytes
    seconds: float
    attempts: int = 1
