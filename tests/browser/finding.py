"""Where things are on the pages of areas: a panel by its heading, an action behind "More", a list by its words."""

from playwright.sync_api import Locator, Page

from tests.browser.conftest import Demo


def panel(page: Page, heading: str) -> Locator:
    return page.locator("section.card", has=page.get_by_role("heading", name=heading, exact=True))


def more(page: Page, action: str) -> None:
    page.get_by_text("More", exact=True).click()
    page.get_by_role("link", name=action).click()


def found(page: Page, demo: Demo, area: str, words: str) -> Locator:
    """The rows of an area's list that fit the words."""
    page.goto(f"{demo.address}/a/1/{area}/?q={words}")
    return page.locator("#list tbody tr")
