"""List pages: search, filters, sorting, paging, columns, and what they say when Klaviyo does not answer."""

from urllib.parse import unquote

import pytest

from klaviyo_admin.sealing import seal
from tests.pages.conftest import Shop


def asked(shop: Shop, operation: str = "get_profiles") -> str:
    """The query string of the last request that the page sent, as people read it."""
    return unquote(str(shop.klaviyo.requests(operation=operation)[-1]["query"]))


@pytest.mark.parametrize("key", ["profiles", "lists", "segments", "events", "metrics"])
def test_every_area_has_a_list_whose_rows_link_by_name(shop: Shop, key: str) -> None:
    page = shop.browser("viewer").get(shop.url(f"{key}/"))
    assert page.status_code == 200
    assert page.context["rows"]
    first = page.context["rows"][0]
    assert f'href="{shop.url(f"{key}/{first.id}/")}"' in page.content.decode()
    assert "As of" in page.content.decode()


def test_an_area_that_does_not_exist_is_not_found(shop: Shop) -> None:
    assert shop.browser().get(shop.url("unicorns/")).status_code == 404


def test_a_whole_address_in_the_search_box_finds_the_person(shop: Shop) -> None:
    someone = next(p for p in shop.profiles(20) if p["attributes"]["email"])
    page = shop.browser().get(shop.url("profiles/"), {"q": someone["attributes"]["email"]})
    assert [row.id for row in page.context["rows"]] == [someone["id"]]
    assert [chip.label for chip in page.context["question"].chips] == ["E-mail is"]


def test_words_that_klaviyo_cannot_search_for_say_what_can_be(shop: Shop) -> None:
    page = shop.browser().get(shop.url("profiles/"), {"q": "ada"})
    assert "Klaviyo cannot search profiles for “ada”" in page.content.decode()
    assert "Type the whole e-mail, phone or ID." in page.content.decode()
    assert not shop.klaviyo.requests(operation="get_profiles"), "nothing is read that nobody asked for"


def test_things_that_klaviyo_cannot_search_for_are_found_by_a_part_of_their_name(shop: Shop) -> None:
    page = shop.browser().get(shop.url("metrics/"), {"q": "laced ord"})
    assert [row.name for row in page.context["rows"]] == ["Placed Order"]
    assert [(chip.label, chip.value) for chip in page.context["question"].chips] == [("Name contains", "laced ord")]
    assert "Type a part of the name." in page.content.decode()
    for key in ("tracking-settings", "catalog-item-create-jobs", "webhooks"):
        assert not shop.browser().get(shop.url(f"{key}/")).context["search_hint"], key


def test_filters_are_sent_to_klaviyo_and_shown_as_chips(shop: Shop) -> None:
    page = shop.browser().get(shop.url("profiles/"), {"created_after": "2026-01-01T00:00"})
    assert "filter=greater-than(created,2026-01-01T00:00:00" in asked(shop)
    (chip,) = page.context["question"].chips
    assert (chip.label, chip.value, chip.without) == ("Created after", "1 Jan 2026, 00:00", "?")


def test_a_local_time_is_asked_for_in_the_viewers_zone(shop: Shop) -> None:
    browser = shop.browser()
    browser.cookies["zone"] = "America/New_York"
    browser.get(shop.url("profiles/"), {"created_after": "2026-01-01T00:00"})
    assert "greater-than(created,2026-01-01T05:00:00" in asked(shop)


def test_a_filter_that_cannot_be_read_is_named_and_nothing_is_asked(shop: Shop) -> None:
    page = shop.browser().get(shop.url("profiles/"), {"created_after": "yesterday"})
    assert page.context["form"].errors["created_after"]
    assert "Enter a valid date/time." in page.content.decode()
    assert not shop.klaviyo.requests(operation="get_profiles")


def test_columns_sort_both_ways_and_say_so(shop: Shop) -> None:
    browser = shop.browser()
    page = browser.get(shop.url("profiles/"), {"sort": "-created"})
    assert "sort=-created" in asked(shop)
    head = next(h for h in page.context["heads"] if h.label == "Created")
    assert (head.sort, head.url) == ("descending", "?sort=created")
    assert 'aria-sort="descending"' in page.content.decode()
    assert browser.get(shop.url("profiles/"), {"sort": "created"}).context["heads"][-1].url == "?sort=-created"


