"""The pages of people: consent in words, the timeline, two side by side, and lists filled from pasted rows."""

import re
from html import unescape

import orjson
import pytest

from klaviyo_admin.areas.profiles.jobs import IMPORT_JOBS
from klaviyo_admin.areas.profiles.standing import standings
from klaviyo_admin.audit.models import Entry
from klaviyo_admin.changes.models import Change
from klaviyo_admin.klaviyo.values import Item
from tests.pages.conftest import Shop

REASON = {"why-reason": "Because a test asks for it"}


def text(shop: Shop, rest: str, role: str = "viewer", **data: str) -> str:
    answer = shop.browser(role).get(shop.url(rest), data)
    assert answer.status_code == 200, answer.content.decode()
    return unescape(answer.content.decode())


def of(**marketing: object) -> Item:
    return Item("profile", "P1", {"subscriptions": {"email": {"marketing": marketing}}})


@pytest.mark.parametrize(
    ("said", "word", "more"),
    [
        ({"consent": "SUBSCRIBED", "can_receive_email_marketing": True}, "Subscribed", ()),
        (
            {
                "consent": "SUBSCRIBED",
                "can_receive_email_marketing": False,
                "suppression": [{"reason": "HARD_BOUNCE", "timestamp": "2026-05-01T00:00:00Z"}],
            },
            "Subscribed, but kept back",
            ("Nothing is sent: the address bounced for good on 2026-05-01",),
        ),
        (
            {"consent": "UNSUBSCRIBED", "method": "PREFERENCE_PAGE", "can_receive_email_marketing": False},
            "Unsubscribed",
            ("On the preference page",),
        ),
        ({"consent": "NEVER_SUBSCRIBED", "can_receive_email_marketing": False}, "Never subscribed", ()),
        ({"consent": "NEVER_SUBSCRIBED", "can_receive_email_marketing": True}, "Never asked, may be written to", ()),
        (
            {"consent": "SUBSCRIBED", "method": "FORM", "double_optin": True},
            "Subscribed",
            ("By a form, confirmed by double opt-in",),
        ),
    ],
)
def test_consent_reads_in_words(said: dict[str, object], word: str, more: tuple[str, ...]) -> None:
    (found,) = standings(of(**said))
    assert (found.channel, found.word, found.more) == ("E-mail marketing", word, more)


def test_a_profiles_page_shows_consent_and_a_timeline_by_days(shop: Shop) -> None:
    (profile, *_) = shop.profiles()
    page = text(shop, f"profiles/{profile['id']}/")
    assert "E-mail marketing" in page
    assert 'class="timeline"' in page
    assert re.search(r"<h3>\w+day, \d", page)


def test_turning_the_timeline_over_brings_a_timeline(shop: Shop) -> None:
    (profile, *_) = shop.profiles()
    answer = shop.browser().get(
        shop.url(f"profiles/{profile['id']}/"), {"tab": "events"}, headers={"HX-Request": "true"}
    )
    assert answer.content.decode().lstrip().startswith('<section id="panel-events"')


def test_two_profiles_stand_side_by_side_before_a_merge(shop: Shop) -> None:
    one, two, *_ = shop.profiles()
    page = text(shop, f"profiles-beside/{one['id']}/", "marketer", other=two["attributes"]["email"])
    assert one["attributes"]["email"] in page
    assert two["attributes"]["email"] in page
    assert "(differs)" in page
    assert f"?id={one['id']}&other={two['id']}" in page
    assert "act/merge" not in text(shop, f"profiles-beside/{one['id']}/", other=two["id"])
    assert "Whom to put beside " in text(shop, f"profiles-beside/{one['id']}/")
    form = text(shop, "profiles/act/merge/", "marketer", id=one["id"], other=two["id"])
    assert re.search(rf'value="{two["id"]}"[^>]*checked', form)


@pytest.mark.parametrize(("other", "said"), [("nobody@example.com", "No profile has"), ("", "required")])
def test_whom_klaviyo_does_not_know_stands_beside_nobody(shop: Shop, other: str, said: str) -> None:
    (one, *_) = shop.profiles()
    answer = shop.browser().get(shop.url(f"profiles-beside/{one['id']}/"), {"other": other})
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_nobody_is_merged_with_themselves(shop: Shop) -> None:
    (one, *_) = shop.profiles()
    address = shop.url(f"profiles/act/merge/?id={one['id']}")
    answer = shop.browser().post(address, {"other": one["id"], **REASON})
    assert answer.status_code == 422
    assert "This is the same profile" in answer.content.decode()


def test_who_approves_a_merge_sees_both_and_the_audit_keeps_neither(shop: Shop) -> None:
    one, two, *_ = shop.profiles()
    answer = shop.browser().post(shop.url(f"profiles/act/merge/?id={one['id']}"), {"other": two["id"], **REASON})
    change = Change.objects.get()
    assert answer.status_code == 302
    told = text(shop, f"changes/{change.pk}/", "admin")
    table = told.partition('aria-label="Both profiles of request 1"')[2].partition("</table>")[0]
    row = table.partition(">E-mail<")[2].partition("</tr>")[0]
    assert f">{one['attributes']['email']}<" in row
    assert f"<del>{two['attributes']['email']}</del>" in row
    for profile in (one, two):
        assert str(profile["attributes"]["first_name"]) in table
    kept = str(list(Entry.objects.values_list("sentence", "detail", "object_name")))
    for profile in (one, two):
        assert profile["attributes"]["email"] not in kept
        assert str(profile["attributes"]["last_name"]) not in kept


