"""The main jobs of the other areas of the shop in real browsers: products, reviews and objects of one's own."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Demo, SignIn
from tests.browser.steps import approve, comes, go, panel, pick, propose

pytestmark = pytest.mark.browser


def test_a_product_comes_into_the_catalogue_and_its_category(demo: Demo, sign_in: SignIn) -> None:
    marketer, admin = sign_in("Marketer"), sign_in("Admin")
    go(marketer, demo, "catalog-items/act/create")
    marketer.get_by_label("ID in the shop").fill("pear-press")
    marketer.get_by_label("Title").fill("Pear press, oak")
    marketer.get_by_label("Description").fill("Presses a basket of pears in ten minutes.")
    marketer.get_by_label("Address of its page").fill("https://example.com/pear-press")
    marketer.get_by_label("Price").fill("189.50")
    pick(marketer, "Categories", "Kitchen")
    approve(admin, propose(marketer, "New for autumn"))
    go(marketer, demo, "catalog-items")
    row = marketer.get_by_role("row", name="Pear press, oak")
    expect(row).to_contain_text("189.50")
    row.get_by_role("link", name="Pear press, oak").click()
    expect(marketer.get_by_role("link", name="Kitchen")).to_be_visible()
    go(marketer, demo, "catalog-variants")
    marketer.get_by_role("link", name="Stoneware Teapot – Ochre").click()
    expect(panel(marketer, "Belongs to").get_by_role("link", name="Stoneware Teapot", exact=True)).to_be_visible()


def test_a_pending_review_is_rejected_with_its_reason(demo: Demo, sign_in: SignIn) -> None:
    marketer, admin = sign_in("Marketer"), sign_in("Admin")
    go(marketer, demo, "reviews")
    marketer.get_by_role("row", name="Pending").first.get_by_role("link").first.click()
    review = marketer.url
    marketer.get_by_role("link", name="Moderate").click()
    marketer.get_by_label("What shall become of it?").select_option("Rejected")
    marketer.get_by_label("Rejected because").select_option("It is fake")
    approve(admin, propose(marketer, "Nobody of this name bought it"))
    marketer.goto(review)
    facts = panel(marketer, "Facts")
    expect(facts).to_contain_text("Rejected")
    expect(facts).to_contain_text("It is fake")


def test_a_new_type_of_object_has_its_schema_in_force(demo: Demo, sign_in: SignIn) -> None:
    marketer, admin = sign_in("Marketer"), sign_in("Admin")
    go(marketer, demo, "object-types/act/create")
    marketer.get_by_label("What is one called?").fill("Orchard tour")
    for place, (name, kind) in enumerate((("guide", "Text"), ("seats", "Number"))):
        marketer.get_by_label("Name of a new property").nth(place).fill(name)
        marketer.get_by_label("Kind of the new property").nth(place).select_option(kind)
    pick(marketer, "Its records come from", "Booking system")
    marketer.get_by_label("Publish it at once").check()
    approve(admin, propose(marketer, "Tours are booked like workshops"))
    go(marketer, demo, "object-types")
    marketer.get_by_role("link", name="Orchard tour").click()
    versions = panel(marketer, "Versions of its schema")
    comes(versions, "Active")
    expect(versions).to_contain_text("guide, seats")


def test_reviews_are_narrowed_to_a_product_by_a_part_of_its_name(demo: Demo, sign_in: SignIn) -> None:
    marketer = sign_in("Marketer", width=390)
    go(marketer, demo, "reviews")
    plain = marketer.url
    marketer.get_by_text("Filters", exact=True).click()
    search = marketer.get_by_label("Search products by name")
    search.focus()
    choices = marketer.get_by_role("group", name="Product")
    expect(choices.get_by_label("Stoneware Teapot")).to_be_visible()
    search.fill("camp")
    expect(choices.get_by_role("radio")).to_have_count(2)
    search.fill("enamel")
    expect(choices.get_by_label("Enamel Camp Mug")).to_be_visible()
    assert marketer.url == plain, "what is typed stays out of the address"
    choices.get_by_label("Enamel Camp Mug").check()
    marketer.get_by_role("button", name="Apply filters").click()
    expect(marketer.get_by_label("Filters in force")).to_contain_text("Product Enamel Camp Mug")
    assert marketer.url.endswith("enamel-camp-mug"), marketer.url
