"""Knows how a report is asked for and what its answer says: rows of figures, or figures over time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from klaviyo_admin.areas.reporting.reports import Report
from klaviyo_admin.areas.words import name
from klaviyo_admin.klaviyo import documents
from klaviyo_admin.klaviyo.answers import numbers
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.client import Heard, Reader
from klaviyo_admin.klaviyo.values import Item, Json

MOST_NAMED = 60  # things whose names are read


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody wants to know: figures of a report over a stretch of time, which is a key or a pair of moments.
    `interval` asks for them over time. `metric` is the id of what counts as a conversion."""

    report: Report
    statistics: tuple[str, ...]
    timeframe: str = ""
    between: tuple[datetime, datetime] | None = None
    interval: str = ""
    metric: str = ""

    @property
    def operation(self) -> str:
        return self.report.series if self.interval else self.report.values

    def document(self) -> Json:
        """The body that asks it."""
        found = operation(self.operation)
        frame: Json = {"key": self.timeframe}
        if self.between:
            start, end = self.between
            frame = {"start": start.isoformat(), "end": end.isoformat()}
        attributes: dict[str, Json] = {"statistics": list(self.statistics), "timeframe": frame}
        if self.report.groups:
            attributes["group_by"] = list(self.report.groups)
        if self.interval:
            attributes["interval"] = self.interval
        if self.report.converts:
            attributes["conversion_metric_id"] = self.metric
        return {"data": {"type": found.kind, "attributes": attributes}}


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one thing: what it is called, its id, what else it is counted by, and each statistic's values: one,
    or one for each moment."""

    name: str
    id: str
    also: tuple[str, ...]
    figures: Mapping[str, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Told:
    """An answer: its rows, and the moments at which the parts of a series begin (none for plain values)."""

    rows: tuple[Row, ...]
    moments: tuple[str, ...] = ()


def ask(reader: Reader, question: Question) -> Heard:
    """The answer, or the one that was kept since the same was asked. Raises KlaviyoError."""
    return reader.hear(question.operation, document=question.document())


def told(reader: Reader, question: Question, heard: Heard) -> Told:
    """What an answer says, with the names of what it is about, which are asked for one by one."""
    attributes = documents.attributes(heard.document)
    results = attributes.get("results") or []
    report = question.report
    named = _names(reader, report, [str((each.get("groupings") or {}).get(report.subject)) for each in results])
    rows = tuple(_row(report, each, named) for each in results)
    return Told(rows, tuple(attributes.get("date_times") or ()))


def _row(report: Report, result: Mapping[str, Any], named: Mapping[str, str]) -> Row:
    groupings = result.get("groupings") or {}
    ident = str(groupings.get(report.subject, ""))
    figures = {key: numbers(value) for key, value in (result.get("statistics") or {}).items()}
    known = [str(groupings[key]) for key in report.names if groupings.get(key)]
    called = named.get(ident) or next(iter(known), ident)
    return Row(called, ident, tuple(each for each in known if each != called), figures)


def _names(reader: Reader, report: Report, idents: Sequence[str]) -> dict[str, str]:
    """What the things are called, read side by side; who cannot be read keeps the id."""
    if "flow_name" in report.names:  # the answer names them itself
        return {}
    wanted = list(dict.fromkeys(idents))[:MOST_NAMED]
    found = reader.gather(*(partial(reader.item, report.reading, {"id": ident}) for ident in wanted))
    return {each.id: name(each) for each in found if isinstance(each, Item)}
