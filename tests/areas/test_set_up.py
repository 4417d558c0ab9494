"""What forms of automation and set-up refuse, and how definitions of theirs read in words."""

from typing import Any

import pytest
from django.forms import Form
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from klaviyo_admin.areas.conversations.forms import WriteMessage
from klaviyo_admin.areas.data_privacy import service as privacy
from klaviyo_admin.areas.data_privacy.forms import Erase, EraseRows
from klaviyo_admin.areas.flows.forms import EditStep, NewFlow, NewFlowFromDefinition
from klaviyo_admin.areas.onsite.forms import NewEvents, NewReview, NewSubscription
from klaviyo_admin.areas.signup_forms import outline
from klaviyo_admin.areas.tracking_settings import examples, parameters
from klaviyo_admin.areas.tracking_settings.forms import EditTracking
from klaviyo_admin.areas.webhooks.forms import NewWebhook
from klaviyo_admin.klaviyo.catalogue import operation
from klaviyo_admin.klaviyo.values import Item

ANA = Item("profile", "01HQZ0000000000000000000AA", {"email": "Ana@example.com"})
BEN = Item("profile", "01HQZ0000000000000000000BB", {"phone_number": "+12125550123"})


def faults(form: type[Form], given: dict[str, Any], **more: Any) -> dict[str, list[str]]:
    data = QueryDict(mutable=True)
    for name, value in given.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    filled = form(data, MultiValueDict(), **more)
    filled.is_valid()
    return {name: [str(error) for error in errors] for name, errors in filled.errors.items()}


@pytest.mark.parametrize("typed", ["", "ana@example.org", "delete 1 people", "yes"])
def test_nobody_is_erased_before_the_right_words_are_typed(typed: str) -> None:
    given = {"known_by": "id", "checked": "on", "confirmation": typed}
    assert "confirmation" in faults(Erase, given, initial=privacy.start([ANA]))


def test_the_words_are_those_of_the_very_person_in_any_case() -> None:
    given = {"known_by": "email", "checked": "on", "confirmation": " ana@EXAMPLE.com "}
    assert not faults(Erase, given, initial=privacy.start([ANA]))
    assert "checked" in faults(Erase, given | {"checked": ""}, initial=privacy.start([ANA]))


def test_several_people_are_erased_by_what_all_of_them_have() -> None:
    start = privacy.start([ANA, BEN])
    assert [key for key, _ in start["choices"]] == ["id"]
    given = {"known_by": "email", "checked": "on", "confirmation": "delete 2 people"}
    assert "known_by" in faults(Erase, given, initial=start)


def test_rows_of_people_are_counted_in_the_words() -> None:
    given = {"people": "email\nana@example.com\nben@example.com\n", "checked": "on"}
    assert not faults(EraseRows, given | {"confirmation": "delete 2 people"})
    assert "confirmation" in faults(EraseRows, given | {"confirmation": "delete 3 people"})
    both = {"people": "email,phone\nana@example.com,+12125550123\n", "checked": "on"}
    assert "Line 2" in faults(EraseRows, both | {"confirmation": "delete 1 person"})["people"][0]


def test_who_has_not_written_first_cannot_be_written_to() -> None:
    (said,) = faults(WriteMessage, {"body": "Hello"}, initial={"conversations": ()})["conversation"]
    assert "One begins when they write to you" in said
    assert "conversation" in faults(
        WriteMessage, {"body": "Hello", "conversation": "other"}, initial={"conversations": [("one", "SMS")]}
    )


def test_a_flow_is_set_off_by_exactly_one_thing() -> None:
    wrong: tuple[dict[str, str], ...] = ({}, {"circle": "Ab3dEf", "metric": "Xy12Zq"})
    for given in wrong:
        assert "Pick what sets the flow off" in faults(NewFlow, given)["circle"][0]


@pytest.mark.parametrize("text", ["[]", "5", '"a"', "{", "null"])
def test_a_definition_is_an_object(text: str) -> None:
    assert "definition" in faults(NewFlowFromDefinition, {"name": "A", "definition": text})
    start = {"initial-definition": "{}", "definition": text}
    assert faults(EditStep, start, initial={"definition": {}})


