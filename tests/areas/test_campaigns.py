"""Campaigns as values: when they go out, what is added to links, and the requests that make and change them."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from klaviyo_admin.areas.campaigns import checklist, creating, messages, service, strategy, tracking
from klaviyo_admin.areas.campaigns.message_forms import NewEmail, NewPush
from klaviyo_admin.intents import Intent
from klaviyo_admin.klaviyo.values import Item, Kind

NOON = datetime(2030, 3, 1, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))
NEWS = Item("list", "NEWS01", {"name": "Newsletter"})
VIPS = Item("segment", "VIPS01", {"name": "VIPs"})
LETTER = Item("template", "LETT01", {"name": "Autumn"})


def data(given: Mapping[str, str]) -> QueryDict:
    posted = QueryDict(mutable=True)
    posted.update(given)
    return posted


def bodies(intent: Intent) -> list[Any]:
    return [json.loads(request.write.body)["data"] for request in intent.requests]


def campaign(**more: Any) -> Item:
    kept = {"name": "Fair", "status": "Draft", "audiences": {"included": ["NEWS01", "GONE01"], "excluded": []}}
    return Item("campaign", "01C", {**kept, "send_strategy": {"method": "immediate"}, **more})


def message(definition: Mapping[str, Any], **related: tuple[Kind, ...]) -> Item:
    return Item("campaign-message", "01M", {"definition": dict(definition)}, related)


EMAIL = {"channel": "email", "label": "Fair", "content": {"subject": "Old", "from_email": "a@example.com"}}
TEXT = {"channel": "sms", "content": {"body": "Old", "media_url": None}, "render_options": {"shorten_links": True}}
PUSH = {"channel": "mobile_push", "notification_type": "standard", "content": {"title": "T", "body": "B"}}


@pytest.mark.parametrize(
    ("given", "wanted", "said"),
    [
        ({"method": "immediate"}, {"method": "immediate"}, "at once"),
        (
            {"method": "static", "at": NOON},
            {"method": "static", "datetime": "2030-03-01T11:00:00+00:00", "options": {"is_local": False}},
            "at 1 Mar 2030, 12:00 CET",
        ),
        (
            {"method": "static", "at": NOON, "is_local": True, "send_past": True},
            {
                "method": "static",
                "datetime": "2030-03-01T12:00:00+00:00",
                "options": {"is_local": True, "send_past_recipients_immediately": True},
            },
            "at 1 Mar 2030, 12:00 in each recipient’s own zone",
        ),
        (
            {"method": "throttled", "at": NOON, "share": "25"},
            {"method": "throttled", "datetime": "2030-03-01T11:00:00+00:00", "throttle_percentage": 25},
            "from 1 Mar 2030, 12:00 CET on, 25 % an hour",
        ),
        (
            {"method": "smart_send_time", "day": date(2030, 3, 1)},
            {"method": "smart_send_time", "date": "2030-03-01"},
            "on 2030-03-01, at each person’s best time",
        ),
    ],
)
def test_when_is_written_said_and_asked_again_alike(given: Any, wanted: Any, said: str) -> None:
    with timezone.override("Europe/Berlin"):
        assert strategy.written(given) == wanted
        assert strategy.said(wanted) == said
        again = strategy.start(wanted)
        assert again["method"] == given["method"]
        assert again["at"] == given.get("at")


def test_a_time_that_has_passed_is_seen() -> None:
    gone, ahead = (timezone.now() + timedelta(hours=way) for way in (-1, 1))
    assert strategy.passed({"method": "static", "datetime": gone.isoformat()})
    assert not strategy.passed({"method": "static", "datetime": ahead.isoformat()})
    assert strategy.passed({"method": "smart_send_time", "date": "2020-01-01"})
    assert not strategy.passed({"method": "immediate"})
    assert strategy.start({"method": "ab_test_campaign"}) == {}


def test_tracking_parameters_are_read_by_line_and_spoken_again() -> None:
    text = "utm_source = news letter\nutm_medium = email\nutm_campaign = {campaign_name}"
    found = tracking.read(f"{text}\n\n")
    assert found[2] == {"type": "dynamic", "value": "campaign_name", "name": "utm_campaign"}
    assert tracking.spoken(found) == text
    for wrong, said in (
        ("utm_source = a", "one for utm_medium|line for utm_medium"),
        ("nonsense", "equals sign"),
        ("utm_source = {name}", "not known"),
        ("utm_source = a\nutm_source = b\nutm_medium = c", "twice"),
    ):
        with pytest.raises(ValidationError, match=said):
            tracking.read(wrong)


def test_an_e_mail_campaign_is_made_given_its_template_and_sent_in_one_change() -> None:
    given = {
        **{"name": "Fair", "included_lists": (NEWS,), "excluded_segments": (VIPS,), "template": LETTER},
        **{"subject": "Come", "from_email": "a@example.com", "from_label": "Shop", "use_smart_sending": True},
        **{"strategy": {"method": "immediate"}, "afterwards": "send"},
    }
    intent = creating.create_email((), given)
    made, assigned, sent = bodies(intent)
    assert made["attributes"]["audiences"] == {"included": ["NEWS01"], "excluded": ["VIPS01"]}
    assert assigned["id"].startswith("{/data/relationships/campaign-messages/data/0/id")
    assert sent["id"] == "{/data/id of request 1}"
    assert [gap.at for request in intent.requests for gap in request.write.gaps] == ["body/data/id", "body/data/id"]
    assert intent.aloud() == (
        "Create the e-mail campaign “Fair” for “Newsletter”, but not “VIPs” with the template “Autumn”, "
        "and send it at once."
    )


def test_the_audience_keeps_its_order_and_names_who_gets_it() -> None:
    intent = service.audience((campaign(),), {"included_lists": (VIPS, NEWS), "excluded_lists": ()})
    assert bodies(intent)[0]["attributes"]["audiences"] == {"included": ["NEWS01", "VIPS01"], "excluded": []}
    assert ("Gets it", "VIPs, Newsletter") in intent.details
    same = campaign(audiences={"included": ["NEWS01"], "excluded": None})
    with pytest.raises(ValidationError, match="Nothing was changed"):
        service.audience((same,), {"included_lists": (NEWS,)})


def test_sending_at_another_time_sets_it_first_and_only_drafts_are_sent() -> None:
    later = {"method": "smart_send_time", "date": "2030-03-01"}
    intent = service.send((campaign(),), {"strategy": later})
    assert [request.write.operation for request in intent.requests] == ["update_campaign", "send_campaign"]
    assert service.send((campaign(),), {}).aloud() == "Send the campaign “Fair” at once."
    with pytest.raises(ValidationError, match="Only a draft can be sent"):
        service.send((campaign(status="Sent"),), {})


def test_a_draft_that_surely_lacks_something_is_not_sent() -> None:
    letter = message(
        {**EMAIL, "content": {"subject": "S", "from_label": "L", "from_email": "a@example.com"}}, template=()
    )
    kept = campaign()
    whole = Item(
        "campaign",
        "01C",
        kept.attributes,
        {"campaign-messages": (Kind(letter.type, letter.id),)},
        {Kind(letter.type, letter.id): (letter,)},
    )
    with pytest.raises(ValidationError, match="Template: none yet"):
        service.send((whole,), {})
    with pytest.raises(ValidationError, match="Audience: nobody gets it yet"):
        service.send((campaign(audiences={"included": []}),), {})


def test_a_change_of_options_keeps_the_others() -> None:
    before = {"is_tracking_opens": True, "is_tracking_clicks": True, "add_tracking_params": False, "strange": 1}
    intent = service.edit((campaign(tracking_options=before),), {"is_tracking_opens": False})
    assert bodies(intent)[0]["attributes"]["tracking_options"] == {
        "is_tracking_opens": False,
        "is_tracking_clicks": True,
        "add_tracking_params": False,
    }


def test_a_message_of_any_channel_is_changed_with_its_content_whole() -> None:
    mail, text, note = (
        bodies(messages.edit((message(found),), given))[0]["attributes"]["definition"]
        for found, given in (
            (EMAIL, {"subject": "New"}),
            (TEXT, {"body": "New", "add_org_prefix": True}),
            (
                PUSH,
                {"opens": "open_web_url", "web_url": "https://example.com", "badge": "set_count", "badge_value": "3"},
            ),
        )
    )
    assert (mail["content"]["subject"], mail["content"]["from_email"]) == ("New", "a@example.com")
    assert text == {
        "channel": "sms",
        "content": {"body": "New"},
        "render_options": {
            **{"shorten_links": True, "add_org_prefix": True, "add_info_link": None, "add_opt_out_language": None}
        },
    }
    assert note["options"]["on_open"] == {"type": "open_web_url", "web_url": "https://example.com"}
    assert note["options"]["badge"]["badge_options"] == {"badge_config": "set_count", "value": "3"}
    assert note["content"]["body"] == "B"


def test_templates_are_for_e_mail_and_images_for_the_others() -> None:
    picture = Item("image", "1", {"name": "Leaf"})
    assert messages.assign((message(EMAIL),), {"template": LETTER}).aloud().startswith("Use the template “Autumn”")
    assert bodies(messages.show_image((message(TEXT),), {"image": picture})) == [{"type": "image", "id": "1"}]
    with pytest.raises(ValidationError, match="Only e-mail"):
        messages.assign((message(TEXT),), {"template": LETTER})
    with pytest.raises(ValidationError, match="stand in its template"):
        messages.show_image((message(EMAIL),), {"image": picture})


def test_the_checklist_says_what_is_missing() -> None:
    letter = message(EMAIL)
    found = checklist.checks(campaign(audiences={"included": []}), (letter,), None)
    assert [(check.label, check.state) for check in found] == [
        ("Audience", "open"),
        ("Message", "open"),
        ("Template", "open"),
        ("Recipients", "hint"),
        ("When", "done"),
    ]
    assert found[1].said == "Missing: the sender’s name"
    whole = message({**EMAIL, "content": {**EMAIL["content"], "from_label": "S"}}, template=(Kind("template", "T"),))  # type: ignore[dict-item]  # a dict of dicts
    count = Item("campaign-recipient-estimation", "01C", {"estimated_recipient_count": 12})
    assert checklist.ready(checklist.checks(campaign(), (whole,), count))
    nobody = Item("campaign-recipient-estimation", "01C", {"estimated_recipient_count": 0})
    assert not checklist.ready(checklist.checks(campaign(), (whole,), nobody))
    past = campaign(send_strategy={"method": "static", "datetime": datetime(2020, 1, 1, tzinfo=UTC).isoformat()})
    assert checklist.checks(past, (whole,), count)[-1].state == "open"


def test_a_campaign_that_is_sent_at_once_lacks_nothing_and_a_draft_may() -> None:
    given = {"name": "Fair", "included_lists": "NEWS01", "method": "immediate", "afterwards": "draft"}
    assert NewEmail(data(given)).is_valid()
    refused = NewEmail(data(given | {"afterwards": "send", "method": "static"}))
    assert set(refused.errors) == {"subject", "from_email", "from_label", "template", "at"}
    nobody = NewEmail(data({key: value for key, value in given.items() if key != "included_lists"}))
    assert "Nobody would get it" in str(nobody.errors)
    silent = NewPush(data(given | {"silent": "on"}))
    assert set(silent.errors) == {"kv_pairs"}
