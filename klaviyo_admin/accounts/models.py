"""Who works here, which Klaviyo accounts are connected, and what each person may do in each of them."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from klaviyo_admin.sealing import SealedTokenField

ROLES = (("viewer", "Viewer"), ("marketer", "Marketer"), ("admin", "Admin"), ("auditor", "Auditor"))
COLOURS = tuple((c, c.title()) for c in ("teal", "indigo", "amber", "rose", "slate", "green", "violet", "blue"))
PLACES = (("klaviyo", "Klaviyo"), ("sandbox", "Sandbox"))


class People(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        """A person as they are; with no password, nobody can log in as them. For people use, see service.add_person."""
        person = self.model(email=email, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, email: str | None) -> "Person":
        return self.get(email=(email or "").strip().lower())


class Person(AbstractBaseUser):
    """Somebody who logs in by e-mail address. An owner connects accounts and adds people, and by that alone may do
    nothing inside an account."""

    email = models.EmailField("e-mail address", unique=True, error_messages={"unique": "Somebody has this address."})
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    is_superuser = models.BooleanField("owner", default=False)
    added_at = models.DateTimeField(default=timezone.now)

    objects = People()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name_plural = "people"
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="person_email_in_lower_case")
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def save(self, *args: Any, **options: Any) -> None:
        self.email = self.email.strip().lower()
        super().save(*args, **options)


class Account(models.Model):
    """A Klaviyo account, or one of the sandbox. Its key is kept sealed, and only api.py unseals it. `zone` is the IANA
    name of the time zone that Klaviyo says it lives in."""

    name = models.CharField(max_length=80)
    klaviyo_id = models.CharField(max_length=40)
    colour = models.CharField(max_length=10, choices=COLOURS)
    place = models.CharField(max_length=10, choices=PLACES)
    zone = models.CharField(max_length=64, default="UTC")
    sealed_key = SealedTokenField(null=True)
    key_added_at = models.DateTimeField(default=timezone.now)
    key_added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)
    check_problem = models.CharField(max_length=300, blank=True)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(colour__in=[c for c, _ in COLOURS]), name="account_colour"),
            models.CheckConstraint(condition=models.Q(place__in=[p for p, _ in PLACES]), name="account_place"),
            models.CheckConstraint(
                condition=models.Q(archived_at__isnull=True, sealed_key__isnull=False)
                | models.Q(archived_at__isnull=False, sealed_key__isnull=True),
                name="account_has_a_key_until_archived",
            ),
            models.UniqueConstraint(
                fields=["place", "klaviyo_id"],
                condition=models.Q(archived_at__isnull=True),
                name="account_connected_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One person's role in one account. An emergency person may send a change although a freeze holds it; `duties` are
    what they are responsible for ("legal"), whose agreement a policy may ask for."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=ROLES)
    emergency = models.BooleanField(default=False)
    duties = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "account"], name="one_role_per_person_and_account"),
            models.CheckConstraint(condition=models.Q(role__in=[r for r, _ in ROLES]), name="membership_role"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.role} of {self.account}"


class LoginAttempt(models.Model):
    """One try to log in that did not succeed (yet). Who and where from are keyed digests: a typed address may be a
    slip of the finger that holds a password."""

    address = models.CharField(max_length=64, db_index=True)
    client = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"attempt at {self.at:%H:%M:%S}"
