"""How the sandbox says no: the error documents of the live service."""

import uuid
from dataclasses import dataclass, field
from typing import Any

_SETTLED: dict[str, tuple[int, str]] = {
    "invalid": (400, "Invalid input."),
    "not_authenticated": (401, "Authentication credentials were not provided."),
    "authentication_failed": (401, "Incorrect authentication credentials."),
    "permission_denied": (403, "You do not have permission to perform this action."),
    "not_found": (404, "Not found."),
    "method_not_allowed": (405, "Method not allowed."),
    "conflict": (409, "Conflict."),
    "duplicate_profile": (409, "Conflict."),
    "gone": (410, "Gone."),
    "payload_too_large": (413, "Payload too large."),
    "unsupported_media_type": (415, "Unsupported media type."),
    "throttled": (429, "Request was throttled."),
    "error": (500, "A server error occurred."),
    "no_such_room": (501, "Not in this sandbox yet."),
    "service_unavailable": (503, "Service unavailable."),
}
# The framework in front of the application ends its pointers with a slash and leaves links and meta out.
_FRAMEWORK = {"not_authenticated", "authentication_failed", "permission_denied", "error"}
_LIMITS_PAGE = "https://developers.klaviyo.com/en/docs/rate_limits_and_error_handling#rate-limits"


@dataclass(frozen=True, slots=True)
class Problem:
    """One item of an error document; a problem with a `parameter` has no pointer."""

    code: str
    detail: str
    pointer: str = "/data"
    parameter: str = ""
    meta: dict[str, Any] = field(default_factory=dict)

    @property
    def status(self) -> int:
        return _SETTLED[self.code][0]

    @property
    def title(self) -> str:
        return _SETTLED[self.code][1]

    def document(self) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "id": str(uuid.uuid4()),
            "status": self.status,
            "code": self.code,
            "title": self.title,
            "detail": self.detail,
            "source": {"parameter": self.parameter} if self.parameter else {"pointer": self.pointer},
        }
        if self.code not in _FRAMEWORK:
            shown["links"] = {"type": _LIMITS_PAGE} if self.code == "throttled" else {}
            shown["meta"] = self.meta
        return shown


class Refusal(Exception):
    """Carries one or more problems of the same status up to the service, which answers with them."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(problems[0].detail)
        self.problems = problems
        self.status = problems[0].status

    def document(self) -> dict[str, Any]:
        return {"errors": [p.document() for p in self.problems]}


def invalid(detail: str, pointer: str = "/data", *, parameter: str = "") -> Refusal:
    return Refusal(Problem("invalid", detail, pointer, parameter))


def missing(detail: str) -> Refusal:
    return Refusal(Problem("not_found", detail))


def refused(code: str, detail: str = "", pointer: str = "/data/") -> Refusal:
    return Refusal(Problem(code, detail or _SETTLED[code][1], pointer))
