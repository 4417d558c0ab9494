"""The key figures of an account: the usual metrics of a shop, day by day, beside the days before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from klaviyo_admin.areas.words import name
from klaviyo_admin.klaviyo import documents
from klaviyo_admin.klaviyo.answers import numbers
from klaviyo_admin.klaviyo.client import Reader
from klaviyo_admin.klaviyo.errors import KlaviyoError
from klaviyo_admin.klaviyo.values import Item, Json

DAYS = 28
METRIC_PAGES = 3
# Names that Klaviyo gives to metrics, the measurement to take, and what people call it; the first that exists of each row.
USUAL = (
    (("Placed Order",), "sum_value", "Revenue of orders"),
    (("Placed Order",), "count", "Orders"),
    (("Subscribed to Email Marketing", "Subscribed to List"), "count", "Subscriptions"),
    (("Opened Email",), "count", "E-mails opened"),
    (("Clicked Email",), "count", "E-mails clicked"),
    (("Active on Site",), "count", "Visits"),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: `points` are the last DAYS days, oldest first; `before` is the sum of as many days before them."""

    label: str
    metric_id: str
    money: bool
    points: tuple[float, ...]
    before: float

    @property
    def total(self) -> float:
        return sum(self.points)

    @property
    def change(self) -> int | None:
        """Per cent more or less than before; None where there was nothing."""
        return round((self.total - self.before) / self.before * 100) if self.before else None


def figures(reader: Reader, until: datetime) -> tuple[Figure, ...]:
    """The figures up to the moment `until`, whose time zone says where a day begins. Raises KlaviyoError if none can be had."""
    pages = islice(reader.pages("get_metrics"), METRIC_PAGES)
    metrics = {name(metric): metric for page in pages for metric in reversed(page.items)}
    wanted = [(metric, measure, label) for names, measure, label in USUAL if (metric := _first(metrics, names))]
    idents = list(dict.fromkeys(metric.id for metric, _, _ in wanted))
    answers = reader.gather(*(partial(_days, reader, ident, until) for ident in idents))
    read = dict(zip(idents, answers, strict=True))
    found = [
        _figure(days[measure], metric.id, label, measure)
        for metric, measure, label in wanted
        if not isinstance(days := read[metric.id], KlaviyoError)
    ]
    error = next((each for each in answers if isinstance(each, KlaviyoError)), None)
    if error and not found:
        raise error
    return tuple(found)


def _first(metrics: Mapping[str, Item], names: Sequence[str]) -> Item | None:
    return next((metrics[one] for one in names if one in metrics), None)


def _days(reader: Reader, ident: str, until: datetime) -> Mapping[str, list[float]]:
    """Each measurement of a metric for twice DAYS days, the day of `until` being the last."""
    tomorrow = until.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    bounds = (tomorrow - timedelta(days=2 * DAYS), tomorrow)
    measures = ["count", "sum_value"]
    attributes = {
        "metric_id": ident,
        "measurements": measures,
        "interval": "day",
        "filter": [
            f"{word}(datetime,{at.isoformat()})"
            for word, at in zip(("greater-or-equal", "less-than"), bounds, strict=True)
        ],
        "timezone": str(until.tzinfo),
    }
    answer = reader.ask("query_metric_aggregates", {"data": {"type": "metric-aggregate", "attributes": attributes}})
    return {measure: _sums(answer, measure) for measure in measures}


def _sums(answer: Json, measure: str) -> list[float]:
    """The values by day, of all rows together."""
    told = documents.attributes(answer)
    rows = [numbers((row.get("measurements") or {}).get(measure)) for row in told.get("data") or ()]
    return [float(sum(row[day] for row in rows if day < len(row))) for day in range(len(told.get("dates") or ()))]


def _figure(days: list[float], ident: str, label: str, measure: str) -> Figure:
    return Figure(label, ident, measure == "sum_value", tuple(days[-DAYS:]), sum(days[:-DAYS]))
