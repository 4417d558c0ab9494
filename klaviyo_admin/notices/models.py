"""The tables of notices: what each account wants told to whom, and each message until it is delivered."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from klaviyo_admin.sealing import SealedTokenField

KINDS = (
    ("proposed", "A change is proposed"),
    ("approved", "A change is approved"),
    ("rejected", "A change is rejected"),
    ("ended", "A change was carried out"),
    ("failed", "A change failed, is stale, unclear or paused, or lapsed"),
    ("comment", "Somebody comments, asks for changes, or asks somebody to decide"),
    ("emergency", "Somebody breaks the glass"),
)
CHANNELS = (("mail", "E-mail"), ("webhook", "Webhook"))
STATES = (("waiting", "Waiting"), ("done", "Delivered"), ("dropped", "Given up"))


class Wishes(models.Model):
    """What an account wants told. `webhook` is the sealed address, None for none; whoever knows it may post there."""

    account = models.OneToOneField("accounts.Account", on_delete=models.CASCADE, related_name="+")
    mail = models.BooleanField(default=False)
    webhook = SealedTokenField(null=True)
    kinds = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"notices of account {self.account_id}"


class Notice(models.Model):
    """One message to one person, or to the webhook of its account. It names no customer.

    `lease_until`, `fence` and `attempts` say who delivers it now; `not_before`, `tries` and `error` what went wrong last.
    """

    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12)
    channel = models.CharField(max_length=8, choices=CHANNELS)
    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, null=True, related_name="+")
    change_id = models.BigIntegerField(null=True)
    sentence = models.TextField()
    at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=8, choices=STATES, default="waiting")
    lease_until = models.DateTimeField(null=True)
    fence = models.BigIntegerField(default=0)
    attempts = models.IntegerField(default=0)
    hinted_at = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[state for state, _ in STATES]), name="notice_state"),
            models.CheckConstraint(
                condition=Q(channel="mail", person__isnull=False) | Q(channel="webhook", person__isnull=True),
                name="notice_to_one_place",
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(state="waiting"), name="notices_waiting")]

    def __str__(self) -> str:
        return f"notice {self.pk} by {self.channel}"
