"""The shop's own pages: coupon codes by coupon and by person, jobs, schemas and reviews."""

import re
from html import unescape
from typing import Any

from tests.pages.conftest import Shop


def read(shop: Shop, rest: str, role: str = "marketer", **asked: str) -> str:
    answer = shop.browser(role).get(shop.url(rest), asked)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return unescape(answer.content.decode())


def first(shop: Shop, path: str) -> dict[str, Any]:
    found: dict[str, Any] = shop.read(path)["data"][0]
    return found


def codes(page: str) -> list[str]:
    return re.findall(r'href="[^"]*/coupon-codes/[^"]+">([^<]+)</a>', page)


def test_codes_are_those_of_the_first_coupon_until_another_is_picked(shop: Shop) -> None:
    names = [coupon["id"] for coupon in shop.read("/api/coupons")["data"]]
    assert codes(read(shop, "coupon-codes/"))
    page = read(shop, "coupon-codes/", coupon=names[-1], status="UNASSIGNED")
    assert f'value="{names[-1]}" checked' in page
    assert codes(page)
    assert "With somebody" not in page.partition("<tbody>")[2]


def test_codes_are_found_by_whom_they_were_given_to(shop: Shop) -> None:
    given = shop.read('/api/coupon-codes?filter=any(coupon.id,["WELCOME10"])')["data"]
    held = next(code for code in given if code["relationships"]["profile"].get("data"))
    person = shop.read(f"/api/profiles/{held['relationships']['profile']['data']['id']}")["data"]
    page = read(shop, "coupon-codes/", email=person["attributes"]["email"])
    assert held["attributes"]["unique_code"] in codes(page)
    assert "No profile has this e-mail address" in read(shop, "coupon-codes/", email="nobody@example.com")
    for odd in ({"email": "no address"}, {"status": "GONE"}):
        assert "cannot be read" in read(shop, "coupon-codes/", **odd), odd
    assert shop.browser().get(shop.url("coupon-codes/"), {"coupon": "a\x00b"}).status_code == 400
    assert codes(read(shop, "coupon-codes/", **{"coupon-words": "welcome10"}))
    assert "No one coupon is called “Nobody’s”" in read(shop, "coupon-codes/", **{"coupon-words": "Nobody’s"})
    assert "No codes fit" in read(shop, "coupon-codes/", coupon="NOBODY")


def test_a_viewer_finds_codes_and_changes_none(shop: Shop) -> None:
    assert "Status and end" in read(shop, "coupon-codes/")
    page = read(shop, "coupon-codes/", "viewer")
    assert codes(page)
    assert "Status and end" not in page


def test_the_page_of_codes_says_calmly_that_klaviyo_does_not_answer(shop: Shop) -> None:
    shop.klaviyo.fault("get_coupons", "error_before", times=9)
    answer = shop.browser().get(shop.url("coupon-codes/"))
    assert answer.status_code >= 500
    assert 'class="notice notice-wary trouble"' in answer.content.decode()


def test_a_job_tells_its_refused_rows_by_number_and_the_things_it_made_by_name(shop: Shop) -> None:
    job = first(shop, "/api/catalog-item-bulk-create-jobs")
    page = read(shop, f"catalog-item-create-jobs/{job['id']}/")
    rows = job["attributes"]["total_count"]
    assert f"{rows} of {rows} rows worked, 1 of them refused" in re.sub(r"<[^>]+>", "", page)
    assert f"{rows}: External ID" in page
    assert first(shop, "/api/catalog-items?sort=created")["attributes"]["title"] in page


def test_all_kinds_of_jobs_stand_behind_one_tab(shop: Shop) -> None:
    page = read(shop, "catalog-items/")
    tabs = page.partition('class="area-tabs"')[2].partition("</nav>")[0]
    assert re.findall(r">([^<>]+)</a>", tabs) == ["Products", "Variants", "Categories", "Jobs"]
    jobs = read(shop, "catalog-variant-delete-jobs/")
    kinds = jobs.partition('aria-label="Kinds of jobs"')[2].partition("</nav>")[0]
    assert kinds.count("<li>") == 9
    assert 'aria-current="page">Deleted variants' in kinds


def test_a_schema_says_where_its_values_come_from_and_what_it_is_linked_to(shop: Shop) -> None:
    types = shop.read("/api/object-types?include=current-schema,draft-schema")["data"]
    drafts = [kind["relationships"]["draft-schema"].get("data") for kind in types]
    draft = next(one["id"] for one in drafts if one)
    page = read(shop, f"object-schemas/{draft}/")
    for words in ("booked_at", "Date and time", "$.seats", "was booked by", "is a seat in", "Edit the draft"):
        assert words in page


def test_what_is_in_force_of_a_schema_offers_nothing_that_only_drafts_allow(shop: Shop) -> None:
    types = shop.read("/api/object-types?include=current-schema,draft-schema")["data"]
    current = [kind["relationships"]["current-schema"].get("data") for kind in types]
    page = read(shop, f"object-schemas/{next(one['id'] for one in current if one)}/")
    assert "/act/" not in page


def test_a_review_is_read_as_its_writer_wrote_it(shop: Shop) -> None:
    review = first(shop, "/api/reviews")
    page = read(shop, f"reviews/{review['id']}/", "viewer")
    assert review["attributes"]["content"] in page
    assert f"{review['attributes']['rating']} of 5 stars" in page
