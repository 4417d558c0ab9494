"""The table of what people say about a change: comments, wishes for another version, and whom they ask to decide."""

from typing import Any, NoReturn

from django.db import models
from django.db.models import Q
from django.utils import timezone

from klaviyo_admin.sealing import SealedJSONField

KINDS = (("comment", "Comment"), ("changes", "Changes requested"), ("asked", "Asked to decide"))


class Remark(models.Model):
    """One thing that somebody said, never edited. `text` may name customers, so it is sealed, and leaves with the other
    personal data of its change (None). `step` and `field` say what of the change it is about; `asked` is who shall
    decide; `told` are the keys of the people whom it names."""

    change = models.ForeignKey("changes.Change", on_delete=models.CASCADE, related_name="remarks")
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=8, choices=KINDS, default="comment")
    step = models.PositiveIntegerField(null=True)
    field = models.CharField(max_length=200, blank=True)
    text = SealedJSONField(null=True)
    asked = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, null=True, related_name="+")
    told = models.JSONField(default=list)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[kind for kind, _ in KINDS]), name="remark_kind"),
            models.CheckConstraint(condition=Q(kind="asked") ^ Q(asked=None), name="remark_asks_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on change {self.change_id}"

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise TypeError("What somebody said is never changed.")
        super().save(*args, **options | {"force_insert": True})

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("What somebody said is never removed.")
