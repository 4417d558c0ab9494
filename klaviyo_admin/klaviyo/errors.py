"""What can go wrong with a call, by what it means for the caller.

KlaviyoError
├── Unavailable      nothing reached Klaviyo, or a read found no answer: safe to try again later
├── Refused          Klaviyo answered "no" and did nothing
│   ├── Unauthorised 401  the key is wrong or gone
│   ├── Forbidden    403  the key lacks a scope, or the account lacks the feature
│   ├── NotFound     404
│   ├── Conflict     409
│   ├── Gone         410  retired revision or endpoint
│   └── Invalid      400, 405, 415, 422 and every other 4xx
├── Throttled        429: refused before execution, safe to repeat after `retry_after` seconds
└── Unclear          a write was sent and no trustworthy answer came: it may or may not have happened
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One item of a JSON:API error document. `pointer` names a body part, `parameter` a query parameter."""

    code: str = ""
    title: str = ""
    detail: str = ""
    pointer: str = ""
    parameter: str = ""
    duplicate_id: str = ""


class KlaviyoError(Exception):
    """`summary` is one sentence for a person; it never holds a key."""

    def __init__(self, summary: str, *, operation: str = "", status: int = 0, body: bytes = b"") -> None:
        super().__init__(summary)
        self.summary = summary
        self.operation = operation
        self.status = status
        self.body = body


class Unavailable(KlaviyoError):
    pass


class Unclear(KlaviyoError):
    pass


class Throttled(KlaviyoError):
    def __init__(self, summary: str, *, retry_after: float, operation: str = "", body: bytes = b"") -> None:
        super().__init__(summary, operation=operation, status=429, body=body)
        self.retry_after = retry_after


class Refused(KlaviyoError):
    def __init__(
        self, summary: str, *, status: int, problems: tuple[Problem, ...] = (), operation: str = "", body: bytes = b""
    ) -> None:
        super().__init__(summary, operation=operation, status=status, body=body)
        self.problems = problems


class Unauthorised(Refused):
    pass


class Forbidden(Refused):
    def __init__(
        self,
        summary: str,
        *,
        scopes: tuple[str, ...] = (),
        problems: tuple[Problem, ...] = (),
        operation: str = "",
        body: bytes = b"",
    ) -> None:
        super().__init__(summary, status=403, problems=problems, operation=operation, body=body)
        self.scopes = scopes


class NotFound(Refused):
    pass


class Conflict(Refused):
    pass


class Gone(Refused):
    pass


class Invalid(Refused):
    pass
