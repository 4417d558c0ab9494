"""How an estimate of a change's time reads to a person, in their own zone."""

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from django.utils import timezone

from klaviyo_admin import api
from klaviyo_admin.accounts.models import Account
from klaviyo_admin.changes import estimate, policy
from klaviyo_admin.changes.estimate import Estimate, Line
from klaviyo_admin.changes.models import UNDER_WAY, Change
from klaviyo_admin.klaviyo.errors import KlaviyoError


@dataclass(frozen=True, slots=True)
class Forecast:
    """`when` says when it is done, `limits` what holds it up, `after` what nobody can tell."""

    when: str
    limits: tuple[str, ...]
    after: str = ""


def of(account: Account, change: Change) -> Forecast | None:
    """None for a change that sends nothing more, or where the account has no key."""
    if change.status not in ("proposed", *UNDER_WAY) or change.action == policy.ACTION:
        return None
    try:
        budget = api.reader(account).budget
    except KlaviyoError:
        return None
    found = estimate.of(change, budget) if budget else None
    return forecast(found, proposed=change.status == "proposed") if found else None


def forecast(found: Estimate, *, proposed: bool) -> Forecast:
    given = "If it is approved now: " if proposed else ""
    done = f"done {when(found.done)}" if found.long else f"sent {lasting(found.seconds)}"
    sentence = f"{given}{done}."
    limits = tuple(limit(line) for line in found.lines if line.limit)
    after = "Klaviyo then works on it for a time that it does not tell." if found.jobs else ""
    return Forecast(sentence[0].upper() + sentence[1:], limits, after)


def limit(line: Line) -> str:
    """300 × Update list: 100 a day allowed, 37 left now."""
    return f"{line.requests:,} × {line.label}: {line.limit} allowed, {line.left:,} left now."


def when(moment: datetime) -> str:
    """The moment as near as it matters: "today 14:05", "Thursday 09:10", "on 3 January 09:10"."""
    here, now = timezone.localtime(moment), timezone.localtime()
    days = (here.date() - now.date()).days
    day = "today" if days == 0 else "tomorrow" if days == 1 else f"{here:%A}" if days < 7 else f"on {here:%-d %B}"
    return f"{day} {here:%H:%M}"


def lasting(seconds: float) -> str:
    return "within a few seconds" if seconds < 10 else f"within about {ceil(seconds / 10) * 10} seconds"
