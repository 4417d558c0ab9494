"""Where large request bodies live: sealed files named after the SHA-256 of what is in them, checked on every read."""

from hashlib import sha256

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from klaviyo_admin.changes.models import Step
from klaviyo_admin.sealing import Unreadable, seal, unseal

INLINE = 64 * 1024  # bytes; a larger body goes to a file


class Damaged(Exception):
    """Stored bytes are gone, or are not the bytes that were kept."""


def keep(data: bytes) -> str:
    """Keeps bytes and returns their SHA-256 in hex. Keeping the same bytes again mends a damaged file."""
    sha = sha256(data).hexdigest()
    try:
        fetch(sha)
    except Damaged:
        default_storage.delete(_name(sha))
        made = default_storage.save(_name(sha), ContentFile(seal(data)))
        if made != _name(sha):  # somebody kept the same bytes at the same time
            default_storage.delete(made)
    return sha


def fetch(sha: str) -> bytes:
    """The bytes kept under a SHA-256. Raises Damaged."""
    try:
        with default_storage.open(_name(sha)) as file:
            data = unseal(file.read())
    except (OSError, Unreadable):
        raise Damaged(f"The body {sha[:12]} cannot be read.") from None
    return _checked(data, sha)


def of(step: Step) -> bytes:
    """The body of a step, exactly as proposed. Raises Damaged."""
    if step.in_file:
        return fetch(step.body_sha256)
    try:
        return _checked(bytes(step.body or b""), step.body_sha256)
    except Unreadable:
        raise Damaged(f"The body {step.body_sha256[:12]} cannot be read.") from None


def reseal() -> int:
    """Puts every file that steps refer to under the newest sealing key; returns how many. Raises Damaged."""
    shas = set(Step.objects.filter(in_file=True).values_list("body_sha256", flat=True))
    for sha in shas:
        data = fetch(sha)
        with default_storage.open(_name(sha), "wb") as file:
            file.write(seal(data))
    return len(shas)


def _checked(data: bytes, sha: str) -> bytes:
    if sha256(data).hexdigest() != sha:
        raise Damaged(f"The body {sha[:12]} is not what was kept.")
    return data


def _name(sha: str) -> str:
    return f"{sha[:2]}/{sha}"
