"""Decides which leaf of the error tree an answer with a bad status belongs to, and says it in one sentence."""

from datetime import UTC, datetime, timedelta

from klaviyo_admin.klaviyo import errors
from klaviyo_admin.klaviyo.documents import problems
from klaviyo_admin.klaviyo.operation import Operation
from klaviyo_admin.klaviyo.session import Answer

_LEAVES: dict[int, type[errors.Refused]] = {
    401: errors.Unauthorised,
    404: errors.NotFound,
    409: errors.Conflict,
    410: errors.Gone,
}
_SENTENCES = {
    401: "Klaviyo does not accept this key.",
    404: "Klaviyo does not have this, or no longer.",
    409: "Klaviyo refused because of what it already holds.",
    410: "Klaviyo has retired this operation or revision.",
}
LATER = 10.0  # seconds assumed when a 429 does not say when to come back
_OF_THE_DAY = 600.0  # seconds of waiting that no window but the day's can order


def throttled(operation: Operation, answer: Answer) -> errors.Throttled:
    """A 429 as an error; a long wait means that the day's budget is spent."""
    return spent(operation, LATER if answer.retry_after is None else answer.retry_after, answer.body)


def spent(operation: Operation, seconds: float, body: bytes = b"") -> errors.Throttled:
    """A limit that leaves nothing to send for so many seconds, whether Klaviyo said so or our own count."""
    if seconds > _OF_THE_DAY:
        again = datetime.now(UTC) + timedelta(seconds=seconds)
        said = (
            f"The daily budget for “{operation.label}” is used up; it is free again at {again:%H:%M} UTC"
            f" (in {_span(seconds)})."
        )
    else:
        said = f"Klaviyo’s limit for “{operation.label}” is used up; it is free again in {_span(seconds)}."
    return errors.Throttled(said, retry_after=seconds, operation=operation.id, body=body)


def refused(operation: Operation, answer: Answer) -> errors.KlaviyoError:
    """A 4xx other than 429 as an error.

    A web page or plain text comes from a proxy in front of the API: it judged the connection, not the request, and did
    not pass it on. So it is Unavailable (nothing happened, try later) and never says anything about the key's rights.
    """
    if answer.from_edge:
        return unavailable(operation, "a gateway in front of it turned the request away", answer)
    told = problems(answer.body)
    if answer.status == 403:
        scopes = ", ".join(operation.scopes)
        needs = f" It needs the scopes {scopes}." if scopes else ""
        summary = f"This key or account may not “{operation.label}”.{needs}"
        return errors.Forbidden(
            summary, scopes=operation.scopes, problems=told, operation=operation.id, body=answer.body
        )
    leaf = _LEAVES.get(answer.status, errors.Invalid)
    # Titles and places only: details quote the addresses and numbers of people, and summaries are kept for good.
    said = "; ".join(f"{p.title or p.code} {p.pointer or p.parameter}".strip().rstrip(".") for p in told[:3])
    summary = (
        _SENTENCES.get(answer.status)
        or f"Klaviyo refused “{operation.label}” ({answer.status}): {said or 'no reason given'}."
    )
    return leaf(summary, status=answer.status, problems=told, operation=operation.id, body=answer.body)


def unavailable(operation: Operation, reason: str, answer: Answer | None = None) -> errors.Unavailable:
    status, body = (answer.status, answer.body) if answer else (0, b"")
    said = f" (status {status})" if status else ""
    return errors.Unavailable(
        f"Klaviyo could not be asked for “{operation.label}”: {reason}{said}.",
        operation=operation.id,
        status=status,
        body=body,
    )


def unclear(operation: Operation, reason: str, answer: Answer | None = None) -> errors.Unclear:
    status, body = (answer.status, answer.body) if answer else (0, b"")
    said = f" (status {status})" if status else ""
    return errors.Unclear(
        f"“{operation.label}” was sent, but {reason}{said}: it may or may not have happened.",
        operation=operation.id,
        status=status,
        body=body,
    )


def _span(seconds: float) -> str:
    minutes = round(seconds / 60)
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
