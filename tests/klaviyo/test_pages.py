"""Paging: links are followed as given, to the same host only, and never in a circle."""

import pytest

from klaviyo_admin.klaviyo import errors
from klaviyo_admin.klaviyo.values import Query
from tests.klaviyo.network import BASE, Network, answer, profile, refusal

SECOND = f"{BASE}/api/profiles/?page%5Bcursor%5D=bmV4dDo6aWQ6OjAx&page%5Bsize%5D=2&fields%5Bprofile%5D=email"
THIRD = f"{BASE}:443/api/profiles/?page%5Bcursor%5D=%3Ctext%3E"


def page(*idents: str, following: object = None) -> object:
    return answer(200, {"data": [profile(ident) for ident in idents], "links": {"next": following, "prev": None}})


def test_all_pages_are_read_one_by_one() -> None:
    network = Network(page("1", "2", following=SECOND), page("3", "4", following=THIRD), page("5"))
    pages = network.reader.pages("get_profiles", query=Query(size=2))
    assert network.requests == []
    assert [item.id for item in next(pages).items] == ["1", "2"]
    assert len(network.requests) == 1
    assert [item.id for rest in pages for item in rest.items] == ["3", "4", "5"]
    assert [str(request.url) for request in network.requests[1:2]] == [SECOND]
    assert network.requests[2].url.raw_path == b"/api/profiles/?page%5Bcursor%5D=%3Ctext%3E"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://a.klaviyo.com.example.com/api/profiles",
        "http://a.klaviyo.com/api/profiles",
        "https://a.klaviyo.com:8443/api/profiles",
        "https://someone@a.klaviyo.com/api/profiles",
        "https://a.klaviyo.com@example.com/api/profiles",
        "//example.com/api/profiles",
        "/api/profiles",
        "ftp://a.klaviyo.com/api/profiles",
        "https://[::1/api",
        "https://a.klaviyo.com:port/api",
        "nonsense",
    ],
)
def test_a_link_to_another_host_is_not_followed(elsewhere: str) -> None:
    network = Network(page("1", following=elsewhere))
    pages = network.reader.pages("get_profiles")
    assert next(pages).items[0].id == "1"
    with pytest.raises(errors.Unavailable, match="another host"):
        next(pages)
    assert len(network.requests) == 1


def test_pages_that_lead_in_a_circle_are_not_read_for_ever() -> None:
    network = Network(page("1", following=SECOND))
    pages = network.reader.pages("get_profiles")
    next(pages)
    next(pages)
    with pytest.raises(errors.Unavailable, match="circle"):
        next(pages)
    assert len(network.requests) == 2


def test_a_cursor_from_a_link_asks_for_the_same_page() -> None:
    network = Network(page("1", following=SECOND), page("2"))
    first = network.reader.page("get_profiles")
    network.reader.page("get_profiles", query=Query(cursor=first.next_cursor or ""))
    assert network.requests[1].url.params["page[cursor]"] == "bmV4dDo6aWQ6OjAx"


def test_an_error_on_a_later_page_is_raised_there() -> None:
    pages = Network(page("1", following=SECOND), refusal(400)).reader.pages("get_profiles")
    next(pages)
    with pytest.raises(errors.Invalid):
        next(pages)


def test_a_host_written_in_capitals_is_the_same_host() -> None:
    network = Network(page("1", following=SECOND.replace("a.klaviyo.com", "A.Klaviyo.com")), page("2"))
    assert len(list(network.reader.pages("get_profiles"))) == 2
