"""When the end of the chain is signed, and what a signed end proves: so many lines there were, and the last was this."""

from collections.abc import Mapping
from datetime import UTC, timedelta
from typing import Any

from django.utils import timezone

from klaviyo_admin.audit import signing
from klaviyo_admin.audit.models import Checkpoint, Head

PURPOSE = "klaviyo-admin audit checkpoint 1"
EVERY_LINES = 1_000
EVERY = timedelta(minutes=10)


def once() -> None:
    """Called every second by each worker: signs when so many lines were added, or some and it is so long ago."""
    head, last = Head.objects.first(), Checkpoint.objects.order_by("-lines").first()
    added = (head.lines if head else 0) - (last.lines if last else 0)
    # After a change of keys the next line already is a reason: the last checkpoint may be by a key that is gone.
    due = last is None or last.at < timezone.now() - EVERY or last.key not in signing.public_keys()
    if added >= EVERY_LINES or (added > 0 and due):
        make()


def make() -> Checkpoint | None:
    """Signs the end of the chain as it is now, or gives the checkpoint that stands there; None for an empty log.

    Outside a transaction that adds lines, lest a line be signed that never stands.
    """
    head = Head.objects.first()
    if head is None or not head.lines:
        return None
    now = timezone.now()
    sealed = signing.signed(PURPOSE, {"lines": head.lines, "hash": head.hash, "at": _moment(now)})
    made = Checkpoint(lines=head.lines, hash=head.hash, at=now, key=sealed["key"], signature=sealed["signature"])
    Checkpoint.objects.bulk_create([made], ignore_conflicts=True)
    standing: Checkpoint = Checkpoint.objects.get(lines=head.lines)
    return standing


def plain(checkpoint: Checkpoint) -> dict[str, Any]:
    """The checkpoint as JSON values, in the form that its signature covers."""
    columns = {"lines": checkpoint.lines, "hash": checkpoint.hash, "at": _moment(checkpoint.at)}
    return {**columns, "key": checkpoint.key, "signature": checkpoint.signature}


def signed_text(checkpoint: Checkpoint) -> str:
    """What the signature was made over."""
    said = plain(checkpoint)
    del said["signature"]
    return signing.text(PURPOSE, said).decode()


def genuine(content: Mapping[str, Any]) -> bool:
    """Whether a plain checkpoint was signed by the key it names."""
    return set(content) == {"lines", "hash", "at", "key", "signature"} and signing.holds(PURPOSE, content)


def _moment(at: Any) -> str:
    return str(at.astimezone(UTC).isoformat(timespec="microseconds"))
