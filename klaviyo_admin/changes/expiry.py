"""Ends what nobody approved in time, and what was approved but could not be sent at its time."""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from klaviyo_admin.changes import record, timing
from klaviyo_admin.changes.models import KEPT_FOR, OPEN, Change, Step

AT_ONCE = 50


def once() -> None:
    """Called every second by each worker; one of them ends each."""
    for pk in _due().order_by("pk").values_list("pk", flat=True)[:AT_ONCE]:
        expire(pk)


def expire(pk: int) -> bool:
    """Ends a change whose time has passed, of which nothing was sent and which nobody holds. False if it is not one."""
    with transaction.atomic():
        change = _due().select_for_update(of=("self",)).select_related("account").filter(pk=pk).first()
        if change is None:
            return False
        now, said = timezone.now(), _said(change)
        ended = {"status": "expired", "outcome": said, "ended_at": now, "purge_after": now + KEPT_FOR, "wish": ""}
        if not _due().filter(pk=pk, status=change.status).update(**ended, not_before=None, waits_for=""):
            return False
        change.refresh_from_db(fields=["status", "outcome"])
        record.of_change("change.expired", change, f"Expired: {change.on_record} {said}", detail={"status": "expired"})
    return True


def _said(change: Change) -> str:
    # One change whose rows were tampered with must not keep the others from expiring.
    try:
        return timing.lapse(change)
    except (TypeError, ValueError):
        return "Its time has passed, so nothing was sent."


def _due() -> QuerySet[Change]:
    sent = Step.objects.filter(change=OuterRef("pk")).exclude(status="waiting", sent_at=None)
    free = Q(lease_until=None)
    return Change.objects.filter(free, ~Exists(sent), expires_at__lt=timezone.now(), status__in=OPEN)
