"""The start pages: what waits, runs, failed and happened, each for those it concerns."""

import pytest
from django.test import Client
from django.utils import timezone

from klaviyo_admin import api
from klaviyo_admin.accounts.models import Membership
from klaviyo_admin.areas.lists import service as lists
from klaviyo_admin.areas.lists.resources import LISTS
from klaviyo_admin.changes import review
from klaviyo_admin.changes.models import Change
from tests.accounts import given
from tests.pages.conftest import Shop


def proposed(shop: Shop, name: str = "Renamed") -> Change:
    shop.browser("marketer")
    item = LISTS.item(api.reader(shop.account), shop.lists()[0]["id"])
    return review.propose(shop.people["marketer"], shop.account, lists.edit((item,), {"name": name}), "Clearer")


def test_the_only_account_opens_at_once(shop: Shop) -> None:
    assert shop.browser().get("/")["Location"] == shop.url()


def test_several_accounts_are_a_choice_with_what_waits_in_each(shop: Shop) -> None:
    admin = shop.browser("admin")
    other = given.account("Harbour Coffee", "SBXHC2", "pk_sandbox_harbour")
    Membership.objects.create(person=shop.people["admin"], account=other, role="viewer")
    proposed(shop)
    page = admin.get("/")
    assert [(a.name, n, role) for a, n, role in page.context["choices"]] == [
        ("Harbour Coffee", 0, "Viewer"),
        ("Juniper & Pine", 1, "Admin"),
    ]


def test_somebody_without_a_role_is_told_whom_to_ask(db: None) -> None:
    browser = Client()
    browser.force_login(given.person())
    assert "An admin of an account can give you one." in browser.get("/").content.decode()


def test_an_admin_sees_what_waits_and_a_marketer_what_they_proposed(shop: Shop) -> None:
    change = proposed(shop)
    admin, marketer = shop.browser("admin").get(shop.url()), shop.browser("marketer").get(shop.url())
    assert list(admin.context["to_decide"]) == [change]
    assert '<span class="count">1<' in admin.content.decode()
    assert list(marketer.context["proposed_by_me"]) == [change]
    assert not marketer.context["to_decide_count"]
    assert "Waits for you" not in marketer.content.decode()


@pytest.mark.parametrize(("status", "part"), [("running", "running"), ("failed", "troubled"), ("unclear", "troubled")])
def test_changes_under_way_and_in_trouble_are_told(shop: Shop, status: str, part: str) -> None:
    change = proposed(shop)
    Change.objects.filter(pk=change.pk).update(status=status, ended_at=timezone.now())
    assert list(shop.browser("viewer").get(shop.url()).context[part]) == [change]


def test_only_readers_of_the_audit_see_what_happened_today(shop: Shop) -> None:
    proposed(shop)
    assert [entry.action for entry in shop.browser("auditor").get(shop.url()).context["today"]] == ["change.proposed"]
    assert shop.browser("viewer").get(shop.url()).context["today"] is None
