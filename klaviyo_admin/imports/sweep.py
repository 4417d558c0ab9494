"""Finds uploads that a dead worker left, tells the queue of them again, and removes contents whose time is over."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from klaviyo_admin import jobs
from klaviyo_admin.imports.journey import ANALYSE, CHECK
from klaviyo_admin.imports.models import UNDER_WAY, Piece, Upload, Uploads

# A hint that led nowhere is repeated only after this long: the queue may just be busy.
PATIENCE = timedelta(seconds=30)
AT_ONCE = 20
_TASKS = {"received": ANALYSE, "mapped": CHECK}


def once() -> None:
    """Called every second by each worker; several of them hint an upload once."""
    for pk, status in _left_behind().values_list("pk", "status")[:AT_ONCE]:
        with transaction.atomic():
            if _left_behind().filter(pk=pk, status=status).update(hinted_at=timezone.now()):
                jobs.enqueue(_TASKS[status], pk)
    for pk in _due().values_list("pk", flat=True)[:AT_ONCE]:
        with transaction.atomic():
            if _due().filter(pk=pk).update(purged=True, analysis=None, choices=None):
                # The numbers of lines name nobody; by them the page still says where the rows ended.
                Piece.objects.filter(upload_id=pk).exclude(kind="lines").delete()


def _left_behind() -> Uploads:
    now = timezone.now()
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    return Upload.objects.filter(free, status__in=UNDER_WAY, purged=False, hinted_at__lt=now - PATIENCE).order_by("pk")


def _due() -> Uploads:
    return Upload.objects.filter(purged=False, purge_after__lt=timezone.now()).order_by("pk")
