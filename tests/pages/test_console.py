"""The console's pages: found by words, filled without JavaScript, refused in plain words, and never sending a write."""

import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from klaviyo_admin.audit.models import Entry
from klaviyo_admin.changes import timing
from klaviyo_admin.changes.models import Change
from tests.pages.conftest import Shop
from tests.pages.console_forms import Fields


def test_operations_are_found_by_words_area_and_risk(shop: Shop) -> None:
    browser, url = shop.browser("viewer"), shop.url("console/")
    assert browser.get(url).context["total"] == 345
    found = browser.get(url, {"q": "update PROFILE", "area": "profiles"}).context["groups"]
    assert [one.id for _, rows in found for one, _ in rows] == ["create_or_update_profile", "update_profile"]
    for _, rows in browser.get(url, {"does": "privacy"}).context["groups"]:
        assert all(one.risk == "privacy" for one, _ in rows)
    part = browser.get(url, {"q": "no such thing"}, headers={"HX-Request": "true"}).content.decode()
    assert "No operation fits" in part
    assert "<html" not in part


def test_a_page_says_what_the_operation_costs_needs_and_risks(shop: Shop) -> None:
    text = shop.browser().get(shop.url("console/send_campaign/")).content.decode()
    for words in (
        "It can make Klaviyo send messages",
        "Cannot be undone",
        "a second",
        "campaigns:write",
        "Nothing leaves",
    ):
        assert words in text
    assert shop.browser().get(shop.url("console/no_such_thing/")).status_code == 404


def test_an_alias_opens_the_operation(shop: Shop) -> None:
    assert shop.browser().get(shop.url("console/create_image_upload/")).context["found"].id == "upload_image_from_file"


def test_lines_and_parts_are_added_and_taken_by_buttons_alone(shop: Shop) -> None:
    browser, url = shop.browser(), shop.url("console/add_profiles_to_list/")
    fields = Fields(browser.get(url).content.decode()).found
    assert "b/data/0/id" in fields
    fields |= {"b/data/0/id": ["01A"], "do": ["add:b/data@1"]}
    fields = Fields(browser.post(url, fields).content.decode()).found
    assert fields["b/data/0/id"] == ["01A"]
    fields |= {"b/data/1/id": ["01B"], "do": ["remove:b/data/0"]}
    fields = Fields(browser.post(url, fields).content.decode()).found
    assert fields["b/data/0/id"] == ["01B"]
    assert "b/data/1/id" not in fields


def test_a_choice_shows_the_fields_of_what_was_chosen(shop: Shop) -> None:
    browser, url = shop.browser(), shop.url("console/create_campaign/")
    page = browser.get(url).content.decode()
    name = re.search(r'name="(b/[^"]*#as)"', page)
    assert name
    drawn = [
        browser.post(url, Fields(page).found | {name[1]: [value]}).content.decode().count('class="node ')
        for value in ("0", "out")
    ]
    assert drawn[0] > drawn[1]


def test_what_is_wrong_names_its_field_and_nothing_typed_is_lost(shop: Shop) -> None:
    browser, url = shop.browser(), shop.url("console/query_metric_aggregates/")
    typed = {"b/data/attributes/page_size": "many", "b/data/attributes/timezone": "Mars\nPhobos", "do": "run"}
    answer = browser.post(url, typed)
    assert answer.status_code == 422
    faults = answer.context["form"].faults
    assert (
        "/data/attributes/page_size is “many”, but must be a whole number or null."
        in faults["b/data/attributes/page_size"]
    )
    assert faults["b/data/attributes/metric_id"] == ["/data/attributes/metric_id is empty, and Klaviyo needs it."]
    fields = Fields(answer.content.decode()).found
    assert fields["b/data/attributes/page_size"] == ["many"]
    assert fields["b/data/attributes/timezone"] == ["Mars\r\nPhobos"]
    assert not shop.klaviyo.requests(operation="query_metric_aggregates")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "This is no JSON"),
        ('{"data": {"type": "list", "attributes": {"nam": 1}}}', "“nam”"),
        ('{"data": {"type": "lists", "attributes": {"name": "x"}}}', "/data/type is “lists”"),
    ],
)
def test_json_is_held_to_the_same_schema(shop: Shop, text: str, words: str) -> None:
    typed = {"view": "json", "json": text, "do": "propose", "reason": "Try"}
    answer = shop.browser().post(shop.url("console/create_list/"), typed)
    assert answer.status_code == 422
    assert words in " ".join(answer.context["form"].faults["json"])
    assert answer.context["form"].json_text == text
    assert not Change.objects.exists()


