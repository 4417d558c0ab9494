"""The room of reports on campaigns and flows: what became of their messages, message by message."""

import json
from collections.abc import Mapping
from typing import Any

from klaviyo_admin.sandbox import attribution
from klaviyo_admin.sandbox.asking import Ask, Json, Reply
from klaviyo_admin.sandbox.refusals import Problem, Refusal, invalid
from klaviyo_admin.sandbox.rooms import figures, questions
from klaviyo_admin.sandbox.rooms.figures import Formula, share
from klaviyo_admin.sandbox.rooms.reading import Room

_COUNTED = {
    "delivered": ("Received Email", "Received SMS", "Received Push"),
    "bounced": ("Bounced Email",),
    "failed": ("Failed to Deliver SMS", "Failed to Deliver Push"),
    "opens": ("Opened Email", "Opened Push"),
    "clicks": ("Clicked Email", "Clicked SMS"),
    "unsubscribes": ("Unsubscribed", "Unsubscribed from SMS"),
    "spam_complaints": ("Marked Email as Spam",),
    "texts": ("Received SMS",),
}
_TEXT_PRICE = 0.01  # what one text message costs, in the account's currency
_FORMULAS: Mapping[str, Formula] = {
    "delivered": lambda of: of("delivered"),
    "bounced": lambda of: of("bounced"),
    "failed": lambda of: of("failed"),
    "bounced_or_failed": lambda of: of("bounced") + of("failed"),
    "recipients": lambda of: _recipients(of),
    "opens": lambda of: of("opens"),
    "opens_unique": lambda of: of("opens_unique"),
    "clicks": lambda of: of("clicks"),
    "clicks_unique": lambda of: of("clicks_unique"),
    "unsubscribes": lambda of: of("unsubscribes"),
    "unsubscribe_uniques": lambda of: of("unsubscribes_unique"),
    "spam_complaints": lambda of: of("spam_complaints"),
    "conversions": lambda of: of("conversions"),
    "conversion_uniques": lambda of: of("conversions_unique"),
    "conversion_value": lambda of: of("conversion_value"),
    "delivery_rate": lambda of: share(of("delivered"), _recipients(of)),
    "bounce_rate": lambda of: share(of("bounced"), _recipients(of)),
    "failed_rate": lambda of: share(of("failed"), _recipients(of)),
    "bounced_or_failed_rate": lambda of: share(of("bounced") + of("failed"), _recipients(of)),
    "open_rate": lambda of: share(of("opens_unique"), of("delivered")),
    "click_rate": lambda of: share(of("clicks_unique"), of("delivered")),
    "click_to_open_rate": lambda of: share(of("clicks_unique"), of("opens_unique")),
    "unsubscribe_rate": lambda of: share(of("unsubscribes_unique"), of("delivered")),
    "spam_complaint_rate": lambda of: share(of("spam_complaints"), of("delivered")),
    "conversion_rate": lambda of: share(of("conversions_unique"), of("delivered")),
    "average_order_value": lambda of: share(of("conversion_value"), of("conversions")),
    "revenue_per_recipient": lambda of: share(of("conversion_value"), _recipients(of)),
    "message_segment_count_sum": lambda of: of("texts"),
    "text_message_credit_usage_amount": lambda of: of("texts"),
    "text_message_spend": lambda of: of("texts") * _TEXT_PRICE,
    "text_message_roi": lambda of: share(of("conversion_value"), of("texts") * _TEXT_PRICE) if of("texts") else 0.0,
}
_CHANNELS = {"mobile_push": "push-notification"}
_SPLITS = ("tag_id", "tag_name")


def _recipients(of: Any) -> float:
    return float(of("delivered") + of("bounced") + of("failed"))


