"""Pages of set-up: no secret on any of them, what forms and links say in words, who goes before anybody is erased."""

from html import unescape

from klaviyo_admin import api
from klaviyo_admin.areas.data_privacy.resources import DATA_PRIVACY
from klaviyo_admin.areas.signup_forms.resources import FORMS
from klaviyo_admin.changes.models import Change
from klaviyo_admin.klaviyo.values import Item
from tests.pages.conftest import Shop

SECRET = "nobody shall ever read this"


def first(shop: Shop, operation: str) -> Item:
    return api.reader(shop.account).page(operation).items[0]


def test_no_page_shows_the_secret_of_a_webhook(shop: Shop) -> None:
    marketer, admin = shop.browser(), shop.browser("admin")
    topic = first(shop, "get_webhook_topics").id
    said = {"name": "New", "endpoint_url": "https://example.com/hook", "secret_key": SECRET, "topics": topic}
    address = shop.url("webhooks/act/create/")
    again = marketer.post(address, {**said, "topics-words": ""})  # without a reason: the form comes back
    assert again.status_code == 422
    assert SECRET not in again.content.decode()
    answer = marketer.post(address, {**said, "why-reason": "For the warehouse"})
    assert answer.status_code == 302
    change = Change.objects.get()
    for browser in (marketer, admin, shop.browser("auditor")):
        page = unescape(browser.get(answer["Location"]).content.decode())
        assert '"secret_key": "•••"' in page
        assert SECRET not in page
    evidence = shop.browser("auditor").get(shop.url(f"changes/{change.pk}/evidence/"))
    assert evidence.status_code == 200
    assert SECRET not in unescape(evidence.content.decode())
    form = admin.get(f"{address}?again={change.pk}").content.decode()
    assert SECRET not in form


def test_a_webhook_says_how_its_receiver_is_tried(shop: Shop) -> None:
    hook = first(shop, "get_webhooks")
    page = unescape(shop.browser("viewer").get(shop.url(f"webhooks/{hook.id}/")).content.decode())
    assert "Klaviyo's API sends no test delivery" in page
    assert f"Klaviyo-Webhook-Id: {hook.id}" in page
    assert shop.url("onsite/addresses/") in page


def test_a_form_and_the_links_of_messages_read_in_words(shop: Shop) -> None:
    form = FORMS.item(api.reader(shop.account), first(shop, "get_forms").id)
    page = unescape(shop.browser("viewer").get(shop.url(f"forms/{form.id}/")).content.decode())
    assert "Asks for the e-mail address" in page
    assert "10 % off your first order" in page
    links = unescape(shop.browser("viewer").get(shop.url("tracking-settings/SBXJP1/")).content.decode())
    assert "utm_campaign=<flow name>" in links
    assert "Campaign name and day of sending" in links


def test_who_goes_is_shown_before_anything_is_typed(shop: Shop) -> None:
    people = api.reader(shop.account).page("get_profiles").items[:2]
    ids = "&".join(f"id={person.id}" for person in people)
    page = unescape(shop.browser().get(shop.url(f"data-privacy/act/erase/?{ids}")).content.decode())
    assert "2 people would be erased" in page
    assert "Type: delete 2 people" in page
    assert all(str(person.get("email") or "") in page for person in people)
    alone = shop.browser().get(shop.url(f"data-privacy/{people[0].id}/")).content.decode()
    assert "Nothing brings it back" in alone
    assert (
        "Delete for good" not in shop.browser("viewer").get(shop.url(f"data-privacy/{people[0].id}/")).content.decode()
    )
    assert DATA_PRIVACY.name(people[0]) in unescape(alone)
