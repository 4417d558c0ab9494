"""Definitions of segments in words: those of a shop as a person reads them, and any other without a fault."""

from collections.abc import Iterator
from random import Random

import pytest

from klaviyo_admin.areas.definitions import mentioned, sentences
from klaviyo_admin.klaviyo.catalogue import operation
from tests.fakes import Json, sandbox_in_process
from tests.sandbox.bodies import Maker


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ({"type": "profile-group-membership", "is_member": True, "group_ids": ["A"]}, "is in “Newsletter”"),
        (
            {"type": "profile-group-membership", "is_member": False, "group_ids": ["A", "B"]},
            "is not in “Newsletter” or “B”",
        ),
        (
            {
                "type": "profile-metric",
                "metric_id": "M",
                "measurement": "count",
                "measurement_filter": {"type": "numeric", "operator": "equals", "value": 0},
                "timeframe_filter": {"type": "date", "operator": "in-the-last", "unit": "day", "quantity": 365},
                "metric_filters": None,
            },
            "never did “Placed Order”, in the last 365 days",
        ),
        (
            {
                "type": "profile-metric",
                "metric_id": "M",
                "measurement": "count",
                "measurement_filter": {"type": "numeric", "operator": "greater-than-or-equal", "value": 2},
                "timeframe_filter": {"type": "date", "operator": "alltime"},
                "metric_filters": [
                    {"property": "Brand", "filter": {"type": "string", "operator": "equals", "value": "Juniper"}}
                ],
            },
            "did “Placed Order” at least 2 times, ever, where Brand is “Juniper”",
        ),
        (
            {
                "type": "profile-property",
                "property": "properties['tier']",
                "filter": {"type": "string", "operator": "in", "value": ["gold", "silver"]},
            },
            "“tier” is one of “gold”, “silver”",
        ),
        (
            {
                "type": "profile-marketing-consent",
                "consent": {
                    "channel": "email",
                    "can_receive_marketing": True,
                    "consent_status": {"subscription": "subscribed", "filters": None},
                },
            },
            "can receive email marketing (subscribed)",
        ),
        ({"type": "profile-region", "in_region": False, "region": "european_union"}, "is not in the European Union"),
        ({"type": "new-kind"}, "a condition that this page has no words for (new-kind): read the exact request"),
        ("odd", "a condition that this page has no words for (unknown): read the exact request"),
    ],
)
def test_a_condition_reads_as_a_sentence(condition: Json, words: str) -> None:
    names = {"A": "Newsletter", "M": "Placed Order"}
    assert sentences({"condition_groups": [{"conditions": [condition]}]}, names) == ((words,),)


def test_every_segment_of_the_sandbox_has_words() -> None:
    for definition in shop():
        said = sentences(definition)
        assert said
        assert all(group and not any("no words" in each for each in group) for group in said), said


def test_any_definition_that_klaviyo_takes_is_told_in_words() -> None:
    maker = Maker(operation("create_segment"), Random(7), {"list": ["A"]}, {})
    told = 0
    for _ in range(300):
        definition = maker.sound()["data"]["attributes"].get("definition")
        for group in sentences(definition):
            told += len(group)
            assert not [each for each in group if "no words" in each]
    assert told > 100


@pytest.mark.parametrize(
    "odd", [None, "x", {}, {"condition_groups": None}, {"condition_groups": [1, {"conditions": None}]}]
)
def test_what_is_no_definition_is_no_fault(odd: Json) -> None:
    assert not any(sentences(odd))


def test_what_is_named_by_its_id_is_found_at_any_depth() -> None:
    kinds = {kind for definition in shop() for kind, _ in mentioned(definition)}
    assert kinds == {"group", "metric"}


def shop() -> Iterator[Json]:
    with sandbox_in_process(40) as sandbox, sandbox.client() as client:
        for item in client.get("/api/segments?page[size]=10").json()["data"]:
            yield item["attributes"]["definition"]
