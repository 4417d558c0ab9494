"""How often the usual pages ask the database: what every page asks, and little more."""

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.pages.conftest import Shop

EVERY = 6  # session, person, roles, inbox, freezes, broken glasses


@pytest.mark.parametrize(
    ("rest", "own"),
    [
        ("", 8),
        ("lists/", 0),
        ("lists/act/create/", 0),
        ("profiles/act/create/", 0),
        ("console/", 0),
        ("coverage/", 0),
        ("audit/", 11),
    ],
)
def test_a_page_asks_no_more_than_it_draws(
    shop: Shop, django_assert_max_num_queries: DjangoAssertNumQueries, rest: str, own: int
) -> None:
    browser = shop.browser("admin")
    with django_assert_max_num_queries(EVERY + own):
        assert browser.get(shop.url(rest)).status_code == 200


def test_a_detail_asks_for_what_waits_and_what_happened(
    shop: Shop, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    browser, thing = shop.browser("admin"), shop.lists()[0]
    with django_assert_max_num_queries(EVERY + 4):
        assert browser.get(shop.url(f"lists/{thing['id']}/")).status_code == 200


def test_many_changes_of_a_thing_ask_no_more_often(
    shop: Shop, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    author, browser, thing = shop.browser("marketer"), shop.browser("admin"), shop.lists()[0]
    for number in range(4):
        asked = {"name": f"Autumn {number}", "opt_in_process": "double_opt_in", "why-reason": "For the fair"}
        assert author.post(shop.url(f"lists/act/edit/?id={thing['id']}"), asked).status_code == 302
    with django_assert_max_num_queries(EVERY + 7):
        page = browser.get(shop.url(f"lists/{thing['id']}/"))
    assert page.content.count(b"Proposed by") == 4


def test_the_page_of_a_change_asks_no_more_often_for_much_talk(
    shop: Shop, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    author, browser, thing = shop.browser("marketer"), shop.browser("admin"), shop.lists()[0]
    asked = {"name": "Autumn", "opt_in_process": "double_opt_in", "why-reason": "For the fair"}
    address = author.post(shop.url(f"lists/act/edit/?id={thing['id']}"), asked).headers["Location"]
    for number in range(10):
        author.post(f"{address}comment/", {"text": f"Remark {number}"})
    with django_assert_max_num_queries(EVERY + 16):
        page = browser.get(address)
    assert page.content.count(b"Remark ") == 10
