"""The shop's main job in real browsers: codes for a coupon, made by a job of Klaviyo and found again."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Demo, SignIn
from tests.browser.steps import approve, go, pick, propose

pytestmark = pytest.mark.browser


def test_codes_are_generated_by_a_job_and_found_again(demo: Demo, sign_in: SignIn) -> None:
    marketer, admin = sign_in("Marketer"), sign_in("Admin")
    go(marketer, demo, "coupons")
    marketer.get_by_role("link", name="Sorry5").click()
    marketer.get_by_role("link", name="Generate codes").click()
    marketer.get_by_label("How many").fill("12")
    marketer.get_by_label("They begin with").fill("AA-SPRING-")
    approve(admin, propose(marketer, "For parcels that come late in spring"))
    go(marketer, demo, "coupon-codes")
    marketer.get_by_label("Search coupons by name").fill("sorry")
    pick(marketer, "Coupon", "Sorry5")
    marketer.get_by_role("button", name="Find codes").click()
    expect(marketer.get_by_role("link", name=re.compile("AA-SPRING-"))).to_have_count(12)
    marketer.get_by_role("checkbox", name=re.compile("Select AA-SPRING-")).first.check()
    expect(marketer.get_by_text("1 selected")).to_be_visible()
    marketer.get_by_role("button", name="Status and end").click()
    expect(marketer.get_by_role("heading", name=re.compile("Status and end: AA-SPRING-"))).to_be_visible()
