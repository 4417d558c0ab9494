"""Reports: what they cost is said first, the same question costs nothing twice, and the figures are Klaviyo's."""

import csv
from io import StringIO
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.http import QueryDict, StreamingHttpResponse

from klaviyo_admin.areas.reporting.forms import ReportForm
from klaviyo_admin.areas.reporting.reports import REPORTS, Report, label
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.pages.charts import bars, chart
from tests.pages.conftest import Shop

METRIC = "S02Wxu"


@pytest.fixture(autouse=True)
def forgotten() -> None:
    cache.clear()


def asked(shop: Shop, report: Report) -> int:
    return sum(shop.asked(name) and len(shop.klaviyo.requests(operation=name)) for name in report.operations)


def address(shop: Shop, report: Report, **more: str) -> str:
    metric = {"metric": metric_id(shop)} if report.converts else {}
    answers = {"timeframe": "last_30_days", "statistics": list(report.first), **metric, **more}
    return shop.url(f"reports/{report.key}/?{urlencode(answers, doseq=True)}")


def typed(**answers: Any) -> QueryDict:
    return QueryDict(urlencode({"metric": METRIC, **answers}, doseq=True))


def metric_id(shop: Shop) -> str:
    metrics = shop.read("/api/metrics")["data"]
    return str(next(m["id"] for m in metrics if m["attributes"]["name"] == "Placed Order"))


def lines(answer: object) -> list[list[str]]:
    assert isinstance(answer, StreamingHttpResponse)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[arg-type]
    return list(csv.reader(StringIO(text)))


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.key)
def test_nothing_is_asked_before_somebody_asks_and_the_budget_is_said(shop: Shop, report: Report) -> None:
    page = shop.browser("viewer").get(shop.url(f"reports/{report.key}/"))
    assert page.status_code == 200
    assert asked(shop, report) == 0
    text = page.content.decode()
    assert "questions are left this minute" in text
    assert "of 225 questions are left today" in text


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.key)
def test_the_same_question_costs_nothing_for_a_while(shop: Shop, report: Report) -> None:
    browser, here = shop.browser("viewer"), address(shop, report)
    for _ in range(3):
        cache.clear()  # another process remembers nothing by itself
        page = browser.get(here)
        assert page.status_code == 200, page.content.decode()
        assert "notice-bad" not in page.content.decode()
    assert asked(shop, report) == 1
    assert page.context["total"] > 0
    shop.klaviyo.advance(61)
    browser.get(f"{here}&fresh=1")
    assert asked(shop, report) == 2


@pytest.mark.parametrize("report", [r for r in REPORTS if r.series], ids=lambda report: report.key)
def test_figures_over_time_are_drawn_and_told_row_by_row(shop: Shop, report: Report) -> None:
    page = shop.browser().get(address(shop, report, interval="weekly"))
    assert shop.asked(report.series)
    assert len(page.context["charts"]) == len(report.first)
    assert page.content.decode().count("<polyline") >= len(report.first)


def test_what_counts_as_a_conversion_is_an_order_until_another_metric_is_picked_by_name(shop: Shop) -> None:
    report = next(each for each in REPORTS if each.converts)
    browser, orders = shop.browser("viewer"), metric_id(shop)
    assert f'value="{orders}" checked' in browser.get(shop.url(f"reports/{report.key}/")).content.decode()
    here = address(shop, report, metric="", **{"metric-words": "opened email"})
    assert browser.get(here).context["question"].metric not in ("", orders)
    unknown = browser.get(address(shop, report, metric="", **{"metric-words": "no such"}))
    assert "No one metric is called “no such”" in unknown.content.decode()
    assert (unknown.status_code, asked(shop, report)) == (422, 1)


def test_the_file_has_every_figure_with_ids_and_names(shop: Shop) -> None:
    report = next(each for each in REPORTS if each.key == "segments")
    answer = shop.browser().get(address(shop, report, interval="weekly", format="csv"))
    head, *rows = lines(answer)
    assert head == ["ID", "Name", "Counted by", "From", "Members", "Joined", "Left"]
    names = {segment["id"]: segment["attributes"]["name"] for segment in shop.read("/api/segments")["data"]}
    assert {row[0]: row[1] for row in rows} == names
    assert all(float(row[4]) >= 0 for row in rows)


def test_a_used_up_limit_is_a_calm_panel(shop: Shop) -> None:
    report = REPORTS[0]
    shop.klaviyo.fault(report.values, "throttle", times=9)
    page = shop.browser().get(address(shop, report))
    assert "Klaviyo asks to wait" in page.content.decode()


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"timeframe": "custom"}, "both ends"),
        ({"timeframe": "custom", "start": "2026-02-01T00:00", "end": "2026-01-01T00:00"}, "after the beginning"),
        ({"timeframe": "custom", "start": "2025-01-01T00:00", "end": "2026-06-01T00:00"}, "at most a year"),
        ({"timeframe": "last_90_days", "interval": "daily"}, "at most 60 days"),
        ({"timeframe": "last_30_days", "interval": "hourly"}, "at most 7 days"),
    ],
)
def test_what_klaviyo_would_refuse_is_said_before_it_costs_anything(answers: dict[str, str], said: str) -> None:
    report = next(each for each in REPORTS if each.key == "flows")
    form = ReportForm(typed(statistics=["opens"], **answers), report, METRIC)
    assert said in str(form.errors)


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.key)
def test_every_statistic_of_klaviyo_is_offered_and_has_a_name(report: Report) -> None:
    form = ReportForm(typed(timeframe="today", statistics=report.statistics), report, METRIC)
    assert form.is_valid(), form.errors
    document = form.question(METRIC).document()
    assert not operation(report.values).faults(document)
    assert len({label(key) for key in report.statistics}) == len(report.statistics)


def test_a_chart_holds_its_lines_within_its_edges() -> None:
    drawn = chart("Net change", [("A", [3, -2, 0]), ("B", [0.5, 1, 40])], ["1 May", "2 May", "3 May"])
    assert drawn
    places = [tuple(map(float, pair.split(","))) for line in drawn.lines for pair in line.points.split()]
    assert all(drawn.left <= x <= drawn.right and 0 <= y <= drawn.bottom for x, y in places)
    assert "highest 40" in drawn.said
    assert drawn.up[0].text.startswith("-")


def test_a_share_of_all_fills_its_chart() -> None:
    drawn = chart("Open rate", [("A", [0.5, 1.0])], ["1 May", "2 May"], "share")
    assert drawn
    assert drawn.up[-1].text == "100 %"
    assert [tick.anchor for tick in drawn.across] == ["start", "end"]


def test_bars_are_as_long_as_their_values() -> None:
    drawn = bars("Recipients", [("A", 5), ("B", 20), ("C", 0)])
    assert drawn
    assert [(bar.label, bar.length) for bar in drawn.bars] == [("B", 100.0), ("A", 25.0), ("C", 0.0)]
    assert bars("Nothing", [("A", 0)]) is None


def test_there_is_no_chart_of_a_single_moment() -> None:
    assert chart("x", [("A", [1])], ["1 May"]) is None
    assert chart("x", [], ["1 May", "2 May"]) is None
