"""Where large request bodies live: sealed files named after the SHA-256 of what is in them, checked on every read."""

from hashlib import sha256

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from klaviyo_admin import sealing
from klaviyo_admin.changes.models import Step
from klaviyo_admin.sealing import Unreadable, seal, unseal

INLINE = 64 * 1024  # bytes; a larger body goes to a file


class Damaged(Exception):
    """Stored bytes are gone, or are not the bytes that were kept."""


class Removed(Damaged):
    """The body was removed on purpose, when its time was over."""


def keep(data: bytes) -> str:
    """Keeps bytes and returns their SHA-256 in hex. Keeping the same bytes again mends a damaged file."""
    sha = sha256(data).hexdigest()
    try:
        fetch(sha)
    except Damaged:
        for name in _names(sha):
            default_storage.delete(name)
        _write(_names(sha)[0], seal(data))
    return sha


def fetch(sha: str) -> bytes:
    """The bytes kept under a SHA-256. Raises Damaged."""
    return _checked(_opened(sha)[2], sha)


def of(step: Step) -> bytes:
    """The body of a step, exactly as proposed. Raises Damaged, or Removed if it was purged."""
    if step.in_file:
        return fetch(step.body_sha256)
    try:  # a deferred body is read, and unsealed, at the first mention
        if step.body is None and step.body_size:
            raise Removed("Its body was removed when its time of keeping was over.")
        return _checked(bytes(step.body or b""), step.body_sha256)
    except Unreadable:
        raise Damaged(f"The body {step.body_sha256[:12]} cannot be read.") from None


def discard(sha: str) -> None:
    """Removes the file of a SHA-256, if there is one. Nothing may refer to it any more."""
    for name in _names(sha):
        default_storage.delete(name)


def reseal() -> int:
    """Puts every file that steps refer to under the newest sealing key; returns how many. Raises Damaged.

    The new file lies beside the old one before that goes, so that nothing is lost wherever this stops.
    """
    moved = 0
    for sha in set(Step.objects.filter(in_file=True).values_list("body_sha256", flat=True)):
        name, token, _ = _opened(sha)
        fresh = sealing.reseal(token)
        if fresh != token:
            other = next(each for each in _names(sha) if each != name)
            default_storage.delete(other)
            _write(other, fresh)
            default_storage.delete(name)
            moved += 1
    return moved


def _opened(sha: str) -> tuple[str, bytes, bytes]:
    """The file of a SHA-256 that opens, its token, and what is in it. Raises Damaged."""
    for name in _names(sha):
        try:
            with default_storage.open(name) as file:
                token = bytes(file.read())
            return name, token, unseal(token)
        except (OSError, Unreadable):
            continue
    raise Damaged(f"The body {sha[:12]} cannot be read.")


def _write(name: str, token: bytes) -> None:
    made = default_storage.save(name, ContentFile(token))
    if made != name:  # somebody kept the same bytes at the same time
        default_storage.delete(made)


def _checked(data: bytes, sha: str) -> bytes:
    if sha256(data).hexdigest() != sha:
        raise Damaged(f"The body {sha[:12]} is not what was kept.")
    return data


def _names(sha: str) -> tuple[str, str]:
    return f"{sha[:2]}/{sha}", f"{sha[:2]}/{sha}-resealed"
