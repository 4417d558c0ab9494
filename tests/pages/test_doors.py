"""Every address of the dashboard, tried by those whom it is not for, and with texts that nobody types."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.test import Client

from klaviyo_admin.accounts.models import Membership
from klaviyo_admin.changes.models import Change
from tests.accounts import given
from tests.pages.conftest import Shop
from tests.pages.test_everywhere import addresses
from tests.pages.test_secrets import proposed

# What whoever may look may do: say something, keep views and columns of their own, ask whether the key works.
OF_EVERYBODY = {"change-comment", "change-hand-on", "view-keep", "view-drop", "resource-columns", "account-check"}
FOR_MARKETERS = {"change-withdraw", "export-begin"}  # the first refuses whoever is not the author
SAID = {"verdict": "done", "reason": "Mine", "comment": "Mine", "finding": "Fine", "role": "admin", "emergency": "yes"}


def inside(shop: Shop, change: Change) -> Iterator[tuple[str, str]]:
    """Every address of one account, with a change that exists."""
    for name, path in addresses():
        if path.startswith("/a/1/"):
            yield name, path.replace("/a/1/", shop.url()).replace("/changes/1/", f"/changes/{change.pk}/")


def test_nobody_reads_or_writes_in_an_account_in_which_they_have_no_role(shop: Shop) -> None:
    change = proposed(shop)
    other = given.person("Ophelia Other", owner=True)
    Membership.objects.create(person=other, account=given.account("Other", "OTHER1"), role="admin")
    browser, tried = Client(), 0
    browser.force_login(other)
    for name, path in inside(shop, change):
        for verb in (browser.get, browser.post):
            answer, tried = verb(path, SAID | {"digest": change.digest}), tried + 1
            assert answer.status_code in (404, 405), name
            assert shop.account.name not in answer.content.decode(), name
    assert tried > 150
    assert Change.objects.get().status == "proposed"


def test_a_door_that_only_writes_is_shut_to_those_whose_role_is_another(shop: Shop) -> None:
    change, stranger = proposed(shop), Client()
    stranger.force_login(given.person("Nosy Norbert"))
    doors = [(name, path) for name, path in inside(shop, change) if stranger.get(path).status_code == 405]
    assert len(doors) > 30
    for role, also in (("viewer", set[str]()), ("auditor", set()), ("marketer", FOR_MARKETERS)):
        browser = Client()
        browser.force_login(given.member(shop.account, role, f"Other{role} Olsen"))
        tried = {name: browser.post(path, SAID | {"digest": change.digest}).status_code for name, path in doors}
        assert {name for name, status in tried.items() if status not in (403, 404)} <= OF_EVERYBODY | also, role
    assert Change.objects.get().status == "proposed"
    assert sorted(Membership.objects.values_list("role", flat=True)) == ["auditor", "marketer", "marketer", "viewer"]


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 30, "²"])
def test_no_number_is_too_long_for_a_page(shop: Shop, number: str) -> None:
    change, admin = proposed(shop), shop.browser("admin")
    here = f"changes/{change.pk}/"
    for place, name in (("changes/together/", "id"), ("changes/", "before"), ("audit/", "before"), (here, "about")):
        assert admin.get(shop.url(place), {name: number}).status_code == 200, place
    for place, name in (("changes/together/approve/", "sign"), (f"{here}comment/", "about"), (f"{here}hand-on/", "to")):
        assert admin.post(shop.url(place), {name: number}).status_code == 302, place
    assert admin.post(shop.url("policies/"), {"do": f"edit {number}"}).status_code == 200


def test_a_draft_of_rules_that_goes_too_deep_is_left_aside(shop: Shop) -> None:
    assert shop.browser("admin").post(shop.url("policies/"), {"draft": "[" * 50_000}).status_code == 200


def test_a_null_character_is_refused_before_a_page_sees_it(shop: Shop) -> None:
    change, browser = proposed(shop), shop.browser("admin")
    refused = browser.post(shop.url(f"changes/{change.pk}/comment/"), {"text": "a\x00b"})
    assert (refused.status_code, "makes no sense here" in refused.content.decode()) == (400, True)
    assert browser.get(shop.url("changes/"), {"a\x00b": "1"}).status_code == 400
    assert browser.get(shop.url("lists/a%00b/")).status_code == 400


@pytest.mark.parametrize("back", ["nowhere", "a b", "²", "-1", "//evil.example.com", "javascript:alert(1)"])
def test_the_way_back_is_a_place_of_ours_whatever_it_says(shop: Shop, back: str) -> None:
    for place in ("/theme/", shop.url("check/")):
        answer = shop.browser().post(place, {"theme": "dark", "next": back})
        assert answer.status_code == 302
        assert urlsplit(answer["Location"]).netloc == ""
