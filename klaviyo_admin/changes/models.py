"""The tables of the change engine: what was proposed, which requests it is made of, and who decided."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from klaviyo_admin.accounts import rights
from klaviyo_admin.accounts.models import Account, Person
from klaviyo_admin.changes.brakes import BrokenGlass, Freeze
from klaviyo_admin.changes.remarks import Remark
from klaviyo_admin.changes.showing import straight
from klaviyo_admin.intents import Target
from klaviyo_admin.sealing import SealedBytesField, SealedJSONField, SealedTokenField, Unreadable, unseal

__all__ = ["Approval", "BrokenGlass", "Change", "Changes", "Freeze", "PolicyVersion", "Remark", "Step"]

CHANGE_STATUSES = (
    ("proposed", "Waiting for approval"),
    ("approved", "Approved, about to start"),
    ("running", "Running"),
    ("paused", "Paused"),
    ("done", "Done"),
    ("failed", "Failed"),
    ("unclear", "Unclear"),
    ("stale", "Stale"),
    ("rejected", "Rejected"),
    ("withdrawn", "Withdrawn"),
    ("cancelled", "Cancelled"),
    ("expired", "Expired"),
)
STEP_STATUSES = (
    ("waiting", "Not sent yet"),
    ("sent", "Being sent"),
    ("accepted", "Klaviyo is working on it"),
    ("done", "Done"),
    ("failed", "Failed"),
    ("unclear", "Unclear"),
    ("skipped", "Skipped"),
)
UNDER_WAY = ("approved", "running")
OPEN = ("proposed", *UNDER_WAY, "paused")
STUCK = ("failed", "unclear")
# The personal data in the steps of a change is due for removal this long after its end.
KEPT_FOR = timedelta(days=365)


class Changes(models.QuerySet["Change"]):
    def for_account(self, account: Account) -> "Changes":
        """The changes of one account, newest first."""
        return self.filter(account=account).order_by("-pk")

    def waiting_for(self, person: Any, account: Account, *, own: bool = False) -> "Changes":
        """What this person can decide now: proposed, not yet decided by them, and not their own unless `own`. Who is no admin
        decides where the terms ask for their role, or for what they are responsible for."""
        found = self.for_account(account).filter(status="proposed")
        if not rights.may(person, account, "approve"):
            role, duties = rights.role_of(person, account), rights.duties_of(person, account)
            asked = found.exclude(terms={}).values_list("pk", "terms") if role else ()
            found = found.filter(pk__in=[pk for pk, terms in asked if _asks(terms, role, duties)])
        signed = Approval.objects.filter(change=OuterRef("pk"), person_id=person.pk, digest=OuterRef("digest"))
        found = found.filter(~Exists(signed))
        return found if own else found.exclude(Q(author_id=person.pk) | Q(planner_id=person.pk))

    def beside(self, change: "Change", same: Collection[tuple[str, str]]) -> "Changes":
        """Other changes of the account that are not over and write to something that this one writes to too: `same` are
        the kinds and ids of that."""
        open_ = self.filter(account_id=change.account_id, status__in=OPEN).exclude(pk=change.pk)
        theirs = Step.objects.filter(change__in=open_, target_id__in={ident for _, ident in same}).order_by()
        rows = theirs.values_list("change_id", "target_type", "target_id").distinct()
        return open_.filter(pk__in={pk for pk, kind, ident in rows if (kind, ident) in same}).order_by("pk")


def _asks(terms: dict[str, Any], role: str, duties: frozenset[str]) -> bool:
    roles = {one for quorum in terms.get("quorums", ()) for one in quorum["by"]}
    return role in roles or bool(duties & set(terms.get("also", ())))


class Change(models.Model):
    """A write that somebody wants. `digest` seals everything that an approver signs; `sentence` may hold {target}.

    `lease_until` and `fence` say which worker holds it; `not_before` when it goes on; `hinted_at` when the queue was
    last told of it; `tries` how often in a row Klaviyo could not be asked. `outcome` says how it ended. `undoes` is the
    change that this one takes back, `supersedes` the one that it was proposed instead of; `terms` what the account's policy
    asked for when it was proposed; `plan` when and how carefully it is to be sent (see timing.py), `planner` who wants it so if not
    its author. `expires_at` is when it lapses if nothing of it was sent by then; `waits_for` why `not_before` is set; `wish` what a person asked of the
    worker that holds it ("pause", "cancel"); `canary_passed` that somebody has seen its first requests.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=80)
    sentence = models.TextField()
    reason = models.TextField()
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=10, choices=CHANGE_STATUSES, default="proposed")
    risk = models.CharField(max_length=12)
    reversibility = models.CharField(max_length=16)
    revision = models.CharField(max_length=20)
    policy_version = models.CharField(max_length=40)
    digest = models.CharField(max_length=64, blank=True)
    target_type = models.CharField(max_length=60, blank=True)
    target_id = models.CharField(max_length=255, blank=True)
    sealed_name = SealedTokenField(null=True)
    details = models.JSONField(default=dict)
    terms = models.JSONField(default=dict)
    plan = models.JSONField(default=dict)
    planner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    undoes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="undone_by")
    supersedes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="superseded_by")
    lease_until = models.DateTimeField(null=True)
    fence = models.BigIntegerField(default=0)
    attempts = models.IntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    hinted_at = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)
    waits_for = models.CharField(max_length=10, blank=True)
    wish = models.CharField(max_length=10, blank=True)
    canary_passed = models.BooleanField(default=False)
    expires_at = models.DateTimeField(null=True)
    outcome = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    purge_after = models.DateTimeField(null=True)

    objects = Changes.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=[s for s, _ in CHANGE_STATUSES]), name="change_status"),
            models.CheckConstraint(condition=~Q(reason=""), name="change_has_a_reason"),
        ]
        indexes = [
            models.Index(fields=["account", "status", "-id"], name="changes_by_status"),
            models.Index(fields=["lease_until"], condition=Q(status__in=UNDER_WAY), name="changes_under_way"),
            models.Index(fields=["expires_at"], condition=Q(status__in=OPEN), name="changes_to_expire"),
        ]

    def __str__(self) -> str:
        return f"change {self.pk}"

    @property
    def target_name(self) -> str:
        """What the target was called, "" without one. Raises Unreadable."""
        return unseal(self.sealed_name).decode() if self.sealed_name is not None else ""

    @property
    def target(self) -> Target | None:
        """The target by its name, or by its id where the name cannot be read: a list of changes must stand that."""
        if not self.target_type:
            return None
        try:
            return Target(self.target_type, self.target_id, self.target_name)
        except Unreadable:
            return Target(self.target_type, self.target_id, f"{self.target_type} {self.target_id}")

    @property
    def aloud(self) -> str:
        """The sentence for people at the screen."""
        return straight(self.sentence.replace("{target}", self.target.name if self.target else ""))

    @property
    def on_record(self) -> str:
        """The sentence for the audit, in which a person is named by id only."""
        return self.sentence.replace("{target}", self.target.name_on_record if self.target else "")


