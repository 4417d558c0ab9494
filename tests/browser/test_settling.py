"""What got stuck or stale is settled by keyboard alone, on pages without a grave fault."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Demo, SignIn
from tests.browser.looks import looked_at
from tests.browser.test_review import proposed, tab_to

pytestmark = pytest.mark.browser


def approved(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Approve and send").click()


def test_an_unclear_request_is_looked_up_and_settled_by_keyboard_alone(demo: Demo, sign_in: SignIn) -> None:
    address = proposed(sign_in("Marketer"), demo, "Lost on the way")
    page = sign_in("Admin")
    fault = {"operation": "update_list", "kind": "drop_after", "times": 1}
    assert page.request.post(f"{demo.sandbox}/_sandbox/faults", data=fault).ok
    approved(page, address)
    settle = page.get_by_role("region", name="Settle request 1")
    expect(settle).to_contain_text("Did Klaviyo carry it out?")
    wrong = looked_at(page, address)
    assert not wrong, "\n".join(wrong)
    expect(settle).to_contain_text("already as wanted")
    tab_to(page, "textbox", "Comment (optional)")
    page.keyboard.type("The list bears the new name.")
    tab_to(page, "button", "It is done")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Request 1 is settled.")
    expect(page.locator("main")).to_contain_text("A person settled it: done.")


def test_a_stale_change_is_settled_by_keyboard_alone(demo: Demo, sign_in: SignIn) -> None:
    author = sign_in("Marketer")
    mine, theirs = proposed(author, demo, "My name of it"), proposed(author, demo, "Their name of it")
    page = sign_in("Admin")
    approved(page, theirs)
    expect(page.locator("main")).to_contain_text("Its request was carried out.")
    approved(page, mine)
    expect(page.get_by_role("link", name="Settle it")).to_be_visible()
    wrong = [fault for address in (mine, f"{mine}settle/") for fault in looked_at(page, address)]
    assert not wrong, "\n".join(wrong)
    tab_to(page, "radio", "Keep mine")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Take theirs")).to_be_checked()
    page.keyboard.press("ArrowUp")
    tab_to(page, "button", "Propose it like this")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/settle/" not in url)
    expect(page.locator("main")).to_contain_text("Proposed anew.")
