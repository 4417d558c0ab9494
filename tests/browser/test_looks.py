"""Every page in light and dark, wide and narrow, and by keyboard alone: no fault that axe calls serious, nothing cut off."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Demo, SignIn
from tests.browser.crawl import kind, leads
from tests.browser.looks import looked_at
from tests.soak.sizes import SIZES

pytestmark = pytest.mark.browser

PAGES = (
    "/",
    "/accounts/",
    "/a/1/",
    "/a/1/profiles/",
    "/a/1/lists/",
    "/a/1/lists/act/create/",
    "/a/1/segments/",
    "/a/1/events/",
    "/a/1/metrics/",
    "/a/1/flows/",
    "/a/1/webhooks/act/create/",
    "/a/1/tracking-settings/act/edit/?id=SBXJP1",
    "/a/1/onsite/ratings/",
    "/a/1/changes/",
    "/a/1/changes/?tab=all",
    "/a/1/imports/",
    "/a/1/imports/new/",
    "/a/1/audit/",
    "/a/1/console/",
    "/a/1/console/create_segment/",
    "/a/1/coverage/?only=gaps",
    "/a/1/find/?q=list",
    "/a/1/policies/",
    "/a/1/freezes/",
    "/a/1/settings/",
    "/a/1/settings/notices/",
    "/a/1/people/",
    "/people/",
)


def test_no_page_has_a_grave_fault_or_is_cut_off(demo: Demo, sign_in: SignIn) -> None:
    page = sign_in("Admin")
    page.goto(f"{demo.address}/a/1/profiles/")
    profile = page.locator("#list tbody a").first.get_attribute("href") or ""
    edit = profile.replace("/profiles/", "/profiles/act/edit/?id=").rstrip("/")
    waiting = {kind(address): demo.address + address for address in (*PAGES, profile, edit)}
    seen: dict[str, list[str]] = {}
    while waiting:
        each, address = next(iter(waiting.items()))
        del waiting[each]
        seen[each] = looked_at(page, address)
        if len(seen) < SIZES.pages:
            waiting |= {there: to for there, to in leads(page).items() if there not in seen}
    wrong = [fault for faults in seen.values() for fault in faults]
    assert not wrong, f"{len(seen)} kinds of pages\n" + "\n".join(wrong)


def test_the_content_is_reached_and_worked_by_keyboard_alone(demo: Demo, sign_in: SignIn) -> None:
    page = sign_in("Marketer")
    page.goto(f"{demo.address}/a/1/profiles/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(20):  # past what can be created and the tabs of the area
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "search":
            break
    page.keyboard.type("nobody@example.com")
    page.keyboard.press("Enter")
    expect(page.locator("#list")).to_contain_text("Nothing in Klaviyo fits these filters.")


def test_a_reader_without_scripts_still_reads_and_searches(demo: Demo, sign_in: SignIn) -> None:
    page = sign_in("Marketer", java_script_enabled=False)
    page.goto(f"{demo.address}/a/1/lists/")
    name = page.locator("#list tbody a").first.inner_text()
    page.get_by_label("Search lists").fill(name)
    page.get_by_role("button", name="Search").click()
    expect(page.locator("#list tbody tr")).to_have_count(1)
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.locator("h1")).to_contain_text(name)