class Step(models.Model):
    """One request of a change, byte for byte, and what became of it.

    The body is sealed in the row, or in a file named after its SHA-256 (`in_file`). `fence` is the holder that sent it.
    `checked_at` is when its target was last found as reviewed; `seen` the values found there, one for each of `fields`,
    if any had moved. `resolution` is what a person decided after it got stuck. `gaps` are the places that take a text
    from the answer to an earlier request (see refs.py), `taken` the texts they were sent with, in the same order.
    `image` is what stood there right before it was sent, as far as an undo needs it (see undoing/images.py); `basis`
    what stood there when it was proposed and has to be the same then, beyond `fields` (see basis.py).
    """

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveIntegerField()
    operation = models.CharField(max_length=120)
    method = models.CharField(max_length=8)
    path = SealedJSONField()
    body = SealedBytesField(null=True)
    in_file = models.BooleanField(default=False)
    body_sha256 = models.CharField(max_length=64)
    body_size = models.PositiveIntegerField(default=0)
    target_type = models.CharField(max_length=60, blank=True)
    target_id = models.CharField(max_length=255, blank=True)
    target_read = models.CharField(max_length=120, blank=True)
    target_name = SealedJSONField(default=str)
    fields = SealedJSONField(default=list)
    follow = models.JSONField(default=dict)
    counts = models.PositiveIntegerField(default=1)
    gaps = models.JSONField(default=list)
    taken = SealedJSONField(null=True)
    status = models.CharField(max_length=10, choices=STEP_STATUSES, default="waiting")
    fence = models.BigIntegerField(default=0)
    checked_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    response_status = models.PositiveIntegerField(null=True)
    response = SealedBytesField(null=True)
    error = models.TextField(blank=True)
    problems = SealedJSONField(null=True)
    remote_job = models.CharField(max_length=255, blank=True)
    polls = models.PositiveIntegerField(default=0)
    total_rows = models.PositiveIntegerField(null=True)
    completed_rows = models.PositiveIntegerField(null=True)
    failed_rows = models.PositiveIntegerField(null=True)
    row_errors = SealedJSONField(null=True)
    rows_cursor = models.TextField(blank=True)
    seen = SealedJSONField(null=True)
    resolution = models.CharField(max_length=10, blank=True)
    image = SealedJSONField(null=True)
    basis = SealedJSONField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["change", "number"], name="step_number_once"),
            models.CheckConstraint(condition=Q(status__in=[s for s, _ in STEP_STATUSES]), name="step_status"),
        ]
        indexes = [models.Index(fields=["change", "status"], name="steps_by_status")]

    def __str__(self) -> str:
        return f"step {self.number} of change {self.change_id}"

    @property
    def target(self) -> Target | None:
        if not self.target_type:
            return None
        return Target(self.target_type, self.target_id, self.target_name, self.target_read)


class Approval(models.Model):
    """One person's decision on one digest, with the role and the responsibilities that they had then. The database refuses
    the author's own unless it says `self_approved`."""

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="approvals")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=8, choices=(("approve", "Approved"), ("reject", "Rejected")))
    comment = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    self_approved = models.BooleanField(default=False)
    role = models.CharField(max_length=10, default="admin")
    duties = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["change", "person", "digest"], name="one_decision_per_digest"),
            models.CheckConstraint(
                condition=~Q(person=F("author")) | Q(self_approved=True), name="nobody_decides_on_their_own_change"
            ),
            models.CheckConstraint(condition=Q(decision__in=["approve", "reject"]), name="approval_decision"),
        ]

    def __str__(self) -> str:
        return f"{self.decision} of change {self.change_id}"


class PolicyVersion(models.Model):
    """The rules of one account from a moment on, until the next number. Rows are only ever added."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    rules = models.JSONField(default=list)
    change = models.OneToOneField(Change, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "number"], name="policy_number_once")]

    def __str__(self) -> str:
        return f"policy {self.number}"