def test_json_that_no_form_can_hold_stays_json(shop: Shop) -> None:
    text = '{"data": {"type": "list", "attributes": {"name": "a", "unknown": 1}}}'
    answer = shop.browser().post(shop.url("console/create_list/"), {"view": "json", "json": text, "do": "form"})
    assert answer.context["form"].as_json
    assert "cannot show" in answer.context["form"].note
    assert answer.context["form"].json_text == text


def test_json_is_proposed_with_exactly_the_bytes_that_were_typed(shop: Shop) -> None:
    text = '{ "data" : {"type":"list","attributes":{"name":"A\\u0042"}} }'
    browser = shop.browser()
    browser.post(shop.url("console/create_list/"), {"view": "json", "json": text, "do": "propose", "reason": "Try"})
    assert bytes(Change.objects.get().steps.get().body or b"") == text.encode()


def test_an_update_takes_the_id_of_its_address_and_shows_what_stands_there(shop: Shop) -> None:
    (first, *_) = shop.lists()
    typed = {"p/id": first["id"], "b/data/attributes/name": "Renamed", "do": "propose", "reason": "Clearer"}
    answer = shop.browser().post(shop.url("console/update_list/"), typed)
    change = Change.objects.get()
    assert answer["Location"] == shop.url(f"changes/{change.pk}/")
    step = change.steps.get()
    assert json.loads(step.body or b"")["data"]["id"] == first["id"]
    assert [(f["before"], f["after"]) for f in step.fields] == [(first["attributes"]["name"], "Renamed")]
    assert change.aloud == f"Update list: {first['attributes']['name']} (from the API console)."


def test_who_joins_a_list_is_compared_with_the_list_that_is_named(shop: Shop) -> None:
    (first, *_), (person, *_) = shop.lists(), shop.profiles()
    body = json.dumps({"data": [{"type": "profile", "id": person["id"]}]})
    typed = {"p/id": first["id"], "view": "json", "json": body, "do": "propose", "reason": "Guest"}
    shop.browser().post(shop.url("console/add_profiles_to_list/"), typed)
    change = Change.objects.get()
    assert change.aloud == f"Add profiles to list: {first['attributes']['name']} (from the API console)."
    assert change.steps.get().basis["named"] == [person["id"]]


def test_a_proposal_says_when_and_how_carefully_it_is_sent(shop: Shop) -> None:
    url, body = shop.url("console/create_list/"), {"b/data/attributes/name": "Plan", "reason": "New"}
    hours = {"when": "window", "days": "workdays", "begin": "09:00", "end": "17:00"}
    told = shop.browser().post(url, {**body, **hours, "do": "json"}).content.decode()
    assert 'value="window" selected' in told  # another button of the form forgets nothing of it, and finds no fault
    assert shop.browser().post(url, {**body, **hours, "end": "09:00", "do": "propose"}).status_code == 422
    shop.browser().post(url, {**body, **hours, "canary": "2", "do": "propose"})
    plan = timing.of(Change.objects.get())
    assert (plan.canary, plan.window and (plan.window.begin, plan.window.end)) == (2, (540, 1020))


def test_a_proposal_needs_a_reason_and_the_right_to_propose(shop: Shop) -> None:
    url, typed = shop.url("console/create_list/"), {"b/data/attributes/name": "Plan", "do": "propose"}
    answer = shop.browser().post(url, typed)
    assert "Say why" in answer.context["form"].why.errors["reason"][0]
    assert Fields(answer.content.decode()).found["b/data/attributes/name"] == ["Plan"]
    assert shop.browser("viewer").post(url, {**typed, "reason": "x"}).status_code == 403
    assert "Propose this change" not in shop.browser("viewer").get(url).content.decode()
    assert not Change.objects.exists()


