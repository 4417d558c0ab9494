"""The main jobs of the areas of messages in real browsers: templates, sign-up forms, pictures and conversations."""

import re

import pytest
from playwright.sync_api import expect

from klaviyo_admin.sandbox import pictures
from tests.browser.conftest import Demo, SignIn
from tests.browser.steps import approve, go, more, panel, pick, propose

pytestmark = pytest.mark.browser


def test_a_template_is_written_approved_and_looked_at(demo: Demo, sign_in: SignIn) -> None:
    marketer, admin = sign_in("Marketer"), sign_in("Admin")
    go(marketer, demo, "templates/act/create")
    marketer.get_by_label("Name", exact=True).fill("Letter of the orchard")
    marketer.get_by_label(re.compile("^HTML")).fill(
        "<p>Dear {{ first_name|default:'friend' }}, the pears are ripe.</p>"
    )
    approve(admin, propose(marketer, "For the harvest"))
    go(marketer, demo, "templates")
    marketer.get_by_role("link", name="Letter of the orchard").click()
    expect(marketer.frame_locator("iframe").locator("body")).to_contain_text("the pears are ripe.")


def test_a_sign_up_form_is_made_and_read_as_what_it_asks(demo: Demo, sign_in: SignIn) -> None:
    marketer, admin = sign_in("Marketer"), sign_in("Admin")
    go(marketer, demo, "forms/act/create")
    marketer.get_by_label("Name", exact=True).fill("Orchard news")
    marketer.get_by_label("Heading").fill("News from the orchard")
    marketer.get_by_label("Words on the button").fill("Count me in")
    pick(marketer, "List that people join", "Newsletter")
    approve(admin, propose(marketer, "For visitors of the orchard’s page"))
    go(marketer, demo, "forms")
    marketer.get_by_role("link", name="Orchard news").click()
    asks = panel(marketer, "What it asks")
    expect(asks).to_contain_text("News from the orchard")
    expect(asks).to_contain_text("Count me in")


def test_a_picture_is_uploaded_and_hangs_in_the_grid(demo: Demo, sign_in: SignIn) -> None:
    marketer, admin = sign_in("Marketer"), sign_in("Admin")
    go(marketer, demo, "images/act/upload")
    marketer.get_by_label("Files").set_input_files(
        {"name": "pears.png", "mimeType": "image/png", "buffer": pictures.painted("pears")}
    )
    approve(admin, propose(marketer, "For the letter of the orchard"))
    go(marketer, demo, "images")
    picture = marketer.locator(".picture", has_text="pears").locator("img")
    assert picture.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") > 0


def test_somebody_who_wrote_is_answered(demo: Demo, sign_in: SignIn) -> None:
    marketer, admin = sign_in("Marketer"), sign_in("Admin")
    go(marketer, demo, "conversations")
    marketer.locator("#list tbody tr", has_text="Text message").first.get_by_role("link").first.click()
    more(marketer, "Write a message")
    marketer.get_by_label("Message", exact=True).fill("The shop opens at nine tomorrow.")
    change = propose(marketer, "They asked when we open")
    expect(marketer.locator("main")).to_contain_text("The shop opens at nine tomorrow.")
    approve(admin, change)
    expect(admin.locator("main")).to_contain_text(re.compile("request was carried out"))
