"""One request and its answer, free of sockets."""

from collections.abc import Mapping
from dataclasses import dataclass, field

MEDIA_TYPE = "application/vnd.api+json"


@dataclass(frozen=True, slots=True)
class Call:
    """A request as received. `target` is the path with its query; the names in `headers` are lower-case."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    peer: str = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back. `fault` tells the carrier to misbehave: "drop" closes the connection without an answer,
    "truncate" sends only half of `body`. `delay` is how many seconds to wait before sending."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    fault: str = ""
    delay: float = 0.0
