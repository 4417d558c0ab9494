"""The main jobs of the other areas of insight in real browsers: figures asked for and taken away, an event recorded."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Demo, SignIn
from tests.browser.steps import approve, go, propose, saved

pytestmark = pytest.mark.browser


def test_figures_of_campaigns_are_asked_for_read_and_taken_away(demo: Demo, sign_in: SignIn, tmp_path: Path) -> None:
    page = sign_in("Marketer")
    go(page, demo, "reports/campaigns")
    page.get_by_label("Time").select_option("Last 365 days")
    page.get_by_role("button", name="Ask Klaviyo").click()
    answer = page.get_by_role("region", name="Answer")
    name = answer.locator("tbody tr").first.locator("th, td").first.inner_text().strip()
    expect(answer.locator(".charts")).to_contain_text(name)
    with page.expect_download() as taken:
        answer.get_by_role("link", name="CSV").click()
    rows = list(csv.reader(io.StringIO(saved(taken.value, tmp_path))))
    assert name in " ".join(rows[1])
    assert len(rows) - 1 == int(re.findall(r"\d+", answer.get_by_role("heading").first.inner_text())[0])


def test_an_event_is_recorded_and_stands_on_top_of_the_list(demo: Demo, sign_in: SignIn) -> None:
    marketer, admin = sign_in("Marketer"), sign_in("Admin")
    go(marketer, demo, "profiles")
    email = marketer.locator("#list tbody tr").nth(10).get_by_text("@example").inner_text()
    go(marketer, demo, "events/act/record")
    who = marketer.get_by_role("group", name="Who")
    who.get_by_label("Search").fill(email)
    marketer.get_by_label("Or a metric that is new").fill("Tasted the pears")
    marketer.get_by_label(re.compile(r"^Value \(")).fill("12.50")
    marketer.get_by_label("Currency").fill("EUR")
    approve(admin, propose(marketer, "She told us at the counter"))
    go(marketer, demo, "events")
    first = marketer.locator("#list tbody tr").first
    expect(first).to_contain_text("Tasted the pears")
    expect(first).to_contain_text(email)
