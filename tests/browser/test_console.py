"""The palette by keyboard alone, and a console form that grows: the focus is always where the work goes on."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Demo, SignIn

pytestmark = pytest.mark.browser


def test_the_palette_opens_leads_and_gives_the_focus_back(demo: Demo, sign_in: SignIn) -> None:
    page = sign_in("Marketer")
    page.goto(f"{demo.address}/a/1/lists/")
    door = page.get_by_role("link", name="Find")
    door.focus()
    page.keyboard.press("Control+k")
    box = page.get_by_label("What are you looking for?")
    expect(box).to_be_focused()
    page.keyboard.type("get campaign send job")
    way = page.locator("#palette .found a").first
    expect(way).to_contain_text("Get campaign send job")
    page.keyboard.press("ArrowDown")
    expect(way).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(box).to_be_focused()
    page.keyboard.press("Escape")
    expect(door).to_be_focused()
    page.keyboard.press("Control+k")
    expect(way).to_contain_text("Get campaign send job")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/console/get_campaign_send_job/"))


def test_a_console_form_grows_and_what_is_wrong_is_where_the_focus_goes(demo: Demo, sign_in: SignIn) -> None:
    page = sign_in("Marketer")
    page.goto(f"{demo.address}/a/1/console/create_profile/")
    page.locator("[id='b/data/attributes/email']").fill("ana@example.com")
    page.get_by_role("button", name="Fill in location").click()
    expect(page.locator("[id='b/data/attributes/location/address1']")).to_be_focused()
    expect(page.locator("[id='b/data/attributes/email']")).to_have_value("ana@example.com")
    page.get_by_role("button", name="Propose this change").click()
    expect(page.get_by_label("Why?")).to_be_focused()
    page.keyboard.type("She asked for it")
    page.get_by_role("button", name="Propose this change").click()
    page.wait_for_url(re.compile(r"/changes/\d+/"))
    expect(page.locator("h1")).to_contain_text("Create profile")


def test_a_read_runs_without_scripts(demo: Demo, sign_in: SignIn) -> None:
    page = sign_in("Marketer", java_script_enabled=False)
    page.goto(f"{demo.address}/a/1/console/get_lists/")
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#answer tbody tr").first).to_be_visible()
