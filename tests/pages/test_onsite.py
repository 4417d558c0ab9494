"""The pages of what a website reads from Klaviyo."""

from html import unescape

import pytest

from klaviyo_admin import api
from klaviyo_admin.areas.onsite.tables import TABLES
from tests.pages.conftest import Shop

PLACES = {
    "reviews": "get_client_reviews",
    "ratings": "get_client_review_values_reports",
    "places": "get_client_geofences",
    "addresses": "get_client_ip_allowlist",
}


@pytest.mark.parametrize("place", PLACES)
def test_each_table_asks_its_operation_and_shows_rows(shop: Shop, place: str) -> None:
    for role in ("viewer", "marketer", "auditor"):
        answer = shop.browser(role).get(shop.url(f"onsite/{place}/"))
        assert answer.status_code == 200
        assert b"<tbody>" in answer.content
        assert b"notice-bad" not in answer.content
    assert shop.asked(PLACES[place])


def test_reviews_are_narrowed_by_kind_and_stars(shop: Shop) -> None:
    said = {"kind": "review", "least": "4", "order": "rating"}
    found = TABLES["onsite-reviews"].read(api.reader(shop.account), shop.account.klaviyo_id, said, "").items
    assert [review.get("rating") for review in found] == sorted(review.get("rating") for review in found)
    assert {review.get("rating") for review in found} <= {4, 5}
    assert shop.browser().get(shop.url("onsite/reviews/"), said).status_code == 200


def test_ratings_name_the_products_and_do_without_where_names_cannot_be_read(shop: Shop) -> None:
    found = TABLES["onsite-reviews"].read(api.reader(shop.account), shop.account.klaviyo_id, {}, "").items
    product = next(review.attributes["product"] for review in found if review.get("product.name"))
    page = unescape(shop.browser().get(shop.url("onsite/ratings/")).content.decode())
    assert f">{product['name']}<" in page
    assert f">{product['external_id']}<" not in page
    shop.klaviyo.fault("get_client_reviews", "html", times=5)
    again = shop.browser().get(shop.url("onsite/ratings/"), {"span": "last_365_days", "fresh": "1"}).content.decode()
    assert "What to do:" not in again
    assert "<tbody>" in again


def test_a_choice_that_does_not_exist_counts_as_not_made(shop: Shop) -> None:
    assert shop.browser().get(shop.url("onsite/ratings/"), {"by": "moon", "span": "for ever"}).status_code == 200


def test_a_klaviyo_that_does_not_answer_is_a_calm_panel(shop: Shop) -> None:
    shop.klaviyo.fault("get_client_geofences", "html", times=5)
    answer = shop.browser().get(shop.url("onsite/places/"))
    assert b"What to do:" in answer.content
