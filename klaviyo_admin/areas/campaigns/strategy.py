"""Knows when a campaign goes out: how that is asked of a person, said in words, and written for Klaviyo."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils import timezone

from klaviyo_admin.areas.campaigns.looks import StyledForm
from klaviyo_admin.areas.fields import MomentField
from klaviyo_admin.klaviyo.answers import moment
from klaviyo_admin.klaviyo.values import Json

NOW, AT, BATCHES, SMART = "immediate", "static", "throttled", "smart_send_time"
METHODS = (
    (NOW, "At once"),
    (AT, "At a certain time"),
    (BATCHES, "In batches, from a certain time on"),
    (SMART, "On a certain day, at each person’s best time"),
)
SHARES = tuple((str(share), f"{share} % an hour") for share in (1, 2, 5, 10, 11, 13, 14, 17, 20, 25, 33, 50))


class WhenFields(StyledForm):
    """The questions about when, of which the page shows those that the way of sending needs. A form that has them calls
    `checked` with its answers, and finds the strategy in it."""

    method = forms.ChoiceField(label="When", choices=METHODS)
    at = MomentField(
        label="Goes out at", required=False, help_text="In the time zone of your screen. For a time, and for batches."
    )
    is_local = forms.BooleanField(
        label="At this time of day in each recipient’s own zone", required=False, help_text="Only for a certain time."
    )
    send_past = forms.BooleanField(
        label="Where that time has passed already, send at once", required=False, help_text="Only with own zones."
    )
    share = forms.ChoiceField(
        label="How much at once", choices=(("", "—"), *SHARES), required=False, help_text="Only for batches."
    )
    day = forms.DateField(
        label="Day",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Only for each person’s best time.",
    )


NAMES = tuple(WhenFields.base_fields)


def checked(form: forms.Form, given: dict[str, Any]) -> dict[str, Any]:
    """The answers with `strategy` in place of what was asked about when; puts an error at each field that is missing."""
    method = given.get("method")
    needs = {AT: ("at",), BATCHES: ("at", "share"), SMART: ("day",)}.get(str(method), ())
    for name in needs:
        if not given.get(name) and name not in form.errors:
            form.add_error(name, "Say when: this way of sending needs it.")
    at = given.get("at")
    if "at" in needs and isinstance(at, datetime) and at <= timezone.now():
        form.add_error("at", "This time has passed. Choose a later one, or send as soon as possible.")
    kept = {name: value for name, value in given.items() if name not in NAMES}
    return kept | ({} if form.errors or not method else {"strategy": written(given)})


def written(given: Mapping[str, Any]) -> dict[str, Json]:
    """The answers as Klaviyo wants them."""
    method = given["method"]
    if method == SMART:
        return {"method": method, "date": given["day"].isoformat()}
    if method == BATCHES:
        return {"method": method, "datetime": _exact(given["at"]), "throttle_percentage": int(given["share"])}
    if method != AT:
        return {"method": NOW}
    if not given.get("is_local"):
        return {"method": AT, "datetime": _exact(given["at"]), "options": {"is_local": False}}
    # The time of day is what counts for people in many zones, so the clock of the screen goes as it stands.
    clock = timezone.localtime(given["at"]).replace(tzinfo=UTC)
    options = {"is_local": True, "send_past_recipients_immediately": bool(given.get("send_past"))}
    return {"method": AT, "datetime": clock.isoformat(), "options": options}


def start(strategy: Json) -> dict[str, Any]:
    """The answers that a strategy of Klaviyo stands for; none where this form cannot say it (an A/B test)."""
    found = strategy if isinstance(strategy, Mapping) else {}
    method = found.get("method")
    if method not in dict(METHODS):
        return {}
    options = found.get("options") or {}
    at = moment(found.get("datetime"))
    if at and options.get("is_local"):
        at = at.replace(tzinfo=timezone.get_current_timezone())
    return {
        "method": method,
        "at": at,
        "is_local": bool(options.get("is_local")),
        "send_past": bool(options.get("send_past_recipients_immediately")),
        "share": str(found.get("throttle_percentage") or ""),
        "day": found.get("date"),
    }


def said(strategy: Json) -> str | None:
    """When, in a few words: "on 24 Dec 2026, 10:00 UTC"."""
    found = strategy if isinstance(strategy, Mapping) else {}
    options = found.get("options") or {}
    match found.get("method"):
        case "immediate":
            return "at once"
        case "static" if options.get("is_local"):
            return f"at {_clock(found.get('datetime'), own=True)} in each recipient’s own zone"
        case "static":
            return f"at {_clock(found.get('datetime'))}"
        case "throttled":
            return f"from {_clock(found.get('datetime'))} on, {found.get('throttle_percentage')} % an hour"
        case "smart_send_time":
            return f"on {found.get('date')}, at each person’s best time"
        case "ab_test_campaign":
            return "as an A/B test"
        case None:
            return None
        case other:
            return str(other).replace("_", " ")


def passed(strategy: Json) -> bool:
    """Whether the time of a strategy is over."""
    moments: Sequence[Json] = [strategy.get(key) for key in ("datetime", "date")] if strategy else ()
    for each in moments:
        at = moment(each)
        if at and (at if at.tzinfo else at.replace(hour=23, minute=59, tzinfo=UTC)) <= timezone.now():
            return True
    return False


def _exact(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _clock(said: Json, *, own: bool = False) -> str:
    at = moment(said)
    if at is None:
        return "an unknown time"
    if own:
        return f"{at:%-d %b %Y, %H:%M}"
    here = timezone.localtime(at if timezone.is_aware(at) else at.replace(tzinfo=UTC))
    return f"{here:%-d %b %Y, %H:%M %Z}"