def test_people_join_a_list_by_whatever_names_them(shop: Shop) -> None:
    one, two, three = shop.profiles()
    (circle, *_) = shop.lists()
    lines = f"{one['id']}\n{two['attributes']['email'].upper()}\n{one['attributes']['email']}\n"
    rows = f"id,email\n{one['id']},\n,{two['attributes']['email'].upper()}\n,{one['attributes']['email']}\n"
    for given in (lines, rows):
        answer = shop.browser().post(shop.url(f"lists/act/add-people/?id={circle['id']}"), {"people": given, **REASON})
        assert answer.status_code == 302, answer.content.decode()
        step = Change.objects.latest("pk").steps.get()
        assert {each["id"] for each in orjson.loads(step.body)["data"]} == {one["id"], two["id"]}
    assert three["id"] not in {each["id"] for each in orjson.loads(step.body)["data"]}


def test_lines_that_name_nobody_are_said_and_left_out_only_when_told(shop: Shop) -> None:
    (one, *_) = shop.profiles()
    (circle, *_) = shop.lists()
    browser, address = shop.browser(), shop.url(f"lists/act/add-people/?id={circle['id']}")
    data = {"people": f"{one['attributes']['email']}\nnobody@example.com\n", **REASON}
    answer = browser.post(address, data)
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "Line 2, E-mail “nobody@example.com”: No profile has this." in page
    mark = re.search(r'leave-out" value="(\w+)"', page)
    assert mark
    assert browser.post(address, data | {"people-leave-out": mark[1]}).status_code == 302
    change = Change.objects.get()
    assert change.aloud.startswith("Add 1 profile to")
    assert "@" not in change.sentence


def test_a_lookup_that_fails_is_said_at_the_field(shop: Shop) -> None:
    (circle, *_) = shop.lists()
    shop.klaviyo.fault("get_profiles", "throttle", times=9)
    answer = shop.browser().post(
        shop.url(f"lists/act/add-people/?id={circle['id']}"), {"people": "a@example.com", **REASON}
    )
    assert answer.status_code == 422
    assert "Klaviyo asks to wait" in answer.content.decode()


def test_a_segment_says_who_is_in_it_with_names(shop: Shop) -> None:
    segments = shop.read("/api/segments")["data"]
    found = next(s for s in segments if "Newsletter" in s["attributes"]["name"])
    at_once = text(shop, f"segments/{found['id']}/")
    assert 'hx-trigger="load"' in at_once
    assert "Can receive email marketing." in at_once
    page = text(shop, f"segments/{found['id']}/", tab="definition")
    assert "Is in “Newsletter”." in page
    assert "“Placed Order”" in page


def test_a_segment_form_offers_names_and_more_room(shop: Shop) -> None:
    (segment, *_) = shop.read("/api/segments")["data"]
    address = shop.url(f"segments/act/edit/?id={segment['id']}")
    browser = shop.browser()
    page = unescape(browser.get(address).content.decode())
    assert ">Placed Order</option>" in page
    assert 'label="Lists"' in page
    answer = browser.post(address, {"definition-kind": [""], "definition-more": "1", "name": "x", **REASON})
    assert answer.status_code == 422
    assert "room for more conditions" in answer.content.decode()
    assert not Change.objects.exists()


def test_only_who_may_propose_is_led_to_imports(shop: Shop) -> None:
    assert "Import a file" in text(shop, "profiles/", "marketer")
    assert "Import a file" not in text(shop, "profiles/", "viewer")


def test_a_profile_that_is_not_there_stands_beside_nobody(shop: Shop) -> None:
    answer = shop.browser().get(shop.url("profiles-beside/NOPE/"))
    assert answer.status_code == 404
    assert "This is not in Klaviyo" in answer.content.decode()


def test_a_refused_row_of_an_import_says_which_value_was_not_taken_and_why(shop: Shop) -> None:
    job = next(
        each for each in shop.read("/api/profile-bulk-import-jobs")["data"] if each["attributes"]["failed_count"]
    )
    seen = text(shop, f"import-jobs/{job['id']}/")
    table = seen[seen.index("Rows that were refused") : seen.index('id="panel-profiles"')]
    cells = [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td.*?</td>", table, re.DOTALL)]
    assert cells == ["6", "–empty", "E-mail", "robin(at)example.com", "Invalid email address."]


@pytest.mark.parametrize(
    ("way", "cells"),
    [
        ("/2/attributes/phone_number", ("3", "ada@example.com", "Phone number", "212-555", "Bad.")),
        ("/2/attributes/location/zip", ("3", "ada@example.com", "location › Postal code", "X", "Bad.")),
        ("/2/id", ("3", "ada@example.com", "id", "P1", "Bad.")),
        ("/2/attributes", ("3", "ada@example.com", "", None, "Bad.")),
        (None, ("The whole job", "ada@example.com", "", None, "Bad.")),
    ],
)
@pytest.mark.parametrize("flat", [False, True])
def test_what_is_wrong_with_a_row_is_found_by_its_pointer(
    way: str | None, cells: tuple[object, ...], flat: bool
) -> None:
    given: dict[str, object] = {"email": "ada@example.com", "phone_number": "212-555", "location": {"zip": "X"}}
    payload = {"id": "P1", **given} if flat else {"type": "profile", "id": "P1", "attributes": given}
    source = {"pointer": way and f"/data/attributes/profiles/data{way}"}
    error = Item("import-error", "", {"detail": "Bad.", "source": source, "original_payload": payload})
    columns = next(tab.columns for tab in IMPORT_JOBS.tabs if tab.key == "errors")
    assert tuple(column.show(error) for column in columns) == cells
