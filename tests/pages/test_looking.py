"""Who looks may see some seconds ago; who refreshes, reloads, decides or proposes may not."""

import pytest

from tests.pages.conftest import Shop


def asked(shop: Shop, path: str, headers: dict[str, str] | None = None) -> int:
    shop.klaviyo.forget_requests()
    assert shop.browser().get(shop.url(path), headers=headers).status_code == 200
    return len(shop.klaviyo.requests())


@pytest.mark.parametrize(
    ("path", "headers", "again"),
    [
        ("tags/", {}, 0),
        ("tags/?fresh=1", {}, 1),
        ("tags/", {"Cache-Control": "max-age=0"}, 1),
        ("tags/", {"Cache-Control": "no-cache"}, 1),
    ],
)
def test_a_list_that_may_be_asked_rarely_is_asked_once(
    shop: Shop, path: str, headers: dict[str, str], again: int
) -> None:
    assert asked(shop, "tags/") == 1
    assert asked(shop, path, headers) == again


def test_refresh_is_a_link_that_goes_past(shop: Shop) -> None:
    text = shop.browser().get(shop.url("tags/")).content.decode()
    assert text.count("fresh=1") == 2
    answer = shop.browser().get(shop.url("tags/?fresh=1"), headers={"HX-Request": "true"})
    assert answer["HX-Push-Url"] == shop.url("tags/") + "?"


def test_a_form_starts_from_what_klaviyo_has_now(shop: Shop) -> None:
    ident = shop.read("/api/tags")["data"][0]["id"]
    for _ in range(2):
        shop.klaviyo.forget_requests()
        shop.browser().get(shop.url("tags/act/edit/"), {"id": ident})
        assert shop.asked("get_tag")
