"""Lists are narrowed to a product, a person or a list by name; the address holds the id alone, and the page the name."""

import re
from html import unescape

import pytest

from klaviyo_admin.areas import find
from klaviyo_admin.exports.models import Export
from klaviyo_admin.sealing import seal
from tests.pages.conftest import Shop
from tests.pages.filling import RESOURCES

THINGS = [found for resource in RESOURCES for found in resource.filters if found.kind == "thing"]


def reviewed(shop: Shop) -> tuple[str, str]:
    """A product that somebody reviewed: its id and its title."""
    key = shop.read("/api/reviews")["data"][0]["attributes"]["product"]["external_id"]
    goods = shop.read("/api/catalog-items?page[size]=100")["data"]
    found = next(item for item in goods if item["attributes"]["external_id"] == key)
    return str(found["id"]), str(found["attributes"]["title"])


def test_what_is_picked_in_a_filter_can_be_found() -> None:
    assert len(THINGS) == 11
    for found in THINGS:
        resource = find(found.of)
        assert resource
        assert resource.source.list
        assert resource.source.item


def test_a_link_with_an_id_shows_the_name(shop: Shop) -> None:
    ident, title = reviewed(shop)
    page = shop.browser().get(shop.url("reviews/"), {"item": ident})
    assert page.context["rows"]
    assert [(chip.label, chip.value, chip.without) for chip in page.context["question"].chips] == [
        ("Product", title, "?")
    ]
    seen = unescape(page.content.decode())
    assert re.search(rf'name="item" value="{re.escape(ident)}" checked> <span>{re.escape(title)}</span>', seen)


def test_an_id_in_the_search_box_shows_the_name_too(shop: Shop) -> None:
    metric = next(m for m in shop.read("/api/metrics")["data"] if m["attributes"]["name"] == "Placed Order")
    page = shop.browser().get(shop.url("events/"), {"q": metric["id"]})
    assert [(chip.label, chip.value) for chip in page.context["question"].chips] == [("Metric", "Placed Order")]
    assert "Type the whole profile ID or metric ID." in page.content.decode()


def test_a_thing_that_is_gone_keeps_its_id_and_the_list_is_read_all_the_same(shop: Shop) -> None:
    page = shop.browser().get(shop.url("events/"), {"metric_id": "AbC123"})
    assert page.status_code == 200
    assert [chip.value for chip in page.context["question"].chips] == ["AbC123"]
    assert page.context["rows"] == []


def test_boxes_ask_nothing_of_klaviyo_before_somebody_comes_to_them(shop: Shop) -> None:
    page = shop.browser().get(shop.url("catalog-variants/")).content.decode()
    assert "Search products by name" in page
    assert "search, focus once" in page
    assert {request["operation"] for request in shop.klaviyo.requests()} == {"get_catalog_variants"}
    people = shop.browser().get(shop.url("push-tokens/")).content.decode()
    assert "Search profiles by whole e-mail address, phone or ID" in people
    assert "focus once" not in people, "nobody is offered before a person says whom they mean"


def test_the_choices_go_back_into_the_box_that_asked(shop: Shop) -> None:
    asked = {"field": "item", "none": "1"}
    part = shop.browser().get(shop.url("pick/catalog-items/"), asked, headers={"HX-Target": "filter_item_options"})
    assert 'id="filter_item_options"' in part.content.decode()


@pytest.mark.parametrize("typed", [str.upper, str])
def test_a_whole_name_typed_without_ticking_leads_to_an_address_with_the_id_alone(shop: Shop, typed: type[str]) -> None:
    ident, title = reviewed(shop)
    given = {"item": "", "item-words": typed(title), "status": "published", "content": ""}
    answer = shop.browser().get(shop.url("reviews/"), given)
    assert answer.status_code == 302
    address = answer["Location"]
    assert "words" not in address
    assert set(shop.browser().get(address).context["question"].data.items()) == {
        ("item", ident),
        ("status", "published"),
    }
    part = shop.browser().get(shop.url("reviews/"), given, headers={"HX-Request": "true"})
    assert part["HX-Push-Url"] == address


def test_a_persons_address_stays_out_of_the_lists(shop: Shop) -> None:
    person = next(p for p in shop.profiles(20) if p["attributes"]["email"])
    given = {"profile_id-words": person["attributes"]["email"]}
    answer = shop.browser().get(shop.url("events/"), given)
    assert answer["Location"] == shop.url(f"events/?profile_id={person['id']}")


def test_a_name_of_nothing_is_said_and_nothing_is_read(shop: Shop) -> None:
    given = {"item-words": "no such thing"}
    page = shop.browser().get(shop.url("reviews/"), given)
    assert page.status_code == 200
    assert "No one product is called “no such thing”. Search, and tick the one you mean." in page.content.decode()
    assert 'name="item-words" value="no such thing"' in page.content.decode()
    assert '<details class="fold" open>' in page.content.decode()
    assert not shop.asked("get_reviews")
    part = shop.browser().get(shop.url("reviews/"), given, headers={"HX-Request": "true"})
    assert part["HX-Push-Url"] == shop.url("reviews/?"), "what was typed may name a person"


def test_a_part_of_a_name_offers_what_there_is_to_tick(shop: Shop) -> None:
    ident, title = reviewed(shop)
    page = unescape(shop.browser().get(shop.url("reviews/"), {"item-words": title[:-1]}).content.decode())
    assert f'name="item" value="{ident}"> <span>{title}</span>' in page


def test_a_key_that_may_not_read_products_says_so_and_still_lists_by_id(shop: Shop) -> None:
    shop.account.sealed_key = seal(b"pk_sandbox_no_profiles")
    shop.account.save()
    page = shop.browser().get(shop.url("events/"), {"profile_id-words": "ada@example.com"})
    assert "The key may not read this." in page.content.decode()
    listed = shop.browser().get(shop.url("events/"), {"profile_id": "01HQZ0000000000000000000AA"})
    assert [chip.value for chip in listed.context["question"].chips] == ["01HQZ0000000000000000000AA"]


def test_an_export_says_the_name(shop: Shop) -> None:
    ident, title = reviewed(shop)
    shop.browser().post(shop.url("exports/of/reviews/"), {"query": f"item={ident}"})
    assert (Export.objects.get().asked or {})["said"] == [f"Product {title}"]
