"""A flow is read as a drawing and switched, in real browsers, with the worker that sends it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Demo, SignIn
from tests.browser.steps import approve, propose

pytestmark = pytest.mark.browser


def test_a_flow_is_drawn_switched_with_its_steps_and_drawn_again(demo: Demo, sign_in: SignIn) -> None:
    marketer, admin = sign_in("Marketer"), sign_in("Admin", width=390)
    marketer.goto(f"{demo.address}/a/1/flows/")
    marketer.get_by_role("link", name="After the first order").click()
    drawing = marketer.locator("#graph")
    expect(drawing).to_contain_text("Placed Order")  # by its name, which comes after the page
    expect(drawing.get_by_text("Draft", exact=True)).to_have_count(1)
    expect(drawing.get_by_text("Straight on")).to_be_visible()

    marketer.get_by_text("More", exact=True).click()
    marketer.get_by_role("link", name="Set status").click()
    expect(marketer.get_by_role("table")).to_contain_text("Thank-you by text")
    marketer.get_by_role("radio", name=re.compile("Manual")).check()
    change = propose(marketer, "The text is not agreed yet")
    admin.goto(change)
    expect(admin.locator("main")).to_contain_text("draft → manual")
    approve(admin, change)

    marketer.goto(f"{demo.address}/a/1/flows/")
    marketer.get_by_role("link", name="After the first order").click()
    expect(drawing.get_by_text("Manual", exact=True)).to_have_count(3)
