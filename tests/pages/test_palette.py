"""The palette finds the way to anything, for those who may go there, with or without a script."""

import pytest

from klaviyo_admin import api
from klaviyo_admin.areas import find
from klaviyo_admin.areas.lists import service
from klaviyo_admin.changes import review
from klaviyo_admin.intents import Intent, Request, Target
from klaviyo_admin.klaviyo.catalogue import operation
from tests.pages.conftest import Shop


def found(shop: Shop, words: str, role: str = "marketer") -> dict[str, list[str]]:
    groups = shop.browser(role).get(shop.url("find/"), {"q": words}).context["groups"]
    return {group.label: [way.label for way in group.ways] for group in groups}


def every_url(shop: Shop, words: str, role: str = "admin") -> list[str]:
    groups = shop.browser(role).get(shop.url("find/"), {"q": words}).context["groups"]
    return [way.url for group in groups for way in group.ways]


def proposed(shop: Shop) -> str:
    """Proposes a new name for the first list; the name that it has."""
    resource = find("lists")
    assert resource
    item = resource.item(api.reader(shop.account), shop.lists()[0]["id"])
    document = {"data": {"type": "list", "id": item.id, "attributes": {"name": "Renamed"}}}
    target = Target("list", item.id, item.attributes["name"], "get_list")
    request = Request(operation("update_list").write({"id": item.id}, document), target)
    shop.browser("marketer")
    intent = Intent("lists.edit", "Rename {target} to “Renamed”.", (request,), target)
    review.propose(shop.people["marketer"], shop.account, intent, "Clearer")
    return target.name


def test_pages_areas_actions_and_operations_are_found(shop: Shop) -> None:
    ways = found(shop, "list")
    assert "Lists" in ways["Go to"]
    assert "New list" in ways["Do"]
    assert "Get lists" in ways["Operations"]
    assert found(shop, "create image upload")["Operations"] == ["Upload image from file"]


@pytest.mark.parametrize("role", ["viewer", "marketer", "admin", "auditor"])
def test_nobody_is_led_where_they_may_not_go(shop: Shop, role: str) -> None:
    browser = shop.browser(role)
    for words in ("", "new", "import", "audit", "settings"):
        for group in browser.get(shop.url("find/"), {"q": words}).context["groups"]:
            for way in group.ways:
                if group.label in ("Go to", "Do"):
                    assert browser.get(way.url).status_code == 200, (role, way.url)
    assert ("Do" in found(shop, "new list", role)) == (role in ("marketer", "admin"))


def test_what_was_changed_lately_is_found_by_its_name(shop: Shop) -> None:
    name = proposed(shop)
    ways = found(shop, name)
    assert name in ways["Lately"]
    assert any(name in label for label in ways["Changes"])
    assert any("/lists/" in url for url in every_url(shop, name))
    assert found(shop, "")["Lately"] == [name]


def test_what_is_yet_to_be_created_is_no_thing_to_go_to(shop: Shop) -> None:
    intent = service.create([], {"name": "Not there yet"})
    shop.browser("marketer")
    review.propose(shop.people["marketer"], shop.account, intent, "For the fair")
    ways = found(shop, "not there yet")
    assert "Lately" not in ways
    assert ways["Changes"]


def test_an_address_can_be_looked_up_among_profiles(shop: Shop) -> None:
    assert any("profiles" in label for label in found(shop, "ana@example.com")["Look up in Klaviyo"])


def test_words_that_fit_nothing_are_said_and_cannot_break_out(shop: Shop) -> None:
    text = shop.browser().get(shop.url("find/"), {"q": "<b>q" + "y" * 5000}).content.decode()
    assert "&lt;b&gt;qyyy" in text
    assert "<b>q" not in text
    assert "Nothing here is called “&lt;&gt;”" in shop.browser().get(shop.url("find/"), {"q": "<>"}).content.decode()


def test_htmx_gets_the_ways_alone_and_every_page_has_the_door(shop: Shop) -> None:
    part = shop.browser().get(shop.url("find/"), {"q": "list"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "data-palette" in shop.browser().get(shop.url()).content.decode()
