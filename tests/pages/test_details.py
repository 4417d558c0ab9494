"""Detail pages: facts, related things side by side, partial failures, waiting changes, hostile names."""

import re
from time import monotonic

import pytest

from klaviyo_admin import api
from klaviyo_admin.areas import AREAS
from klaviyo_admin.areas.base import Resource
from klaviyo_admin.areas.profiles import service as profiles
from klaviyo_admin.areas.profiles.resources import PROFILES
from klaviyo_admin.changes import review
from tests.fakes import Json
from tests.pages.conftest import Shop

PAYLOAD = "<script>alert('x')</script><img src=x onerror=alert(1)>"


def open_page(shop: Shop, key: str, id: str, role: str = "marketer") -> str:
    page = shop.browser(role).get(shop.url(f"{key}/{id}/"))
    assert page.status_code == 200, page.content.decode()
    return str(page.content.decode())


def test_a_profile_shows_facts_lists_segments_and_events_together(shop: Shop) -> None:
    (profile, *_) = shop.profiles()
    text = open_page(shop, "profiles", profile["id"])
    for words in ("Facts", "Custom properties", "Timeline", "Lists", "Segments", "Consent"):
        assert f">{words}</h2>" in text
    for name in profile["attributes"]["properties"]:
        assert f"<dt>{name}</dt>" in text
    asked = {request["operation"] for request in shop.klaviyo.requests()}
    assert {"get_profile", "get_lists_for_profile", "get_segments_for_profile", "get_events"} <= asked


def test_a_page_costs_about_its_slowest_call(shop: Shop) -> None:
    (profile, *_) = shop.profiles()
    browser = shop.browser()
    for operation in ("get_profile", "get_lists_for_profile", "get_segments_for_profile", "get_events"):
        shop.klaviyo.fault(operation, "slow", seconds=0.5, times=1)
    began = monotonic()
    assert browser.get(shop.url(f"profiles/{profile['id']}/")).status_code == 200
    assert 0.5 <= monotonic() - began < 1.5


SHOWN = [r for area in AREAS for r in area.resources if r.source.list and r.source.item]


@pytest.mark.parametrize("resource", SHOWN, ids=lambda resource: resource.key)
def test_every_listed_thing_has_a_page_of_its_own(shop: Shop, resource: Resource) -> None:
    row = shop.browser("viewer").get(shop.url(f"{resource.key}/")).context["rows"][0]
    text = open_page(shop, resource.key, row.id, "viewer")
    assert row.id in text


def test_one_failing_tab_leaves_the_rest_of_the_page(shop: Shop) -> None:
    (profile, *_) = shop.profiles()
    shop.klaviyo.fault("get_segments_for_profile", "throttle", times=20)
    page = shop.browser().get(shop.url(f"profiles/{profile['id']}/"))
    assert page.status_code == 200
    panels = {panel.key: panel for panel in page.context["panels"]}
    assert panels["segments"].trouble
    assert panels["segments"].trouble.title == "Klaviyo asks to wait"
    assert not panels["lists"].trouble
    assert "Klaviyo asks to wait" in page.content.decode()


def test_a_thing_that_is_gone_says_so(shop: Shop) -> None:
    page = shop.browser().get(shop.url("profiles/01HGPEC94D4WVPVJX8QRGJFWZZ/"))
    assert page.status_code == 404
    assert "This is not in Klaviyo" in page.content.decode()


def test_an_id_that_would_lead_elsewhere_is_refused_before_it_is_sent(shop: Shop) -> None:
    assert shop.browser().get(shop.url("profiles/%2E%2E/")).status_code in (404, 502)
    assert not shop.klaviyo.requests(operation="get_profile")


def test_actions_show_only_to_those_who_may_propose(shop: Shop) -> None:
    (profile, *_) = shop.profiles()
    act = shop.url(f"profiles/act/edit/?id={profile['id']}")
    assert act in open_page(shop, "profiles", profile["id"], "marketer")
    for role in ("viewer", "auditor"):
        assert act not in open_page(shop, "profiles", profile["id"], role)


def test_a_waiting_change_is_told_on_the_page_of_its_target(shop: Shop) -> None:
    (profile, *_) = shop.profiles()
    browser = shop.browser("marketer")
    item = PROFILES.item(api.reader(shop.account), profile["id"])
    intent = profiles.edit((item,), {"first_name": "Ada"})
    change = review.propose(shop.people["marketer"], shop.account, intent, "Spelling")
    text = str(browser.get(shop.url(f"profiles/{profile['id']}/")).content.decode())
    assert "waits for approval" in text
    assert shop.url(f"changes/{change.pk}/") in text


