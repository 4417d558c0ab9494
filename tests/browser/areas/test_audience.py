"""The main jobs of audience and insight in real browsers: a segment put together, pasted people, a metric drawn."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Demo, SignIn
from tests.browser.steps import approve, go, propose, saved

pytestmark = pytest.mark.browser


def test_a_segment_is_put_together_approved_and_read_as_sentences(demo: Demo, sign_in: SignIn) -> None:
    marketer, admin = sign_in("Marketer"), sign_in("Admin")
    go(marketer, demo, "segments")
    marketer.get_by_role("link", name="New segment").click()
    marketer.get_by_label("Name", exact=True).fill("Aa gold in the newsletter")
    first, second = (marketer.get_by_role("group", name=f"Condition {n}", exact=True) for n in (1, 2))
    expect(first.get_by_label("Property", exact=True)).to_be_hidden()
    first.get_by_label("Kind of condition 1").select_option(label="What is known about them")
    first.get_by_label("Property", exact=True).fill("plan")
    first.get_by_label("Value", exact=True).fill("Seedling")
    expect(first.get_by_label("Metric", exact=True)).to_be_hidden()
    second.get_by_label("Kind of condition 2").select_option(label="Lists and segments that they are in")
    second.get_by_label("List or segment").select_option(label="Newsletter")
    approve(admin, propose(marketer, "For a letter to the newest members"))
    go(marketer, demo, "segments")
    marketer.get_by_role("link", name="Aa gold in the newsletter").click()
    expect(marketer.locator("#panel-definition")).to_contain_text("“plan” is “Seedling”.")
    expect(marketer.locator("#panel-definition")).to_contain_text("Is in “Newsletter”.")


def test_bad_lines_are_named_taken_away_and_left_out_and_a_metric_is_drawn(
    demo: Demo, sign_in: SignIn, tmp_path: Path
) -> None:
    marketer = sign_in("Marketer")
    marketer.goto(f"{demo.address}/a/1/profiles/act/suppress-rows/")
    marketer.get_by_label("Lines to paste").fill("robin@example.com\nno address\n")
    marketer.get_by_label("Why?").fill("They wrote to us")
    marketer.get_by_role("button", name="Propose").click()
    expect(marketer.locator("main")).to_contain_text("Line 2, E-mail “no address”")
    with marketer.expect_download() as file:
        marketer.get_by_role("link", name="Download the lines that cannot be used").click()
    assert saved(file.value, tmp_path).splitlines()[1].endswith(",no address")
    marketer.get_by_label(re.compile("Leave out the line")).check()
    marketer.get_by_role("button", name="Propose").click()
    expect(marketer.locator("main")).to_contain_text("Suppress 1 profile for e-mail marketing.")
    go(marketer, demo, "metrics")
    marketer.get_by_role("link", name="Placed Order", exact=True).click()
    expect(marketer.locator("#chart polyline")).to_have_count(1)
