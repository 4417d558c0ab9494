"""How a person's click moves a change from one state to another: under a lock, by compare-and-set, or not at all."""

from django.db import transaction
from django.utils import timezone

from klaviyo_admin.changes import digests, purge, record
from klaviyo_admin.changes.models import KEPT_FOR, Change
from klaviyo_admin.changes.proposing import ReviewRefused

DECIDED = "This change has been decided already."


def locked(change: Change) -> Change:
    """The change read anew, and kept from others for the rest of the caller's transaction where the database can."""
    return Change.objects.select_for_update(of=("self",)).select_related("account", "author").get(pk=change.pk)


def move(change: Change, before: tuple[str, ...], **values: object) -> None:
    """Sets columns if the change is in one of these states, else raises ReviewRefused."""
    if not Change.objects.filter(pk=change.pk, status__in=before).update(**values):
        raise ReviewRefused(DECIDED)
    change.refresh_from_db()


def finish(change: Change, before: tuple[str, ...], status: str, **values: object) -> None:
    """Ends a change of which nothing more is sent. Raises ReviewRefused."""
    now = timezone.now()
    ended = {"ended_at": now, "purge_after": now + KEPT_FOR, "lease_until": None, "not_before": None, "wish": ""}
    move(change, before, status=status, **{**ended, **values})


def as_proposed(change: Change) -> None:
    """Refuses a change whose rows are not what was proposed, and ends it if nobody has decided yet; and one whose data were
    removed, which is no forgery."""
    if purge.removed_on(change) is not None:
        raise ReviewRefused(purge.GONE)
    try:
        digests.check_bodies(digests.check(change.pk)[1])
        return
    except digests.Altered:
        pass
    with transaction.atomic():
        change = Change.objects.select_related("account").get(pk=change.pk)
        now = timezone.now()
        ended = {"status": "failed", "outcome": digests.ALTERED, "ended_at": now, "purge_after": now + KEPT_FOR}
        if Change.objects.filter(pk=change.pk, status="proposed").update(**ended):
            change.refresh_from_db(fields=["status", "outcome"])
            record.ended(change, {"status": "failed"})
    raise ReviewRefused(digests.ALTERED)
