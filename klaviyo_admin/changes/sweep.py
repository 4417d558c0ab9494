"""Finds what a dead worker left and what waited for its time, and tells the queue of it again."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from klaviyo_admin import jobs
from klaviyo_admin.changes import holding
from klaviyo_admin.changes.models import UNDER_WAY, Change
from klaviyo_admin.changes.review import CARRY_OUT

# A hint that led nowhere is repeated only after this long: the queue may just be busy.
PATIENCE = timedelta(seconds=30)
AT_ONCE = 50


def once() -> None:
    """Called every second by each worker; several of them hint a change once."""
    jobs.mend_leases(Change.objects.filter(status__in=UNDER_WAY), lease_seconds=holding.LEASE_SECONDS)
    for pk in due().values_list("pk", flat=True)[:AT_ONCE]:
        with transaction.atomic():
            if due().filter(pk=pk).update(hinted_at=timezone.now()):
                jobs.enqueue(CARRY_OUT, pk)


def due() -> QuerySet[Change]:
    """Changes under way that nobody holds, whose time has come, and of which the queue was not told since."""
    now = timezone.now()
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    told_later = Q(hinted_at__gt=now + PATIENCE)  # the clock was set back since
    untold = Q(hinted_at=None) | Q(hinted_at__lt=now - PATIENCE) | told_later
    since = Q(hinted_at__lt=F("not_before")) | Q(hinted_at__lt=F("lease_until"))
    return Change.objects.filter(free, holding.time_has_come(now), untold | since, status__in=UNDER_WAY).order_by("pk")
