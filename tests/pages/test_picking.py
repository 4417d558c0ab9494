"""Things are picked by what people call them, and a builder sees them as Klaviyo has them, never as a browser says."""

import json
import re
from html import unescape
from typing import Any

import pytest
from django.http import QueryDict

from klaviyo_admin import api
from klaviyo_admin.areas import finding
from klaviyo_admin.areas.lists.resources import LISTS
from klaviyo_admin.areas.profiles.resources import PROFILES
from klaviyo_admin.areas.tags.resources import TAGS
from klaviyo_admin.changes.models import Change
from klaviyo_admin.pages import selection
from klaviyo_admin.pages.asking import ask
from tests.klaviyo.network import BASE, Network, answer
from tests.pages.conftest import Shop

WHY = {"why-reason": "For the spring"}


def tags(shop: Shop) -> list[Any]:
    return list(shop.read("/api/tags")["data"])


def tagging(shop: Shop, data: dict[str, Any]) -> Any:
    (first, *_) = shop.lists()
    return shop.browser().post(shop.url(f"lists/act/tag/?id={first['id']}"), data | WHY)


def test_a_part_of_the_name_is_enough(shop: Shop) -> None:
    name = shop.lists()[0]["attributes"]["name"]
    found = finding.find(api.reader(shop.account), LISTS, name[1:-1].upper())
    assert name in [LISTS.name(item) for item in found.items]
    assert not finding.find(api.reader(shop.account), LISTS, "no list is called so").items


def test_klaviyo_searches_where_it_can(shop: Shop) -> None:
    name = tags(shop)[0]["attributes"]["name"]
    shop.klaviyo.forget_requests()
    found = finding.find(api.reader(shop.account), TAGS, name[1:-1])
    assert name in [TAGS.name(item) for item in found.items]
    assert len(shop.klaviyo.requests()) == 1, "one page, not the whole collection"
    assert (finding.searched(TAGS), finding.searched(LISTS)) == ("name", "")


def test_people_are_found_by_their_whole_address_only(shop: Shop) -> None:
    email = next(p["attributes"]["email"] for p in shop.profiles(20) if p["attributes"]["email"])
    reader = api.reader(shop.account)
    assert [p.get("email") for p in finding.find(reader, PROFILES, email).items] == [email]
    assert not finding.find(reader, PROFILES, email[:5]).items


def test_a_search_that_ends_before_the_collection_does_says_that_there_may_be_more(shop: Shop) -> None:
    assert not finding.find(api.reader(shop.account), LISTS, "no list is called so").more
    pages = [answer(200, {"data": [], "links": {"next": f"{BASE}/api/lists/?page[cursor]={n}"}}) for n in range(40)]
    endless = Network(*pages)
    assert finding.find(endless.reader, LISTS, "no list is called so").more
    assert len(endless.requests) == finding.READ


def test_a_choice_of_one_that_nobody_has_to_make_can_be_taken_back(shop: Shop) -> None:
    page = shop.browser().get(shop.url("profiles/act/suppress-rows/")).content.decode()
    assert page.count("None of these") == 2
    assert 'aria-label="Search lists by name"' in page
    part = shop.browser().get(shop.url("pick/lists/"), {"field": "to_list", "none": "1"}).content.decode()
    assert re.search('name="to_list" value="" checked', part)
    required = shop.browser().get(shop.url("events/act/record/")).content.decode()
    assert "Search profiles by whole e-mail address, phone or ID" in required


def test_the_search_keeps_what_is_ticked(shop: Shop) -> None:
    kept, *_ = tags(shop)
    answer = shop.browser().get(
        shop.url("pick/tags/"), {"field": "tags", "many": "1", "tags-words": "zzz", "tags": kept["id"]}
    )
    page = unescape(answer.content.decode())
    assert kept["attributes"]["name"] in page
    assert "checked" in page
    assert "No tag fits “zzz”." in page


def test_what_is_ticked_reaches_the_request_and_its_name_the_sentence(shop: Shop) -> None:
    one, two, *_ = tags(shop)
    assert tagging(shop, {"tags": [one["id"], two["id"]]}).status_code == 302
    change = Change.objects.get()
    assert [step.path for step in change.steps.all()] == [
        f"/api/tags/{each['id']}/relationships/lists" for each in (one, two)
    ]
    assert one["attributes"]["name"] in change.aloud
    assert json.loads(change.steps.all()[0].body) == {"data": [{"type": "list", "id": shop.lists()[0]["id"]}]}