def test_htmx_is_led_to_the_change(shop: Shop) -> None:
    typed = {"b/data/attributes/name": "Plan", "do": "propose", "reason": "x"}
    answer = shop.browser().post(shop.url("console/create_list/"), typed, headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == shop.url(f"changes/{Change.objects.get().pk}/")


def test_a_picture_goes_into_the_change_as_it_is(shop: Shop) -> None:
    picture = SimpleUploadedFile('le"af.png', b"\x89PNG\r\n" + b"\x00\xff" * 9, content_type="image/png")
    typed: dict[str, Any] = {"b/file": picture, "b/name": "Leaf", "do": "propose", "reason": "New"}
    url = shop.url("console/upload_image_from_file/")
    assert shop.browser().post(url, typed).status_code == 302
    body = bytes(Change.objects.get().steps.get().body or b"")
    assert b"\x89PNG\r\n" + b"\x00\xff" * 9 in body
    assert b'name="name"\r\n\r\nLeaf\r\n' in body
    without = shop.browser().post(url, {"b/name": "Leaf", "do": "propose", "reason": "New"})
    assert "/file is empty" in without.context["form"].faults["b/file"][0]


def test_reading_a_person_is_a_line_of_the_audit_without_their_name(shop: Shop) -> None:
    (person,) = shop.profiles(1)
    url = shop.url("console/get_profile/")
    answer = shop.browser("viewer").post(url, {"p/id": person["id"], "do": "run"})
    assert person["attributes"]["email"] in answer.content.decode()
    entry = Entry.objects.get(action="data.read")
    assert entry.object_id == person["id"]
    assert person["attributes"]["email"] not in entry.sentence


def test_a_read_turns_its_pages(shop: Shop) -> None:
    browser, url = shop.browser("viewer"), shop.url("console/get_profiles/")
    first = browser.post(url, {"q/size": "2", "do": "run"})
    cursor = first.context["answer"].next_cursor
    assert cursor
    second = browser.post(url, Fields(first.content.decode()).found | {"do": [f"next:{cursor}"]})
    ids = [[row.id for row in page.context["answer"].tables[0].rows] for page in (first, second)]
    assert not set(ids[0]) & set(ids[1])
    assert len(ids[1]) == 2


@pytest.mark.parametrize("kind", ["throttle", "html", "drop_before"])
def test_trouble_is_a_calm_panel_and_the_form_stays(shop: Shop, kind: str) -> None:
    shop.klaviyo.fault("get_lists", kind, times=9)
    answer = shop.browser().post(shop.url("console/get_lists/"), {"q/sort": "name", "do": "run"})
    assert answer.context["answer"].trouble
    assert Fields(answer.content.decode()).found["q/sort"] == ["name"]


def test_the_snippets_hold_no_key(shop: Shop) -> None:
    answer = shop.browser().post(
        shop.url("console/get_lists/"), {"q/filter/0/on": "name equals", "q/filter/0/value": "A's"}
    )
    text = answer.content.decode()
    assert "YOUR_PRIVATE_KEY" in text
    assert "pk_sandbox" not in text
    assert "filter=equals%28name%2C%5B%22A%27s%22%5D%29" in answer.context["curl"]


NOISE = (
    "remove:b",
    "remove:",
    "add:../../x@9",
    f"add:b/data@{'9' * 5000}",
    "in:",
    "out:b#is",
    "next:\x00",
    "form",
    "json",
    "x",
)


@pytest.mark.parametrize("do", NOISE, ids=lambda do: do[:12])
def test_no_button_that_was_made_up_breaks_a_page(shop: Shop, do: str) -> None:
    long = "9" * 5000
    typed = {
        "b/data#n": long,
        "b/data/0/id": "x",
        "q/filter/n": long,
        "q/size": long,
        "view": "json",
        "json": "[" * 3000,
    }
    for name in ("add_profiles_to_list", "create_campaign", "get_profiles", "upload_image_from_file"):
        assert shop.browser().post(shop.url(f"console/{name}/"), {**typed, "do": do}).status_code in (200, 400, 422)
    assert not Change.objects.exists()


def test_a_body_too_deep_for_a_form_stays_json(shop: Shop) -> None:
    step = '{"steps":[' * 200 + "]}" * 200
    text = '{"data":{"type":"form","attributes":{"definition":' + step + "}}}"
    answer = shop.browser().post(shop.url("console/create_form/"), {"view": "json", "json": text, "do": "form"})
    assert answer.context["form"].as_json
    assert "deeper" in answer.context["form"].note


def test_a_file_never_leaves_as_json(shop: Shop) -> None:
    typed = {"view": "json", "json": '{"file": "x"}', "do": "propose", "reason": "x"}
    answer = shop.browser().post(shop.url("console/upload_image_from_file/"), typed)
    assert "/file is empty" in answer.context["form"].faults["b/file"][0]
    assert not Change.objects.exists()
