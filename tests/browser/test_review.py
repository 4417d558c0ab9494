"""Reviewing a change by keyboard alone, and every page around a change held to axe."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Demo, SignIn
from tests.browser.looks import looked_at, looked_over

pytestmark = pytest.mark.browser

MOST_TABS = 150


def proposed(page: Page, demo: Demo, name: str) -> str:
    """Proposes another name for the first list; the address of the change."""
    page.goto(f"{demo.address}/a/1/lists/")
    ident = (page.locator("#list tbody a").first.get_attribute("href") or "").rstrip("/").rpartition("/")[2]
    page.goto(f"{demo.address}/a/1/lists/act/edit/?id={ident}")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Why?").fill("For the review.")
    page.get_by_role("button", name="Propose this change").click()
    page.wait_for_url(re.compile(r"/changes/\d+/"))
    return page.url


def tab_to(page: Page, role: str, name: str) -> None:
    """Presses Tab until an element of this role and name has the focus, as somebody without a mouse does."""
    wanted = page.get_by_role(role, name=name).first  # type: ignore[arg-type]  # a role, spelt as a plain text
    expect(wanted).to_be_visible()
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            visible = wanted.evaluate(
                "e => { const s = getComputedStyle(e); return s.outlineStyle !== 'none' || s.boxShadow !== 'none' }"
            )
            assert visible, f"Nobody sees that “{name}” has the focus."
            return
    raise AssertionError(f"“{name}” is not reached by the keyboard.")


def test_a_change_is_found_read_commented_on_and_approved_by_keyboard_alone(demo: Demo, sign_in: SignIn) -> None:
    name = "By keyboard alone"
    address = proposed(sign_in("Marketer"), demo, name)
    page = sign_in("Admin")
    page.goto(f"{demo.address}/a/1/")
    tab_to(page, "link", "Inbox")
    page.keyboard.press("Enter")
    tab_to(page, "link", f"“{name}”")
    page.keyboard.press("Enter")
    page.wait_for_url(address)
    expect(page.get_by_role("region", name="Who and what it reaches")).to_contain_text(re.compile("People|reached"))
    tab_to(page, "link", "Comment on Name")
    page.keyboard.press("Enter")
    tab_to(page, "textbox", "Your comment")
    page.keyboard.type("Is this the whole name?")
    tab_to(page, "button", "Comment")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Comments")).to_contain_text("Request 1 · Name")
    tab_to(page, "button", "Approve and send")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Its request was carried out.")


def test_no_page_around_a_change_has_a_grave_fault(demo: Demo, sign_in: SignIn) -> None:
    author = sign_in("Marketer")
    first, second = (
        proposed(author, demo, "V" * 200),
        proposed(author, demo, "W" * 200),
    )  # no browser breaks them by itself
    page = sign_in("Admin")
    numbers = [address.rstrip("/").rpartition("/")[2] for address in (first, second)]
    open_ = (
        first,
        f"{first}?now=1&about=1&field=Name",
        f"{demo.address}/a/1/changes/together/?id={numbers[0]}&id={numbers[1]}",
    )
    wrong = [fault for address in open_ for fault in looked_at(page, address)]
    page.goto(second)
    page.get_by_role("button", name="Approve and send").click()
    expect(page.locator("main")).to_contain_text("Its request was carried out.")
    over = (second, f"{second}undo/", f"{demo.address}/a/1/changes/?tab=all&risk=reversible")
    wrong += [fault for address in over for fault in looked_at(page, address)]
    evidence = page.request.get(f"{second}evidence/").text()  # a file that people take away and open anywhere
    page.goto("about:blank")
    page.set_content(evidence)
    wrong += looked_over(page, "The evidence")
    assert not wrong, "\n".join(wrong)
