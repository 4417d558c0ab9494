"""What the page of a campaign draws beside its facts: the checklist, and where the campaign stands."""

from collections.abc import Mapping
from dataclasses import dataclass

from django import template

from klaviyo_admin.areas.campaigns import checklist, service, strategy
from klaviyo_admin.areas.campaigns.checklist import Check
from klaviyo_admin.areas.campaigns.columns import CHANNELS, channel
from klaviyo_admin.areas.campaigns.tracking import spoken
from klaviyo_admin.klaviyo.values import Item
from klaviyo_admin.pages.detail import Panel
from klaviyo_admin.pages.facts import Fact

register = template.Library()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a campaign stands. `stage` is draft, coming, going, sent or stopped; `said` a sentence about when;
    `ready` whether a draft has all it needs; `unread` whether its message could not be read."""

    stage: str
    said: str
    checks: tuple[Check, ...]
    ready: bool
    unread: bool


@register.simple_tag
def standing(campaign: Item, panels: Mapping[str, Panel]) -> Standing:
    """The checklist of a campaign and its place on the way from draft to sent."""
    unread = panels["messages"].trouble is not None
    estimate = next(iter(panels["estimate"].items), None)
    checks = checklist.checks(campaign, panels["messages"].items, estimate)
    said = strategy.said(campaign.get("send_strategy")) or "at once"
    return Standing(stage(campaign), said, checks, checklist.ready(checks) and not unread, unread)


def stage(campaign: Item) -> str:
    status = str(campaign.get("status", ""))
    if service.is_draft(campaign):
        return "draft"
    if status == "Sent":
        return "sent"
    if status.startswith("Cancelled"):
        return "stopped"
    return "coming" if status in ("Scheduled", "Preparing to schedule") else "going"


@register.simple_tag
def campaign_options(campaign: Item) -> list[Fact]:
    """What is counted and added when the campaign is sent, in words; what the channel does not have is left out."""
    tracking = campaign.get("tracking_options", {})
    known = (
        ("Smart sending", campaign.get("send_options.use_smart_sending"), "flag"),
        ("Counts who opens it", tracking.get("is_tracking_opens"), "flag"),
        ("Counts who clicks", tracking.get("is_tracking_clicks"), "flag"),
        ("Adds tracking parameters to links", tracking.get("add_tracking_params"), "flag"),
        ("Own tracking parameters", spoken(tracking.get("custom_tracking_params") or ()), "text"),
    )
    return [fact for fact in known if fact[1] is not None]


@register.filter
def channel_of(message: Item) -> str:
    """email, sms or mobile_push."""
    return channel(message)


@register.filter
def channel_name(message: Item) -> str:
    return CHANNELS.get(channel(message), channel(message))


@register.filter
def first(items: tuple[Item, ...]) -> Item | None:
    return next(iter(items), None)


@register.filter
def one(item: Item, relationship: str) -> Item | None:
    """The first thing that came along in a relationship."""
    return next(iter(item.ones(relationship)), None)
