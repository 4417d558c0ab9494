"""The values that cross the border of the Klaviyo API: nothing here does anything."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

Json = Any  # None, bool, int, float, str, list or dict, as JSON has them


@dataclass(frozen=True, slots=True)
class Kind:
    """The identity of one thing in Klaviyo: its JSON:API type ("profile") and its id."""

    type: str
    id: str


@dataclass(frozen=True, slots=True)
class Item:
    """One resource as read from Klaviyo. `related` holds only relationships whose data the answer carried; `included`
    what came beside it: mostly one resource of an identity, several where it is linked more than once. `came` are the
    attributes as they came, where `attributes` (see answers.py) are not the same."""

    type: str
    id: str
    attributes: Mapping[str, Json]
    related: Mapping[str, tuple[Kind, ...]] = field(default_factory=dict)
    included: Mapping[Kind, tuple["Item", ...]] = field(default_factory=dict, repr=False)
    came: Mapping[str, Json] | None = field(default=None, repr=False)

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
        kinds = dict.fromkeys(self.related.get(relationship, ()))
        return tuple(one for kind in kinds for one in self.included.get(kind, ()))


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


class Ref(str):
    """A text that the answer to an earlier request will give: `Ref(1, "/data/id")` is the id of what request 1 makes.

    `step` is the number of that request in the same Intent, from 1; `pointer` a JSON pointer into its answer. It stands
    for a whole value of a document or for a whole part of a path, never for a piece of one. As a string it is the
    placeholder that reviewers see and that the schema is checked with. Raises ValueError.
    """

    step: int
    pointer: str

    def __new__(cls, step: int, pointer: str = "/data/id") -> Self:
        if step < 1 or not pointer.startswith("/"):
            raise ValueError("A reference names an earlier request, from 1, and a place in its answer.")
        ref = super().__new__(cls, f"{{{pointer} of request {step}}}")
        ref.step, ref.pointer = step, pointer
        return ref

    def __getnewargs__(self) -> tuple[int, str]:  # type: ignore[override]  # a copy is made of both, not of the text
        return self.step, self.pointer


@dataclass(frozen=True, slots=True)
class Gap:
    """A place of a Write that is filled just before sending: `at` is "path/3" (the part of the path by its number) or
    "body" and a JSON pointer ("body/data/id"); `ref` says with what."""

    at: str
    ref: Ref


@dataclass(frozen=True, slots=True)
class Write:
    """One request that changes something, complete: these bytes are what is sealed, shown, sent and recorded.

    `path` begins with "/", has its ids filled in and percent-encoded, and carries the query string if any. Where `gaps`
    are, path and body hold the placeholders of their Refs, and `klaviyo.gaps.filled` makes of it what is sent.
    """

    operation: str
    method: str
    path: str
    body: bytes = b""
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came back for a Write that Klaviyo accepted (any 2xx). `document` is the parsed body, None when empty."""

    status: int
    document: Json
    body: bytes
    seconds: float
    attempts: int = 1
