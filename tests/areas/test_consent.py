"""What people agreed to becomes requests that name each person, channel by channel, at the limits of the API."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict

from klaviyo_admin.areas.profiles import consent
from klaviyo_admin.areas.profiles.consent_forms import SubscribeRows, SuppressRows
from klaviyo_admin.areas.rows import Row, Rows
from klaviyo_admin.intents import Intent
from klaviyo_admin.klaviyo.values import Item

NEWS = Item("list", "Ab3dEf", {"name": "News {letter}"})
ANA = Item("profile", "01HQZ0000000000000000000AA", {"email": "ana@example.com"})
BEN = Item("profile", "01HQZ0000000000000000000BB", {"phone_number": "+12125550123"})
TEXT = ("sms.marketing",)


def bodies(intent: Intent) -> list[Any]:
    return [orjson.loads(request.write.body)["data"] for request in intent.requests]


def typed(**given: str) -> QueryDict:
    return QueryDict(urlencode(given))


def rows(count: int) -> Rows:
    return Rows(tuple(Row(n + 1, {"email": f"p{n}@example.com"}) for n in range(count)))


def test_everybody_gets_only_the_channels_that_reach_them() -> None:
    intent = consent.subscribe([ANA, BEN], {"channels": ("email.marketing", *TEXT), "to_list": NEWS})
    (data,) = bodies(intent)
    said = {"marketing": {"consent": "SUBSCRIBED"}}
    assert [row["attributes"]["subscriptions"] for row in data["attributes"]["profiles"]["data"]] == [
        {"email": said},
        {"sms": said},
    ]
    assert data["relationships"] == {"list": {"data": {"type": "list", "id": "Ab3dEf"}}}
    assert intent.aloud() == (
        "Subscribe 2 profiles to “E-mail marketing” and “SMS marketing” and put them on the list “News (letter)”."
    )
    assert dict(intent.details) == {
        "E-mail marketing: not for those without an e-mail address": "1 of 2",
        "SMS marketing: not for those without a phone number": "1 of 2",
    }


def test_who_cannot_be_reached_is_left_out_and_counted() -> None:
    intent = consent.unsubscribe([ANA, BEN], {"channels": TEXT})
    assert intent.sentence == "Unsubscribe 1 profile from “SMS marketing”."
    assert dict(intent.details) == {"Without a fitting address, so left out": "1"}
    with pytest.raises(ValidationError, match="nothing to send"):
        consent.unsubscribe([ANA], {"channels": TEXT})


def test_an_earlier_consent_says_when_by_row_or_for_all() -> None:
    given = Rows((Row(1, {"email": "a@example.com", "consented_at": "2020-05-01T00:00:00+00:00"}), *rows(1).good))
    when = datetime(2021, 1, 1, tzinfo=UTC)
    answers = {"people": given, "channels": ("email.marketing",), "historical": True, "consented_at": when}
    (data,) = bodies(consent.subscribe_rows([], answers))
    assert data["attributes"]["historical_import"] is True
    moments = [
        row["attributes"]["subscriptions"]["email"]["marketing"]["consented_at"]
        for row in data["attributes"]["profiles"]["data"]
    ]
    assert moments == ["2020-05-01T00:00:00+00:00", "2021-01-01T00:00:00+00:00"]


@pytest.mark.parametrize(
    ("build", "channels", "sizes"),
    [
        (consent.subscribe_rows, ("email.marketing",), [1000, 1000, 1]),
        (consent.unsubscribe_rows, ("email.marketing",), [100] * 20 + [1]),
        (consent.suppress_rows, (), [100] * 20 + [1]),
    ],
)
def test_many_people_are_one_change_in_requests_of_the_allowed_size(
    build: Any, channels: tuple[str, ...], sizes: list[int]
) -> None:
    intent = build([], {"people": rows(2001), "channels": channels})
    assert [request.counts for request in intent.requests] == sizes


@pytest.mark.parametrize("kind", ["list", "segment"])
def test_everybody_in_a_group_is_suppressed_by_one_request(kind: str) -> None:
    group = Item(kind, "Ab3dEf", {"name": "News"})
    intent = consent.suppress_rows([], {"people": Rows(), f"{'to_' if kind == 'list' else ''}{kind}": group})
    (data,) = bodies(intent)
    assert data["relationships"] == {kind: {"data": {"type": kind, "id": "Ab3dEf"}}}
    assert intent.sentence == f"Suppress everybody in the {kind} “News”."
    assert intent.requests[0].follow


def test_no_sentence_or_detail_names_a_person() -> None:
    intent = consent.subscribe_rows([], {"people": rows(3), "channels": ("email.marketing",)})
    assert "@" not in intent.on_record() + str(intent.details)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"historical": "on"}, "consented_at"),
        ({"consented_at": "2020-01-01T00:00"}, "historical"),
        ({"historical": "on", "consented_at": "2099-01-01T00:00"}, "consented_at"),
    ],
)
def test_a_date_and_an_earlier_consent_go_together(given: dict[str, str], field: str) -> None:
    form = SubscribeRows(typed(people="a@example.com", channels="email.marketing", **given))
    assert field in form.errors


def test_a_moment_of_consent_lies_in_the_past() -> None:
    form = SubscribeRows(typed(people="email,consented at\na@example.com,2099-01-01", channels="email.marketing"))
    assert "in the future" in " ".join(map(str, form.errors["people"]))


def test_one_source_of_people_is_given_and_no_more() -> None:
    assert not SuppressRows(typed()).is_valid()
    assert SuppressRows(typed(people="a@example.com")).is_valid()