def test_a_sort_that_klaviyo_does_not_know_is_not_asked_for(shop: Shop) -> None:
    assert shop.browser().get(shop.url("profiles/"), {"sort": "shoe_size"}).status_code == 200
    assert "sort" not in asked(shop)


def test_paging_goes_on_and_back_by_cursor_and_keeps_the_question(shop: Shop) -> None:
    browser = shop.browser()
    first = browser.get(shop.url("profiles/"), {"sort": "created"})
    second = browser.get(shop.url("profiles/") + first.context["next_url"])
    assert not {r.id for r in first.context["rows"]} & {r.id for r in second.context["rows"]}
    assert "sort=created" in first.context["next_url"]
    back = browser.get(shop.url("profiles/") + second.context["previous_url"])
    assert [r.id for r in back.context["rows"]] == [r.id for r in first.context["rows"]]
    assert first.context["first_url"] == ""
    assert second.context["first_url"] == "?sort=created"


def test_refreshing_stays_on_the_page(shop: Shop) -> None:
    first = shop.browser().get(shop.url("profiles/"))
    second = shop.browser().get(shop.url("profiles/") + first.context["next_url"])
    assert second.context["question"].url() == first.context["next_url"]


def test_the_address_bar_is_spared_the_empty_fields_of_a_form(shop: Shop) -> None:
    sent = {"q": "", "email": "", "created_after": "2026-01-01T00:00", "sort": "created"}
    part = shop.browser().get(shop.url("profiles/"), sent, headers={"HX-Request": "true"})
    assert part["HX-Push-Url"] == shop.url("profiles/") + "?created_after=2026-01-01T00%3A00&sort=created"


def test_the_page_size_is_offered_where_klaviyo_offers_it(shop: Shop) -> None:
    page = shop.browser().get(shop.url("profiles/"), {"size": "50"})
    assert len(page.context["rows"]) == 50
    assert [size for size, _, _ in page.context["question"].sizes()] == [20, 50, 100]
    assert shop.browser().get(shop.url("lists/")).context["question"].sizes() == ()


def test_a_persons_columns_are_remembered(shop: Shop) -> None:
    browser = shop.browser()
    answer = browser.post(shop.url("profiles/columns/"), {"columns": ["country", "id"], "query": "sort=created"})
    assert answer["Location"] == shop.url("profiles/") + "?sort=created"
    assert [h.label for h in browser.get(shop.url("profiles/")).context["heads"]] == ["Name", "Country", "ID"]
    browser.post(shop.url("profiles/columns/"), {})
    assert [h.label for h in browser.get(shop.url("profiles/")).context["heads"]] == ["Name"]


def test_htmx_gets_the_list_alone(shop: Shop) -> None:
    part = shop.browser().get(shop.url("profiles/"), headers={"HX-Request": "true"})
    assert part.content.decode().strip().startswith('<section id="list"')
    assert "HX-Request" in part["Vary"]
    whole = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<!doctype html>" in shop.browser().get(shop.url("profiles/"), headers=whole).content.decode()


def test_selection_is_for_those_who_may_propose(shop: Shop) -> None:
    assert "Select all on this page" in shop.browser("marketer").get(shop.url("profiles/")).content.decode()
    assert "Select all on this page" not in shop.browser("viewer").get(shop.url("profiles/")).content.decode()
    assert "New list" in shop.browser("marketer").get(shop.url("lists/")).content.decode()
    assert "New list" not in shop.browser("auditor").get(shop.url("lists/")).content.decode()


def test_a_key_without_the_scope_names_the_scope(shop: Shop) -> None:
    shop.account.sealed_key = seal(b"pk_sandbox_no_profiles")
    shop.account.save()
    page = shop.browser().get(shop.url("profiles/"))
    assert page.status_code == 200
    assert "profiles:read" in page.content.decode()
    assert "What to do" in page.content.decode()


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [("throttle", 503, "Klaviyo asks to wait"), ("drop_before", 503, "Klaviyo cannot be reached")],
)
def test_a_klaviyo_that_does_not_answer_is_a_calm_panel(shop: Shop, kind: str, status: int, words: str) -> None:
    shop.klaviyo.fault("get_lists", kind, times=20)
    page = shop.browser().get(shop.url("lists/"))
    assert page.status_code == status
    assert words in page.content.decode()
    assert "Traceback" not in page.content.decode()
    part = shop.browser().get(shop.url("lists/"), headers={"HX-Request": "true"})
    assert part.status_code == 200, "htmx swaps successes only"
    assert words in part.content.decode()
