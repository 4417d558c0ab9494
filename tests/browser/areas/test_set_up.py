"""The main jobs of the areas of set-up in real browsers, and those of lists and of the account itself."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Demo, SignIn
from tests.browser.steps import approve, found, go, more, panel, pick, propose

pytestmark = pytest.mark.browser


def test_a_tag_is_made_put_on_a_list_and_leads_to_it(demo: Demo, sign_in: SignIn) -> None:
    marketer, admin = sign_in("Marketer"), sign_in("Admin")
    go(marketer, demo, "tags/act/create")
    marketer.get_by_label("Name", exact=True).fill("Orchard")
    approve(admin, propose(marketer, "For all that has to do with the orchard"))
    go(marketer, demo, "lists")
    marketer.get_by_role("checkbox", name="Select Wholesale enquiries").check()
    marketer.get_by_role("button", name="Add tags").click()
    pick(marketer, "Tags", "Orchard")
    approve(admin, propose(marketer, "They buy the pears"))
    go(marketer, demo, "tags")
    marketer.get_by_role("link", name="Orchard", exact=True).click()
    lists = panel(marketer, "Lists with it")
    lists.get_by_role("link", name="Show").click()
    expect(lists.get_by_role("link", name="Wholesale enquiries")).to_be_visible()


def test_a_webhook_is_made_for_a_topic_and_its_secret_is_shown_nowhere(demo: Demo, sign_in: SignIn) -> None:
    marketer, admin = sign_in("Marketer"), sign_in("Admin")
    go(marketer, demo, "webhooks/act/create")
    marketer.get_by_label("Name", exact=True).fill("Orders to the press")
    marketer.get_by_label("Address").fill("https://example.com/hooks/press")
    marketer.get_by_label("Secret").fill("a-secret-of-the-orchard")
    marketer.get_by_role("group", name="What it tells of").get_by_role("checkbox").first.check()
    change = propose(marketer, "The press wants to know")
    approve(admin, change)
    expect(admin.locator("main")).not_to_contain_text("a-secret-of-the-orchard")
    go(marketer, demo, "webhooks")
    marketer.get_by_role("link", name="Orders to the press").click()
    expect(panel(marketer, "What it tells of").get_by_role("link")).to_have_count(1)


def test_a_web_feed_is_made_and_listed(demo: Demo, sign_in: SignIn) -> None:
    marketer, admin = sign_in("Marketer"), sign_in("Admin")
    go(marketer, demo, "web-feeds/act/create")
    marketer.get_by_label("Name", exact=True).fill("pears_of_the_week")
    marketer.get_by_label("Address").fill("https://example.com/pears.json")
    approve(admin, propose(marketer, "For the letter of the orchard"))
    go(marketer, demo, "web-feeds")
    expect(marketer.get_by_role("row", name="pears_of_the_week")).to_contain_text("https://example.com/pears.json")


def test_links_get_a_parameter_and_an_example_shows_it(demo: Demo, sign_in: SignIn) -> None:
    marketer, admin = sign_in("Marketer"), sign_in("Admin")
    marketer.goto(f"{demo.address}/a/1/tracking-settings/act/edit/?id=SBXJP1")
    marketer.get_by_label(re.compile("Name of parameter")).last.fill("orchard")
    for place in ("campaigns", "flows"):
        marketer.get_by_label(f"Value of the new parameter in {place}").last.select_option(
            label=f"In {place}: this text:"
        )
        marketer.get_by_label(f"Text of the new parameter in {place}").last.fill("pears")
    approve(admin, propose(marketer, "The shop counts by it"))
    go(marketer, demo, "tracking-settings/SBXJP1")
    expect(marketer.locator("main")).to_contain_text("orchard=pears")


def test_a_visitor_is_named_as_a_website_would_and_is_a_profile_then(demo: Demo, sign_in: SignIn) -> None:
    marketer, admin = sign_in("Marketer"), sign_in("Admin")
    go(marketer, demo, "onsite/act/identify")
    marketer.get_by_label("E-mail").fill("visitor.of.the.orchard@example.com")
    marketer.get_by_label("First name").fill("Perpetua")
    approve(admin, propose(marketer, "To see what the website sends"))
    expect(found(marketer, demo, "profiles", "visitor.of.the.orchard@example.com")).to_contain_text("Perpetua")


def test_a_person_is_erased_after_a_double_confirmation(demo: Demo, sign_in: SignIn) -> None:
    marketer, admin = sign_in("Marketer"), sign_in("Admin")
    go(marketer, demo, "data-privacy")
    row = marketer.locator("#list tbody tr").nth(15)
    email = row.get_by_text("@example").inner_text()
    row.get_by_role("link").first.click()
    marketer.get_by_role("link", name="Delete for good").click()
    marketer.get_by_label("These are the people whose data shall go").check()
    marketer.get_by_label("Why?").fill("Her letter of Monday")
    marketer.get_by_role("button", name="Propose").click()
    words = marketer.get_by_text(re.compile(r"^Type: ")).inner_text().removeprefix("Type: ")
    marketer.get_by_label("Type it to confirm").fill(words)
    approve(admin, propose(marketer, "Her letter of Monday"))
    found(marketer, demo, "data-privacy", email)
    expect(marketer.locator("#list")).to_contain_text("Nothing in Klaviyo fits these filters.")


def test_the_account_says_who_it_is(demo: Demo, sign_in: SignIn) -> None:
    page = sign_in("Auditor")
    go(page, demo, "account-info")
    page.get_by_role("link", name="Juniper & Pine").last.click()
    for words in ("SBXJP1", "America/Los_Angeles", "USD"):
        expect(page.locator("main")).to_contain_text(words)


def test_a_list_is_made_and_people_are_put_in_by_their_addresses(demo: Demo, sign_in: SignIn) -> None:
    marketer, admin = sign_in("Marketer"), sign_in("Admin")
    go(marketer, demo, "profiles")
    people = marketer.locator("#list tbody tr").get_by_text("@example").all_inner_texts()[10:12]
    go(marketer, demo, "lists/act/create")
    marketer.get_by_label("Name", exact=True).fill("Aa pickers of pears")
    approve(admin, propose(marketer, "They helped us in September"))
    found(marketer, demo, "lists", "Aa pickers")
    marketer.get_by_role("link", name="Aa pickers of pears").click()
    page = marketer.url
    more(marketer, "Add pasted people")
    marketer.get_by_label("Lines to paste").fill("\n".join(people))
    approve(admin, propose(marketer, "They helped us in September"))
    marketer.goto(page)
    for email in people:
        expect(panel(marketer, "Profiles")).to_contain_text(email)
