"""Figures of reports reckoned from the raw tables, in plain Python and without a look at the sandbox's own sums."""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.fakes import InProcess
from tests.sandbox.ledger import rows

Json = dict[str, Any]
Figures = dict[str, dict[str, float]]
Span = tuple[int, int]
_SECOND = 1_000_000
_WINDOW = 5 * 86_400 * _SECOND  # for so long after it was opened or clicked a message is owed what is bought
_TOLD = {
    "delivered": ("Received Email", "Received SMS", "Received Push"),
    "bounced": ("Bounced Email",),
    "failed": ("Failed to Deliver SMS", "Failed to Deliver Push"),
    "opens": ("Opened Email", "Opened Push"),
    "clicks": ("Clicked Email", "Clicked SMS"),
    "unsubscribes": ("Unsubscribed", "Unsubscribed from SMS"),
    "spam_complaints": ("Marked Email as Spam",),
}
_TOUCHES = ("Opened Email", "Clicked Email", "Clicked SMS", "Opened Push")
_FORM = {
    "viewed_form": "Viewed Form",
    "closed_form": "Closed Form",
    "submits": "Submitted Form",
    "viewed_form_step": "Viewed Form Step",
}
MESSAGE_STATISTICS = [
    *("delivered", "bounced", "failed", "bounced_or_failed", "recipients", "opens", "opens_unique", "clicks"),
    *("clicks_unique", "unsubscribes", "unsubscribe_uniques", "spam_complaints", "conversions", "conversion_uniques"),
    *("conversion_value", "delivery_rate", "bounce_rate", "open_rate", "click_rate", "click_to_open_rate"),
    *("conversion_rate", "average_order_value", "revenue_per_recipient", "unsubscribe_rate"),
]
FORM_STATISTICS = [*_FORM, "viewed_form_uniques", "closed_form_uniques", "viewed_form_step_uniques", "submit_rate"]


class Recount:
    """The events of the account as they lie in the tables."""

    def __init__(self, box: InProcess) -> None:
        names = {row["n"]: row["name"] for row in rows(box, "metric") if row["account"] == 1}
        self.events = [
            {**row, "metric": names[row["metric"]], "told": json.loads(row["properties"])}
            for row in rows(box, "event")
            if row["account"] == 1
        ]
        account = next(row for row in rows(box, "account") if row["n"] == 1)
        self.zone = ZoneInfo(json.loads(account["attributes"])["timezone"])
        things = {row["n"]: row for row in rows(box, "thing") if row["account"] == 1}
        self.messages = {
            kind: {row["id"] for row in things.values() if row["kind"] == f"{kind}-message"}
            for kind in ("campaign", "flow")
        }

    def moment(self, *day: int) -> int:
        """The beginning of a day of the company, in microseconds."""
        year, month, number = day
        return int(datetime(year, month, number, tzinfo=self.zone).timestamp()) * _SECOND

    def happened(self, metrics: Iterable[str], span: Span) -> list[Json]:
        wanted = set(metrics)
        return [e for e in self.events if e["metric"] in wanted and span[0] <= e["at"] < span[1]]

    def by_message(self, kind: str, conversion: str, span: Span) -> Figures:
        """For each message of campaigns or flows of which anything is told: all that a report can say of it."""
        found: dict[str, dict[str, list[Json]]] = defaultdict(lambda: defaultdict(list))
        for name, metrics in _TOLD.items():
            for event in self.happened(metrics, span):
                found[event["told"].get("$message", "")][name].append(event)
        for event, message in self.owed(conversion, span):
            found[message]["conversions"].append(event)
        return {ident: _figures(found[ident]) for ident in found if ident in self.messages[kind]}

    def owed(self, conversion: str, span: Span) -> list[tuple[Json, str]]:
        """Each event together with the message that its profile opened or clicked last before it."""
        touches: dict[int, list[Json]] = defaultdict(list)
        for event in self.events:
            if event["metric"] in _TOUCHES and event["told"].get("$message") is not None:
                touches[event["profile"]].append(event)
        found = []
        for event in self.happened((conversion,), span):
            near = [t for t in touches[event["profile"]] if event["at"] - _WINDOW < t["at"] <= event["at"]]
            if near:
                found.append((event, max(near, key=lambda t: (t["at"], t["n"]))["told"]["$message"]))
        return found

    def by_form(self, span: Span) -> Figures:
        found: dict[str, dict[str, list[Json]]] = defaultdict(lambda: defaultdict(list))
        for name, metric in _FORM.items():
            for event in self.happened((metric,), span):
                found[event["told"].get("form_id", "")][name].append(event)
        return {ident: _of_form(told) for ident, told in found.items() if ident}


def _figures(told: dict[str, list[Json]]) -> dict[str, float]:
    def number(name: str) -> float:
        return len(told.get(name, ()))

    def people(name: str) -> float:
        return len({event["profile"] for event in told.get(name, ())})

    sent = number("delivered") + number("bounced") + number("failed")
    value = sum(e["value"] or 0 for e in told.get("conversions", ()))
    plain = {name: number(name) for name in (*_TOLD, "conversions")}
    return plain | {
        "bounced_or_failed": number("bounced") + number("failed"),
        "recipients": sent,
        "opens_unique": people("opens"),
        "clicks_unique": people("clicks"),
        "unsubscribe_uniques": people("unsubscribes"),
        "conversion_uniques": people("conversions"),
        "conversion_value": value,
        "delivery_rate": _share(number("delivered"), sent),
        "bounce_rate": _share(number("bounced"), sent),
        "open_rate": _share(people("opens"), number("delivered")),
        "click_rate": _share(people("clicks"), number("delivered")),
        "click_to_open_rate": _share(people("clicks"), people("opens")),
        "conversion_rate": _share(people("conversions"), number("delivered")),
        "average_order_value": _share(value, number("conversions")),
        "revenue_per_recipient": _share(value, sent),
        "unsubscribe_rate": _share(people("unsubscribes"), number("delivered")),
    }


def _of_form(told: dict[str, list[Json]]) -> dict[str, float]:
    plain: dict[str, float] = {name: len(told.get(name, ())) for name in _FORM}
    for name in ("viewed_form", "closed_form", "viewed_form_step"):
        plain[f"{name}_uniques"] = len({e["profile"] for e in told.get(name, ())})
    return plain | {"submit_rate": _share(plain["submits"], plain["viewed_form"])}


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