def test_a_whole_name_typed_without_ticking_is_understood(shop: Shop) -> None:
    name = tags(shop)[0]["attributes"]["name"]
    assert tagging(shop, {"tags-words": name.upper()}).status_code == 302
    assert name in Change.objects.get().aloud


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Search by name and tick what you mean."),
        ({"tags-words": "no such tag"}, "No one tag is called “no such tag”."),
        ({"tags": "never-there"}, "cannot be read"),
    ],
)
def test_what_cannot_be_picked_is_said_and_nothing_is_proposed(shop: Shop, given: dict[str, str], said: str) -> None:
    answer = tagging(shop, given)
    assert answer.status_code == 422
    assert said in unescape(answer.content.decode())
    assert not Change.objects.exists()


def test_all_that_fit_the_filters_are_taken_as_they_were_seen(shop: Shop) -> None:
    browser = shop.browser()
    address = shop.url("lists/act/untag/?all=1")
    page = browser.get(address)
    seen = [item.id for item in page.context["doing"].items]
    every, link = [], "/api/lists"
    while link:
        page_of = shop.read(link)
        every += [each["id"] for each in page_of["data"]]
        link = page_of["links"].get("next")
    assert sorted(seen) == sorted(every)
    assert len(every) > 10, "more than a page of Klaviyo's"
    answer = browser.post(address, {"seen": seen[:-1], "tags": tags(shop)[0]["id"], **WHY})
    assert answer.status_code == 302
    body = json.loads(Change.objects.get().steps.get().body)
    assert [row["id"] for row in body["data"]] == seen[:-1], "what nobody looked at is left out"


def test_filters_bound_what_all_means(shop: Shop) -> None:
    name = shop.lists()[0]["attributes"]["name"]
    page = shop.browser().get(shop.url("lists/act/untag/"), {"all": "1", "f-name": name})
    assert [LISTS.name(item) for item in page.context["doing"].items] == [name]
    listed = shop.browser().get(shop.url("lists/"), {"name": name}).content.decode()
    assert f'name="f-name" value="{name}"' in unescape(listed)


def test_what_is_looked_for_in_too_long_a_collection_is_not_taken_for_all_that_fits() -> None:
    row = {"type": "list", "id": "A1", "attributes": {"name": "Zebra"}}
    pages = [answer(200, {"data": [row], "links": {"next": f"{BASE}/api/lists/?page[cursor]={n}"}}) for n in range(40)]
    question = ask(LISTS, QueryDict("q=zebra"))
    items, error = selection.read(Network(*pages).reader, LISTS, selection.Selection(question, None))
    assert not items
    assert "There may be more lists with “zebra” in their names than the 30 found" in str(error)


def test_what_is_found_by_a_part_of_its_name_stands_in_the_order_that_was_asked_for(shop: Shop) -> None:
    browser = shop.browser()
    ways = [browser.get(shop.url("lists/"), {"q": "e", "sort": sort}).context for sort in ("name", "-name", "created")]
    forth, back, created = ([row.id for row in way["rows"]] for way in ways)
    assert forth == back[::-1] != forth[::-1]
    assert sorted(created) == sorted(forth) != created
    assert not browser.get(shop.url("coupons/"), {"q": "e"}).context["question"].sizes(), "all of them, on one page"


@pytest.mark.parametrize(("key", "action"), [("lists", "delete"), ("lists", "tag"), ("campaigns", "estimate")])
def test_where_nothing_fits_nothing_is_proposed(shop: Shop, key: str, action: str) -> None:
    nothing = shop.url(f"{key}/act/{action}/?all=1&f-q=no-such-name")
    answer = shop.browser().post(nothing, {"tags": tags(shop)[0]["id"], **WHY})
    assert answer.status_code == 400
    assert f"None of the {key} of those that you saw fits these filters now." in answer.content.decode()
    assert "This cannot be done to all that fit" in answer.content.decode()
    assert "None of the" in shop.browser().get(nothing).content.decode()
    assert not Change.objects.exists()
