"""Answers to the forms of campaigns and their messages."""

from klaviyo_admin.areas import find
from klaviyo_admin.areas.base import Asked
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.filters import all_of, equals
from klaviyo_admin.klaviyo.values import Item

FUTURE = "2030-03-01T10:00"


def drafts(reader: Reader) -> list[Item]:
    """Messages of drafts, of every channel."""
    campaigns = find("campaigns")
    assert campaigns
    found: list[Item] = []
    for channel in ("email", "sms", "mobile_push"):
        condition = all_of(equals("messages.channel", channel), equals("status", "Draft"))
        for campaign in campaigns.page(reader, Asked(str(condition))).items:
            found += campaigns.tabs[0].read(reader, campaign.id, Asked()).items
    return found


_NEW = {"name": "Autumn fair", "method": "immediate", "use_smart_sending": "on", "included_lists-words": "Newsletter"}
_TIMED = {"method": "static", "at": FUTURE, "afterwards": "send"}
_LETTER = {
    "subject": "Autumn fair",
    "from_email": "hello@example.com",
    "from_label": "The shop",
    "template-words": "Back in stock",
}

ANSWERS = {
    ("campaigns", "edit"): {
        "custom_tracking_params": "utm_source = k\nutm_medium = {group_name}",
    },
    ("campaigns", "audience"): {"excluded_lists-words": "Newsletter"},
    ("campaigns", "schedule"): _TIMED,
    ("campaigns", "send"): ({"method": ""}, _TIMED),
    ("campaigns", "create-email"): (
        _NEW,
        _NEW | _LETTER | _TIMED,
        _NEW | _LETTER | {"method": "throttled", "at": FUTURE, "share": "25"},
    ),
    ("campaigns", "create-sms"): (_NEW, _NEW | _TIMED | {"body": "It is here."}),
    ("campaigns", "create-push"): (
        _NEW | {"body": "It is here."},
        _NEW | {"body": "It is here.", "afterwards": "send", "badge": "set_count", "badge_value": "3"},
        _NEW | {"silent": "on", "kv_pairs": '{"page": "sale"}', "method": "smart_send_time", "day": "2030-03-01"},
    ),
    ("campaign-messages", "edit"): {"subject": "Autumn fair"},
}

FOUND = {"campaign-messages": drafts}
SUITED = {("campaigns", "send"): lambda c: c.get("status") == "Draft" and c.get("name", "").startswith("Opening")}
