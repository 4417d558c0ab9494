"""The chart of a metric: drawn from what Klaviyo adds up, on its own page and beside the metric's facts."""

import csv
from io import StringIO
from urllib.parse import urlencode

from django.http import StreamingHttpResponse

from tests.pages.conftest import Shop

YEAR = {"start": "2026-01-01T00:00", "end": "2026-11-01T00:00", "interval": "month", "measure": "count"}


def metric(shop: Shop, name: str = "Placed Order") -> str:
    return str(next(m["id"] for m in shop.read("/api/metrics")["data"] if m["attributes"]["name"] == name))


def test_a_metrics_page_fetches_its_chart_and_a_link_is_there_without_scripts(shop: Shop) -> None:
    ident = metric(shop)
    page = shop.browser("viewer").get(shop.url(f"metrics/{ident}/")).content.decode()
    assert f'hx-get="/a/{shop.account.pk}/metric-chart/?metric={ident}"' in page
    drawn = shop.browser("viewer").get(shop.url("metric-chart/"), {"metric": ident}, headers={"HX-Request": "true"})
    assert drawn.status_code == 200
    assert shop.asked("query_metric_aggregates")
    assert 'id="chart"' in drawn.content.decode()
    assert "<html" not in drawn.content.decode()


def test_the_page_asks_nothing_until_a_metric_is_picked(shop: Shop) -> None:
    assert shop.browser("viewer").get(shop.url("metric-chart/")).status_code == 200
    assert not shop.asked("query_metric_aggregates")


def test_a_year_is_drawn_told_apart_and_taken_away(shop: Shop) -> None:
    ident = metric(shop)
    here = shop.url(f"metric-chart/?{urlencode(YEAR | {'metric': ident, 'by': '$value_currency'})}")
    page = shop.browser().get(here)
    assert page.status_code == 200
    assert "<polyline" in page.content.decode()
    assert "USD" in page.content.decode()
    answer = shop.browser().get(f"{here}&format=csv")
    assert isinstance(answer, StreamingHttpResponse)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    _, *rows = csv.reader(StringIO(text))
    assert sum(float(row[2]) for row in rows) == page.context["total"] > 0


def test_a_name_that_no_metric_has_is_said_at_the_field(shop: Shop) -> None:
    page = shop.browser().get(shop.url("metric-chart/"), {"metric-words": "Nothing of the kind"})
    assert page.status_code == 422
    assert "No one metric is called" in page.content.decode()


def test_hours_are_for_days_and_not_for_years(shop: Shop) -> None:
    page = shop.browser().get(shop.url("metric-chart/"), YEAR | {"metric": metric(shop), "interval": "hour"})
    assert page.status_code == 422
    assert "at most 14 days" in page.content.decode()
