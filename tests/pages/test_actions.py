"""The page of an action: from a form to a proposed change, and back to the form with what is wrong."""

from typing import Any

from klaviyo_admin.audit.models import Entry
from klaviyo_admin.changes.models import Change
from tests.fakes import Json
from tests.pages.conftest import Shop


def answers(shop: Shop, url: str, **typed: str) -> dict[str, Any]:
    """What a browser would send: every input of the form as it came, with these typed over."""
    form = shop.browser().get(url).context["form"]
    sent: dict[str, Any] = {}
    for name, field in form.fields.items():
        if name == "properties":
            continue
        value = form[name].value()
        sent[name] = "" if value is None else value
        if field.show_hidden_initial:
            sent[f"initial-{name}"] = sent[name]
    return sent | {"why-reason": "Customer asked"} | typed


def edit_url(shop: Shop, profile: Json) -> str:
    return shop.url(f"profiles/act/edit/?id={profile['id']}")


def test_a_good_answer_becomes_a_proposed_change(shop: Shop) -> None:
    (profile, *_) = shop.profiles()
    url = edit_url(shop, profile)
    answer = shop.browser().post(url, answers(shop, url, first_name="Ada"))
    change = Change.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == shop.url(f"changes/{change.pk}/")
    assert (change.status, change.reason, change.author) == ("proposed", "Customer asked", shop.people["marketer"])
    (step,) = change.steps.all()
    assert (step.operation, bytes(step.body)) == (
        "update_profile",
        b'{"data":{"type":"profile","id":"%s","attributes":{"first_name":"Ada"}}}' % profile["id"].encode(),
    )
    assert {r["method"] for r in shop.klaviyo.requests()} == {"GET"}, "nothing leaves before somebody approves it"
    assert Entry.objects.filter(action="change.proposed", change_id=change.pk).exists()


def test_a_reason_is_required_and_what_was_typed_is_kept(shop: Shop) -> None:
    (profile, *_) = shop.profiles()
    url = edit_url(shop, profile)
    page = shop.browser().post(url, answers(shop, url, first_name="Ada", **{"why-reason": "  "}))
    text = page.content.decode()
    assert page.status_code == 422
    assert "Say why" in text
    assert 'value="Ada"' in text
    assert not Change.objects.exists()


def test_a_wrong_field_is_named_beside_it_and_for_screen_readers(shop: Shop) -> None:
    (profile, *_) = shop.profiles()
    url = edit_url(shop, profile)
    page = shop.browser().post(url, answers(shop, url, phone_number="12345"))
    text = page.content.decode()
    assert "is not an international phone number" in text
    assert 'aria-describedby="id_phone_number_helptext id_phone_number_error"' in text
    assert 'id="id_phone_number_error"' in text
    assert 'aria-invalid="true"' in text


def test_a_form_in_which_nothing_changed_is_not_proposed(shop: Shop) -> None:
    (profile, *_) = shop.profiles()
    url = edit_url(shop, profile)
    page = shop.browser().post(url, answers(shop, url))
    assert "Nothing was changed" in page.content.decode()
    assert not Change.objects.exists()


def test_only_what_a_person_changed_is_sent_even_if_klaviyo_moved_meanwhile(shop: Shop) -> None:
    (profile, *_) = shop.profiles()
    url = edit_url(shop, profile)
    sent = answers(shop, url, last_name="Lovelace")
    sent["city"] = sent["initial-city"] = "Somewhere that Klaviyo no longer says"
    shop.browser().post(url, sent)
    (step,) = Change.objects.get().steps.all()
    assert [f["label"] for f in step.fields] == ["Last name"]


def test_many_things_become_one_change_with_a_request_for_each(shop: Shop) -> None:
    ids = [profile["id"] for profile in shop.profiles(3)]
    url = shop.url("profiles/act/set-property/?" + "&".join(f"id={id}" for id in ids))
    page = shop.browser().get(url)
    assert "3 profiles" in page.content.decode()
    typed = {"name": "tier", "value": "gold", "kind": "text", "why-reason": "Loyalty programme"}
    shop.browser().post(url, typed)
    assert [step.target_id for step in Change.objects.get().steps.all()] == ids


def test_an_empty_selection_goes_back_with_a_sentence(shop: Shop) -> None:
    browser = shop.browser()
    answer = browser.get(shop.url("profiles/act/set-property/"), follow=True)
    assert "Tick at least one of the profiles first." in answer.content.decode()
    many = "&".join(f"id={n}" for n in range(101))
    answer = browser.get(shop.url(f"profiles/act/set-property/?{many}"), follow=True)
    assert "At most 100 profiles" in answer.content.decode()


def test_something_new_needs_no_items(shop: Shop) -> None:
    url = shop.url("lists/act/create/")
    shop.browser().post(url, {"name": "Winter 2026", "opt_in_process": "", "why-reason": "Campaign"})
    assert Change.objects.get().aloud == "Create the list “Winter 2026”."


def test_if_klaviyo_does_not_answer_the_typed_text_is_kept(shop: Shop) -> None:
    (profile, *_) = shop.profiles()
    url = edit_url(shop, profile)
    sent = answers(shop, url, first_name="Grace")
    shop.klaviyo.fault("get_profile", "drop_before", times=20)
    page = shop.browser().post(url, sent)
    assert page.status_code == 503
    assert "Klaviyo cannot be reached" in page.content.decode()
    assert 'value="Grace"' in page.content.decode()
    assert "Customer asked" in page.content.decode()
    assert not Change.objects.exists()


def test_proposing_is_for_marketers_and_admins_alone(shop: Shop) -> None:
    (profile, *_) = shop.profiles()
    for role in ("viewer", "auditor"):
        refused = shop.browser(role).get(edit_url(shop, profile))
        assert refused.status_code == 403
        assert "may not propose changes in Juniper &amp; Pine" in refused.content.decode()
    assert shop.browser("admin").get(edit_url(shop, profile)).status_code == 200


def test_an_unknown_action_is_not_found(shop: Shop) -> None:
    assert shop.browser().get(shop.url("profiles/act/explode/?id=1")).status_code == 404
    assert shop.browser().get(shop.url("unicorns/act/edit/?id=1")).status_code == 404
