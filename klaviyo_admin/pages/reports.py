"""The pages of reports: what can be asked, what it costs of the budget, and the answer as charts, table and CSV."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import orjson
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from django.utils import timezone

from klaviyo_admin import api
from klaviyo_admin.accounts.models import Account
from klaviyo_admin.areas import AREAS, find, finding
from klaviyo_admin.areas.metrics.resources import METRICS
from klaviyo_admin.areas.reporting import asking
from klaviyo_admin.areas.reporting.asking import Question, Row, Told
from klaviyo_admin.areas.reporting.forms import ReportForm
from klaviyo_admin.areas.reporting.reports import REPORTS, Report, label, look
from klaviyo_admin.exports.csv_file import blocks
from klaviyo_admin.klaviyo import answers
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.errors import KlaviyoError
from klaviyo_admin.klaviyo.recall import REPORTS_FOR
from klaviyo_admin.pages import picking
from klaviyo_admin.pages.charts import Bars, Chart, bars, chart
from klaviyo_admin.pages.outlook import currency, kept
from klaviyo_admin.pages.render import account_for, page, trouble
from klaviyo_admin.pages.tables import Cell, Head
from klaviyo_admin.pages.tables import Row as TableRow
from klaviyo_admin.pages.templatetags.drawing import localised

METRICS_FOR = 600  # seconds for which what is asked beside costs nothing
SHOWN = 200  # rows of a table; the file has them all
LINES = 6  # things in one chart
ORDER = "Placed Order"


@dataclass(frozen=True, slots=True)
class Left:
    """What a limit leaves: how many questions of how many, in how long."""

    left: int
    allowed: int
    span: str


def report(request: HttpRequest, account: int, key: str) -> HttpResponse | StreamingHttpResponse:
    """The form; with `ask` its answer, from memory if the same was asked lately."""
    here, found = account_for(request, account), next(each for each in REPORTS if each.key == key)
    context: dict[str, Any] = {"report": found, "title": f"{found.many}: reports", "place": f"report-{key}"}
    context |= {"here": "reporting", "area": next(each for each in AREAS if each.key == "reporting")}
    try:
        form = ReportForm(request.GET if "timeframe" in request.GET else None, found, conversion(here, found))
        picking.prepare(form, here)
        context["form"] = form
        context |= answered(here, question) if (question := asked(form, here)) else {}
    except KlaviyoError as error:
        context["trouble"] = trouble(error)
    if request.GET.get("format") == "csv" and "told" in context:
        return as_file(context["question"], context["told"])
    context |= {"left": left(here, found), "query": again(request)}
    return page(request, "reporting/report.html", context, here, 422 if wrong(context) else 200)


def wrong(context: dict[str, Any]) -> bool:
    form = context.get("form")
    return bool(form and form.is_bound and form.errors)


def again(request: HttpRequest) -> str:
    """The question's part of the address, for asking it anew or taking it away."""
    query = request.GET.copy()
    for name in ("fresh", "format"):
        query.pop(name, None)
    return query.urlencode()


def conversion(account: Account, found: Report) -> str:
    """The id of the metric that counts as a conversion until another is picked: of an order, where there is one."""
    if not found.converts:
        return ""

    def read() -> str:
        reader = api.reader(account)
        orders = finding.find(reader, METRICS, ORDER, shown=1).items or finding.find(reader, METRICS, shown=1).items
        return next((item.id for item in orders), "")

    return kept(account, "conversion", METRICS_FOR, False, read)[0]


def asked(form: ReportForm, account: Account) -> Question | None:
    """What a form asks; None, with the reason in the form, for what cannot be asked. Raises KlaviyoError."""
    if not (form.is_bound and form.is_valid()):
        return None
    try:
        metric = picking.resolved(form, account).get("metric")
    except ValidationError as error:
        form.add_error(None, error)
        return None
    return form.question(metric.id if metric else "")


def answered(account: Account, question: Question) -> dict[str, Any]:
    """The answer as charts and rows. Raises KlaviyoError."""
    reader = api.reader(account)
    heard = asking.ask(reader, question)
    # What the answer costs is spent once for all processes; its names are cheap, and each process reads them by itself.
    mark = sha256(orjson.dumps([question.operation, question.document(), heard.as_of])).hexdigest()[:32]
    told, _ = kept(account, f"report/{mark}", REPORTS_FOR, False, lambda: asking.told(reader, question, heard))
    money, _ = kept(account, "currency", METRICS_FOR, False, lambda: currency(reader))
    return {
        "question": question,
        "told": told,
        "as_of": heard.as_of,
        "currency": money if any(look(each) == "money" for each in question.statistics) else "",
        "charts": charts(question, told),
        "heads": heads(question, told),
        "rows": list(table(account, question, told))[:SHOWN],
        "more": max(0, size(told) - SHOWN),
        "total": size(told),
    }