def test_the_next_page_of_a_tab_comes_alone_for_htmx(shop: Shop) -> None:
    full = next(x for x in shop.lists() if len(shop.read(f"/api/lists/{x['id']}/profiles?page[size]=100")["data"]) > 20)
    url = shop.url(f"lists/{full['id']}/")
    page = shop.browser().get(url)
    panel = page.context["panel"]["profiles"]
    part = shop.browser().get(url + panel.next_url, headers={"HX-Request": "true"})
    assert part.content.decode().strip().startswith('<section id="panel-profiles"')
    assert not {r.id for r in part.context["panel"].rows} & {r.id for r in panel.rows}
    whole = shop.browser().get(url + panel.next_url)
    assert [r.id for r in whole.context["panel"]["profiles"].rows] == [r.id for r in part.context["panel"].rows]


def hostile(shop: Shop) -> Json:
    """A profile whose every text is an attack, made in the sandbox as a careless import would."""
    attributes = {"email": "mallory@example.com", "first_name": PAYLOAD, "properties": {PAYLOAD: PAYLOAD * 9}}
    body = {"data": {"type": "profile", "attributes": attributes}}
    with shop.klaviyo.client() as client:
        headers = {"Content-Type": "application/vnd.api+json"}
        answer = client.post("/api/profiles", json=body, headers=headers)
    if answer.status_code == 409:
        return {"id": answer.json()["errors"][0]["meta"]["duplicate_profile_id"]}
    made: Json = answer.json()["data"]
    return made


def test_markup_in_names_and_properties_stays_text(shop: Shop) -> None:
    id = hostile(shop)["id"]
    pages = (f"profiles/{id}/", "profiles/?q=mallory@example.com", f"profiles/act/edit/?id={id}")
    for path in pages:
        text = shop.browser().get(shop.url(path)).content.decode()
        assert "&lt;script&gt;" in text, path
        assert "<script>alert" not in text
        assert "<img src=x" not in text


def test_a_related_thing_without_a_name_asks_for_it_by_itself(shop: Shop) -> None:
    variant = shop.read("/api/catalog-variants")["data"][0]
    product = shop.read(f"/api/catalog-items/{variant['relationships']['item']['data']['id']}")["data"]
    asked = re.search(
        r'<dt>Product</dt><dd><a href="[^"]+"><span hx-get="([^"]+)"',
        open_page(shop, "catalog-variants", variant["id"]),
    )
    assert asked
    answer = shop.browser("viewer").get(asked[1])
    assert answer.content.decode().strip() == product["attributes"]["title"]
    assert shop.browser().get(shop.url("catalog-items/name/none/")).status_code == 404
    assert shop.browser().get(shop.url(f"profiles/name/{shop.profiles()[0]['id']}/")).status_code == 404


def test_a_page_that_shows_people_in_its_own_light_leads_to_the_profile(shop: Shop) -> None:
    (profile, *_) = shop.profiles()
    url = shop.url(f"profiles/{profile['id']}/")
    for key in ("conversations", "data-privacy"):
        assert f'<dt>Profile</dt><dd><a href="{url}">' in open_page(shop, key, profile["id"])


def test_what_a_tab_shows_is_not_told_a_second_time(shop: Shop) -> None:
    code = shop.read('/api/coupon-codes?filter=any(coupon.id,["WELCOME10"])')["data"][0]
    text = open_page(shop, "coupon-codes", code["id"])
    assert text.count(shop.url("coupons/WELCOME10/")) == 1


@pytest.mark.parametrize(
    ("key", "operation", "kept", "gone"),
    [
        ("segments", "/api/segments", "State", ("Is active", "Is processing")),
        ("webhooks", "/api/webhooks", "State", ("Enabled",)),
        ("events", "/api/events", "When", ("Timestamp", "UUID")),
        ("metrics", "/api/metrics", "Comes from", ("Integration", "Category")),
    ],
)
def test_a_fact_that_a_column_tells_is_not_told_again_in_klaviyos_words(
    shop: Shop, key: str, operation: str, kept: str, gone: tuple[str, ...]
) -> None:
    text = open_page(shop, key, shop.read(operation)["data"][0]["id"])
    assert f"<dt>{kept}</dt>" in text
    assert not [label for label in gone if f"<dt>{label}</dt>" in text or f"<h2>{label}</h2>" in text]


def test_a_custom_metric_says_which_events_it_counts(shop: Shop) -> None:
    custom = shop.read("/api/custom-metrics")["data"][0]
    text = open_page(shop, "custom-metrics", custom["id"])
    assert "Placed Order where the value is a number greater than 150" in text
    assert "Metric groups" not in text, "the same is not told again as JSON"


def test_a_device_is_told_in_words(shop: Shop) -> None:
    device = next(d for d in shop.read("/api/push-tokens")["data"] if d["attributes"]["vendor"] == "fcm")
    text = open_page(shop, "push-tokens", device["id"])
    assert re.search(r"<dt>Delivered by</dt><dd>.*?Google \(FCM\)", text)
    for raw in ("Enablement status", "AUTHORIZED", "AVAILABLE", ">fcm<"):
        assert raw not in text
