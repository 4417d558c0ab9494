"""The coverage page counts what is declared, and each of its links leads somewhere."""

import re

from klaviyo_admin.areas import reach
from tests.pages.conftest import Shop


def test_every_operation_and_every_tool_has_a_line(shop: Shop) -> None:
    browser = shop.browser("viewer")
    by_operation = browser.get(shop.url("coverage/"))
    assert sum(len(lines) for _, lines in by_operation.context["groups"]) == 345
    by_tool = browser.get(shop.url("coverage/"), {"by": "tool"})
    assert sum(len(lines) for _, lines in by_tool.context["groups"]) == 225
    assert b"test_console_operations.py::test_a_read_runs_and_shows_what_came[get_lists]" in by_operation.content


def test_the_gaps_are_what_no_area_declares(shop: Shop) -> None:
    groups = shop.browser().get(shop.url("coverage/"), {"only": "gaps"}).context["groups"]
    left = {line.id for _, lines in groups for line in lines}
    assert not left & reach.spots().keys()
    assert len(left) + len(reach.spots()) == 345


def test_each_screen_that_is_named_opens(shop: Shop) -> None:
    browser = shop.browser("admin")
    page = browser.get(shop.url("coverage/")).content.decode()
    content = page[page.index('id="content"') :]
    for url in sorted(set(re.findall(rf'href="({shop.url()}[^"#]*)"', content))):
        if "/console/" not in url:
            assert browser.get(url).status_code in (200, 302), url


def test_the_short_address_leads_to_the_first_account(shop: Shop) -> None:
    assert shop.browser().get("/coverage/")["Location"] == shop.url("coverage/")