def _report(kind: str, told: Mapping[str, str]) -> Room:
    """For campaigns or flows: a row for each of their messages, or for each tag of each. `told` are the relationships of
    the report and the groups whose ids they hold."""
    needed = (f"{kind}_id", f"{kind}_message_id")

    def room(ask: Ask) -> Reply:
        groups = tuple(dict.fromkeys(ask.attributes.get("group_by") or (*needed, "send_channel")))
        if not set(needed) <= set(groups):
            raise invalid(f"'group_by' must contain {' and '.join(needed)}.", f"{questions.HERE}/group_by")
        schema = (
            "send_channel",
            f"{kind}_name",
            f"{kind}_message_name",
            "text_message_format",
            "variation",
            "variation_name",
        )
        asked = questions.question(ask, (*needed, *schema, "group", "group_name", *_SPLITS))
        sums = _sums(ask, asked)
        results: list[questions.Result] = []
        related: dict[str, dict[str, None]] = {name: {} for name in told}
        for about in _messages(ask, kind):
            ident = about[f"{kind}_message_id"]
            if (ident,) not in sums or not questions.holds(asked.conditions, about):
                continue
            for name, key in told.items():
                related[name][about[key]] = None
            found = figures.statistics(sums[(ident,)], asked.statistics, _FORMULAS, asked.spans, series=asked.series)
            results += [(row, found) for row in _rows(about, groups)]
        return questions.report(ask, asked, results, related)

    return room


def _sums(ask: Ask, asked: questions.Question) -> figures.Figures:
    given = ask.attributes["conversion_metric_id"]
    metric = ask.db.execute("SELECT n FROM metric WHERE account = ? AND id = ?", (ask.account, given)).fetchone()
    if metric is None:
        pointer = f"{questions.HERE}/conversion_metric_id"
        raise Refusal(Problem("not_found", f"A metric with id {given} does not exist.", pointer))
    sums = figures.empty(asked.spans)
    for name, metrics in _COUNTED.items():
        numbers = attribution.metrics(ask.db, ask.account, metrics)
        figures.count(ask.db, sums, name, numbers, asked.spans, ("$message",))
    touches = attribution.metrics(ask.db, ask.account, attribution.TOUCHES)
    figures.convert(ask.db, sums, int(metric["n"]), touches, asked.spans)
    return sums


def _messages(ask: Ask, kind: str) -> list[dict[str, Any]]:
    """All that can be said of each message of the campaigns or flows, by the names of the groups."""
    middle = (
        "JOIN thing a ON a.n = m.parent JOIN thing p ON p.n = a.parent"
        if kind == "flow"
        else "JOIN thing p ON p.n = m.parent"
    )
    rows = ask.db.execute(
        "SELECT m.id, m.name, m.data, p.id AS parent_id, p.name AS parent_name, "
        "(SELECT json_group_array(json_array(tag.id, tag.name)) FROM tagging JOIN thing tag ON tag.n = tagging.tag "
        f"WHERE tagging.kind = ? AND tagging.object = p.id) AS tags FROM thing m {middle} "
        "WHERE m.account = ? AND m.kind = ? ORDER BY p.id, m.id",
        (kind, ask.account, f"{kind}-message"),
    )
    return [_about(kind, dict(row)) for row in rows.fetchall()]


def _about(kind: str, row: dict[str, Any]) -> dict[str, Any]:
    definition, tags = json.loads(row["data"]).get("definition") or {}, json.loads(row["tags"])
    channel = definition.get("channel") or "email"
    return {
        f"{kind}_id": row["parent_id"],
        f"{kind}_name": row["parent_name"],
        f"{kind}_message_id": row["id"],
        f"{kind}_message_name": definition.get("label") or row["name"] or row["parent_name"],
        "send_channel": _CHANNELS.get(channel, channel),
        "text_message_format": "SMS" if channel == "sms" else None,
        "variation": None,
        "variation_name": None,
        "group": None,
        "group_name": None,
        "tag_id": [ident for ident, _ in tags],
        "tag_name": [name for _, name in tags],
    }


def _rows(about: dict[str, Any], groups: tuple[str, ...]) -> list[dict[str, Json]]:
    """One row; grouped by tag, one for each tag."""
    plain = {name: about[name] for name in groups if name not in _SPLITS}
    if not set(groups) & set(_SPLITS):
        return [plain]
    pairs = zip(about["tag_id"], about["tag_name"], strict=True) if about["tag_id"] else [(None, None)]
    return [
        plain | {name: value for name, value in (("tag_id", ident), ("tag_name", tag)) if name in groups}
        for ident, tag in pairs
    ]


_FLOWS = _report("flow", {"flows": "flow_id", "flow-messages": "flow_message_id"})
ROOM: Mapping[str, Room] = {
    "query_campaign_values": _report("campaign", {"campaigns": "campaign_id"}),
    "query_flow_values": _FLOWS,
    "query_flow_series": _FLOWS,
}
