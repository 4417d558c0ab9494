"""What people do on any page, step by step: go to a list, find a panel or an action, pick by name, propose, approve."""

import re
from pathlib import Path

from playwright.sync_api import Download, Locator, Page, expect

from tests.browser.conftest import Demo


def go(page: Page, demo: Demo, area: str) -> None:
    page.goto(f"{demo.address}/a/1/{area}/")


def propose(page: Page, why: str) -> str:
    """Fills in the reason, proposes, and answers with the address of the change."""
    page.get_by_label("Why").fill(why)
    page.get_by_role("button", name="Propose this change").click()
    page.wait_for_url(re.compile(r"/changes/\d+/"))
    return page.url


def approve(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Approve and send").click()
    expect(page.get_by_text("Done", exact=True).first).to_be_visible()


def pick(page: Page, question: str, name: str) -> None:
    page.get_by_role("group", name=question).get_by_label(name, exact=True).check()


def saved(download: Download, folder: Path) -> str:
    path = folder / download.suggested_filename
    download.save_as(path)
    return path.read_text(encoding="utf-8-sig")


def panel(page: Page, heading: str) -> Locator:
    return page.locator("section.card", has=page.get_by_role("heading", name=heading, exact=True))


def more(page: Page, action: str) -> None:
    page.get_by_text("More", exact=True).click()
    page.get_by_role("link", name=action).click()


def found(page: Page, demo: Demo, area: str, words: str) -> Locator:
    """The rows of an area's list that fit the words."""
    page.goto(f"{demo.address}/a/1/{area}/?q={words}")
    return page.locator("#list tbody tr")


def comes(there: Locator, words: str) -> None:
    """Loads the page again until the words stand there: what Klaviyo does by itself takes it a moment."""
    for _ in range(40):
        if words in there.inner_text():
            break
        there.page.wait_for_timeout(250)
        there.page.reload()
    expect(there).to_contain_text(words)