def charts(question: Question, told: Told) -> list[Chart | Bars]:
    """A drawing for each statistic of the things that have most of it: lines over time, or bars."""
    drawn = (drawing(question, told, key) for key in question.statistics)
    return [each for each in drawn if each]


def drawing(question: Question, told: Told, key: str) -> Chart | Bars | None:
    if not told.moments:
        return bars(label(key), [(named(row), figure(row, key, 0) or 0) for row in told.rows], look(key))
    moments = [short(moment, question.interval) for moment in told.moments]
    most = sorted(told.rows, key=lambda row: -sum(row.figures.get(key, ())))[:LINES]
    return chart(label(key), [(named(row), row.figures.get(key, ())) for row in most], moments, look(key))


def named(row: Row) -> str:
    return " · ".join((row.name, *row.also))


def heads(question: Question, told: Told) -> list[Head]:
    first = [Head(question.report.many[:-1])] + ([Head("Counted by")] if any(row.also for row in told.rows) else [])
    moment = [Head("From", "moment")] if told.moments else []
    return [*first, *moment, *(Head(label(key), look(key)) for key in question.statistics)]


def size(told: Told) -> int:
    return len(told.rows) * max(1, len(told.moments))


def table(account: Account, question: Question, told: Told) -> Iterator[TableRow]:
    """A row for each thing, or for each thing and moment."""
    resource, by = question.report.resource, any(row.also for row in told.rows)
    for row in told.rows:
        url = f"/a/{account.pk}/{resource}/{row.id}/" if find(resource) and row.id else ""
        for n in range(max(1, len(told.moments))):
            cells = [Cell(row.name, "text", url)] + ([Cell(", ".join(row.also))] if by else [])
            cells += [Cell(told.moments[n], "moment")] if told.moments else []
            cells += [Cell(figure(row, key, n), look(key)) for key in question.statistics]
            yield TableRow(row.id, row.name, tuple(cells))


def figure(row: Row, key: str, place: int) -> float | None:
    values = row.figures.get(key, ())
    return values[place] if place < len(values) else None


def short(moment: str, interval: str) -> str:
    """A moment as it stands under a chart."""
    at = answers.moment(moment)
    here = localised(at) if at else None
    if here is None:
        return moment
    return (
        f"{here:%-d %b, %H:%M}"
        if interval == "hourly"
        else f"{here:%b %Y}"
        if interval == "monthly"
        else f"{here:%-d %b}"
    )


def left(account: Account, found: Report) -> list[tuple[str, list[Left]]]:
    """What Klaviyo's limits leave of each kind of question, in a minute and in a day; nothing is asked."""
    budget = api.reader(account).budget
    spans = {60: "this minute", 86_400: "today"}
    told = []
    for name, words in ((found.values, "sums"), (found.series, "figures over time")):
        if name and budget:
            windows = [each for each in budget.spending(operation(name)) if each.seconds in spans]
            told.append((words, [Left(each.left, each.allowed, spans[each.seconds]) for each in windows]))
    return told


def as_file(question: Question, told: Told) -> StreamingHttpResponse:
    """The whole answer as CSV: ids, names, moments, and the figures as Klaviyo gave them."""
    answer = StreamingHttpResponse(blocks(lines(question, told)), content_type="text/csv; charset=utf-8")
    stamp = f"{timezone.localtime():%Y-%m-%d}"
    answer["Content-Disposition"] = f'attachment; filename="{question.report.key}-report-{stamp}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


def lines(question: Question, told: Told) -> Iterator[list[str]]:
    moments = told.moments or ("",)
    yield ["ID", "Name", "Counted by", *(["From"] if told.moments else []), *map(label, question.statistics)]
    for row in told.rows:
        for n, moment in enumerate(moments):
            values = (figure(row, key, n) for key in question.statistics)
            stamp = [moment] if told.moments else []
            yield [row.id, row.name, ", ".join(row.also), *stamp, *("" if v is None else f"{v:g}" for v in values)]


urlpatterns = [
    path(f"a/<int:account>/reports/{each.key}/", report, {"key": each.key}, name=f"report-{each.key}")
    for each in REPORTS
]
