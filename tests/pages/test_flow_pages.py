"""The pages of a flow: its drawing, the names that come after it, and what a change of its status tells."""

from urllib.parse import quote

import pytest

from klaviyo_admin import api
from klaviyo_admin.areas.flows.resources import FLOWS
from klaviyo_admin.changes.models import Change
from klaviyo_admin.klaviyo.values import Item
from tests.pages.conftest import Shop

LONG = "After the first order"


@pytest.fixture
def flow(shop: Shop) -> Item:
    reader = api.reader(shop.account)
    return next(i for i in reader.page("get_flows").items if FLOWS.name(i) == LONG)


def test_a_flow_is_drawn_without_scripts_and_its_names_come_as_a_part(shop: Shop, flow: Item) -> None:
    page = shop.browser("viewer").get(shop.url(f"flows/{flow.id}/")).content.decode()
    graph = shop.url(f"flows/{flow.id}/graph/")
    assert page.count('class="flow-step"') == 7
    assert page.count("Straight on") == 1
    assert f'hx-get="{graph}"' in page
    assert "style=" not in page
    part = shop.browser("viewer").get(graph).content.decode()
    assert "Placed Order" in part
    assert "is in “Newsletter”" in part
    assert "hx-get" not in part, "a drawing with its names asks for nothing more"


def test_where_klaviyo_does_not_answer_the_drawing_stays_as_it_is(shop: Shop, flow: Item) -> None:
    shop.klaviyo.fault("get_flow", "html", times=9)
    assert shop.browser().get(shop.url(f"flows/{flow.id}/graph/")).status_code == 204


def test_strangers_see_no_drawing(shop: Shop, flow: Item) -> None:
    elsewhere = shop.url(f"flows/{flow.id}/graph/").replace(f"/a/{shop.account.pk}/", "/a/999/")
    assert shop.browser().get(elsewhere).status_code == 404


def test_the_form_and_the_change_name_every_step_that_switches(shop: Shop, flow: Item) -> None:
    browser, address = shop.browser(), shop.url(f"flows/act/status/?id={flow.id}")
    page = browser.get(address).content.decode()
    for words in ("Thank-you by text", "Tell the till", "Has ordered", "3 steps get the new status too"):
        assert words in page
    answer = browser.post(address, {"status": "draft", "why-reason": "Not agreed yet"})
    change = Change.objects.get()
    shown = browser.get(answer["Location"]).content.decode()
    assert "draft → draft" in shown
    assert "live → draft" in shown
    assert change.aloud.endswith("with 3 steps to draft.")


@pytest.mark.parametrize("status", ["paused", "", "LIVE"])
def test_a_status_that_flows_do_not_have_is_refused(shop: Shop, flow: Item, status: str) -> None:
    address = shop.url(f"flows/act/status/?id={flow.id}")
    assert shop.browser().post(address, {"status": status, "why-reason": "Try"}).status_code == 422
    assert not Change.objects.exists()


def test_all_flows_that_fit_switch_without_a_promise_about_their_steps(shop: Shop) -> None:
    browser, address = shop.browser(), shop.url(f"flows/act/status/?all=1&f-name={quote('order')}")
    page = browser.get(address).content.decode()
    assert "Open the flow to see them" in page
    seen = [line.split('"')[0] for line in page.split('name="seen" value="')[1:]]
    answer = browser.post(address, {"status": "draft", "seen": seen, "why-reason": "Quiet week"})
    assert answer.status_code == 302
    assert Change.objects.get().steps.count() == len(seen) == 2
