"""The page of a campaign: where it stands, what is missing, its message; and what its forms show of each channel."""

import pytest

from klaviyo_admin.changes.models import Change
from tests.pages.conftest import Shop


def named(shop: Shop, name: str, channel: str = "email") -> str:
    asked = f"equals(messages.channel,'{channel}'),contains(name,'{name}')"
    found = shop.read(f"/api/campaigns?filter={asked}")["data"]
    return str(found[0]["id"])


def page(shop: Shop, ident: str, role: str = "marketer") -> str:
    return shop.browser(role).get(shop.url(f"campaigns/{ident}/")).content.decode()


def message(shop: Shop, ident: str) -> str:
    return str(shop.read(f"/api/campaigns/{ident}/campaign-messages")["data"][0]["id"])


def test_a_draft_shows_what_it_lacks_and_where_to_add_it(shop: Shop) -> None:
    found = page(shop, named(shop, "Gift guide"))
    assert "Something is missing: see the checklist." in found
    assert "None yet" in found
    assert f"campaign-messages/act/template/?id={message(shop, named(shop, 'Gift guide'))}" in found
    assert "campaigns/act/revert/" not in found


def test_a_draft_that_has_everything_says_so_and_shows_its_letter(shop: Shop) -> None:
    found = page(shop, named(shop, "Opening hours"))
    assert "It has all it needs. Once it is sent, it goes out at once." in found
    assert "<iframe" in found
    assert "Opening hours between the years at Juniper &amp; Pine" in found


@pytest.mark.parametrize(
    ("name", "stage", "offered", "not_offered"),
    [
        ("Next month", "It goes out at", ("revert", "cancel"), ("send", "audience")),
        ("Postcard", "It will never be sent.", ("copy",), ("send", "revert", "edit")),
        ("2026-1", "What was delivered cannot be called back.", ("copy",), ("send", "cancel", "delete")),
    ],
)
def test_a_campaign_offers_what_its_state_allows(
    shop: Shop, name: str, stage: str, offered: tuple[str, ...], not_offered: tuple[str, ...]
) -> None:
    found = page(shop, named(shop, name))
    assert stage in found
    assert all(f"campaigns/act/{key}/" in found for key in offered)
    assert not any(f"campaigns/act/{key}/" in found for key in not_offered)


def test_a_viewer_reads_the_checklist_and_changes_nothing(shop: Shop) -> None:
    found = page(shop, named(shop, "Gift guide"), "viewer")
    assert "Before it is sent" in found
    assert "/act/" not in found


def test_the_audience_is_read_by_name_after_the_page(shop: Shop) -> None:
    ident = named(shop, "Gift guide")
    assert 'hx-trigger="load"' in page(shop, ident)
    address = shop.url(f"campaigns/{ident}/")
    part = shop.browser().get(address, {"tab": "audience"}, headers={"HX-Request": "true"}).content.decode()
    assert "Newsletter" in part
    assert "Gets it" in part
    assert shop.url("lists/") in part


@pytest.mark.parametrize(
    ("channel", "name", "shown", "hidden"),
    [
        ("email", "Gift guide", ("subject", "from_email"), ("body", "kv_pairs", "shorten_links")),
        ("sms", "Restock", ("body", "shorten_links"), ("subject", "kv_pairs")),
        ("mobile_push", "Restock", ("title", "body", "badge", "kv_pairs"), ("subject", "shorten_links")),
    ],
)
def test_the_form_of_a_message_asks_what_its_channel_has(
    shop: Shop, channel: str, name: str, shown: tuple[str, ...], hidden: tuple[str, ...]
) -> None:
    ident = message(shop, named(shop, name, channel))
    found = shop.browser().get(shop.url(f"campaign-messages/act/edit/?id={ident}")).content.decode()
    assert all(f'name="{field}"' in found for field in shown)
    assert not any(f'name="{field}"' in found for field in hidden)


def test_the_form_of_an_audience_shows_each_group_in_the_field_of_its_kind(shop: Shop) -> None:
    ident = named(shop, "Gift guide")
    found = shop.browser().get(shop.url(f"campaigns/act/audience/?id={ident}")).content.decode()
    newsletter = shop.read(f"/api/campaigns/{ident}")["data"]["attributes"]["audiences"]["included"][0]
    ticked = f'value="{newsletter}" checked'
    assert f'name="included_lists" {ticked}' in found
    assert f'name="included_segments" {ticked}' not in found


def test_a_time_that_is_over_keeps_a_campaign_from_being_proposed(shop: Shop) -> None:
    address = shop.url(f"campaigns/act/schedule/?id={named(shop, 'Gift guide')}")
    given = {"method": "static", "at": "2020-01-01T10:00", "why-reason": "Soon"}
    answer = shop.browser().post(address, given)
    assert answer.status_code == 422
    assert "This time has passed." in answer.content.decode()
    assert not Change.objects.exists()
