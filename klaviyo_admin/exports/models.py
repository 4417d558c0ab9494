"""The tables of exports: what was asked for, how far the worker got, and the rows, sealed, in pieces."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from klaviyo_admin.accounts.models import Account, Person
from klaviyo_admin.sealing import SealedBytesField, SealedJSONField

STATUSES = (
    ("running", "Being read"),
    ("done", "Ready"),
    ("failed", "Failed"),
    ("stopped", "Stopped"),
)
KEPT_FOR = timedelta(days=7)  # a file of customers is taken soon or not at all


def when_due() -> datetime:
    return timezone.now() + KEPT_FOR


class Exports(models.QuerySet["Export"]):
    def for_account(self, account: Account) -> "Exports":
        """The exports of one account, newest first."""
        return self.filter(account=account).order_by("-pk")


class Export(models.Model):
    """A whole collection, or what of it fits the filters, on its way into a CSV file.

    `asked` is {"filter", "sort", "said", "named"}: the finished filter, the order, the conditions as people read them, and
    the words of a name that Klaviyo itself cannot search for. It and the cursor may hold a customer's address, so both are sealed. `rows` counts what was read; `pages` the pieces.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    resource = models.CharField(max_length=60)
    asked = SealedJSONField(default=dict)
    status = models.CharField(max_length=8, choices=STATUSES, default="running")
    rows = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    cursor = SealedJSONField(null=True)
    error = models.TextField(blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    purge_after = models.DateTimeField(default=when_due)
    purged = models.BooleanField(default=False)
    lease_until = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)
    hinted_at = models.DateTimeField(default=timezone.now)
    fence = models.BigIntegerField(default=0)
    attempts = models.IntegerField(default=0)
    tries = models.IntegerField(default=0)

    objects = Exports.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(status__in=[s for s, _ in STATUSES]), name="export_status")]
        indexes = [
            models.Index(fields=["account", "-id"], name="exports_by_account"),
            models.Index(fields=["hinted_at"], condition=Q(status="running"), name="exports_under_way"),
        ]

    def __str__(self) -> str:
        return f"export {self.pk}"


class Rows(models.Model):
    """The lines of one page of Klaviyo's, as they stand in the file, sealed."""

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    data = SealedBytesField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["export", "number"], name="export_rows_once")]

    def __str__(self) -> str:
        return f"page {self.number} of export {self.export_id}"
