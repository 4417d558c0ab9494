"""Pages of an installation whose sealing key is missing, as after a restore without its secrets: a sentence, no fault."""

from html import unescape
from typing import Any

import pytest
from cryptography.fernet import Fernet

from klaviyo_admin.changes.models import Change
from tests.pages.conftest import Shop
from tests.pages.test_secrets import proposed


@pytest.fixture
def change(shop: Shop, settings: Any) -> Change:
    """A change proposed while the key was there, and now it is not."""
    found = proposed(shop)
    settings.SEALING_KEYS = [Fernet.generate_key().decode()]
    return found


@pytest.mark.parametrize("place", ["", "steps/1/body/"])
def test_what_cannot_be_opened_is_said_and_is_no_alteration(shop: Shop, change: Change, place: str) -> None:
    answer = shop.browser("admin").get(shop.url(f"changes/{change.pk}/{place}"))
    said = unescape(answer.content.decode())
    assert (answer.status_code, "altered" in said) == (503, False)
    assert "What is kept here cannot be opened" in said
    assert f'href="{shop.url(f"changes/{change.pk}/{place}")}"' in said


def test_nothing_is_decided_without_the_key(shop: Shop, change: Change) -> None:
    answer = shop.browser("admin").post(shop.url(f"changes/{change.pk}/approve/"), {"digest": change.digest})
    assert (answer.status_code, Change.objects.get().status) == (503, "proposed")
    assert "A sealing key of this installation is missing" in answer.content.decode()
    assert "Try again" not in answer.content.decode(), "its address takes no GET"


@pytest.mark.parametrize("place", ["", "lists/", "profiles/", "lists/act/create/", "changes/", "audit/", "settings/"])
def test_pages_that_need_klaviyo_name_the_key_and_the_others_stand(shop: Shop, change: Change, place: str) -> None:
    answer = shop.browser("admin").get(shop.url(place))
    assert answer.status_code in (200, 502)
    assert "sealed under one of the SEALING_KEYS" in answer.content.decode() or answer.status_code == 200
