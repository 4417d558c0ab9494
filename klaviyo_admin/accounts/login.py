"""Coming in: how often somebody may try, and the audit lines for logins, failed logins and logouts."""

import hmac
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings
from django.contrib.auth import signals
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from klaviyo_admin.accounts.models import LoginAttempt, Person
from klaviyo_admin.audit import log

ATTEMPTS = 5
WINDOW = timedelta(minutes=15)


class LoginForm(AuthenticationForm):
    """Asks for e-mail address and password; after too many failures it says when to try again."""

    error_messages = {
        "invalid_login": "This e-mail address and password do not go together.",
        "inactive": "This person may no longer log in.",
    }

    def clean(self) -> dict[str, Any]:
        email, client = self.cleaned_data.get("username", ""), client_of(self.request)
        # Counted before the password is looked at, so that many tries at once are not all let through.
        if until := count_attempt(email, client):
            raise ValidationError(_wait(until))
        answers = super().clean()
        _attempts(email).delete()
        return answers


def count_attempt(email: str, client: str) -> datetime | None:
    """Counts one try for an e-mail address from a client address; or answers from when on there may be another one."""
    now = timezone.now()
    with transaction.atomic():
        LoginAttempt.objects.filter(at__lt=now - WINDOW).delete()
        for mine in (_attempts(email), LoginAttempt.objects.filter(client=_digest(client))):
            latest = list(mine.order_by("-at").values_list("at", flat=True)[:ATTEMPTS])
            if len(latest) == ATTEMPTS:
                return latest[-1] + WINDOW
        LoginAttempt.objects.create(address=_digest(email), client=_digest(client), at=now)
    return None


def client_of(request: HttpRequest | None) -> str:
    """The address that a request comes from; of an IPv6 address the network, of which one client has many addresses."""
    if request is None:
        return ""
    given = str(request.META.get("REMOTE_ADDR", ""))
    if settings.SECURE_PROXY_SSL_HEADER:
        # Our proxy adds the address that it saw at the end; what stands before it anybody can have written.
        given = request.META.get("HTTP_X_FORWARDED_FOR", given).rsplit(",", 1)[-1].strip()
    try:
        address = ip_address(given)
    except ValueError:
        return given
    return str(address if address.version == 4 else ip_network(f"{address}/64", strict=False))


def _attempts(email: str) -> QuerySet[LoginAttempt]:
    return LoginAttempt.objects.filter(address=_digest(email))


def _digest(value: str) -> str:
    return hmac.digest(settings.SECRET_KEY.encode(), value.strip().lower().encode(), "sha256").hex()


def _wait(until: datetime) -> str:
    minutes = max(1, round((until - timezone.now()).total_seconds() / 60))
    return (
        f"Too many failed attempts. Try again in {minutes} minute{'' if minutes == 1 else 's'}, "
        f"from {timezone.localtime(until):%H:%M %Z} on."
    )


@receiver(signals.user_logged_in)
def _came_in(user: Person, request: HttpRequest | None, **_: Any) -> None:
    _record("login", f"{user} logged in.", user, request, user)


@receiver(signals.user_logged_out)
def _left(user: Person | None, request: HttpRequest | None, **_: Any) -> None:
    # Somebody whose session had already ended logs out as nobody.
    if user is not None:
        _record("logout", f"{user} logged out.", user, request, user)


@receiver(signals.user_login_failed)
def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    # What was typed is kept only if it is the address of somebody here: otherwise it may be a password.
    typed = str(credentials.get("username") or "").strip().lower()
    known = Person.objects.filter(email=typed).first()
    sentence = f"A login as {known} failed." if known else "A login with an unknown address failed."
    _record("login.failed", sentence, None, request, known)


def _record(action: str, sentence: str, by: Person | None, request: HttpRequest | None, whom: Person | None) -> None:
    with transaction.atomic():
        log.record(
            action,
            sentence=sentence,
            person=by,
            object=("person", str(whom.pk), str(whom)) if whom else ("person", "", "unknown address"),
            detail={"client": client_of(request)},
        )