@pytest.mark.parametrize("secret", ["", "too short"])
def test_a_webhook_needs_a_long_secret_and_a_secure_address(secret: str) -> None:
    said = faults(NewWebhook, {"name": "A", "endpoint_url": "http://example.com/", "secret_key": secret})
    assert "https://" in said["endpoint_url"][0]
    assert "secret_key" in said
    drawn = str(NewWebhook(QueryDict("secret_key=a secret that was typed"))["secret_key"])
    assert "that was typed" not in drawn


def test_tracking_choices_are_those_that_klaviyo_knows() -> None:
    for where, names in parameters.KNOWN.items():
        for name in names:
            value = {"utm_id": {where: {"type": "dynamic", "value": name}}}
            document = {"data": {"type": "tracking-setting", "id": "A", "attributes": value}}
            assert not operation("update_tracking_setting").faults(document), name
            assert parameters.spelt(name)[0].isupper()


def test_a_tracking_parameter_is_a_text_or_a_choice_and_only_changes_are_answered() -> None:
    start: dict[str, Any] = {"utm_source": None, "custom_parameters": []}
    same = {"utm_source_flow-kind": "static", "utm_source_flow-text": "a"}
    was = {"utm_source_flow-was_kind": "static", "utm_source_flow-was_text": "a"}
    assert "Nothing was changed" in str(faults(EditTracking, same | was, initial=start))
    moved = EditTracking(QueryDict("utm_term_flow-kind=flow_name&utm_term_flow-text=x"), initial=start)
    assert not moved.is_valid()
    assert "has no place here" in str(moved.errors["utm_term_flow"])
    assert "utm_term_flow" in faults(EditTracking, {"utm_term_flow-kind": "moon"}, initial=start)
    emptied = {"utm_source_flow-was_kind": "static", "utm_source_flow-was_text": "a"}
    assert "needs a value" in str(faults(EditTracking, emptied, initial=start)["utm_source_flow"])


def test_a_link_shows_what_is_fixed_and_what_klaviyo_fills_in() -> None:
    fixed, filled = {"type": "static", "value": "a b"}, {"type": "dynamic", "value": "flow_name"}
    setting = Item(
        "tracking-setting", "A", {"utm_source": {"flow": fixed, "campaign": None}, "utm_id": {"flow": filled}}
    )
    assert examples.link(setting, "flow") == "https://www.example.com/?utm_source=a%20b&utm_id=<flow name>"
    assert examples.link(setting, "campaign") == "https://www.example.com/"


def test_a_form_reads_from_top_to_bottom() -> None:
    blocks = [{"type": "html_text", "properties": {"content": "<h2>Hello &amp; welcome</h2>"}}, {"type": "spin_to_win"}]
    step = {"name": "Ask", "columns": [{"rows": [{"blocks": blocks}]}]}
    shows = [{"type": "delay", "properties": {"seconds": 3}}, {"type": "exit_intent"}, {"type": "new_kind"}]
    (version,) = outline.versions({"versions": [{"type": "flyout", "steps": [step], "triggers": shows}]})
    assert (version.shape, version.name) == ("Fly-out", "Version 1")
    assert version.shows == ("after 3 seconds", "when somebody is about to leave", "new kind")
    assert version.steps == (("Ask", (("Text", "Hello & welcome"), ("Wheel of fortune", ""))),)
    for nothing in (None, {}, {"versions": None}, {"versions": [None, {"steps": [None]}]}):
        assert outline.versions(nothing) is not None


def test_what_a_website_tells_is_about_somebody_who_can_be_reached() -> None:
    assert "Say whom it is about" in faults(NewEvents, {"events": "metric\nViewed\n"})["__all__"][0]
    sms = {"email": "ana@example.com", "channels": ["sms"], "circle": "Ab3dEf"}
    assert "phone_number" in faults(NewSubscription, sms)
    wrong = faults(NewEvents, {"email": "ana@example.com", "events": "metric,time\nViewed,yesterday\n"})
    assert "Line 2" in str(wrong["events"])
    assert "phone_number" in faults(NewSubscription, {"phone_number": "12"})


def test_a_review_of_a_product_names_its_shop_and_pictures_are_addresses() -> None:
    given = {"review_type": "rating", "external_id": "7", "images": "https://example.com/a.jpg\nfile.jpg"}
    said = faults(NewReview, given)
    assert {"rating", "external_id", "images"} <= set(said)
    assert "Line 2" in said["images"][0]
