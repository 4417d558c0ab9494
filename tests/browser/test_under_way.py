"""A page that keeps itself up to date while a change is under way, and the person who is busy on it."""

import re

import pytest
from playwright.sync_api import Response, Route, expect

from tests.browser.conftest import Demo, SignIn
from tests.browser.test_review import proposed

pytestmark = pytest.mark.browser


def over(answer: Response) -> bool:
    return answer.url.endswith("/progress/") and answer.headers.get("hx-refresh") == "true"


def test_a_change_that_ends_takes_no_comment_away_and_nobody_back(demo: Demo, sign_in: SignIn) -> None:
    address = proposed(sign_in("Marketer"), demo, "While somebody writes")
    page = sign_in("Admin")
    fault = {"operation": "update_list", "kind": "slow", "seconds": 2, "times": 1}
    assert page.request.post(f"{demo.sandbox}/_sandbox/faults", data=fault).ok
    page.goto(address)
    page.get_by_role("button", name="Approve and send").click()
    comment = page.get_by_role("textbox", name="Your comment")
    expect(page.get_by_role("region", name="Progress")).to_be_visible()
    comment.fill("It should say autumn")
    expect(page.get_by_text("It is no longer under way.")).to_be_visible()
    expect(comment).to_have_value("It should say autumn")

    held: list[Route] = []
    page.route(re.compile("/a/1/lists/$"), lambda route: held.append(route))  # a page that takes its time
    with page.expect_response(over):
        comment.evaluate("box => { box.value = ''; document.querySelector('nav a[href$=\"/lists/\"]').click() }")
    held[0].continue_()
    page.wait_for_url(re.compile("/a/1/lists/$"))
