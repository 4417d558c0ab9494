"""Answers in the dialect of the live service: documents, refusals and the throttle."""

from typing import Any

import orjson

from klaviyo_admin.sandbox.calls import MEDIA_TYPE, Answer
from klaviyo_admin.sandbox.refusals import Problem, Refusal

Headers = tuple[tuple[str, str], ...]
_JSON: Headers = (("Content-Type", MEDIA_TYPE),)


def document(status: int, content: Any, headers: Headers = ()) -> Answer:
    """With a JSON:API body; None makes an empty one without a content type. Raises TypeError for what JSON cannot hold."""
    if content is None:
        return Answer(status, headers)
    return Answer(status, _JSON + headers, orjson.dumps(content))


def refusal(found: Refusal, headers: Headers = ()) -> Answer:
    return document(found.status, found.document(), headers)


def throttled(wait: int) -> Answer:
    """429, told to wait so many seconds; like the live service's without content type and budget headers."""
    unit = "second" if wait == 1 else "seconds"
    problem = Problem("throttled", f"Request was throttled. Expected available in {wait} {unit}.")
    return Answer(429, (("Retry-After", str(wait)),), orjson.dumps(Refusal(problem).document()))


def broken(status: int = 500) -> Answer:
    """A server error of any status."""
    content = Refusal(Problem("error", "A server error occurred.", "/data/")).document()
    content["errors"][0]["status"] = status
    return document(status, content)
