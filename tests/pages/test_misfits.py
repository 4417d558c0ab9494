"""Answers of Klaviyo whose attributes are of another kind than declared: what does not fit is missing, and no page breaks."""

from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any

import httpx
import orjson
import pytest
from django.core.cache import cache

from klaviyo_admin import api
from klaviyo_admin.areas.base import Resource
from klaviyo_admin.areas.reporting.reports import REPORTS, Report
from tests.fakes import SandboxTransport
from tests.pages.conftest import Leaping, Shop
from tests.pages.filling import RESOURCES, some
from tests.soak.sizes import FULL, SIZES

MISFITS: tuple[Any, ...] = (None, [1], [{"a": []}], {"a": [1]}, 7, True, "\u202eodd", [None, "x"])
DEEPEST = 4
TRIED = [(misfit, depth) for misfit in MISFITS for depth in range(1, DEEPEST + 1)]
HELD = [resource for resource in RESOURCES if resource.source.list or resource.source.item]
EACH = len(TRIED) if SIZES is FULL else 1  # of all that is tried, how many on each page


class Misfitting(httpx.BaseTransport):
    """A Klaviyo whose answers have a misfit at every place of their attributes that is `depth` objects or lists deep."""

    def __init__(self, sandbox: SandboxTransport) -> None:
        self.sandbox = sandbox
        self.misfit: Any = None
        self.depth = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self.sandbox.handle_request(request)
        if answer.status_code != 200 or not self.depth:
            return answer
        document = orjson.loads(answer.content)
        data = document["data"] if isinstance(document["data"], list) else [document["data"]]
        for row in [*data, *document.get("included", ())]:
            if row and row.get("attributes"):
                row["attributes"] = self.spoilt(row["attributes"], self.depth)
        return httpx.Response(200, headers=answer.headers, content=orjson.dumps(document), request=request)

    def spoilt(self, value: Any, depth: int) -> Any:
        if not depth:
            return self.misfit
        if isinstance(value, dict):
            return {key: self.spoilt(part, depth - 1) for key, part in value.items()}
        return [self.spoilt(part, depth - 1) for part in value] if isinstance(value, list) else value


@pytest.fixture
def misfitting(shop: Shop) -> Iterator[Misfitting]:
    transport, clock = Misfitting(shop.klaviyo.transport), Leaping(shop.klaviyo)
    with api.use_transport(transport, clock, clock.wait):
        yield transport


def pages(shop: Shop, resource: Resource) -> list[str]:
    """The list, the thing itself, and every form about it."""
    (first,) = some(shop, resource, 1)
    forms = [f"act/{action.key}/?id={first.id}" for action in resource.actions if action.on != "new"]
    return [shop.url(f"{resource.key}/{rest}") for rest in ("?fresh=", f"{first.id}/?fresh=", *forms)]


@pytest.mark.parametrize("resource", HELD, ids=lambda r: r.key)
def test_attributes_of_the_wrong_kind_break_no_page(shop: Shop, misfitting: Misfitting, resource: Resource) -> None:
    browser, first = shop.browser("admin"), HELD.index(resource) * 7
    for turn, page in enumerate(pages(shop, resource)):
        for misfitting.misfit, misfitting.depth in islice(cycle(TRIED), first + turn * 5, first + turn * 5 + EACH):
            answer = browser.get(page)
            assert answer.status_code != 500, (page, misfitting.misfit, misfitting.depth)
        misfitting.depth = 0


@pytest.mark.parametrize("report", [*REPORTS, None], ids=lambda r: r.key if r else "metric-chart")
def test_figures_of_the_wrong_kind_break_no_report(shop: Shop, misfitting: Misfitting, report: Report | None) -> None:
    metric = shop.read("/api/metrics")["data"][0]["id"]
    asked = (
        {"timeframe": "last_30_days", "statistics": report.first, "metric": metric} if report else {"metric": metric}
    )
    browser, place = shop.browser("admin"), f"reports/{report.key}/" if report else "metric-chart/"
    first = REPORTS.index(report) * 7 if report else 3
    for misfitting.misfit, misfitting.depth in islice(cycle(TRIED), first, first + max(EACH, 6)):
        cache.clear()
        assert browser.get(shop.url(place), asked).status_code != 500, (misfitting.misfit, misfitting.depth)
