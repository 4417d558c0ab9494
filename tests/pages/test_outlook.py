"""The parts of the start page that ask: figures that add up, limits from our own count, scopes that are really missing."""

import re

import pytest
from django.utils import timezone

from klaviyo_admin import api
from klaviyo_admin.accounts.models import Account
from klaviyo_admin.areas import figures
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.limits import Patience
from klaviyo_admin.pages.outlook import HEIGHT, WIDTH, polyline
from klaviyo_admin.sealing import seal
from tests.pages.conftest import Shop

HTMX = {"HX-Request": "true"}


def part(shop: Shop, name: str, **asked: str) -> str:
    answer = shop.browser("viewer").get(shop.url(f"outlook/{name}/"), asked, headers=HTMX)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "<html" not in text
    return text


def test_the_start_page_asks_klaviyo_nothing_itself(shop: Shop) -> None:
    text = shop.browser("viewer").get(shop.url()).content.decode()
    assert not shop.klaviyo.requests()
    assert re.findall(r'hx-get="[^"]*/outlook/(\w+)/"', text) == ["figures", "limits", "scopes"]


def test_the_figures_are_those_of_the_sandbox(shop: Shop) -> None:
    text = part(shop, "figures")
    assert "Orders" in text
    assert "<polyline" in text
    assert "style=" not in text
    (asked, *_) = shop.klaviyo.requests(operation="query_metric_aggregates")
    assert asked["status"] == 200


def test_the_figures_are_kept_for_some_minutes_and_a_refresh_goes_past(shop: Shop) -> None:
    part(shop, "figures")
    shop.klaviyo.forget_requests()
    part(shop, "figures")
    assert not shop.klaviyo.requests()
    part(shop, "figures", fresh="1")
    assert shop.klaviyo.requests()


def test_a_figure_is_compared_with_the_days_before() -> None:
    figure = figures.Figure("Orders", "M", False, (1.0, 2.0), 2.0)
    assert (figure.total, figure.change) == (3.0, 50)
    assert figures.Figure("Orders", "M", False, (1.0,), 0.0).change is None


@pytest.mark.parametrize("points", [(0.0, 0.0), (5.0, 1.0, 9.0)])
def test_a_line_stays_in_its_box(points: tuple[float, ...]) -> None:
    pairs = [tuple(map(float, pair.split(","))) for pair in polyline(points).split()]
    assert len(pairs) == len(points)
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in pairs)
    assert not polyline((1.0,))


def test_limits_show_what_was_spent_without_asking(shop: Shop) -> None:
    assert "Nothing that Klaviyo limits by the day was used." in part(shop, "limits")
    budget = api.reader(shop.account).budget
    assert budget
    budget.turn(
        operation("query_campaign_values"), "/api/campaign-values-reports", Patience(0, lambda _: None)
    ).answered(200)
    assert "1 of 225 a day" in part(shop, "limits")
    assert not shop.klaviyo.requests()


def test_a_full_key_opens_everything_and_a_narrow_one_names_what_is_closed(shop: Shop) -> None:
    assert "opens every list" in part(shop, "scopes")
    narrow = {"sealed_key": seal(b"pk_sandbox_no_profiles"), "key_added_at": timezone.now()}
    Account.objects.filter(pk=shop.account.pk).update(**narrow)
    text = part(shop, "scopes")
    assert "profiles:read" in text
    assert "Closed: Profiles" in text


@pytest.mark.parametrize("name", ["figures", "scopes"])
def test_an_unreachable_klaviyo_is_a_calm_panel(shop: Shop, name: str) -> None:
    shop.klaviyo.fault("get_metrics", "html", times=9)
    shop.klaviyo.fault("query_metric_aggregates", "html", times=99)
    assert ("notice" in part(shop, name)) == (name == "figures")


def test_without_a_script_each_part_is_a_page(shop: Shop) -> None:
    for name in ("figures", "limits", "scopes"):
        answer = shop.browser().get(shop.url(f"outlook/{name}/"))
        assert answer.status_code == 200
        assert b"<html" in answer.content
    assert shop.browser().get(shop.url("outlook/nothing/")).status_code == 404
