"""The tables of uploads: where each file is on its way to a change, and its contents, sealed, in pieces."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from klaviyo_admin.accounts.models import Account, Person
from klaviyo_admin.changes.models import Change
from klaviyo_admin.sealing import SealedBytesField, SealedJSONField

STATUSES = (
    ("received", "Being read"),
    ("refused", "Not readable"),
    ("analysed", "Choose the columns"),
    ("mapped", "Being checked"),
    ("checked", "Ready to propose"),
    ("proposed", "Proposed"),
)
UNDER_WAY = ("received", "mapped")
# The contents of a file are due for removal this long after its upload; what is sealed in its change has its own date.
KEPT_FOR = timedelta(days=30)
PIECES = (
    ("file", "the file"),
    ("chunk", "profiles of one request"),
    ("lines", "their lines"),
    ("problems", "problems"),
)


def when_due() -> datetime:
    return timezone.now() + KEPT_FOR


class Uploads(models.QuerySet["Upload"]):
    def for_account(self, account: Account) -> "Uploads":
        """The uploads of one account, newest first."""
        return self.filter(account=account).order_by("-pk")


class Upload(models.Model):
    """One file of profiles. `refusal` is the sentence that says why it cannot be read.

    `analysis` and `choices` hold what columns.py and mapping.py say of it; the counts are those of the last check.
    `fence` is both the holder of the work and the generation of the pieces that belong to the last check.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    received_at = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=10, choices=STATUSES, default="received")
    refusal = models.TextField(blank=True)
    analysis = SealedJSONField(null=True)
    choices = SealedJSONField(null=True)
    country = models.CharField(max_length=2, blank=True)
    list_id = models.CharField(max_length=60, blank=True)
    list_name = models.CharField(max_length=255, blank=True)
    good = models.PositiveIntegerField(default=0)
    listed = models.PositiveIntegerField(default=0)
    blank = models.PositiveIntegerField(default=0)
    change = models.OneToOneField(Change, null=True, on_delete=models.PROTECT, related_name="upload")
    purge_after = models.DateTimeField(default=when_due)
    purged = models.BooleanField(default=False)
    lease_until = models.DateTimeField(null=True)
    hinted_at = models.DateTimeField(default=timezone.now)
    fence = models.BigIntegerField(default=0)
    attempts = models.IntegerField(default=0)

    objects = Uploads.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=[s for s, _ in STATUSES]), name="upload_status"),
            models.CheckConstraint(
                condition=Q(status="proposed", change__isnull=False) | ~Q(status="proposed") & Q(change__isnull=True),
                name="upload_proposed_by_its_change",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-id"], name="uploads_by_account"),
            models.Index(fields=["hinted_at"], condition=Q(status__in=UNDER_WAY), name="uploads_under_way"),
            models.Index(fields=["purge_after"], condition=Q(purged=False), name="uploads_to_purge"),
        ]

    def __str__(self) -> str:
        return f"upload {self.pk}"

    @property
    def rows(self) -> int:
        """Records below the headings, blank ones included."""
        return self.good + self.listed + self.blank


class Piece(models.Model):
    """A part of what belongs to an upload, sealed. `count`: bytes of the file, profiles, lines or rows in it."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="pieces")
    kind = models.CharField(max_length=8, choices=PIECES)
    generation = models.BigIntegerField(default=0)
    number = models.PositiveIntegerField()
    count = models.PositiveIntegerField()
    data = SealedBytesField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "kind", "generation", "number"], name="piece_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number} of upload {self.upload_id}"
