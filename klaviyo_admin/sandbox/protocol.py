"""What holds for every operation before a room is asked: revision, limits, scopes, media type, body."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import orjson

from klaviyo_admin.klaviyo.catalogue import Operation, match
from klaviyo_admin.sandbox.calls import Call
from klaviyo_admin.sandbox.keys import Key
from klaviyo_admin.sandbox.limits import Window, windows
from klaviyo_admin.sandbox.multipart import File, form
from klaviyo_admin.sandbox.refusals import Problem, Refusal, invalid, refused

REVISION = date(2026, 7, 15)
_SUPPORTED = timedelta(days=2 * 365)  # one year stable, one year deprecated
_WRITTEN = re.compile(r"^(\d{4}-\d\d-\d\d)(\.pre)?$")
_LARGEST = 5 * 1024 * 1024
_FRAME = 64 * 1024  # what the form around a file may take
_BOOLEANS = {"true": True, "false": False}
_METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")
_JSON = frozenset({"application/vnd.api+json", "application/json"})


def route(call: Call) -> tuple[Operation, dict[str, str]]:
    """Raises Refusal: no such address (404), or not with this method (405)."""
    found = match(call.method, call.target)
    if found:
        return found
    if any(match(method, call.target) for method in _METHODS):
        raise Refusal(Problem("method_not_allowed", f'Method "{call.method}" not allowed.'))
    raise Refusal(Problem("not_found", "No valid revisions found for method"))


def check_revision(headers: Mapping[str, str]) -> None:
    """None means the sandbox's own. A retired one is served by the oldest that lives, unless the caller opted out."""
    given = headers.get("revision")
    if given is None:
        return
    written = _WRITTEN.match(given)
    try:
        revision = date.fromisoformat(written[1]) if written else None
    except ValueError:
        revision = None
    if revision is None:
        raise invalid(f"'{given}' is not a valid revision.", "/data/")
    if revision > REVISION:
        raise Refusal(Problem("not_found", "Unable to specify a future revision date", "/data/"))
    opted_out = headers.get("x-klaviyo-revision-fall-forward-opt-out", "") in {"1", "true"}
    if revision < REVISION - _SUPPORTED and opted_out:
        raise Refusal(Problem("gone", f"The revision {given} has been retired.", "/data/"))


def budget(operation: Operation, asked: Mapping[str, str]) -> tuple[str, tuple[Window, ...]]:
    """The name of the counter that a request with these parameters spends from, and its windows."""
    for reduced in operation.limits.reduced:
        if reduced.applies(asked):
            return f"{operation.id} {reduced.when}", windows(reduced.burst, reduced.minute, None)
    limits = operation.limits
    return operation.id, windows(limits.burst, limits.minute, limits.day)


def check_scopes(key: Key, operation: Operation) -> None:
    if key.missing(operation.scopes):
        raise refused("permission_denied")


def document(call: Call, operation: Operation) -> Any:
    """The parsed body, None for operations without one, a dict of fields for a form. Raises Refusal pointing at each fault."""
    if not operation.body:
        return None
    if operation.media:
        return _form(call, operation)
    if len(call.body) > _LARGEST:
        raise Refusal(Problem("payload_too_large", "A body may not be larger than 5 MB."))
    if call.headers.get("content-type", "").partition(";")[0].strip().lower() not in _JSON:
        raise Refusal(Problem("unsupported_media_type", "Send the body as application/vnd.api+json."))
    try:
        found = orjson.loads(call.body)
    except orjson.JSONDecodeError as fault:
        raise invalid("The payload provided in the request is invalid.") from fault
    _must_satisfy(operation, found)
    return found


def _form(call: Call, operation: Operation) -> dict[str, str | File]:
    if len(call.body) > _LARGEST + _FRAME:
        raise Refusal(Problem("payload_too_large", "A body may not be larger than 5 MB."))
    content_type = call.headers.get("content-type", "")
    if content_type.partition(";")[0].strip().lower() != operation.media:
        raise Refusal(Problem("unsupported_media_type", f"Send the body as {operation.media}."))
    try:
        found = form(content_type, call.body)
    except ValueError as fault:
        raise invalid(f"The payload provided in the request is invalid: {fault}.") from fault
    plain = {name: "" if isinstance(value, File) else _BOOLEANS.get(value, value) for name, value in found.items()}
    _must_satisfy(operation, plain)
    return found


def _must_satisfy(operation: Operation, found: Any) -> None:
    """Raises Refusal pointing at each place where a body breaks the operation's schema."""
    problems = [
        Problem("invalid", f"'{f.pointer.rpartition('/')[2] or 'The payload'}' {f.message}.", f.pointer or "/data")
        for f in operation.faults(found)
    ]
    if problems:
        raise Refusal(*problems)
