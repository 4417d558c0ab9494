"""The reports, declared: of what there are figures, which ones, and how Klaviyo calls what they are counted by."""

from collections.abc import Mapping
from dataclasses import dataclass

LONG = {
    "average_order_value": "Average order",
    "bounced_or_failed": "Bounced or failed",
    "bounced_or_failed_rate": "Bounced or failed, share",
    "click_rate": "Click rate",
    "click_to_open_rate": "Clicks of those who opened",
    "clicks_unique": "People who clicked",
    "closed_form": "Closed",
    "closed_form_uniques": "People who closed it",
    "conversion_rate": "Conversion rate",
    "conversion_uniques": "People who converted",
    "conversion_value": "Revenue",
    "delivery_rate": "Delivery rate",
    "failed_rate": "Failed, share",
    "members_added": "Joined",
    "members_removed": "Left",
    "message_segment_count_sum": "Parts of text messages",
    "net_members_changed": "Net change",
    "open_rate": "Open rate",
    "opens_unique": "People who opened",
    "qualified_form": "Was to be shown",
    "qualified_form_uniques": "People it was to be shown to",
    "revenue_per_recipient": "Revenue per recipient",
    "spam_complaint_rate": "Spam complaints, share",
    "submit_rate": "Submit rate",
    "submits": "Submitted",
    "submitted_form_step": "Steps submitted",
    "submitted_form_step_uniques": "People who submitted a step",
    "text_message_credit_usage_amount": "Text message credits",
    "text_message_roi": "Return on text messages",
    "text_message_spend": "Spent on text messages",
    "total_members": "Members",
    "unsubscribe_rate": "Unsubscribed, share",
    "unsubscribe_uniques": "People who unsubscribed",
    "viewed_form": "Seen",
    "viewed_form_step": "Steps seen",
    "viewed_form_step_uniques": "People who saw a step",
    "viewed_form_uniques": "People who saw it",
}
# Every statistic that Klaviyo knows of a kind of thing, in the order in which people look at them.
MESSAGE_STATISTICS = (
    "recipients",
    "delivered",
    "delivery_rate",
    "opens",
    "opens_unique",
    "open_rate",
    "clicks",
    "clicks_unique",
    "click_rate",
    "click_to_open_rate",
    "conversions",
    "conversion_uniques",
    "conversion_rate",
    "conversion_value",
    "average_order_value",
    "revenue_per_recipient",
    "unsubscribes",
    "unsubscribe_uniques",
    "unsubscribe_rate",
    "spam_complaints",
    "spam_complaint_rate",
    "bounced",
    "bounce_rate",
    "failed",
    "failed_rate",
    "bounced_or_failed",
    "bounced_or_failed_rate",
    "message_segment_count_sum",
    "text_message_credit_usage_amount",
    "text_message_spend",
    "text_message_roi",
)
FORM_STATISTICS = (
    "viewed_form",
    "viewed_form_uniques",
    "submits",
    "submit_rate",
    "closed_form",
    "closed_form_uniques",
    "qualified_form",
    "qualified_form_uniques",
    "viewed_form_step",
    "viewed_form_step_uniques",
    "submitted_form_step",
    "submitted_form_step_uniques",
)
SEGMENT_STATISTICS = (
    "total_members",
    "members_added",
    "members_removed",
    "net_members_changed",
)
_MONEY = frozenset(
    {"average_order_value", "conversion_value", "revenue_per_recipient", "text_message_spend", "text_message_roi"}
)
TIMEFRAMES: Mapping[str, str] = {
    "today": "Today",
    "yesterday": "Yesterday",
    "last_7_days": "Last 7 days",
    "last_30_days": "Last 30 days",
    "last_90_days": "Last 90 days",
    "last_365_days": "Last 365 days",
    "this_week": "This week",
    "last_week": "Last week",
    "this_month": "This month",
    "last_month": "Last month",
    "last_3_months": "Last 3 months",
    "last_12_months": "Last 12 months",
    "this_year": "This year",
    "last_year": "Last year",
}
INTERVALS: Mapping[str, str] = {
    "hourly": "Hour by hour",
    "daily": "Day by day",
    "weekly": "Week by week",
    "monthly": "Month by month",
}


@dataclass(frozen=True, slots=True)
class Report:
    """One report: `values` and `series` are its operations ("": there is none), `statistics` what there is, `first` what
    it shows until somebody chooses. Its rows are counted by `groups`; `subject` is the group that names the thing, which the resource
    `resource` shows and `reading` reads. `converts`: it needs a metric that counts as a conversion."""

    key: str
    many: str
    values: str
    series: str
    statistics: tuple[str, ...]
    first: tuple[str, ...]
    subject: str
    resource: str
    reading: str
    groups: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    converts: bool = False

    @property
    def operations(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.values, self.series)))


REPORTS = (
    Report(
        "campaigns",
        "Campaigns",
        "query_campaign_values",
        "",
        MESSAGE_STATISTICS,
        ("recipients", "delivered", "open_rate", "click_rate", "conversions", "conversion_value"),
        "campaign_id",
        "campaigns",
        "get_campaign",
        ("campaign_id", "campaign_message_id", "campaign_message_name", "send_channel"),
        ("campaign_message_name", "send_channel"),
        converts=True,
    ),
    Report(
        "flows",
        "Flows",
        "query_flow_values",
        "query_flow_series",
        MESSAGE_STATISTICS,
        ("recipients", "open_rate", "click_rate", "conversions", "conversion_value"),
        "flow_id",
        "flows",
        "get_flow",
        ("flow_id", "flow_message_id", "flow_name", "flow_message_name", "send_channel"),
        ("flow_name", "flow_message_name", "send_channel"),
        converts=True,
    ),
    Report(
        "forms",
        "Forms",
        "query_form_values",
        "query_form_series",
        FORM_STATISTICS,
        ("viewed_form", "viewed_form_uniques", "submits", "submit_rate"),
        "form_id",
        "forms",
        "get_form",
        ("form_id",),
    ),
    Report(
        "segments",
        "Segments",
        "query_segment_values",
        "query_segment_series",
        SEGMENT_STATISTICS,
        ("total_members", "members_added", "members_removed"),
        "segment_id",
        "segments",
        "get_segment",
    ),
)


def label(statistic: str) -> str:
    """What people call a statistic: "open_rate" is "Open rate"."""
    plain = statistic.replace("_", " ")
    return LONG.get(statistic, f"{plain[:1].upper()}{plain[1:]}")


def look(statistic: str) -> str:
    """How a statistic is drawn: money, share (a fraction of one) or number."""
    if statistic in _MONEY:
        return "money"
    return "share" if statistic.endswith("_rate") else "number"
