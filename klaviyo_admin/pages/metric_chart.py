"""The chart of one metric: what is asked of its events over time, drawn and as a table and CSV."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.urls import path
from django.utils import timezone

from klaviyo_admin import api
from klaviyo_admin.accounts.models import Account
from klaviyo_admin.areas import area_of
from klaviyo_admin.areas.metrics.aggregates import MEASURES, Added, ChartForm, ask, beginning
from klaviyo_admin.areas.words import name
from klaviyo_admin.exports.csv_file import blocks
from klaviyo_admin.klaviyo import answers
from klaviyo_admin.klaviyo.errors import KlaviyoError
from klaviyo_admin.klaviyo.values import Item
from klaviyo_admin.pages import picking
from klaviyo_admin.pages.charts import chart
from klaviyo_admin.pages.render import account_for, page, part, trouble, wants_part
from klaviyo_admin.pages.tables import Cell, Head, Row
from klaviyo_admin.pages.templatetags.drawing import localised

SHOWN = 400  # rows of the table
LINES = 8


def metric_chart(request: HttpRequest, account: int) -> HttpResponse | StreamingHttpResponse:
    """The form, and the chart once a metric is picked; for htmx only the chart, with the usual answers."""
    here = account_for(request, account)
    asked = with_usual(request.GET)
    form = ChartForm(asked if "metric" in request.GET or "metric-words" in request.GET else None, initial=beginning())
    context: dict[str, Any] = {"form": form, "here": "metrics", "area": area_of("metrics"), "place": "metric-chart"}
    context |= drawn(here, form) if form.is_bound and form.is_valid() else {}
    if wants_part(request):
        return part(request, "metrics/_chart.html", context, here)
    if request.GET.get("format") == "csv" and "added" in context:
        return as_file(context)
    picking.prepare(form, here)
    context["query"] = asked.urlencode()
    return page(request, "metrics/chart.html", context, here, 422 if form.is_bound and form.errors else 200)


def with_usual(given: QueryDict) -> QueryDict:
    """The address's answers, with the usual ones where it says nothing: a link needs no more than the metric."""
    asked = given.copy()
    for key, value in beginning().items():
        if key not in asked:
            asked[key] = value if isinstance(value, str) else f"{timezone.localtime(value):%Y-%m-%dT%H:%M}"
    asked.pop("format", None)
    return asked


def drawn(account: Account, form: ChartForm) -> dict[str, Any]:
    """The metric, its figures, and their chart; or the trouble with them."""
    try:
        metric: Item = picking.resolved(form, account)["metric"]
        added = ask(api.reader(account), metric.id, form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return {}
    except KlaviyoError as error:
        return {"trouble": trouble(error)}
    said = form.cleaned_data
    title = f"{name(metric)}: {MEASURES[said['measure']].lower()}"
    moments = [short(moment, said["interval"]) for moment in added.moments]
    series = [(label or "All", values) for label, values in added.series]
    return {
        "metric": metric,
        "added": added,
        "title": title,
        "total": sum(sum(values) for _, values in series) if said["measure"] != "unique" else None,
        "chart": chart(title, series[:LINES], moments),
        "heads": [Head("From", "moment"), *([Head("Told apart")] if said["by"] else []), Head(title, "number")],
        "rows": rows(added, bool(said["by"])),
    }


def rows(added: Added, apart: bool) -> list[Row]:
    """The newest figures first."""
    found = [(moment, label, values[n]) for n, moment in enumerate(added.moments) for label, values in added.series]
    return [
        Row("", moment, (Cell(moment, "moment"), *([Cell(label)] if apart else []), Cell(value, "number")))
        for moment, label, value in reversed(found[-SHOWN:])
    ]


def short(moment: str, interval: str) -> str:
    """A moment as it stands under a chart."""
    at = answers.moment(moment)
    if at is None:
        return moment
    here = localised(at)
    return (
        f"{here:%-d %b, %H:%M}" if interval == "hour" else f"{here:%b %Y}" if interval == "month" else f"{here:%-d %b}"
    )


def as_file(context: dict[str, Any]) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(blocks(lines(context["added"], context["title"])), content_type="text/csv")
    answer["Content-Disposition"] = 'attachment; filename="metric-chart.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


def lines(added: Added, title: str) -> Iterator[list[str]]:
    yield ["From", "Told apart", title]
    for label, values in added.series:
        for moment, value in zip(added.moments, values, strict=False):
            yield [moment, label, f"{value:g}"]


urlpatterns = [path("a/<int:account>/metric-chart/", metric_chart, name="metric-chart")]
