"""A letter on its way, in real browsers: written, looked at in its frame, approved, and sent by the worker."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Demo, SignIn
from tests.browser.steps import approve, pick, propose

pytestmark = pytest.mark.browser


def test_a_campaign_with_its_template_is_created_and_scheduled_as_one_change(demo: Demo, sign_in: SignIn) -> None:
    marketer, admin = sign_in("Marketer"), sign_in("Admin")
    marketer.goto(f"{demo.address}/a/1/campaigns/act/create-email/")
    marketer.get_by_label("Name of the campaign").fill("Autumn fair")
    marketer.get_by_label("Subject").fill("Come to the fair, {{ first_name|default:'friend' }}")
    marketer.get_by_label("Sender’s name").fill("Juniper & Pine")
    marketer.get_by_label("Sender’s address").fill("hello@example.com")
    pick(marketer, "Template", "Back in stock")
    pick(marketer, "Segments that get it", "Bought at least twice")
    expect(marketer.get_by_label("Goes out at")).to_be_hidden()
    marketer.get_by_label("When", exact=True).select_option("static")
    marketer.get_by_label("Goes out at").fill("2035-03-01T10:00")
    marketer.get_by_label("And then").select_option("send")
    change = propose(marketer, "For the fair in autumn")
    expect(marketer.locator("main")).to_contain_text("with the template “Back in stock”, and send it at 1 Mar 2035")
    approve(admin, change)

    marketer.goto(f"{demo.address}/a/1/campaigns/")
    marketer.get_by_role("link", name="Autumn fair").click()
    expect(marketer.locator("#standing")).to_contain_text("It goes out at 1 Mar 2035, 10:00")
    expect(marketer.get_by_role("link", name="Bought at least twice")).to_be_visible()
    expect(marketer.frame_locator("iframe").locator("body")).to_contain_text("It is here again")
    width = marketer.locator("iframe").bounding_box()
    marketer.get_by_label("Phone").check()
    phone = marketer.locator("iframe").bounding_box()
    assert width
    assert phone
    assert phone["width"] < 400 < width["width"]


def test_images_are_drawn_where_they_lie(demo: Demo, sign_in: SignIn) -> None:
    page = sign_in("Auditor")
    page.goto(f"{demo.address}/a/1/images/")
    first = page.locator(".picture img").first
    expect(first).to_be_visible()
    assert re.match(demo.sandbox, first.get_attribute("src") or "")
    assert first.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") > 0
