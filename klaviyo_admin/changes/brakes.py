"""The tables of what holds every change of an account back, and of who sent one all the same."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from klaviyo_admin.accounts.models import Account, Person


class Freeze(models.Model):
    """A time in which nothing is sent for an account; for all of them where `account` is empty. A lifted one is over."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.TextField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    lifted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["begins_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="freeze_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(reason=""), name="freeze_has_a_reason"),
        ]
        indexes = [models.Index(fields=["ends_at"], condition=Q(lifted_at=None), name="freezes_to_come")]

    def __str__(self) -> str:
        return f"freeze {self.pk}"


class BrokenGlass(models.Model):
    """One change that an emergency person sent although a freeze or missing approvals held it, and what others thought
    of it afterwards. It is bound to the digest that they saw."""

    change = models.OneToOneField("changes.Change", on_delete=models.PROTECT, related_name="glass")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)
    reviewed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    finding = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="glass_has_a_reason"),
            models.CheckConstraint(condition=~Q(person=F("author")), name="nobody_breaks_the_glass_for_themselves"),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | (~Q(reviewed_by=F("person")) & ~Q(reviewed_by=F("author"))),
                name="somebody_else_closes_the_review",
            ),
        ]
        indexes = [models.Index(fields=["account"], condition=Q(reviewed_at=None), name="glass_to_review")]

    def __str__(self) -> str:
        return f"glass of change {self.change_id}"
